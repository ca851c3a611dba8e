"""Lists of tickets within a person's reach, a page at a time, at the same speed whatever the size of the rest.

A wide reach is asked place by place (a branch, a body, a committee): each part reads one index in order and
stops at the page's length. A reach of many places is read from one index in order instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, text, union_all
from sqlalchemy.orm import Session

from tracker.db.tables.clocks import Extension, Pause
from tracker.db.tables.tickets import AWAITED, WAITING, Ticket
from tracker.domain.access import TicketReach
from tracker.domain.ticket_lists import Cursor, Outcome, TicketFilter, View
from tracker.domain.tickets import Status

PAGE = 20
"""Tickets on a page of a list: on a phone they are cards below each other."""

MOST_PLACES = 16
"""A reach of more places than this is read from the index over all of them, which then mostly hits."""

EXCERPT = 180
"""Letters of a concern shown in a list."""

AWAITED_ROWS, WAITING_ROWS = text(f"ticket.{AWAITED}"), text(f"ticket.{WAITING}")
"""Said in the indexes' very letters, so that both databases see that the partial indexes answer it."""


@dataclass(frozen=True)
class TicketLine:
    """One ticket as a list shows it. Times are aware, UTC; ``words`` is cut after ``EXCERPT`` letters."""

    id: int
    number: str
    words: str
    branch_id: int
    body_id: int | None
    proposed_body_id: int | None
    category: str | None
    urgency: str
    status: str
    is_restricted: bool
    raised_on: date
    due_at: datetime | None
    answered_at: datetime | None
    level: int
    reopened_count: int
    bounce_count: int
    raised_count: int
    version: int
    #: when work goes on by the promise of the pause that lasts, None while none does
    paused_until: datetime | None


@dataclass(frozen=True)
class TicketList:
    """Some lines in order, and where the next page begins and the one before ends (None where there is none)."""

    lines: tuple[TicketLine, ...]
    following: Cursor | None
    previous: Cursor | None = None


def paused_until() -> Any:
    """Return the column that says until when the row's ticket is paused, NULL where no pause lasts."""
    lasting = select(func.max(Pause.promised_at)).where(
        Pause.ticket_id == Ticket.id, Pause.ended_at.is_(None)
    )
    return lasting.correlate(Ticket).scalar_subquery().label("paused_until")


_COLUMNS = (
    Ticket.id,
    Ticket.number,
    func.substr(Ticket.text, 1, EXCERPT + 1).label("words"),
    Ticket.branch_id,
    Ticket.body_id,
    Ticket.proposed_body_id,
    Ticket.category,
    Ticket.urgency,
    Ticket.status,
    Ticket.is_restricted,
    Ticket.raised_on,
    Ticket.due_at,
    Ticket.answered_at,
    Ticket.level,
    Ticket.reopened_count,
    Ticket.bounce_count,
    Ticket.raised_count,
    Ticket.version,
    paused_until(),
)


def within(reach: TicketReach) -> ColumnElement[bool]:
    """Return the condition that a ticket may be read: the same as ``may`` says of each, one by one."""
    parts = _places(reach)
    return or_(*parts) if parts else false()


def _places(reach: TicketReach) -> list[ColumnElement[bool]]:
    """Return the reach as conditions, each on one branch, body or committee."""
    hidden = set(reach.restricted_committee_ids)
    own = [Ticket.branch_id == place for place in reach.branch_ids]
    own += [Ticket.body_id == place for place in reach.body_ids]
    own += [
        and_(Ticket.branch_id == place, Ticket.is_restricted.is_(False)) for place in reach.open_branch_ids
    ]
    return own + [
        Ticket.committee_id == place
        if place in hidden
        else and_(Ticket.committee_id == place, Ticket.is_restricted.is_(False))
        for place in reach.committee_ids
    ]


def ticket_rows(
    session: Session,
    reach: TicketReach,
    wanted: TicketFilter,
    now: datetime,
    limit: int = PAGE,
    after: Cursor | None = None,
    *,
    before: Cursor | None = None,
    most_places: int = MOST_PLACES,
) -> TicketList:
    """Return the first ``limit`` tickets after the cursor, or the last ones before the other; one query.

    What awaits an answer comes by due time, earliest first; the rest newest first. ``most_places``: a reach of
    more is read from one index in order.
    """
    backward = before is not None
    conditions = _conditions(wanted, now)
    if cursor := before or after:
        conditions.append(_beyond(cursor, is_upward=wanted.view.is_by_due != backward))
    sources = _sources(reach, wanted, most_places)
    parts = [_ordered(wanted, [*place, *conditions], limit + 1, backward) for place in sources]
    if not parts:
        return TicketList((), None)
    rows = session.execute(parts[0] if len(parts) == 1 else _merged(parts)).all()
    found = sorted({row.id: row for row in rows}.values(), key=_key(wanted), reverse=backward)
    page = found[:limit][:: -1 if backward else 1]
    return _page(wanted, page, more=len(found) > limit, cursor=cursor, backward=backward)


def _page(
    wanted: TicketFilter, rows: Sequence[Any], *, more: bool, cursor: Cursor | None, backward: bool
) -> TicketList:
    """Return the rows as lines between their neighbours; whoever came from a page finds it again."""
    lines = tuple(_line(row) for row in rows)
    if not lines:
        return TicketList((), None)
    has_following, has_previous = (True, more) if backward else (more, cursor is not None)
    return TicketList(
        lines,
        cursor_of(wanted, lines[-1]) if has_following else None,
        cursor_of(wanted, lines[0]) if has_previous else None,
    )


def _merged(parts: Sequence[Select[Any]]) -> Any:
    limited = [part.subquery() for part in parts]
    return union_all(*(select(part) for part in limited))


def _sources(reach: TicketReach, wanted: TicketFilter, most: int) -> list[list[ColumnElement[bool]]]:
    """Return the parts to be asked, each a list of conditions of which the first names an index."""
    places = _places(reach)
    if not places:
        return []
    for column, value in (
        (Ticket.number, wanted.numbers),
        (Ticket.branch_id, wanted.branch_ids),
        (Ticket.body_id, wanted.body_ids),
    ):
        if value is not None and len(value) <= max(most, 1):
            return [[column == one, or_(*places)] for one in value]
    if len(places) <= most:
        return [[place] for place in places]
    return [[_unindexed(reach)]]


def _unindexed(reach: TicketReach) -> ColumnElement[bool]:
    """Return the reach in a form that no index of places answers, so that the index in order is read."""
    committees = set(reach.committee_ids)
    hidden = committees & set(reach.restricted_committee_ids)
    return or_(
        (Ticket.branch_id + 0).in_(reach.branch_ids),
        (Ticket.body_id + 0).in_(reach.body_ids),
        (Ticket.committee_id + 0).in_(hidden),
        and_((Ticket.committee_id + 0).in_(committees - hidden), Ticket.is_restricted.is_(False)),
        and_((Ticket.branch_id + 0).in_(reach.open_branch_ids), Ticket.is_restricted.is_(False)),
    )


def _conditions(wanted: TicketFilter, now: datetime) -> list[ColumnElement[bool]]:
    """Return what the filter asks, besides place and order."""
    found: list[ColumnElement[bool]] = list(view_conditions(wanted.view, now))
    if wanted.outcome is not None:
        found.append(_outcome(wanted.outcome, now))
    for column, values in (
        (Ticket.branch_id, wanted.branch_ids),
        (Ticket.body_id, wanted.body_ids),
        (Ticket.committee_id, wanted.committee_ids),
        (Ticket.number, wanted.numbers),
    ):
        if values is not None:
            found.append(column.in_(values))
    if wanted.category is not None:
        found.append(Ticket.category == wanted.category)
    if wanted.urgency is not None:
        found.append(Ticket.urgency == wanted.urgency)
    if wanted.least_level is not None:
        found.append(Ticket.level >= wanted.least_level)
    if wanted.raised_from is not None:
        found.append(Ticket.raised_on >= wanted.raised_from)
    if wanted.raised_to is not None:
        found.append(Ticket.raised_on <= wanted.raised_to)
    return found


def view_conditions(view: View, now: datetime) -> tuple[Any, ...]:
    """Return what a view asks of a ticket."""
    conditions: dict[View, tuple[Any, ...]] = {
        View.OPEN: (AWAITED_ROWS,),
        View.OVERDUE: (AWAITED_ROWS, Ticket.due_at < now),
        View.TRIAGE: (AWAITED_ROWS, Ticket.status == Status.TRIAGE.value),
        View.NEW: (AWAITED_ROWS, Ticket.status == Status.ROUTED.value),
        View.EXTENSION: (AWAITED_ROWS, Ticket.id.in_(_ASKED)),
        View.PAUSED: (AWAITED_ROWS, Ticket.id.in_(_PAUSED)),
        View.WAITING: (WAITING_ROWS,),
        View.ACCEPTED: (Ticket.status == Status.ACCEPTED.value,),
        View.ALL: (),
    }
    return conditions[view]


_ASKED = select(Extension.ticket_id).where(Extension.state == "asked")
_PAUSED = select(Pause.ticket_id).where(Pause.ended_at.is_(None))
"""Few at any time, each found by a partial index."""


def _outcome(outcome: Outcome, now: datetime) -> ColumnElement[bool]:
    """Return what the leaders' figures count, in the words of ``domain.quarter.concerns.standing``."""
    timed = and_(Ticket.due_at.is_not(None), Ticket.resolved_on_spot.is_(False))
    awaited = Ticket.answered_at.is_(None)
    return {
        Outcome.IN_TIME: and_(timed, Ticket.answered_at <= Ticket.due_at),
        Outcome.LATE: and_(
            timed, or_(Ticket.answered_at > Ticket.due_at, and_(awaited, Ticket.due_at < now))
        ),
        Outcome.ANSWERED: Ticket.answered_at.is_not(None),
        Outcome.ACCEPTED: Ticket.status == Status.ACCEPTED.value,
        Outcome.NOT_ACCEPTED: Ticket.status != Status.ACCEPTED.value,
        Outcome.REOPENED: Ticket.reopened_count > 0,
        Outcome.ON_THE_SPOT: Ticket.resolved_on_spot.is_(True),
        Outcome.OVERDUE: and_(timed, awaited, Ticket.due_at < now),
    }[outcome]


def _ordered(
    wanted: TicketFilter, conditions: Sequence[ColumnElement[bool]], limit: int, backward: bool
) -> Select[Any]:
    upward = wanted.view.is_by_due != backward
    order = (_moment(wanted), Ticket.id)
    ordered = order if upward else tuple(column.desc() for column in order)
    return select(*_COLUMNS).where(*conditions).order_by(*ordered).limit(limit)


def _moment(wanted: TicketFilter) -> Any:
    return Ticket.due_at if wanted.view.is_by_due else Ticket.raised_on


def _beyond(cursor: Cursor, is_upward: bool) -> ColumnElement[bool]:
    """Return what lies beyond the cursor; the first half is a range that the index in order answers."""
    column: Any = Ticket.due_at if isinstance(cursor.at, datetime) else Ticket.raised_on
    if is_upward:
        return and_(column >= cursor.at, or_(column > cursor.at, Ticket.id > cursor.id))
    return and_(column <= cursor.at, or_(column < cursor.at, Ticket.id < cursor.id))


def _key(wanted: TicketFilter) -> Any:
    if wanted.view.is_by_due:
        return lambda row: (row.due_at, row.id)
    return lambda row: (-row.raised_on.toordinal(), -row.id)


def cursor_of(wanted: TicketFilter, line: TicketLine) -> Cursor:
    """Return the place just behind the line in the filter's order."""
    at = line.due_at if wanted.view.is_by_due and line.due_at is not None else line.raised_on
    return Cursor(at, line.id)


def _line(row: Any) -> TicketLine:
    values = row._asdict()
    if len(values["words"]) > EXCERPT:
        values["words"] = values["words"][:EXCERPT].rsplit(" ", 1)[0] + "…"
    return TicketLine(**values)
