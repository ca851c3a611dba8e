"""What is done to an answer's clock: pause, go on, ask for more time, decide on it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.clock import DecideExtensionForm, ExtensionForm, PauseForm, ResumeForm
from tracker.domain.access import Action
from tracker.domain.extension_rules import AskExtension
from tracker.services import extensions, pausing
from tracker.services.extensions import DecideExtension
from tracker.services.reference import Reference
from tracker.services.unit import Unit
from tracker.web.access import needs
from tracker.web.forms import renamed
from tracker.web.tickets import do

blueprint = Blueprint("ticket_timing", __name__, url_prefix="/kien-nghi")


@blueprint.post("/<int:ticket_id>/tam-dung")
@needs(Action.TICKET_PAUSE)
def pause(ticket_id: int) -> ResponseReturnValue:
    form = PauseForm()

    def act(unit: Unit, reference: Reference) -> None:
        reason, until = form.pause_reason.data, form.until.data
        with renamed(reason="pause_reason"):
            pausing.pause(ticket_id, form.seen_version, reason, until, unit=unit, reference=reference)

    return do(ticket_id, "pause", form, act, _("Đã tạm dừng tính thời hạn đến ngày hẹn."))


@blueprint.post("/<int:ticket_id>/lam-tiep")
@needs(Action.TICKET_PAUSE)
def resume(ticket_id: int) -> ResponseReturnValue:
    form = ResumeForm()

    def act(unit: Unit, reference: Reference) -> None:
        pausing.resume(ticket_id, form.seen_version, unit=unit, reference=reference)

    return do(ticket_id, "resume", form, act, _("Thời hạn chạy tiếp từ bây giờ."))


@blueprint.post("/<int:ticket_id>/gia-han")
@needs(Action.EXTENSION_ASK)
def extend(ticket_id: int) -> ResponseReturnValue:
    form = ExtensionForm()

    def act(unit: Unit, reference: Reference) -> None:
        asked = AskExtension(form.amount.data, form.extension_reason.data)
        with renamed(reason="extension_reason"):
            extensions.ask(ticket_id, form.seen_version, asked, unit=unit, reference=reference)

    return do(
        ticket_id, "extend", form, act, _("Đã gửi đề nghị gia hạn. Hạn cũ vẫn tính cho đến khi được đồng ý.")
    )


@blueprint.post("/<int:ticket_id>/xet-gia-han")
@needs(Action.EXTENSION_DECIDE)
def decide(ticket_id: int) -> ResponseReturnValue:
    form = DecideExtensionForm()

    def act(unit: Unit, reference: Reference) -> None:
        decision = DecideExtension(form.decision.data == "grant", form.decision_reason.data or "")
        with renamed(reason="decision_reason"):
            extensions.decide(ticket_id, form.seen_version, decision, unit=unit, reference=reference)

    return do(ticket_id, "decide", form, act, _("Đã ghi quyết định về gia hạn."))
