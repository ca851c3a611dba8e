"""The parts of the desk that are about tickets: for a body's people, the office, and leaders."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.db.reading.ticket_counts import OpenCounts, of_bodies, of_branches, of_committees
from tracker.db.reading.tickets import ticket_rows
from tracker.domain.access import TicketReach, ticket_reach
from tracker.domain.dates import date_words, local_date, midnight
from tracker.domain.people import Role
from tracker.domain.text import sort_key
from tracker.domain.ticket_lists import TicketFilter, View
from tracker.services.extensions import Move, asked_moves
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.ticket_lines import Shown, level_of, shown
from tracker.web.undelivered import unreached

SHOWN = 10
"""Tickets on a desk; the rest stands behind a link."""

NOWHERE = TicketReach((), (), (), ())


def body_part(reference: Reference) -> dict[str, Any] | None:
    """Return what waits for the bodies the person works for, earliest due first."""
    actor = context.actor()
    bodies = actor.bodies()
    if not bodies:
        return None
    counts = of_bodies(context.session(), bodies, context.now(), _day_end())
    reach = replace(NOWHERE, body_ids=bodies)
    names = [reference.tree.bodies[one].name for one in bodies if one in reference.tree.bodies]
    values = _values(reference, reach, TicketFilter(View.OPEN)) | {
        "names": names,
        "counters": _counters(counts, body=bodies[0] if len(bodies) == 1 else None),
        "waiting": counts.waiting,
    }
    if actor.has(Role.BODY_HEAD):
        values["escalated"] = _escalated(reference, reach, Role.BODY_HEAD)
    return values


def office_part(reference: Reference) -> dict[str, Any] | None:
    """Return what the office places and follows in its committees, and the letters it answers for."""
    actor = context.actor()
    units = actor.units(Role.OFFICE, Role.INSPECTION)
    if not units:
        return None
    reach = replace(ticket_reach(actor, reference.tree), branch_ids=(), body_ids=())
    counts = of_committees(context.session(), reach.committee_ids, context.now(), _day_end())
    triage = _values(reference, reach, TicketFilter(View.TRIAGE))
    return {
        "names": [reference.tree.unit(one).name for one in units if one in reference.tree.units],
        "counters": _office_counters(counts),
        "triage": triage["rows"],
        "outside": _outside(reference, reach) if actor.has(Role.OFFICE) else [],
        "overdue": _values(reference, reach, TicketFilter(View.OVERDUE))["rows"],
        "unreached": unreached(reference) if actor.has(Role.OFFICE) else 0,
    }


def follower_part(reference: Reference) -> dict[str, Any] | None:
    """Return what is late in the branches that a committee member follows; nothing restricted."""
    branches = context.actor().units(Role.COMMITTEE_MEMBER)
    if not branches:
        return None
    reach = replace(NOWHERE, open_branch_ids=branches)
    counts = of_branches(context.session(), branches, context.now(), _day_end())
    names = [reference.tree.unit(one).name for one in branches if one in reference.tree.units]
    return {
        "names": sorted(names, key=sort_key),
        "counters": _follower_counters(counts),
        "escalated": _escalated(reference, reach, Role.COMMITTEE_MEMBER),
    }


def leader_part(reference: Reference) -> dict[str, Any] | None:
    """Return what the ladder brought to the leaders of the person's committees."""
    actor = context.actor()
    roles = [role for role in (Role.STANDING_MEMBERS, Role.STANDING_COMMITTEE) if actor.has(role)]
    if not roles:
        return None
    reach = replace(ticket_reach(actor, reference.tree), branch_ids=(), body_ids=())
    counts = of_committees(context.session(), reach.committee_ids, context.now(), _day_end())
    return {
        "names": [reference.tree.unit(one).name for one in actor.units(*roles)],
        "counters": _office_counters(counts),
        "asked": _with_moves(_values(reference, reach, TicketFilter(View.EXTENSION))["rows"], reference),
        "escalated": _with_moves(_escalated(reference, reach, roles[0]), reference),
    }


def _values(reference: Reference, reach: TicketReach, wanted: TicketFilter) -> dict[str, Any]:
    found = ticket_rows(context.session(), reach, wanted, context.now(), limit=SHOWN)
    return {"rows": shown(found.lines, reference), "more": found.following is not None}


def _with_moves(rows: list[Shown], reference: Reference) -> list[Shown]:
    """Return the rows with what is asked for beside the due time, for those who decide on it."""
    moves = asked_moves(context.session(), [row.line.id for row in rows], reference)
    return [replace(row, asked=_moved(moves[row.line.id])) if row.line.id in moves else row for row in rows]


def _moved(move: Move) -> str:
    old, new = (date_words(local_date(one)) for one in move)
    return _("Xin gia hạn: %(old)s → %(new)s", old=old, new=new)


def _escalated(reference: Reference, reach: TicketReach, role: Role) -> list[Shown]:
    """Return what awaits an answer and has climbed to the role."""
    level = level_of(reference, role)
    if level is None:
        return []
    rows: list[Shown] = _values(reference, reach, TicketFilter(View.OPEN, least_level=level))["rows"]
    return rows


def _outside(reference: Reference, reach: TicketReach) -> list[Shown]:
    """Return what lies with bodies outside the chain of command, for which the office records the letters."""
    outside = tuple(body.id for body in reference.tree.bodies.values() if not body.in_chain)
    if not outside:
        return []
    rows: list[Shown] = _values(reference, reach, TicketFilter(View.OPEN, body_ids=outside))["rows"]
    return rows


def _day_end() -> datetime:
    return midnight(context.today() + timedelta(days=1))


def _counters(counts: OpenCounts, **more: Any) -> list[dict[str, Any]]:
    """Return the counters of a body: due today, overdue, new, waiting for the branch."""
    return [
        _counter(_("Đến hạn hôm nay"), counts.due_today, "soon", View.OPEN, **more),
        _counter(_("Quá hạn"), counts.overdue, "late", View.OVERDUE, **more),
        _counter(_("Mới, chưa tiếp nhận"), counts.new, "", View.NEW, **more),
        _counter(_("Đã trả lời, chờ chi bộ"), counts.waiting, "", View.WAITING, **more),
    ]


def _office_counters(counts: OpenCounts) -> list[dict[str, Any]]:
    return [
        _counter(_("Chờ phân loại"), counts.triage, "", View.TRIAGE),
        _counter(_("Quá hạn"), counts.overdue, "late", View.OVERDUE),
        _counter(_("Đến hạn hôm nay"), counts.due_today, "soon", View.OPEN),
        _counter(_("Đang chờ trả lời"), counts.open, "", View.OPEN),
        _counter(_("Đã trả lời, chờ chi bộ"), counts.waiting, "", View.WAITING),
    ]


def _follower_counters(counts: OpenCounts) -> list[dict[str, Any]]:
    return [
        _counter(_("Quá hạn"), counts.overdue, "late", View.OVERDUE),
        _counter(_("Đến hạn hôm nay"), counts.due_today, "soon", View.OPEN),
        _counter(_("Đang chờ trả lời"), counts.open, "", View.OPEN),
        _counter(_("Đã trả lời, chờ chi bộ"), counts.waiting, "", View.WAITING),
    ]


def _counter(label: str, value: int, state: str, view: View, **more: Any) -> dict[str, Any]:
    """Return one counter; it is coloured only while it counts something."""
    url = url_for("tickets.index", state=view.value, **more)
    return {"label": label, "value": value, "state": state if value else "", "url": url}
