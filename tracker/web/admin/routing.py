"""The routing rules, and the box that tells what they make of a concern."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.admin_rules import RuleForm, TryForm, words_in_lines
from forms.dated import PeriodForm
from tracker.domain.access import Action
from tracker.domain.routing import Suggestion
from tracker.domain.rule_book import RULE_KIND_WORDS
from tracker.domain.tickets import URGENCY_WORDS
from tracker.services.routing import suggest_for
from tracker.services.rule_trials import book_with, trial_of
from tracker.services.rules import RULES
from tracker.services.unit import Unit
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin import choices
from tracker.web.admin.listing import Column
from tracker.web.admin.screens import Screen, filled

SHOWN_WORDS = 6
SHOWN_MOVES = 100


def _words(row: Any) -> str:
    """Return the first words of the rule and how many more there are."""
    found = [part for part in row.phrases.split("|") if part]
    more = len(found) - SHOWN_WORDS
    listed = ", ".join(found[:SHOWN_WORDS])
    return _("%(listed)s và %(n)s từ nữa", listed=listed, n=more) if more > 0 else listed or "–"


def _columns() -> Sequence[Column]:
    categories, bodies = choices.category_names(), choices.body_names()

    def decides(row: Any) -> str:
        found = [
            bodies.get(row.body_code, row.body_code),
            URGENCY_WORDS.get(row.urgency),
            _("hạn chế người xem") if row.restricted else None,
        ]
        return ", ".join(word for word in found if word) or "–"

    return (
        Column(_("Mã"), lambda row: row.code, lead=True),
        Column(_("Để"), lambda row: RULE_KIND_WORDS[row.kind]),
        Column(_("Thứ tự"), lambda row: row.position, number=True),
        Column(_("Lĩnh vực"), lambda row: categories.get(row.category, row.category) or "–"),
        Column(_("Từ nhận biết"), _words),
        Column(_("Quyết định"), decides),
    )


def _form(row: Any) -> PeriodForm:
    form = filled(RuleForm, row, context.today(), position=1000, weight=1.0)
    form.category.choices = choices.categories(row.category if row else None)
    form.unit_code.choices = choices.unit_codes(_("Mọi nơi"))
    form.body_code.choices = choices.body_codes(_("Không chọn"))
    if row is not None:
        del form.code
        del form.kind
        if request.method == "GET":
            form.phrases.data, form.unless.data = words_in_lines(row.phrases), words_in_lines(row.unless)
    return form


def _trial(change: Callable[[Unit], Any]) -> dict[str, Any]:
    """Return how many of the last concerns the change would send elsewhere, and which; nothing is saved."""
    reference = context.reference()
    with context.unit() as unit:
        tried = book_with(change, unit=unit)
    found = trial_of(tried, context.session(), reference)
    return {"found": found, "shown": found.moved[:SHOWN_MOVES], **_names()}


ROUTING_SCREEN = Screen(
    name="routing",
    path="quy-tac-chuyen",
    title=_l("Quy tắc chuyển kiến nghị"),
    intro=_l(
        "Lĩnh vực, nơi nêu và từ ngữ nào thì chuyển cho ai. Không quy tắc nào quyết định thì vào phân loại."
    ),
    add_label=_l("Thêm quy tắc"),
    rows=RULES,
    columns=_columns,
    form=_form,
    heading=lambda row: _("Quy tắc %(code)s", code=row.code),
    beside=(_l("Thử với một kiến nghị"), "admin.routing_try"),
    trial=_trial,
)


def add_try(blueprint: Blueprint) -> None:
    """Give the blueprint the try-out page. The text comes by POST, so that no log line holds it."""

    @blueprint.route("/quy-tac-chuyen/thu", methods=["GET", "POST"], endpoint="routing_try")
    @needs(Action.SETTINGS_WRITE)
    def routing_try() -> ResponseReturnValue:
        form = TryForm()
        form.unit_code.choices = choices.unit_codes(_("Nơi bất kỳ"))
        found = _found(form) if form.validate_on_submit() else None
        page = render_template("admin/try.html", form=form, found=found, **_names())
        return page, 422 if form.errors else 200


def _found(form: TryForm) -> Suggestion:
    tree = context.reference().tree
    inside = next((unit.id for unit in tree.units.values() if unit.code == form.unit_code.data), None)
    codes = tree.codes(inside) if inside is not None else ()
    return suggest_for(
        context.reference().book,
        form.text.data,
        units=codes,
        on=context.today(),
        model=context.reference().model,
    )


def _names() -> dict[str, Any]:
    return {"categories": choices.category_names(), "bodies": choices.body_names()}
