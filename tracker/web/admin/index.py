"""The administrator's front page: what can be kept, and what needs to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from tracker.domain.access import Action
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin.screens import Screen


@dataclass(frozen=True)
class Door:
    """A page of another shape, as the front page names it."""

    title: Any
    intro: Any
    endpoint: str


DOORS = (
    Door(
        _l("Tài khoản và vai trò"),
        _l("Ai đăng nhập được, giữ vai trò gì, ở đâu, từ ngày nào."),
        "admin.accounts.index",
    ),
    Door(
        _l("Lịch làm việc"),
        _l("Ngày nghỉ lễ, nghỉ bù, làm bù; thời hạn đếm theo lịch này."),
        "admin.calendar.year",
    ),
    Door(
        _l("Bảng chấm điểm"),
        _l("Bảng đang dùng để chấm chất lượng sinh hoạt chi bộ, và các bảng chờ chọn."),
        "admin.rubrics.index",
    ),
)


def add_index(blueprint: Blueprint, screens: Sequence[Screen]) -> None:
    """Give the blueprint its front page, which names the screens."""

    @blueprint.get("/")
    @needs(Action.SETTINGS_WRITE)
    def index() -> ResponseReturnValue:
        return render_template("admin/index.html", screens=screens, doors=DOORS, **_warnings())


def _warnings() -> dict[str, Any]:
    """Return what the administrator should see to: years without holidays."""
    year, calendar = context.today().year, context.reference().calendar
    return {"years_missing": [y for y in (year, year + 1) if not calendar.covers(y)]}
