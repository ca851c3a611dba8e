"""The one shape of the administrator's screens of dated rules: a list, a form with the thing's versions, an end.

A ``Screen`` says what is particular: which rows, which columns, which form. ``add_screen`` makes the routes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.views import View
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.dated import EndForm, PeriodForm
from tracker.domain.access import Action
from tracker.domain.errors import Invalid, StaleEdit
from tracker.services.dated import DatedRows
from tracker.services.unit import Unit
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin.listing import Column, lines, listing
from tracker.web.admin.redating import save
from tracker.web.forms import show_errors

SOURCE = _l("Nguồn")


@dataclass(frozen=True)
class Screen:
    """What is particular to one kind of dated rows.

    ``columns`` are made anew for each page, since some need names from other tables. ``form`` makes the empty
    form, or that of a row, with its choices.
    """

    name: str
    path: str
    title: Any
    intro: Any
    add_label: Any
    rows: DatedRows
    columns: Callable[[], Sequence[Column]]
    form: Callable[[Any], PeriodForm]
    heading: Callable[[Any], str]
    #: head of the column of sources; None for rows that name none
    source_label: Any = SOURCE
    #: another page about these rows: words and endpoint
    beside: tuple[Any, str] | None = None
    #: dates are reckoned by these rows: what a change does to what is open is shown before it is saved
    moves_dates: bool = False
    #: what a change of these rows would do, looked at without saving it; None where that can't be told
    trial: Callable[[Callable[[Unit], Any]], Any] | None = None
    #: the tree is made of these rows: what a change does is looked at in the tree of its own first day
    makes_tree: bool = False

    def url(self, view: str = "", **values: Any) -> str:
        """Return the address of one of the screen's pages: "" (list), "add", "edit", "end"."""
        return url_for(f"admin.{self.name}{'_' if view else ''}{view}", **values)


def add_screen(blueprint: Blueprint, screen: Screen) -> None:
    """Give the blueprint the screen's four pages."""
    for path, view, suffix in (
        ("", ListPage, ""),
        ("/them", EditPage, "_add"),
        ("/<int:row_id>", EditPage, "_edit"),
        ("/<int:row_id>/thoi-ap-dung", EndPage, "_end"),
    ):
        # as_view allows for asynchronous views too; these are none
        page = cast(Callable[..., ResponseReturnValue], view.as_view(screen.name + suffix, screen))
        blueprint.add_url_rule(f"/{screen.path}{path}", view_func=needs(Action.SETTINGS_WRITE)(page))


class ListPage(View):
    """The rows in force, or all of them; found by words, a page at a time."""

    init_every_request = False

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    def dispatch_request(self) -> ResponseReturnValue:
        found = listing(
            self.screen.rows.rows(context.session()),
            self.screen.columns(),
            context.today(),
            lambda row: self.screen.url("edit", row_id=row.id),
        )
        return render_template("admin/list.html", screen=self.screen, listing=found)


class EditPage(View):
    """A new thing, or a change of one that is there; below it, what held when."""

    init_every_request = False
    methods = ("GET", "POST")

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    def dispatch_request(self, row_id: int | None = None) -> ResponseReturnValue:
        row = self.screen.rows.row(context.session(), row_id) if row_id else None
        form = self.screen.form(row)
        if self.screen.trial and request.method == "POST" and request.form.get("do") == "try":
            return self._tried(form, row, row_id)
        return save(
            form,
            lambda unit: self.screen.rows.put(form.command(), row_id, unit=unit),
            _("Đã lưu. Áp dụng từ ngày đã ghi; bản trước đó vẫn được giữ."),
            page=lambda status: self._page(form, row, status),
            done=lambda saved: self.screen.url("edit", row_id=saved),
            is_shown_first=self.screen.moves_dates,
            on=lambda: form.valid_from.data if self.screen.makes_tree else None,
        )

    def _tried(self, form: PeriodForm, row: Any, row_id: int | None) -> ResponseReturnValue:
        """Answer with the page as typed and what the change would do; nothing is saved."""
        assert self.screen.trial is not None
        if not form.validate():
            return self._page(form, row, 422)
        try:
            trial = self.screen.trial(lambda unit: self.screen.rows.put(form.command(), row_id, unit=unit))
        except Invalid as invalid:
            show_errors(form, invalid)
            return self._page(form, row, 422)
        except StaleEdit as stale:
            form.form_errors.append(stale.sentence)
            return self._page(form, row, 409)
        return self._page(form, row, 200, trial)

    def _page(self, form: PeriodForm, row: Any, status: int, trial: Any = None) -> ResponseReturnValue:
        rows = self.screen.rows.versions(context.session(), row) if row else ()
        versions = lines(
            rows, self.screen.columns(), context.today(), lambda r: self.screen.url("edit", row_id=r.id)
        )
        page = render_template(
            "admin/edit.html", screen=self.screen, form=form, row=row, versions=versions, trial=trial
        )
        return page, status


class EndPage(View):
    """From which day on a thing holds no longer."""

    init_every_request = False
    methods = ("GET", "POST")

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    def dispatch_request(self, **address: int) -> ResponseReturnValue:
        row_id = address["row_id"]
        row = self.screen.rows.row(context.session(), row_id)
        form = EndForm(data={"valid_to": row.valid_to, "version": row.version})
        return save(
            form,
            lambda unit: self.screen.rows.end(form.command(), row_id, unit=unit),
            _("Đã ghi ngày thôi áp dụng."),
            page=lambda status: self._page(form, row, status),
            done=lambda _nothing: self.screen.url("edit", row_id=row_id),
            is_shown_first=self.screen.moves_dates,
            on=lambda: form.valid_to.data if self.screen.makes_tree else None,
        )

    def _page(self, form: EndForm, row: Any, status: int) -> ResponseReturnValue:
        return render_template("admin/end.html", screen=self.screen, form=form, row=row), status


def filled(form: type[PeriodForm], row: Any, today: date, **defaults: Any) -> PeriodForm:
    """Return the form, filled from the row when there is one; a change holds from today unless it is said.

    A row that has not begun keeps its own first day: it can still be corrected in place.
    """
    if row is None:
        return form(data={"valid_from": today, **defaults})
    return form(data={**row._mapping, "valid_from": max(row.valid_from, today), "valid_to": row.valid_to})
