import pytest

from tests.conftest import NOW
from tracker.db.reading.people import account_by_username, holdings
from tracker.db.tables.people import LoginSession
from tracker.domain.dates import local_date
from tracker.domain.errors import Conflict, Invalid, NotFound, Refused
from tracker.domain.people import SYSTEM
from tracker.services.accounts import NewAccount, add_account, disable_account, reset_password
from tracker.services.people import log_in
from tracker.services.unit import unit_of_work


@pytest.fixture
def unit(app):
    with unit_of_work(app.extensions["tracker"].wiring, actor=SYSTEM, now=NOW) as unit:
        yield unit


@pytest.fixture
def ward(make):
    """A ward with the code 09370, and its construction office."""
    _, ward, _ = make.ward()
    return ward, make.body("ktht", ward)


def secretary(**changes):
    values = {"username": "Bi.Thu", "display_name": "Bí thư", "role": "office", "scope": "09370"}
    return NewAccount(**{**values, **changes})


def test_a_new_account_logs_in_with_its_first_password_and_must_change_it(ward, unit):
    password = add_account(secretary(), unit=unit)

    assert log_in("bi.thu", password, "", unit=unit)
    assert account_by_username(unit.session, "bi.thu").must_change_password


@pytest.mark.parametrize(("role", "scope"), [("office", "09370"), ("official", "ktht")])
def test_it_holds_its_role_in_its_scope_from_today(ward, unit, role, scope):
    add_account(secretary(role=role, scope=scope), unit=unit)

    (held,) = holdings(unit.session, local_date(NOW))
    assert held.role == role
    assert (held.unit_id, held.body_id) == ((ward[0], None) if role == "office" else (None, ward[1]))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"username": "bí thư"}, Invalid),
        ({"username": "x"}, Invalid),
        ({"scope": "nowhere"}, NotFound),
        ({"role": "official", "scope": "09370"}, NotFound),
    ],
)
def test_what_cannot_be_is_refused(ward, unit, changes, error):
    with pytest.raises(error):
        add_account(secretary(**changes), unit=unit)


def test_a_name_is_taken_whatever_its_case(ward, unit):
    add_account(secretary(), unit=unit)

    with pytest.raises(Conflict):
        add_account(secretary(username="BI.THU"), unit=unit)


def test_a_disabled_account_is_logged_out_and_stays_out_until_it_is_reset(ward, unit):
    password = add_account(secretary(), unit=unit)
    log_in("bi.thu", password, "", unit=unit)

    disable_account("bi.thu", unit=unit)

    assert all(login.ended_at for login in unit.session.query(LoginSession))
    with pytest.raises(Refused):
        log_in("bi.thu", password, "", unit=unit)

    assert log_in("bi.thu", reset_password("bi.thu", unit=unit), "", unit=unit)
    with pytest.raises(Refused):
        log_in("bi.thu", password, "", unit=unit)
