"""The units, bodies, roles and dated rules that hold on one day, read once a change and kept in the process."""

from dataclasses import dataclass
from datetime import date
from threading import Lock

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.db.reading.deadlines import calendars, extension_rules, ladder, time_limits
from tracker.db.reading.learning import load_model
from tracker.db.reading.org import org_tree
from tracker.db.reading.people import holdings
from tracker.db.reading.routing import load_rule_book
from tracker.db.reading.rubrics import active_rubrics
from tracker.db.tables.reference import ReferenceStamp
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.calendars import Calendars
from tracker.domain.escalation import Rung
from tracker.domain.extension_rules import ExtensionRule, choose_extension_rule
from tracker.domain.learning import Model
from tracker.domain.org import OrgTree
from tracker.domain.people import Holding
from tracker.domain.recipients import Holders
from tracker.domain.rubric import Rubric
from tracker.domain.rule_book import RuleBook
from tracker.domain.time_limits import TimeLimit


@dataclass(frozen=True)
class Reference:
    """What holds on the day ``on``; ``stamp`` says at which state of the rules it was read."""

    on: date
    stamp: int
    tree: OrgTree
    holdings: tuple[Holding, ...]
    holders: Holders
    book: RuleBook
    #: what was learned about where concerns go; None before anything was
    model: Model | None
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
    stamp = present_stamp(session)
    key = (str(session.get_bind().engine.url), stamp, on)
    kept = _kept.get(key)
    if kept is None:
        kept = _read(session, on, stamp)
        with _lock:
            if len(_kept) >= 8:
                _kept.clear()
            _kept[key] = kept
    return kept


def present_stamp(session: Session) -> int:
    """Return the number of the present state of the rules; one query."""
    return session.execute(select(ReferenceStamp.stamp)).scalar_one()


def _read(session: Session, on: date, stamp: int) -> Reference:
    held, tree = holdings(session, on), org_tree(session, on)
    return Reference(
        on=on,
        stamp=stamp,
        tree=tree,
        holdings=held,
        holders=Holders.of(held),
        book=load_rule_book(session),
        model=load_model(session),
        calendars=calendars(session, tree),
        limits=time_limits(session),
        ladder=ladder(session),
        extension_rules=extension_rules(session),
        rubrics=active_rubrics(session),
    )


def hold_rules(session: Session) -> int:
    """Keep the rules as they are until the transaction ends; return their stamp. One query.

    Whoever reckons a clock holds them, *before* it locks a ticket: a change of rules (``touch_reference``) waits
    until it has ended and then sees its clock, or it waits for the change and reckons by the new rules. Any number
    hold them at once. On SQLite the transaction that writes is alone anyway.
    """
    return session.execute(select(ReferenceStamp.stamp).with_for_update(read=True)).scalar_one()


def held(reference: Reference, session: Session) -> Reference:
    """Return what holds on the reference's day as it is now, held until the transaction ends.

    A request reads the rules before its transaction begins; they may have changed in between.
    """
    return reference if hold_rules(session) == reference.stamp else reference_on(session, reference.on)


def touch_reference(session: Session) -> None:
    """Move the stamp, so that every process reads the rules again; flushes, never commits.

    All changes of rules wait for each other here, and for those who hold the rules.
    """
    session.execute(update(ReferenceStamp).values(stamp=ReferenceStamp.stamp + 1))
