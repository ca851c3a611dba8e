"""The administrator's front page: what can be kept, and what needs to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from tracker.db.reading.calendar import national_bases
from tracker.domain.access import Action
from tracker.domain.calendar_years import years_to_decide
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
        _l("Vận hành"),
        _l("Việc định kỳ có chạy không, thời hạn nào rà không được, vì sao; thử lại."),
        "operating.index",
    ),
    Door(
        _l("Tài khoản và vai trò"),
        _l("Ai đăng nhập được, giữ vai trò gì, ở đâu, từ ngày nào."),
        "admin.accounts.index",
    ),
    Door(
        _l("Thư chưa tới"),
        _l("Thông báo nào chưa tới được ai, vì sao, từ lúc nào; gửi lại."),
        "undelivered.index",
    ),
    Door(
        _l("Lịch làm việc"),
        _l("Giờ làm việc, ngày nghỉ lễ, nghỉ bù, làm bù của mọi nơi và của từng nơi."),
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
    """Return what the administrator should see to: years whose days off aren't decided."""
    today = context.today()
    bases = national_bases(context.session(), today.year, today.year + 1)
    return {"years_to_decide": years_to_decide(bases, today)}
