"""A change of rules on its way: saved at once when it moves nothing that is open, else shown first and confirmed.

The preview's page carries what was typed in hidden fields and sends it to where it came from: with the mark of what
was shown to confirm it, or with a wish to go back, which shows the form again as it was left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.domain.access import Action, may
from tracker.domain.errors import Invalid, StaleEdit
from tracker.domain.redating import Move, Redating
from tracker.domain.time_limits import CLOCK_WORDS
from tracker.services.redating import Outcome, settle
from tracker.services.ticket_acts import ticket_resource
from tracker.services.unit import Unit
from tracker.web import context
from tracker.web.forms import show_errors

CONFIRMED, BACK = "xac_nhan", "quay_lai"
"""Names of the preview's own fields."""
MOST_LINES = 50


@dataclass(frozen=True)
class Line:
    """One clock's move as the page shows it."""

    number: str
    clock: str
    former: datetime
    to: datetime
    because: str
    #: late, free or nothing: what becomes of its lateness
    turn: str


def save(
    form: Any,
    change: Callable[[Unit], Any],
    words: str,
    *,
    page: Callable[[int], ResponseReturnValue],
    done: Callable[[Any], str],
    is_shown_first: bool = True,
    on: Callable[[], date | None] = lambda: None,
) -> ResponseReturnValue:
    """Answer what was sent to a form of rules: the page again, the preview, or, when it is done, where to go on.

    ``page`` makes the form's page with a status; ``done`` gives the address from what the change returned.
    ``on`` gives the first day of a change of the tree (``settle``).
    ``is_shown_first`` False is for rules by which no date is reckoned: they are saved without a look at any.
    """
    if request.method == "GET" or is_going_back():
        return page(200)
    if not form.validate():
        return page(422)
    try:
        outcome = settled(change, on()) if is_shown_first else _saved(change)
    except Invalid as invalid:
        show_errors(form, invalid)
        return page(422)
    except StaleEdit as stale:
        form.form_errors.append(stale.sentence)
        return page(409)
    return answer(outcome, words, done)


def answer(outcome: Outcome, words: str, done: Callable[[Any], str]) -> ResponseReturnValue:
    """Return the preview while it has to be confirmed, else flash the words with what moved and go on."""
    if not outcome.is_done:
        return preview_page(outcome.redating), 200
    found = outcome.redating
    flash(f"{words} {_('%(counts)s.', counts=found.words)}" if found else words)
    return redirect(done(outcome.value))


def is_going_back() -> bool:
    """Return whether the person came back from a preview to go on typing."""
    return request.method == "POST" and BACK in request.form


def settled(change: Callable[[Unit], Any], on: date | None = None) -> Outcome:
    """Make the change in a unit of work of its own, unless its preview has to be seen first.

    Raises what the change raises.
    """
    with context.unit() as unit:
        return settle(lambda: change(unit), request.form.get(CONFIRMED), unit=unit, on=on)


def _saved(change: Callable[[Unit], Any]) -> Outcome:
    with context.unit() as unit:
        return Outcome(Redating(unit.now), True, change(unit))


def preview_page(found: Redating) -> str:
    """Return the page that shows what the change would do, with what was typed in it."""
    lines, hidden = _lines(found)
    own = {CONFIRMED, BACK, "csrf_token"}
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in own]
    return render_template(
        "admin/redating.html",
        found=found,
        lines=lines[:MOST_LINES],
        total=len(lines),
        hidden=hidden,
        typed=typed,
        is_changed=CONFIRMED in request.form,
        names={"confirmed": CONFIRMED, "back": BACK},
    )


def _lines(found: Redating) -> tuple[list[Line], int]:
    """Return the moves, those that become late first, then by new date; and how many the person may not know of."""
    actor, tree = context.actor(), context.reference().tree
    shown = [
        move
        for move in found.moves
        if not move.clock.is_restricted or may(actor, Action.TICKET_READ, ticket_resource(move.clock, tree))
    ]
    ordered = sorted(shown, key=lambda move: (_turn(move, found.now) != "late", move.to, move.clock.number))
    return [_line(move, found.now) for move in ordered], len(found.moves) - len(shown)


def _line(move: Move, now: datetime) -> Line:
    clock = move.clock
    words = CLOCK_WORDS[clock.kind]
    return Line(clock.number, words, clock.due_at, move.to, move.because, _turn(move, now))


def _turn(move: Move, now: datetime) -> str:
    if move.to <= now < move.clock.due_at:
        return "late"
    return "free" if move.clock.due_at <= now < move.to else ""
