"""``tracker import calendar`` and ``export calendar``: a preview first, then all rows or none."""

GOOD = "on,kind,name\n01/06/2027,holiday,Ngày hội\n2027-06-05,makeup,Làm bù cho 01/06\n"


def test_a_preview_writes_nothing_and_a_commit_writes_all(shell, tmp_path):
    file = tmp_path / "lich.csv"
    file.write_text(GOOD, "utf-8")

    status, out, _ = shell("import", "calendar", str(file))
    assert status == 0
    assert "2  mới     2027-06-01   Ngày hội" in out
    assert "Không kiến nghị nào đổi hạn.\nMới chỉ xem trước" in out

    assert "mới" in shell("import", "calendar", str(file))[1]
    assert shell("import", "calendar", str(file), "--commit", "--source", "TB 1")[:2][0] == 0
    assert "như cũ" in shell("import", "calendar", str(file), "--source", "TB 1")[1]


def test_one_wrong_row_and_nothing_is_written(shell, tmp_path):
    file = tmp_path / "lich.csv"
    file.write_text(GOOD + "2027-13-01,holiday,x\n", "utf-8")

    status, out, err = shell("import", "calendar", str(file), "--commit")
    assert status == 1
    assert "LỖI" in out
    assert err.strip() == "Có 1 dòng lỗi, trước hết là dòng 4; chưa ghi gì cả."
    file.write_text(GOOD, "utf-8")
    assert "như cũ" not in shell("import", "calendar", str(file))[1]


def test_an_ics_that_does_not_parse_is_refused_with_its_line(shell, tmp_path):
    file = tmp_path / "lich.ics"
    file.write_text("BEGIN:VCALENDAR\nVERSION:2.0\nno colon\nEND:VCALENDAR\n", "utf-8")

    status, out, err = shell("import", "calendar", str(file), "--commit")
    assert (status, out) == (1, "")
    assert err.startswith("Dòng 3: “no colon” không đọc được")


def test_what_is_exported_is_the_same_when_it_comes_back(shell, tmp_path):
    for name in ("lich.csv", "lich.xlsx"):
        file = tmp_path / name
        assert shell("export", "calendar", str(file))[0] == 0
        status, out, _ = shell("import", "calendar", str(file))
        assert status == 0
        assert out.count("như cũ") == len(out.splitlines()) - 2 > 80
    assert shell("export", "calendar", "-")[1].startswith("on,kind,name,hours,basis,source,tag,unit,body\n")
