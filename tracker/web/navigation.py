"""The menu: what the person's roles open, in the order of a day's work."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from tracker.db.reading.notices import unread_count
from tracker.domain.access import Action, may
from tracker.web import context


@dataclass(frozen=True)
class Entry:
    """One place in the menu."""

    label: Any
    endpoint: str
    action: Action


MENU = (
    Entry(_l("Bàn làm việc"), "desk.show", Action.OWN_DESK),
    Entry(_l("Phiếu họp"), "meetings.index", Action.MEETING_READ),
    Entry(_l("Kiến nghị"), "tickets.index", Action.TICKET_READ),
    Entry(_l("Sắp đến hạn"), "coming.due", Action.TICKET_READ),
    Entry(_l("Phân loại"), "triage.index", Action.TICKET_ASSIGN),
    Entry(_l("Toàn cảnh"), "overview.show", Action.OVERVIEW_READ),
    Entry(_l("Xếp loại"), "assessments.index", Action.ASSESSMENT_DECIDE),
    Entry(_l("Báo cáo quý"), "reports.index", Action.REPORT_READ),
    Entry(_l("Quản trị"), "admin.index", Action.SETTINGS_WRITE),
    Entry(_l("Nhật ký"), "audit.index", Action.AUDIT_READ),
)

NOTICES = "notices.index"
"""The endpoint of the person's own notices."""


def attach(app: Flask) -> None:
    """Give every page its menu."""
    app.context_processor(_menu)


def _menu() -> dict[str, Any]:
    if not current_user.is_authenticated:
        return {"nav": [], "person": None, "notices": None}
    actor = context.actor()
    entries = [e for e in MENU if e.endpoint in current_app.view_functions and may(actor, e.action)]
    return {
        "nav": [
            {
                "label": entry.label,
                "url": url_for(entry.endpoint),
                "current": entry.endpoint.split(".")[0] in request.blueprints,
                "count": None,
            }
            for entry in entries
        ],
        "person": {
            "name": actor.name,
            "mark": actor.account_id,
            "url": url_for("auth.account"),
            "logout_url": url_for("auth.log_out"),
        },
        "notices": _notices(actor.account_id),
    }


def _notices(account_id: int | None) -> dict[str, Any] | None:
    """Return where the person's notices are read and how many are new; None while no screen shows them."""
    if NOTICES not in current_app.view_functions:
        return None
    return {"url": url_for(NOTICES), "count": unread_count(context.session(), account_id)}
