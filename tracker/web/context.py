"""What a view may ask of the running request: who acts, what time it is, a unit of work, the rules of the day."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app
from flask_login import current_user
from sqlalchemy.orm import Session

from tracker.domain.dates import local_date
from tracker.domain.people import Actor
from tracker.services.reference import Reference, reference_on
from tracker.services.unit import Unit, Wiring, unit_of_work
from tracker.settings import Settings


@dataclass(frozen=True)
class Parts:
    """What the factory wired; kept in ``app.extensions["tracker"]``."""

    settings: Settings
    wiring: Wiring
    clock: Callable[[], datetime]


def parts() -> Parts:
    """Return what the application was wired with."""
    return cast(Parts, current_app.extensions["tracker"])


def now() -> datetime:
    """Return the present instant (aware, UTC)."""
    return parts().clock()


def today() -> date:
    """Return the present day in Vietnam."""
    return local_date(now())


def actor() -> Actor:
    """Return the person who is logged in, or one without any role."""
    return cast(Actor, current_user.actor) if current_user.is_authenticated else Actor(None, "")


def session() -> Session:
    """Return the reading session of this request."""
    return parts().wiring.session()


def reference() -> Reference:
    """Return the units, rules and calendar that hold today."""
    return reference_on(session(), today())


def unit(by: Actor | None = None) -> AbstractContextManager[Unit]:
    """Open a unit of work by the person who is logged in (or by the given one)."""
    return unit_of_work(parts().wiring, actor=by or actor(), now=now())
