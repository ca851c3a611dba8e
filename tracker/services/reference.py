"""The units, bodies, roles and dated rules that hold on one day, read once a change and kept in the process."""

from dataclasses import dataclass
from datetime import date
from threading import Lock

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.db.reading.deadlines import calendars, extension_rules, ladder, time_limits
from tracker.db.reading.org import org_tree
from tracker.db.reading.people import holdings
from tracker.db.reading.routing import load_rule_book
from tracker.db.reading.rubrics import active_rubrics
from tracker.db.tables.reference import ReferenceStamp
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.calendars import Calendars
from tracker.domain.escalation import Rung
from tracker.domain.extension_rules import ExtensionRule, choose_extension_rule
from tracker.domain.org import OrgTree
from tracker.domain.people import Holding
from tracker.domain.recipients import Holders
from tracker.domain.routing import RuleBook
from tracker.domain.rubric import Rubric
from tracker.domain.time_limits import TimeLimit


@dataclass(frozen=True)
class Reference:
    """What holds on the day ``on``."""

    on: date
    tree: OrgTree
    holdings: tuple[Holding, ...]
    holders: Holders
    book: RuleBook
    calendars: Calendars
    limits: tuple[TimeLimit, ...]
    ladder: tuple[Rung, ...]
    extension_rules: tuple[ExtensionRule, ...]
    rubrics: tuple[Rubric, ...]

    @property
    def calendar(self) -> WorkingCalendar:
        """The nation's calendar, for what belongs to no unit or body."""
        return self.calendars.national

    def extension_rule(self, category: str | None, urgency: str) -> ExtensionRule | None:
        """Return the rule for more time that holds for such a ticket on the day, None where none allows any."""
        return choose_extension_rule(self.extension_rules, category, urgency, self.on)


_kept: dict[tuple[str, int, date], Reference] = {}
_lock = Lock()


def reference_on(session: Session, on: date) -> Reference:
    """Return what holds on the day; one query while nothing was changed since it was last read.

    Each process keeps the last few; the stamp in the database says when they are out of date.
    """
    stamp = session.execute(select(ReferenceStamp.stamp)).scalar_one()
    key = (str(session.get_bind().engine.url), stamp, on)
    kept = _kept.get(key)
    if kept is None:
        kept = _read(session, on)
        with _lock:
            if len(_kept) >= 8:
                _kept.clear()
            _kept[key] = kept
    return kept


def _read(session: Session, on: date) -> Reference:
    held, tree = holdings(session, on), org_tree(session, on)
    return Reference(
        on=on,
        tree=tree,
        holdings=held,
        holders=Holders.of(held),
        book=load_rule_book(session),
        calendars=calendars(session, tree),
        limits=time_limits(session),
        ladder=ladder(session),
        extension_rules=extension_rules(session),
        rubrics=active_rubrics(session),
    )


def touch_reference(session: Session) -> None:
    """Move the stamp, so that every process reads the rules again; flushes, never commits."""
    session.execute(update(ReferenceStamp).values(stamp=ReferenceStamp.stamp + 1))
