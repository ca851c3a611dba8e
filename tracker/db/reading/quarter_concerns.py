"""Counts a quarter's concerns in the database, and reads those behind a figure a page at a time.

The conditions say what ``domain.quarter.standings`` says of one concern; a test holds them against each other.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, collate, func, not_, or_, select, true
from sqlalchemy.orm import Session, aliased

from tracker.db.tables.meetings import Meeting
from tracker.db.tables.tickets import Response, Ticket
from tracker.domain.dates import midnight
from tracker.domain.org import BodyNode
from tracker.domain.quarter import TicketRow
from tracker.domain.quarter.behind import Narrowed, regarded
from tracker.domain.quarter.standings import OLDEST_SHOWN, Concerns, Standing
from tracker.domain.tickets import Status

LATE_SHEET = timedelta(days=366)
"""A meeting's sheet may be entered or corrected so long after the day, and a concern end by it only then."""

_OPEN = tuple(status for status in Status if status is not Status.ACCEPTED)

_told = aliased(Meeting)
"""The meeting in which a concern's first answer was told."""


@dataclass(frozen=True)
class Regard:
    """Which concerns are looked at and when: of the branches, raised from ``start`` to ``last``, or open at ``start``.

    Days are local and inclusive; ``as_of`` is aware. ``bodies`` are those of the last day, by id.
    """

    branch_ids: tuple[int, ...]
    bodies: Mapping[int, BodyNode]
    start: date
    last: date
    cutoff_on: date
    as_of: datetime

    @property
    def cut(self) -> datetime:
        """The end of the cut-off day, exclusive: what was entered later isn't there yet."""
        return midnight(self.cutoff_on + timedelta(days=1))

    def parts(self) -> tuple[tuple[bool, ColumnElement[bool]], ...]:
        """Return (raised in the period, condition) of parts that hold each concern once and find an index each."""
        ours = Ticket.branch_id.in_(self.branch_ids)
        begin = midnight(self.start)
        raised = and_(ours, Ticket.raised_on.between(self.start, self.last), Ticket.filed_at < self.cut)
        earlier = and_(ours, Ticket.raised_on < self.start)
        # Two ways of being open at the beginning, asked apart: what ended long ago is skipped.
        still = and_(
            earlier, Ticket.status.in_(_OPEN), or_(Ticket.accepted_at.is_(None), Ticket.accepted_at >= begin)
        )
        ended_since = and_(
            earlier,
            Ticket.status == Status.ACCEPTED,
            Ticket.accepted_at >= begin,
            Ticket.id.in_(_told_since(self.branch_ids, self.start - LATE_SHEET)),
        )
        return (True, raised), (False, still), (False, ended_since)


def _told_since(ids: Sequence[int], since: date) -> Select[Any]:
    """Return the query for concerns whose answer was told in a meeting from the day on: no other can have ended."""
    return (
        select(Response.ticket_id)
        .join(Meeting, Meeting.id == Response.told_meeting_id)
        .where(Meeting.branch_id.in_(ids), Meeting.held_on >= since)
    )


def quarter_concerns(session: Session, regard: Regard) -> Concerns:
    """Return the concerns counted together where they are alike, and those open longest; six queries."""
    regular = _regular_days(session, regard)
    sums: Counter[tuple[Any, ...]] = Counter()
    for is_new, condition in regard.parts():
        for row in session.execute(_alike(regard, condition)):
            told = _is_told(row, row.told_on, regular)
            sums[(is_new, *row[:_SAME], told)] += row.number
    return Concerns(
        tuple(_standing(key, number, regard.bodies) for key, number in sums.items()),
        tuple(_oldest(session, regard)),
    )


_SAME = 9
"""So many columns of ``_alike`` stand in a ``Standing`` as they are."""


def _alike(regard: Regard, condition: ColumnElement[bool]) -> Select[Any]:
    """Return the query that counts together what a standing and the branch's next meeting are told from."""
    seen = _Seen.at(regard.as_of)
    same = (
        Ticket.branch_id,
        Ticket.body_id,
        Ticket.level,
        Ticket.is_restricted,
        _one_if(seen.is_answered).label("is_answered"),
        _one_if(seen.is_accepted).label("is_accepted"),
        case((seen.is_late, 1), (seen.is_in_time, 0), else_=-1).label("lateness"),
        _one_if(Ticket.reopened_count > 0).label("is_reopened"),
        Ticket.resolved_on_spot,
    )
    told_on = case((_told.held_on <= regard.cutoff_on, _told.held_on)).label("told_on")
    return (
        _with_telling(select(*same, Ticket.raised_on, told_on, func.count().label("number")))
        .where(condition)
        .group_by(*same, Ticket.raised_on, told_on)
    )


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _with_telling(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(Response, and_(Response.ticket_id == Ticket.id, Response.round == 1)).outerjoin(
        _told, _told.id == Response.told_meeting_id
    )


def _standing(key: tuple[Any, ...], number: int, bodies: Mapping[int, BodyNode]) -> Standing:
    is_new, branch_id, body_id, level, restricted, answered, accepted, lateness, reopened, spot, told = key
    body = bodies.get(body_id)
    return Standing(
        branch_id=branch_id,
        body_code=body.code if body else "",
        body_name=body.name if body else "",
        level=level,
        is_new=is_new,
        is_restricted=restricted,
        is_answered=bool(answered),
        is_accepted=bool(accepted),
        is_late=None if lateness < 0 else bool(lateness),
        is_told=told,
        is_reopened=bool(reopened),
        on_the_spot=spot,
        count=number,
    )


@dataclass(frozen=True)
class _Seen:
    """What ``standing`` says of a concern at an instant, as conditions that are never null."""

    is_answered: ColumnElement[bool]
    is_accepted: ColumnElement[bool]
    is_late: ColumnElement[bool]
    is_in_time: ColumnElement[bool]

    @classmethod
    def at(cls, as_of: datetime) -> "_Seen":
        """Return the conditions for the instant, exclusive."""
        first = func.coalesce(Ticket.answered_at, Ticket.first_answered_at)
        answered = case((Ticket.reopened_count > 0, Ticket.answered_at), else_=first)
        is_answered = and_(answered.is_not(None), answered < as_of)
        timed = and_(Ticket.due_at.is_not(None), Ticket.resolved_on_spot.is_(False))
        return cls(
            is_answered,
            and_(Ticket.accepted_at.is_not(None), Ticket.accepted_at < as_of),
            and_(
                timed,
                or_(
                    and_(is_answered, answered > Ticket.due_at),
                    and_(not_(is_answered), Ticket.due_at < as_of),
                ),
            ),
            and_(timed, is_answered, answered <= Ticket.due_at),
        )


def _oldest(session: Session, regard: Regard) -> list[TicketRow]:
    is_postgres = session.get_bind().dialect.name == "postgresql"
    # The database's own order of letters may pass over hyphens.
    number = collate(Ticket.number, "C" if is_postgres else "BINARY")
    waiting = and_(Ticket.is_restricted.is_(False), not_(_Seen.at(regard.as_of).is_accepted))
    return concern_rows(session, regard, waiting, order=(Ticket.raised_on, number), limit=OLDEST_SHOWN)


def concerns_behind(
    session: Session,
    regard: Regard,
    what: str,
    narrowed: Narrowed,
    branch_ids: Sequence[int],
    page: int,
    size: int,
) -> list[TicketRow]:
    """Return a page (from 1) of the concerns that the figure counts in the branches, latest first; two queries.

    ``narrowed`` says the body here; its places are ``branch_ids``. Raises KeyError for a figure of no such name.
    """
    is_new, _test = regarded(what)
    asked = and_(
        _counted(what, regard),
        Ticket.is_restricted.is_(False),
        Ticket.branch_id.in_(branch_ids),
        _of_body(narrowed.body, regard.bodies),
    )
    order = (Ticket.raised_on.desc(), Ticket.id.desc())
    return concern_rows(
        session, regard, asked, is_new=is_new, order=order, limit=size, offset=size * (page - 1)
    )


def concern_rows(
    session: Session,
    regard: Regard,
    asked: ColumnElement[bool] | None = None,
    *,
    is_new: bool | None = None,
    order: Sequence[Any] = (Ticket.id,),
    limit: int | None = None,
    offset: int = 0,
) -> list[TicketRow]:
    """Return concerns one by one, all of them unless told otherwise; ``is_new`` as ``regarded`` tells; two queries."""
    parts = [condition for new, condition in regard.parts() if is_new in (None, new)]
    query = _with_telling(select(*_COLUMNS, _told.held_on.label("told_on"))).where(or_(*parts))
    if asked is not None:
        query = query.where(asked)
    regular = _regular_days(session, regard)
    rows = session.execute(query.order_by(*order).limit(limit).offset(offset))
    return [_ticket(row, regard, regular) for row in rows]


_COLUMNS: tuple[Any, ...] = (
    Ticket.id,
    Ticket.number,
    Ticket.branch_id,
    Ticket.body_id,
    Ticket.category,
    Ticket.urgency,
    Ticket.status,
    Ticket.is_restricted,
    Ticket.raised_on,
    Ticket.due_at,
    Ticket.first_answered_at,
    Ticket.answered_at,
    Ticket.accepted_at,
    Ticket.reopened_count,
    Ticket.level,
    Ticket.resolved_on_spot,
)


def _counted(what: str, regard: Regard) -> ColumnElement[bool]:
    """Return the figure's test as ``domain.quarter.behind`` names it."""
    seen = _Seen.at(regard.as_of)
    if what.startswith("level-"):
        return and_(not_(seen.is_accepted), Ticket.level == int(what.removeprefix("level-")))
    overdue = and_(not_(seen.is_answered), seen.is_late)
    return {
        "raised": true(),
        "carried": true(),
        "on_the_spot": Ticket.resolved_on_spot.is_(True),
        "in_time": seen.is_in_time,
        "not_in_time": seen.is_late,
        "told": _brought_back(regard, in_time=True),
        "not_told": _brought_back(regard, in_time=False),
        "accepted": and_(seen.is_answered, seen.is_accepted),
        "not_accepted": and_(seen.is_answered, not_(seen.is_accepted)),
        "reopened": Ticket.reopened_count > 0,
        "new_overdue": overdue,
        "overdue": overdue,
        "open": not_(seen.is_accepted),
    }[what]


def _brought_back(regard: Regard, *, in_time: bool) -> ColumnElement[bool]:
    """Return ``told_in_time`` as a condition: true, or false, and not untold."""
    following = (
        _regular(regard, Meeting.held_on)
        .where(Meeting.branch_id == Ticket.branch_id, Meeting.held_on > Ticket.raised_on)
        .order_by(Meeting.held_on)
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )
    is_told = and_(_told.held_on.is_not(None), _told.held_on <= regard.cutoff_on)
    by_then = and_(is_told, _told.held_on <= func.coalesce(following, date.max))
    wanted = by_then if in_time else and_(following.is_not(None), not_(by_then))
    return and_(Ticket.resolved_on_spot.is_(False), wanted)


def _of_body(body: tuple[str, str] | None, bodies: Mapping[int, BodyNode]) -> ColumnElement[bool]:
    """Return the condition for the body of that code and name; empty for what has none, as in triage."""
    if body is None:
        return true()
    found = Ticket.body_id.in_([one.id for one in bodies.values() if (one.code, one.name) == body])
    if body != ("", ""):
        return found
    return or_(found, Ticket.body_id.is_(None), Ticket.body_id.not_in(list(bodies)))


def _regular(regard: Regard, *columns: Any) -> Select[Any]:
    """Return the query for the regular meetings from the period's first day on that were known at the cut-off."""
    return select(*columns).where(
        Meeting.held_on >= regard.start, Meeting.kind != "thematic", Meeting.submitted_at < regard.cut
    )


def _regular_days(session: Session, regard: Regard) -> dict[int, list[date]]:
    """Return each branch's days of regular meetings from the period's first day on, in order."""
    query = _regular(regard, Meeting.branch_id, Meeting.held_on).where(
        Meeting.branch_id.in_(regard.branch_ids)
    )
    days: dict[int, list[date]] = defaultdict(list)
    for branch_id, held_on in session.execute(query.order_by(Meeting.held_on)):
        days[branch_id].append(held_on)
    return days


def told_in_time(raised_on: date, told_on: date | None, regular: Sequence[date]) -> bool | None:
    """Return whether the answer was told by the branch's next regular meeting; None while that can't be told.

    ``regular`` are the days of its regular meetings in order. A thematic meeting in between serves as well.
    """
    place = bisect_right(regular, raised_on)
    if place == len(regular):
        return True if told_on else None
    return told_on is not None and told_on <= regular[place]


def _is_told(row: Any, told_on: date | None, regular: Mapping[int, Sequence[date]]) -> bool | None:
    if row.resolved_on_spot:
        return None
    return told_in_time(row.raised_on, told_on, regular.get(row.branch_id, ()))


def _ticket(row: Any, regard: Regard, regular: Mapping[int, Sequence[date]]) -> TicketRow:
    body = regard.bodies.get(row.body_id)
    told_on = row.told_on if row.told_on and row.told_on <= regard.cutoff_on else None
    return TicketRow(
        id=row.id,
        number=row.number,
        branch_id=row.branch_id,
        body_code=body.code if body else "",
        body_name=body.name if body else "",
        category=row.category or "",
        urgency=row.urgency,
        status=row.status,
        is_restricted=row.is_restricted,
        raised_on=row.raised_on,
        due_at=row.due_at,
        first_answered_at=row.first_answered_at,
        answered_at=row.answered_at,
        answered_at_next_meeting=_is_told(row, told_on, regular),
        accepted_at=row.accepted_at,
        reopened_count=row.reopened_count,
        level=row.level,
        resolved_on_spot=row.resolved_on_spot,
    )
