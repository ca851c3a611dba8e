"""What comes due in the next days, what climbed and why, and what the sweep would do: by the person's reach."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db.reading.coming import (
    Climbed,
    Coming,
    Span,
    climbed_count,
    climbed_rows,
    coming_clocks,
    due_counts,
    readable,
)
from tracker.domain.access import Action, may, ticket_reach
from tracker.domain.dates import ZONE, local_date, midnight
from tracker.domain.people import ROLE_WORDS
from tracker.domain.time_limits import CLOCK_WORDS, TICKET_CLOCKS
from tracker.services.escalation import Escalated, sweep
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.access import needs
from tracker.web.asking import whole
from tracker.web.days_asked import DayAsked, day_asked
from tracker.web.paging import PAGE, numbered

blueprint = Blueprint("coming", __name__)

DAYS = 14
"""How far ahead one looks, today included."""
LOOK_BACK = 7
LOOK_BACK_MOST = 366
SHOWN = 200
"""Levels that a dry run lists; the total is told beside it."""
AHEAD_MOST = 60
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


@blueprint.get("/sap-den-han")
@needs(Action.TICKET_READ)
def due() -> ResponseReturnValue:
    reference, session, today = context.reference(), context.session(), context.today()
    reach = ticket_reach(context.actor(), reference.tree)
    kind, body = _kind(), request.args.get("body", type=whole)
    day = day_asked("ngay", first=today, last=today + timedelta(days=DAYS - 1))
    whole_span = Span(midnight(today), midnight(today + timedelta(days=DAYS)), kind, body)
    span = _of_day(day.on, whole_span) if day.on else whole_span
    counts = _by_day(due_counts(session, reach, whole_span))
    total = counts[day.on] if day.on else sum(counts.values())
    page, kept = _page(), _kept(kind=kind, body=body, ngay=day.on)
    lines = coming_clocks(session, reach, span, PAGE, (page - 1) * PAGE)
    return _shown(
        "coming/due.html",
        {"day": day},
        days=_days(lines, reference),
        weeks=_weeks(today, counts, reference),
        weekdays=WEEKDAYS,
        total=total,
        pager=numbered(page, total, lambda one: url_for(".due", **kept, page=one)),
        **_words(reference, kind, body),
    )


@blueprint.get("/da-don-doc")
@needs(Action.TICKET_READ)
def climbed() -> ResponseReturnValue:
    reference, session, today = context.reference(), context.session(), context.today()
    reach = ticket_reach(context.actor(), reference.tree)
    tu, den, since, until = _span_asked(today)
    kind, body, page = _kind(), request.args.get("body", type=whole), _page()
    span = Span(midnight(since), midnight(until + timedelta(days=1)), kind, body)
    total = climbed_count(session, reach, span)
    kept = _kept(kind=kind, body=body, tu=since, den=until)
    rungs = {rung.code: rung for rung in reference.ladder}
    rows = climbed_rows(session, reach, span, PAGE, (page - 1) * PAGE)
    return _shown(
        "coming/climbed.html",
        {"tu": tu, "den": den},
        rows=[(row, rungs.get(row.rung_code), _late(row)) for row in rows],
        total=total,
        since=since,
        until=until,
        pager=numbered(page, total, lambda one: url_for(".climbed", **kept, page=one)),
        **_words(reference, kind, body),
    )


@blueprint.get("/don-doc-thu")
@needs(Action.DRY_RUN)
def rehearse() -> ResponseReturnValue:
    today = context.today()
    ngay = day_asked("ngay", today, first=today, last=today + timedelta(days=AHEAD_MOST))
    now = datetime.combine(ngay.on, time(23, 59), ZONE) if ngay.on and ngay.on > today else context.now()
    report = sweep(context.parts().wiring, now, dry_run=True, supposed=True)
    reference = context.reference()
    reach = ticket_reach(context.actor(), reference.tree)
    numbers = sorted({one.ticket for one in report.escalated})
    known = readable(context.session(), reach, numbers)
    sees_all = bool(may(context.actor(), Action.SETTINGS_WRITE))
    found = [one for one in report.escalated if sees_all or one.ticket in known]
    return _shown(
        "coming/rehearsal.html",
        {"ngay": ngay},
        rows=[_rehearsed(one, known) for one in found[:SHOWN]],
        total=len(found),
        shown=SHOWN,
        at=now,
        most=today + timedelta(days=AHEAD_MOST),
        clocks=CLOCK_WORDS,
    )


def _rehearsed(one: Escalated, known: dict[str, int]) -> dict[str, Any]:
    """Return one level that would be climbed; a ticket out of reach has neither number nor reason."""
    ticket_id = known.get(one.ticket)
    return {
        "ticket_id": ticket_id,
        "number": one.ticket if ticket_id else "",
        "clock": one.clock,
        "to": ROLE_WORDS.get(one.to, one.to),
        "because": one.because if ticket_id else "",
    }


def _span_asked(today: date) -> tuple[DayAsked, DayAsked, date, date]:
    """Return the two boxes of what is looked back on, and its first and last day."""
    den = day_asked("den", today, last=today)
    until = den.on or today
    week = until - timedelta(days=LOOK_BACK - 1)
    tu = day_asked("tu", week, first=until - timedelta(days=LOOK_BACK_MOST), last=until)
    return tu, den, tu.on or week, until


def _shown(template: str, boxes: dict[str, DayAsked], **values: Any) -> ResponseReturnValue:
    """Return the page; with a day that can't be asked for, its title and status say that something is wrong."""
    is_wrong = any(one.error for one in boxes.values())
    return render_template(template, errors=is_wrong, **boxes, **values), 422 if is_wrong else 200


def _of_day(on: date, span: Span) -> Span:
    return Span(midnight(on), midnight(on + timedelta(days=1)), span.kind, span.body_id)


def _by_day(counts: dict[datetime, int]) -> Counter[date]:
    found: Counter[date] = Counter()
    for due_at, number in counts.items():
        found[local_date(due_at)] += number
    return found


def _days(lines: list[Coming], reference: Reference) -> list[dict[str, Any]]:
    """Return the page's days in order, each with its clocks and, for a day off, its name."""
    found: dict[date, list[Coming]] = {}
    for line in lines:
        found.setdefault(local_date(line.due_at), []).append(line)
    return [_titled(on, reference) | {"lines": those} for on, those in found.items()]


def _titled(on: date, reference: Reference) -> dict[str, Any]:
    day = reference.calendar.day(on)
    # A common day off is named by its weekday already.
    off = "" if day.is_open else day.name if on in reference.calendar.days else "nghỉ"
    return {"on": on, "weekday": WEEKDAYS[on.weekday()], "off": off}


def _weeks(today: date, counts: Counter[date], reference: Reference) -> Iterator[list[dict[str, Any]]]:
    """Yield the weeks that hold the days looked at, Monday first; days outside them have no count."""
    monday, last = today - timedelta(days=today.weekday()), today + timedelta(days=DAYS - 1)
    while monday <= last:
        days = [monday + timedelta(days=one) for one in range(7)]
        yield [_titled(on, reference) | {"count": counts[on], "is_in": today <= on <= last} for on in days]
        monday += timedelta(days=7)


def _late(row: Climbed) -> tuple[bool, str]:
    """Return whether the level was climbed after the due time, and by how much in words."""
    days = (local_date(row.climbed_at) - local_date(row.due_at)).days
    if row.climbed_at < row.due_at:
        return False, f"trước hạn {-days} ngày" if days else "trước hạn, cùng ngày"
    return True, f"quá hạn {days} ngày" if days else "quá hạn, cùng ngày"


def _words(reference: Reference, kind: str, body: int | None) -> dict[str, Any]:
    """Return what the boxes offer and the names of bodies and branches."""
    reach, tree = ticket_reach(context.actor(), reference.tree), reference.tree
    bodies = {one.id: one.name for one in tree.bodies.values()}
    seen = [one for one in tree.bodies.values() if one.committee_id in (None, *reach.committee_ids)]
    return {
        "clocks": CLOCK_WORDS,
        "kinds": TICKET_CLOCKS,
        "kind": kind,
        "body": body,
        "bodies": bodies,
        "choices": sorted(seen, key=lambda one: one.name) if reach.committee_ids else [],
        "may_rehearse": bool(may(context.actor(), Action.DRY_RUN)),
        "branches": {unit.id: unit.name for unit in tree.units.values()},
    }


def _kind() -> str:
    asked = request.args.get("kind", "")
    return asked if asked in {str(one) for one in TICKET_CLOCKS} else ""


def _page() -> int:
    return max(1, min(request.args.get("page", 1, type=whole), 100_000))


def _kept(**asked: Any) -> dict[str, Any]:
    return {name: str(value) for name, value in asked.items() if value}
