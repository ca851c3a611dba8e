import json
import re
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from tracker import commands as tracker_commands
from tracker.cli import COMMANDS, run, tracker
from tracker.db.tables.learning import RoutingModel


def lines(text):
    return text.strip().splitlines()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_can_be_loaded_and_says_what_it_does(name):
    command = tracker.get_command(None, name)

    assert command is not None
    assert command.help


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("up", "--nosuch"),
        ("audit", "verify", "--anchor", "short"),
        ("deadline", "--rule", "x", "--start", "yesterday"),
        ("deadline", "--rule", "x", "--start", "2026-11-25", "--pause", "2026-11-25"),
    ],
)
def test_wrong_usage_is_two_and_one_line(shell, arguments):
    status, out, err = shell(*arguments)

    assert (status, out, len(lines(err))) == (2, "", 1)
    assert "--help" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("deadline", "--rule", "no-such-rule", "--start", "2026-11-25T08:00"),
        ("route", "Đèn đường hỏng", "--unit", "no-such-unit"),
        ("restore", "/nowhere/backup.tar.gz"),
    ],
)
def test_a_refusal_is_one_and_one_line(shell, arguments):
    status, out, err = shell(*arguments)

    assert (status, out, len(lines(err))) == (1, "", 1)
    assert "Traceback" not in err


def test_an_unknown_rule_is_refused_with_the_codes_there_are(shell):
    status, _, err = shell("deadline", "--rule", "WRONG", "--start", "2026-11-25T08:00")

    assert (status, len(lines(err))) == (1, 1)
    assert "Các mã có hiệu lực: " in err
    assert "answer_default" in err.partition("Các mã")[2]


ENGLISH = re.compile(
    r"\b(Usage|Options|Commands|Error|Missing|Invalid|Show this|required|default:|No such|Did you mean|unexpected|"
    r"requires|does not|is not|TEXT|INTEGER|FILE|DIRECTORY|COMMAND|ARGS|OPTIONS|USERNAME|KIND|CODE|TIME|DATE)\b"
)


def every_command(command, path=()):
    """Return the words that lead to each command, groups included."""
    found = [path]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found += every_command(command.get_command(context, name), (*path, name))
    return found


@pytest.mark.parametrize("path", every_command(tracker), ids=" ".join)
def test_the_help_of_each_command_is_vietnamese(path, capsys):
    assert run([*path, "--help"]) == 0
    told = capsys.readouterr().out

    assert told.startswith("Cách dùng: tracker")
    assert ENGLISH.findall(told) == []


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("db",),
        ("nosuch",),
        ("up", "--demoo"),
        ("up", "--port", "many"),
        ("up", "--port", "99999999"),
        ("up", "--demo=yes"),
        ("up", "extra", "more"),
        ("demo", "--as-of", "yesterday"),
        ("deadline",),
        ("deadline", "--rule"),
        ("deadline", "--rule", "x", "--start", "yesterday"),
        ("user", "add"),
        ("user", "add", "ai", "--role", "nosuch"),
        ("import", "nosuch", "tep.csv"),
        ("report", "quarter", "--quarter", "2026Q9"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_in_vietnamese(arguments, capsys):
    assert run(list(arguments)) == 2
    (told,) = lines(capsys.readouterr().err)

    assert told.startswith("Sai cách dùng: ")
    assert ENGLISH.findall(told) == []


def test_english_that_slipped_through_would_be_seen():
    assert ENGLISH.findall("Usage: tracker [OPTIONS]\nError: Missing option '--rule'.")


def test_a_wrong_setting_is_told_by_its_name(shell, monkeypatch):
    monkeypatch.setenv("PORT", "many")

    status, _, err = shell("audit", "verify")

    assert status == 1
    assert "PORT" in err


def test_a_database_that_is_away_is_one_line_too(shell, monkeypatch):
    monkeypatch.setenv("TRACKER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")

    status, _, err = shell("audit", "verify")

    assert (status, len(lines(err))) == (1, 1)


def test_a_fresh_chain_is_whole_and_names_its_end(shell):
    status, out, _ = shell("audit", "verify")

    assert status == 0
    assert "0:" + "0" * 64 in out


def test_a_cut_off_tail_is_found_by_the_anchor(shell):
    status, _, err = shell("audit", "verify", "--anchor", "7:" + "a" * 64)

    assert status == 1
    assert "7" in err


def test_the_database_equals_the_models(shell):
    status, out, err = shell("db", "check")

    assert (status, err) == (0, "")
    assert "Đúng" in out


def test_upgrading_twice_changes_nothing(shell):
    assert shell("db", "upgrade")[0] == 0
    assert shell("db", "upgrade")[0] == 0


def test_upgrading_learns_what_a_new_release_ships_and_the_same_only_once(shell, database_url):
    engine = sa.create_engine(database_url)
    older = RoutingModel(
        version=1,
        made_at=datetime(2026, 11, 1, tzinfo=UTC),
        basis="0" * 64,
        sha256="0" * 64,
        examples=1,
        corrections=0,
    )
    with orm.Session(engine) as session:
        session.add(older)
        session.commit()
    told = []
    for _ in range(2):
        assert shell("db", "upgrade")[0] == 0
        with engine.connect() as connection:
            told.append(
                connection.scalars(sa.select(RoutingModel.version).order_by(RoutingModel.version)).all()
            )
    engine.dispose()

    assert told == [[1, 2], [1, 2]]


def test_route_prints_a_list_with_one_element_a_line(shell):
    status, out, _ = shell("route", "--json", "rãnh thoát nước tắc ở ngõ 5")

    (found,) = json.loads(out)
    assert status == 0
    assert {"text", "category", "body", "urgency", "restricted", "because", "alternatives"} <= set(found)
    assert found["because"]


def test_doctor_says_that_nothing_runs(shell):
    status, out, _ = shell("doctor")

    assert status == 1
    assert any(line.startswith("HỎNG") and "Hàng đợi" in line for line in lines(out))
    assert any(line.startswith("đúng") and "Cơ sở dữ liệu" in line for line in lines(out))


def test_doctor_reminds_of_a_year_without_a_decision(shell):
    out = shell("doctor")[1]
    assert any(line.startswith("NHẮC") and "chưa có quyết định" in line for line in lines(out))


def test_a_dry_sweep_of_nothing_due_prints_its_shape(shell):
    status, out, _ = shell("escalate", "--json", "--dry-run", "--now", "2026-11-25T08:00")

    assert status == 0
    assert {"due": 0, "escalated": [], "skipped": []}.items() <= json.loads(out).items()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--start", "9999-12-31T08:00"), "Lúc bắt đầu: Năm 9999"),
        (("--start", "2026-11-25", "--pause", "2026-12-02/9999-12-01"), "Tạm dừng: Năm 9999"),
        (("--start", "2026-11-25", "--pause", "2026-12-02/2026-12-01"), "Tạm dừng từ 00:00, 02/12/2026 phải"),
        (("--start", "2026-11-25", "--extend", "0 hours"), "Gia hạn 0 giờ"),
        (("--start", "2026-11-25", "--extend", "3 months"), "Gia hạn “3 months”"),
    ],
)
def test_a_refused_deadline_says_what_is_wrong_with_which(shell, arguments, sentence):
    status, out, err = shell("deadline", "--rule", "answer_default", *arguments)

    assert (status, out, len(lines(err))) == (1, "", 1)
    assert sentence in err


def test_a_deadline_is_moved_by_its_pauses_and_extensions(shell):
    asked = ("deadline", "--rule", "answer_default", "--start", "2026-11-25T08:00")
    moves = ("--pause", "2026-11-26/2026-11-27", "--extend", "5 working_days", "--extend", "2 working_days")

    assert json.loads(shell(*asked, "--json")[1])["due_at"] == "2026-12-09T17:00:00+07:00"
    status, out, _ = shell(*asked, *moves, "--json")
    found = json.loads(out)
    assert (status, found["due_at"]) == (0, "2026-12-21T17:00:00+07:00")
    assert [one["amount"] for one in found["extensions"]] == [5, 2]
    assert [one["hours"] for one in found["pauses"]] == [7.5]
    assert "Gia hạn thêm 5 ngày làm việc" in shell(*asked, *moves)[1]


UNITS = """code,name,kind,branch_type,parent,valid_from,valid_to
24,Tỉnh ủy Bắc Ninh,provincial_committee,,,2025-07-01,
09370,Đảng ủy phường Tam Sơn,party_committee,,24,2025-07-01,
CB1,Chi bộ thôn Hồi Quan,branch,khu_pho,09370,2025-07-01,
09379,Đảng ủy phường Phù Khê,party_committee,,24,2025-07-01,
"""
CLOSED = "on,kind,name,unit\n2026-12-03,holiday,Hội làng,09370\n2026-12-04,holiday,Việc chi bộ,CB1\n"


def test_a_deadline_goes_by_the_calendar_of_the_unit_that_is_named(shell, tmp_path):
    """What is closed above holds below: the ward's day for its branch too, and for no other ward."""
    for kind, text in (("units", UNITS), ("calendar", CLOSED)):
        (tmp_path / f"{kind}.csv").write_text(text, "utf-8")
        assert shell("import", kind, str(tmp_path / f"{kind}.csv"), "--commit")[::2] == (0, "")
    asked = ("deadline", "--rule", "answer_default", "--start", "2026-11-25T08:00", "--json")
    found = {
        code: json.loads(shell(*asked, *(("--unit", code) if code else ()))[1])
        for code in ("", "24", "09379", "09370", "CB1")
    }

    assert {code: one["due_at"][:10] for code, one in found.items()} == {
        **dict.fromkeys(("", "24", "09379"), "2026-12-09"),
        "09370": "2026-12-10",
        "CB1": "2026-12-11",
    }
    assert [found[code]["calendar"] for code in ("", "CB1")] == [
        {"unit": None, "body": None},
        {"unit": "CB1", "body": None},
    ]
    assert [day["name"] for day in found["09370"]["days"] if day["name"] == "Hội làng"] == ["Hội làng"]


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (("--unit", "nowhere"), "Không có đơn vị mang mã “nowhere”."),
        (("--body", "nobody"), "Không có đơn vị xử lý dùng chung mang mã “nobody”."),
    ],
)
def test_a_deadline_of_a_place_that_is_not_there_is_refused(shell, where, sentence):
    status, out, err = shell("deadline", "--rule", "answer_default", "--start", "2026-11-25", *where)
    assert (status, out, len(lines(err))) == (1, "", 1)
    assert sentence in err


def test_every_command_module_is_offered():
    folder = Path(tracker_commands.__file__).parent
    modules = {file.stem for file in folder.glob("*.py")} - {"__init__", "opening", "vietnamese"}

    assert modules == set(COMMANDS.values())
