"""A changed calendar, limit or ladder re-dates what is open: shown before it is confirmed, recorded when it is done.

The change itself runs first, in a savepoint; the rules before and after it are compared, and what would move is
known exactly. Without a confirmation of exactly that, the savepoint is rolled back and nothing has happened.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.db.inserting import insert_rows, update_rows
from tracker.db.reading.clocks import extensions_of, pauses_of
from tracker.db.reading.org import org_tree
from tracker.db.reading.people import holdings
from tracker.db.reading.redating import climbed_by_due, count_open, open_clocks, read_rules, touched
from tracker.db.tables.clocks import Clock
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.dates import local_date
from tracker.domain.people import Role
from tracker.domain.recipients import Holders, recipients
from tracker.domain.redating import Climbing, Comparison, Kept, Move, Redating
from tracker.domain.rule_changes import Rules, difference, elsewhere
from tracker.domain.time_limits import Clock as Kind
from tracker.services.notices import Telling, tell
from tracker.services.reference import present_stamp, touch_reference
from tracker.services.unit import Unit

Change = Callable[[], Any]
"""What changes the rules; writes through the unit's session, commits nothing."""


@dataclass(frozen=True)
class Outcome:
    """What became of a change: done, or only looked at; ``value`` is what it returned."""

    redating: Redating
    is_done: bool
    value: Any


def preview(change: Change, *, unit: Unit) -> Redating:
    """Return what the change would do to what is open; the database is as before, and so is the unit's audit.

    Raises what the change raises, and Invalid when a date can't be reckoned by the new rules any more.
    """
    return _run(change, lambda _found: False, unit).redating


def apply(change: Change, *, unit: Unit) -> Outcome:
    """Make the change and move what it moves, whatever that is. Flushes, never commits. Raises as ``preview``."""
    return _run(change, lambda _found: True, unit)


def settle(change: Change, confirmed: str | None, *, unit: Unit, on: date | None = None) -> Outcome:
    """Make the change when nobody would notice it on what is open, or when exactly this was ``confirmed``.

    ``confirmed``: the digest of the preview that the person saw, None before the first. What differs from it is
    shown again and nothing is done. ``on`` is the first day of a change of the tree: when it is still to come, that
    day's tree is looked at, and what is confirmed moves on that day (``turn_day``). Flushes, never commits. Raises
    as ``preview``.
    """
    return _run(change, lambda found: not found or found.digest == confirmed, unit, on)


def turn_day(former: date, *, unit: Unit) -> Redating:
    """Move what moves since the tree of the unit's day is another one than on the day ``former``; return it.

    Changes of the tree that were entered for a later day come to pass so. Flushes, never commits. Twice does
    nothing the second time: a date moves only when the former tree gives just that date.
    """
    today = local_date(unit.now)
    if org_tree(unit.session, former) == org_tree(unit.session, today):
        return Redating(unit.now)
    touch_reference(unit.session)
    found = _compare(read_rules(unit.session, today, former), read_rules(unit.session, today), unit)
    _write(found, unit)
    return found


def _run(
    change: Change, is_wanted: Callable[[Redating], bool], unit: Unit, on: date | None = None
) -> Outcome:
    today = local_date(unit.now)
    starts_on = on if on is not None and on > today else None
    with unit.trial() as trial:
        touch_reference(unit.session)  # waits for all who reckon clocks, and lets none begin
        before = read_rules(unit.session, today, starts_on)
        value = change()
        unit.session.flush()
        after = read_rules(unit.session, today, starts_on)
        found = replace(_compare(before, after, unit), starts_on=starts_on)
        if is_wanted(found):
            trial.keep()
            if starts_on is None:
                _write(found, unit)
    return Outcome(found, trial.is_kept, value)


def _compare(before: Rules, after: Rules, unit: Unit) -> Redating:
    """Return what the step from one state of the rules to another does to what is open; a constant number of queries."""
    differs, reassigned = difference(before, after), _reassigned(before, after, unit)
    if not differs:
        return Redating(unit.now, reassigned=reassigned)
    clock_ids = touched(differs)
    clocks = open_clocks(unit.session, clock_ids)
    pauses = pauses_of(unit.session, clock_ids)
    extensions = extensions_of(unit.session, clock_ids)
    climbed = climbed_by_due(unit.session, clock_ids)
    comparison = Comparison(before, after)
    moves: list[Move] = []
    kept: list[Kept] = []
    climbings: list[Climbing] = []
    for clock in clocks:
        paused = pauses.get(clock.id, ())
        judged = comparison.judge(clock, paused, extensions.get(clock.id, ()))
        move = judged if isinstance(judged, Move) else None
        climbing = comparison.climbing(clock, move, climbed.get((clock.ticket_id, clock.kind), {}), paused)
        moves += [move] if move else []
        kept += [judged] if isinstance(judged, Kept) else []
        climbings += [climbing] if climbing else []
    return Redating(unit.now, tuple(moves), tuple(kept), tuple(climbings), reassigned)


def _reassigned(before: Rules, after: Rules, unit: Unit) -> int:
    """Return how many tickets that haven't ended get other superiors."""
    units, bodies = elsewhere(before.calendars.tree, after.calendars.tree)
    return count_open(unit.session, units, bodies) if units or bodies else 0


def _write(found: Redating, unit: Unit) -> None:
    """Write dates, next instants, timeline, audit and notices; a constant number of statements."""
    session, ahead = unit.session, {one.clock_id: one.next_at for one in found.climbings}
    moved = [
        {
            "id": one.clock.id,
            "due_at": one.to,
            "rule_code": one.rule_code,
            "next_at": ahead.pop(one.clock.id, one.clock.next_at),  # a paused clock keeps it
        }
        for one in found.moves
    ]
    update_rows(session, Clock, moved)
    update_rows(session, Clock, [{"id": clock_id, "next_at": at} for clock_id, at in ahead.items()])
    if not moved:
        return
    # Moves no version: what a person has on the screen is not out of date because a rule changed (zammad#5841).
    answers = [one for one in found.moves if one.clock.kind == Kind.ANSWER]
    update_rows(session, Ticket, [{"id": one.clock.ticket_id, "due_at": one.to} for one in answers])
    facts = [_facts(one) for one in found.moves]
    events = zip(found.moves, facts, strict=True)
    insert_rows(session, TicketEvent, [_event(one, known, unit) for one, known in events])
    for one, known in zip(found.moves, facts, strict=True):
        unit.record("ticket", one.clock.ticket_id, "redated", **known)
    tell(unit, list(_tellings(found.moves, unit)))


def _facts(move: Move) -> dict[str, str]:
    """Return what timeline and audit chain both keep of a move."""
    return {
        "clock": move.clock.kind,
        "from": move.clock.due_at.isoformat(),
        "to": move.to.isoformat(),
    }


def _event(move: Move, facts: dict[str, str], unit: Unit) -> dict[str, Any]:
    return {
        "ticket_id": move.clock.ticket_id,
        "at": unit.now,
        "actor_id": unit.actor.account_id,
        "act": "redated",
        "details": {**facts, "because": move.because},
    }


_WHOSE = {Kind.ROUTE: Role.OFFICE, Kind.EXTENSION: Role.OFFICE, Kind.BRING_BACK: Role.BRANCH_SECRETARY}
"""Who has to act in time, by clock; the body's official for all others."""
_NAMED = 5


def _tellings(moves: Sequence[Move], unit: Unit) -> Iterator[Telling]:
    """Yield one notice a person for the whole change, whoever many tickets move: not a flood."""
    on, session = local_date(unit.now), unit.session
    tree, holders = org_tree(session, on), Holders.of(holdings(session, on))
    reached: dict[tuple[Any, ...], tuple[int, ...]] = {}
    whose: dict[int, list[Move]] = {}
    for move in moves:
        clock = move.clock
        role = _WHOSE.get(Kind(clock.kind), Role.OFFICIAL)
        place = {"branch_id": clock.branch_id, "body_id": clock.body_id, "is_restricted": clock.is_restricted}
        key = (role, *place.values())
        if key not in reached:
            reached[key] = recipients(tree, holders, role, **place).account_ids  # type: ignore[arg-type]
        for account_id in reached[key]:
            whose.setdefault(account_id, []).append(move)
    stamp = present_stamp(session)
    for account_id, own in whose.items():
        numbers = list(dict.fromkeys(move.clock.number for move in own))
        alone = own[0].clock.ticket_id if len(numbers) == 1 else None
        yield Telling(account_id, f"redated:{stamp}", _sentence(own, numbers)[:300], alone)


def _sentence(moves: Sequence[Move], numbers: Sequence[str]) -> str:
    if len(moves) == 1:
        words = moves[0].words.removesuffix(".")
        return f"{numbers[0]}: {words[:1].lower()}{words[1:]}"
    more = f" và {len(numbers) - _NAMED} kiến nghị khác" if len(numbers) > _NAMED else ""
    return f"{len(numbers)} kiến nghị đổi hạn do quy định hoặc lịch thay đổi: {', '.join(numbers[:_NAMED])}{more}"
