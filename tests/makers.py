"""Makes what a test needs in the database, with believable defaults: say only what matters to the test."""

from datetime import date
from itertools import count

from flask import Flask
from flask.testing import FlaskClient

from tracker.adapters.passwords import hash_password
from tracker.db.base import db
from tracker.db.tables.org import Body, BodyVersion, Unit, UnitVersion
from tracker.db.tables.people import Account, RoleGrant
from tracker.domain.people import BODY_ROLES, Actor, Grant
from tracker.services.people import open_session
from tracker.services.reference import touch_reference
from tracker.services.unit import Wiring, unit_of_work

PASSWORD = "mat-khau-thu-nghiem"
_HASH = hash_password(PASSWORD)
SINCE = date(2025, 7, 1)


class Makers:
    """Factories bound to one application's database; each call commits."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._count = count(1)

    @property
    def wiring(self) -> Wiring:
        return self.app.extensions["tracker"].wiring

    def _keep(self, *rows: object) -> None:
        db.session.add_all(rows)
        touch_reference(db.session())
        db.session.commit()

    def unit(
        self, kind: str, name: str, parent: int | None = None, code: str | None = None, **more: object
    ) -> int:
        """Return the id of a new unit that exists since 1 July 2025."""
        unit = Unit()
        db.session.add(unit)
        db.session.flush()
        values = {"symbol": f"U{unit.id}", "branch_type": "khu_pho" if kind == "branch" else None} | more
        self._keep(
            UnitVersion(
                unit_id=unit.id,
                code=code or f"U{unit.id}",
                name=name,
                kind=kind,
                parent_id=parent,
                valid_from=SINCE,
                **values,
            )
        )
        return unit.id

    def ward(self) -> tuple[int, int, int]:
        """Return the ids of a province's, a ward's committee and one branch below it."""
        province = self.unit("provincial_committee", "Tỉnh ủy Bắc Ninh", code="24", symbol="TU")
        ward = self.unit("party_committee", "Đảng ủy phường Tam Sơn", province, code="09370", symbol="TAS")
        return province, ward, self.branch(ward)

    def branch(self, committee: int, name: str = "Chi bộ thôn Hồi Quan", **more: object) -> int:
        """Return the id of a new branch under the committee."""
        return self.unit("branch", name, committee, **more)

    def body(self, code: str, committee: int | None, name: str = "", **more: object) -> int:
        """Return the id of a new responsible body of the committee (None: shared by all)."""
        body = Body()
        db.session.add(body)
        db.session.flush()
        values = {"kind": "government", "short_name": code, "in_chain": True} | more
        self._keep(
            BodyVersion(
                body_id=body.id,
                code=code,
                name=name or f"Đơn vị {code}",
                committee_id=committee,
                valid_from=SINCE,
                **values,
            )
        )
        return body.id

    def person(
        self, role: str | None, place: int | None = None, username: str | None = None, **more: object
    ) -> Actor:
        """Return a person with an account (password ``PASSWORD``) and one role in a unit or body."""
        name = username or f"nguoi{next(self._count)}"
        values = {"display_name": f"Đ/c {name}", "email": f"{name}@example.vn"} | more
        account = Account(
            username=name, password_hash=_HASH, created_at=self.app.extensions["tracker"].clock(), **values
        )
        db.session.add(account)
        db.session.flush()
        if role is None:
            self._keep()
            return Actor(account.id, account.display_name)
        scope = {"body_id": place} if role in BODY_ROLES else {"unit_id": place}
        self._keep(RoleGrant(account_id=account.id, role=role, valid_from=SINCE, **scope))
        return Actor(
            account.id, account.display_name, (Grant(role, scope.get("unit_id"), scope.get("body_id")),)
        )

    def log_in(self, actor: Actor, client: FlaskClient | None = None) -> FlaskClient:
        """Return a client in which the person is logged in; the password's costly check has tests of its own."""
        client = client or self.app.test_client()
        assert actor.account_id is not None
        with unit_of_work(
            self.wiring, actor=Actor(None, ""), now=self.app.extensions["tracker"].clock()
        ) as unit:
            token = open_session(actor.account_id, "thử", unit=unit)
        with client.session_transaction() as session:
            session.permanent = True
            session["_user_id"] = token
            session["_fresh"] = True
        return client
