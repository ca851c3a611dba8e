"""Logging in and out, and what the gate lets through."""

from flask import Flask
from flask.testing import FlaskClient

from tests.makers import PASSWORD, Makers
from tracker.domain.people import Role


def test_a_stranger_is_sent_to_the_log_in(client: FlaskClient, make: Makers) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/dang-nhap")


def test_a_person_logs_in_sees_the_desk_and_logs_out(app: Flask, make: Makers) -> None:
    _, _, branch = make.ward()
    client = make.log_in(make.person(Role.BRANCH_SECRETARY, branch, "bithu"))

    assert "Bàn làm việc" in client.get("/").text
    client.post("/dang-xuat")
    assert client.get("/").status_code == 302


def test_without_a_role_the_desk_says_whom_to_ask_and_the_own_account_opens(app: Flask, make: Makers) -> None:
    make.person(Role.ADMINISTRATOR, make.ward()[0], "quantri")
    client = make.log_in(make.person(None, username="moi"))
    new = "mot-cau-that-dai"
    change = {"current_password": PASSWORD, "new_password": new, "repeated": new}

    desk = client.get("/").text
    assert "Tài khoản này chưa được giao vai trò." in desk
    assert "Đ/c quantri" in desk
    assert client.get("/tai-khoan").status_code == 200
    assert client.get("/thong-bao").status_code == 200
    assert [client.get(one).status_code for one in ("/kien-nghi", "/phieu-hop", "/quan-tri/")] == [403] * 3
    assert client.post("/tai-khoan/mat-khau", data=change).location == "/dang-nhap"


def test_without_a_role_a_person_logs_out(app: Flask, make: Makers) -> None:
    client = make.log_in(make.person(None))

    assert client.post("/dang-xuat").status_code == 302
    assert client.get("/").location.startswith("/dang-nhap")


def test_a_wrong_password_and_an_unknown_name_read_the_same(client: FlaskClient, make: Makers) -> None:
    make.person(Role.ADMINISTRATOR, make.ward()[0], "quantri")

    pages = [
        client.post("/dang-nhap", data={"username": name, "password": "sai-mat-khau"})
        for name in ("quantri", "khong-co-ai")
    ]

    assert [page.status_code for page in pages] == [422, 422]
    assert all("Tên đăng nhập hoặc mật khẩu chưa đúng." in page.text for page in pages)


def test_a_session_ended_from_another_device_is_over(app: Flask, make: Makers) -> None:
    person = make.person(Role.ADMINISTRATOR, make.ward()[0], "quantri")
    lost, here = make.log_in(person), make.log_in(person)

    here.post("/tai-khoan/phien/1/ket-thuc")

    assert lost.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_after_the_log_in_nobody_is_sent_to_another_site(client: FlaskClient, make: Makers) -> None:
    make.person(Role.ADMINISTRATOR, make.ward()[0], "quantri")
    for target in ("https://xau.example/", "//xau.example", "/\\xau.example"):
        answer = client.post(
            "/dang-nhap", query_string={"next": target}, data={"username": "quantri", "password": PASSWORD}
        )
        assert answer.headers["Location"] == "/"
        client.post("/dang-xuat")


def test_every_page_carries_a_policy_without_inline_anything(client: FlaskClient) -> None:
    policy = client.get("/dang-nhap").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_form_sent_from_elsewhere_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = client.post("/dang-nhap", data={"username": "quantri", "password": PASSWORD})

    assert answer.status_code == 400
    assert "tải lại trang" in answer.text


def test_a_page_renews_the_cookie_and_a_style_sheet_does_not(app: Flask, make: Makers) -> None:
    client = make.log_in(make.person(Role.BRANCH_SECRETARY, make.ward()[2]))

    assert "bam_co_so=" in client.get("/tai-khoan").headers["Set-Cookie"]
    with client.get("/static/css/app.css") as style:
        assert style.status_code == 200
        assert "Set-Cookie" not in style.headers
