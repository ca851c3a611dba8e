"""No control character at any door is an error of the machine: PostgreSQL refuses a NUL where SQLite keeps it."""

import re

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from tests.conftest import SettableClock
from tests.makers import SINCE, Makers
from tests.stories import ANSWER, LIGHTS, UNPLACED, Ward
from tracker.db.tables.people import RoleGrant
from tracker.domain.people import BODY_ROLES, Actor, Role
from tracker.services import tickets
from tracker.web.asking import cleaned

NASTY = ("\x00", "2026\x00Q4")
ASKED = (
    *("state", "outcome", "unit", "branch_type", "body", "category", "urgency", "level", "number", "quarter"),
    *("from", "to", "after", "before", "bo_sung", "cap_uy", "chi_bo", "co_quan", "don_vi", "loai", "nam"),
    *("next", "ngay", "q", "quy", "so", "ten", "thang", "trang", "xem", "tai"),
)
"""Every name that an address of ours may hold."""

TYPED = (
    "username",
    "password",
    "text",
    "reason",
    "body",
    "category",
    "urgency",
    "version",
    "note",
    "back",
    "do",
)
JSON = {
    "values": {"place\x00": ["Đình\x00 làng"]},
    "text": "Đèn đường\x00 hỏng ở ngõ 12",
    "category": "\x00",
    "version": "\x00",
}
KEY = "khoa-nhap-1"

on_postgresql = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def rules(app: Flask) -> list[Rule]:
    """Return every rule of the URL map but the static files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


@pytest.fixture
def everybody(app: Flask, make: Makers, clock: SettableClock) -> Actor:
    """A person who holds every role, in a ward with tickets in several states."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    ward = Ward(make, clock)
    first, _second = ward.file(LIGHTS, UNPLACED)
    ward.do(ward.official, tickets.answer, first, 1, ANSWER)
    everybody = make.person(Role.ADMINISTRATOR, ward.province, "moi-viec")
    for role in set(Role) - {Role.ADMINISTRATOR}:
        at = {"body_id": ward.body} if role in BODY_ROLES else {"unit_id": ward.ward}
        at = {"unit_id": ward.branch} if role == Role.BRANCH_SECRETARY else at
        make._keep(RoleGrant(account_id=everybody.account_id, role=role.value, valid_from=SINCE, **at))
    return everybody


def _value(rule: Rule, name: str, word: str) -> str | int:
    """Return an id that there is, one of the words that the place allows, or the given word."""
    converter = rule._converters[name]
    if "Id" in type(converter).__name__:
        return 1
    return next(iter(converter.items)) if isinstance(converter, AnyConverter) else word


def addresses(app: Flask, rule: Rule) -> list[str]:
    """Return the rule's address with ids that there are; words in the path plain and with a NUL."""
    found = []
    for word in (KEY, "khoa\x00nhap", "\x00"):
        values = {name: _value(rule, name, word) for name in rule.arguments}
        found.append(app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False))
    return list(dict.fromkeys(found))


def failures(app: Flask, client: FlaskClient, rule: Rule) -> list[str]:
    """Return which doors of the rule answered with an error of the machine."""
    failed = []

    def knock(what: str, status: int) -> None:
        if status >= 500 and rule.endpoint != "health.readyz":
            failed.append(f"{what}: {status}")

    first, *nasty_paths = addresses(app, rule)
    typed = set(TYPED)
    if "GET" in rule.methods:
        page = client.get(first)
        knock(first, page.status_code)
        typed |= set(re.findall(r'name="([\w-]+)"', page.text)) if page.mimetype == "text/html" else set()
        for path in nasty_paths:
            knock(path, client.get(path).status_code)
        for nasty in NASTY:
            asked = dict.fromkeys(ASKED, nasty) | {f"{nasty}x": nasty}
            knock(f"{first}?{nasty!r}", client.get(first, query_string=asked).status_code)
        for name in ("category", "urgency", "q", "number"):
            knock(f"{first}?{name}", client.get(first, query_string={name: NASTY[-1]}).status_code)
    if "POST" in rule.methods:
        for path in (first, *nasty_paths):
            form = dict.fromkeys(typed, NASTY[-1]) | {"x\x00": "\x00"}
            knock(f"{path} form", client.post(path, data=form).status_code)
        knock(f"{first} json", client.post(first, json=JSON).status_code)
    return failed


@on_postgresql
def test_no_door_fails_at_a_control_character(app: Flask, make: Makers, everybody: Actor) -> None:
    doors = rules(app)
    assert len(doors) > 60
    assert [found for rule in doors for found in failures(app, make.log_in(everybody), rule)] == []


@on_postgresql
def test_without_the_cleaning_doors_fail(app: Flask, make: Makers, everybody: Actor) -> None:
    """The negative control: requests as the framework hands them on."""
    app.request_class = Request
    by_rule = {rule.rule: rule for rule in rules(app)}

    for door in ("/kien-nghi", "/dang-nhap"):
        client = make.log_in(everybody) if door == "/kien-nghi" else app.test_client()
        assert failures(app, client, by_rule[door]) != [], door


def test_lines_and_letters_pass_the_door_as_they_are() -> None:
    typed = "Dòng một\r\n\tdòng hai: ộ, o\u0323\u0302, \u2019"

    assert cleaned({"a": [typed, 1, None]}) == {"a": [typed, 1, None]}
    assert cleaned(["x\x00y", {"k\x01": "\ud800"}]) == ["xy", {"k": ""}]
