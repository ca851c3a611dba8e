"""Who guesses has to wait; who works in an office behind one address, or was here before, doesn't."""

import re
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.makers import PASSWORD, Makers
from tracker.web.throttle import COOKIE

OFFICE, HOME = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def database_url(tmp_path, sqlite_template) -> str:
    """One kind of database is enough: nothing here is asked of it."""
    (tmp_path / "tracker.sqlite").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path}/tracker.sqlite"


@pytest.fixture(autouse=True)
def person(make: Makers) -> None:
    make.person(None, username="bithu")


def fail(client: FlaskClient, name: str, address: str) -> int:
    """Fail to log in, in the way that costs no check of a password; return the answer's status."""
    return send(client, name, address, password="").status_code


def send(client: FlaskClient, name: str, address: str, password: str = PASSWORD):
    data = {"username": name, "password": password}
    return client.post("/dang-nhap", data=data, environ_base={"REMOTE_ADDR": address})


def until_refused(client: FlaskClient, names, addresses, most: int = 200) -> int:
    """Return how many failures were answered before one was refused; ``most`` if none was."""
    for number, name, address in zip(range(most), names, addresses, strict=False):
        if fail(client, name, address) == 429:
            return number
    return most


def always(value: str):
    while True:
        yield value


def many_names():
    return (f"nguoi{number}" for number in count())


def many_addresses():
    return (f"10.{number // 250}.{number % 250}.1" for number in count())


def test_one_name_from_one_place_has_eight_tries_a_minute(client: FlaskClient) -> None:
    assert until_refused(client, always("bithu"), always(OFFICE)) == 8
    assert fail(client, "BiThu ", OFFICE) == 429, "other spellings are the same name"


def test_one_place_cannot_try_name_after_name(client: FlaskClient) -> None:
    assert until_refused(client, many_names(), always(OFFICE)) == 40
    assert fail(client, "nguoi-khac", HOME) == 422, "others are not concerned"


def test_one_network_of_the_new_addresses_is_one_place(client: FlaskClient) -> None:
    addresses = (f"2001:db8:1:2::{number:x}" for number in count(1))

    assert until_refused(client, many_names(), addresses) == 40


def test_one_name_cannot_be_tried_from_address_after_address(client: FlaskClient) -> None:
    assert until_refused(client, always("bithu"), many_addresses()) == 40
    assert fail(client, "nguoi-khac", HOME) == 422, "others are not concerned"


def test_many_names_from_many_places_are_not_stopped(client: FlaskClient) -> None:
    """The negative control of the three above: what they count is what they say they count."""
    assert until_refused(client, many_names(), many_addresses(), most=60) == 60


def test_an_office_behind_one_address_comes_in_every_morning(app: Flask, client: FlaskClient) -> None:
    """Log-ins that succeed are not counted: between the last two failures that are let through, three come in."""
    assert until_refused(client, many_names(), always(OFFICE), most=39) == 39
    assert [send(app.test_client(), "bithu", OFFICE).status_code for _ in range(3)] == [302] * 3

    assert [fail(client, name, OFFICE) for name in ("nguoi-a", "nguoi-b")] == [422, 429]


def test_who_logged_in_here_before_cannot_be_kept_out_by_strangers(app: Flask) -> None:
    mine, stranger = app.test_client(), app.test_client()
    assert send(mine, "bithu", HOME).status_code == 302
    mine.delete_cookie("bam_co_so")
    until_refused(stranger, always("bithu"), many_addresses())
    until_refused(stranger, many_names(), always(HOME))
    until_refused(stranger, always("bithu"), always(HOME))

    assert send(stranger, "bithu", HOME).status_code == 429, "the control: others have to wait"
    assert send(mine, "bithu", HOME).status_code == 302


def test_a_browser_that_is_known_gets_no_more_tries_than_a_place(app: Flask) -> None:
    mine = app.test_client()
    send(mine, "bithu", HOME)
    mine.delete_cookie("bam_co_so")

    assert until_refused(mine, always("bithu"), many_addresses()) == 8
    assert until_refused(mine, many_names(), always(HOME)) == 40, "it is known for its own people alone"


def test_a_forged_cookie_makes_no_browser_known(client: FlaskClient) -> None:
    client.set_cookie(COOKIE, "eyJicm93c2VyIjoieCJ9.gia.mao", path="/dang-nhap")

    assert until_refused(client, always("bithu"), many_addresses()) == 40


def test_the_cookie_holds_no_name_and_goes_to_the_log_in_alone(client: FlaskClient) -> None:
    (kept,) = (c for c in send(client, "bithu", HOME).headers.getlist("Set-Cookie") if COOKIE in c)

    assert "bithu" not in kept
    assert {"HttpOnly", "Path=/dang-nhap", "SameSite=Lax"} <= set(kept.split("; "))


def test_the_page_says_when_to_try_again_and_never_later_than_a_quarter_of_an_hour(
    client: FlaskClient,
) -> None:
    until_refused(client, always("bithu"), many_addresses())
    answer = send(client, "bithu", HOME)

    told = re.search(r"Đồng chí thử lại được sau (\d+) phút, lúc \d\d:\d\d, \d\d/\d\d/\d{4}\.", answer.text)
    assert answer.status_code == 429
    assert told, answer.text
    assert 1 <= int(told[1]) <= 16
    assert 1 <= int(answer.headers["Retry-After"]) <= 15 * 60 + 1
