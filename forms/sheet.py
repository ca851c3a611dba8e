"""The meeting sheet: one form for the whole meeting, from the time of day to the self-score."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, Regexp

from forms.assessment import PointsForm, points_form
from forms.concern import Choice, concern_form
from forms.conclusion import ConclusionForm
from forms.dated import seen_version
from forms.numbers import WholeNumberField
from forms.typed import TypedDateField, TypedTimeField
from forms.verdict import VerdictForm
from forms.wording import PostedForm
from tracker.domain.assessments import check_vote
from tracker.domain.dates import ZONE
from tracker.domain.meetings import KIND_LABELS, ROLL_FIELDS, MeetingKind, RollCall, SheetFacts, check_roll
from tracker.domain.rubric import Rubric
from tracker.domain.sheets import CorrectSheet, SelfScore, SheetHeader, SubmitSheet, check_lengths
from tracker.domain.text import tidy

LISTS = ("conclusions", "concerns", "verdicts")
"""The parts of the sheet that have rows."""

KEY = r"[0-9A-Za-z_-]{8,64}"
"""What a sheet's own key may look like."""

NOT_SCORED = _l("Chưa chấm điểm mục nào. Hãy chấm và ghi số phiếu, hoặc đánh dấu vào ô này để chấm sau.")
_SHORT = Length(max=200, message=_l("Dài quá 200 chữ. Hãy viết ngắn lại."))


class SheetForm(PostedForm):
    """The sheet; build it with ``sheet_form``. Field ids are those that the services name in their refusals."""

    request_key = HiddenField(
        validators=[Regexp(rf"^{KEY}\Z", message=_l("Phiếu này không đọc được. Hãy mở phiếu mới."))]
    )
    draft_version = HiddenField(default="0")

    kind = RadioField(
        _l("Buổi họp"),
        [AnyOf(list(MeetingKind), _l("Chọn loại buổi họp."))],
        choices=[SelectChoice(kind.value, words) for kind, words in KIND_LABELS.items()],
        default=MeetingKind.REGULAR.value,
        validate_choice=False,
    )
    held_on = TypedDateField(_l("Ngày họp"), [InputRequired(_l("Ghi ngày họp."))])
    starts = TypedTimeField(_l("Bắt đầu"), [InputRequired(_l("Ghi giờ bắt đầu."))])
    ends = TypedTimeField(_l("Kết thúc"), [InputRequired(_l("Ghi giờ kết thúc."))])
    place = StringField(_l("Nơi họp"), [_SHORT], filters=[tidy])
    chair = StringField(_l("Người chủ trì"), [_SHORT], filters=[tidy])
    minute_taker = StringField(_l("Thư ký ghi biên bản"), [_SHORT], filters=[tidy])
    superior_attended = BooleanField(_l("Có cấp ủy viên cấp trên về dự"))
    superior_name = StringField(_l("Họ tên, chức vụ cấp ủy viên về dự"), [_SHORT], filters=[tidy])

    official = WholeNumberField(
        _l("Đảng viên chính thức"), [InputRequired(_l("Ghi số đảng viên chính thức."))]
    )
    probationary = WholeNumberField(_l("Đảng viên dự bị"))
    exempt = WholeNumberField(_l("Được miễn sinh hoạt"))
    temp_exempt = WholeNumberField(_l("Được tạm miễn (đi xa)"))
    special_duty = WholeNumberField(_l("Làm nhiệm vụ đặc thù"))
    present = WholeNumberField(_l("Có mặt"), [InputRequired(_l("Ghi số đảng viên có mặt."))])
    excused = WholeNumberField(_l("Vắng có lý do"))
    unexcused = WholeNumberField(_l("Vắng không lý do"))

    conclusions = FieldList(FormField(ConclusionForm), _l("Kết luận"))
    verdicts = FieldList(FormField(VerdictForm), _l("Câu trả lời"))

    score_later = BooleanField(_l("Buổi này chi bộ chưa chấm điểm, sẽ chấm sau"))
    votes_for = WholeNumberField(_l("Số đảng viên tán thành"))
    votes_total = WholeNumberField(_l("Số đảng viên biểu quyết"))

    def validate(self, extra_validators: object = None) -> bool:
        """Check the shape and what the domain says of the figures, so that all faults are told at once.

        The services ask the domain again: they alone know the day, the other sheets and the tickets.
        """
        super().validate()
        wrong: dict[str, str] = {}
        if not any(self[name].errors for name in ROLL_FIELDS):
            wrong = check_roll(self.roll())
        if not self.score_later.data and self.kind.data in set(MeetingKind):
            wrong |= self._check_score(MeetingKind(self.kind.data))
        for name, sentence in wrong.items():
            self[name].errors = self[name].errors or [sentence]
        lengths = check_lengths(len(self["concerns"].entries), len(self.conclusions.entries))
        for name, sentence in lengths.items():
            self[name].errors = [sentence, *self[name].errors]
        return not self.errors

    def _check_score(self, kind: MeetingKind) -> dict[str, str]:
        votes = (self.votes_for.data, self.votes_total.data)
        if not self.points.given(kind) and votes == (None, None) and not self.points.errors:
            return {"score_later": NOT_SCORED}
        self.points.check(kind)
        return check_vote(votes[0] or 0, votes[1] or 0, self.roll().most_voters)

    @property
    def points(self) -> PointsForm:
        """The scoring table's own fields."""
        return self["score"].form

    def blank_row(self, name: str) -> Field:
        """Return an unfilled row of the list, its number written ``__n__``, for the page to copy."""
        listed = self[name]
        row = listed.unbound_field.bind(form=None, name=f"{name}-__n__", prefix="", _meta=self.meta)
        row.process(None)
        return row

    def command(self, branch_id: int) -> SubmitSheet:
        """Return the sheet as typed; call after ``validate``. Blank figures of the roll count as 0."""
        return SubmitSheet(
            request_key=self.request_key.data,
            branch_id=branch_id,
            header=SheetHeader(
                self.facts(),
                self.place.data,
                self.chair.data,
                self.minute_taker.data,
                self.superior_name.data,
            ),
            conclusions=tuple(row.form.command() for row in self.conclusions),
            verdicts=tuple(row.form.command() for row in self.verdicts),
            concerns=tuple(row.form.command() for row in self["concerns"]),
            score=self.self_score(),
        )

    def facts(self) -> SheetFacts:
        """Return the day, times and roll as typed; raise ValueError while day or times are missing."""
        if self.held_on.data is None or self.starts.data is None or self.ends.data is None:
            raise ValueError("day or times missing")
        return SheetFacts(
            kind=MeetingKind(self.kind.data),
            held_on=self.held_on.data,
            starts_at=_at(self.held_on.data, self.starts.data),
            ends_at=_at(self.held_on.data, self.ends.data),
            roll=self.roll(),
            superior_attended=bool(self.superior_attended.data),
        )

    def roll(self) -> RollCall:
        """Return the roll call as typed so far; blank figures count as 0."""
        return RollCall(**{name: self[name].data or 0 for name in ROLL_FIELDS})

    def self_score(self) -> SelfScore | None:
        """Return the points and the vote as typed, or None when the branch scores later."""
        if self.score_later.data:
            return None
        given = self.points.given(MeetingKind(self.kind.data))
        return SelfScore(given, self.votes_for.data or 0, self.votes_total.data or 0)


class CorrectionForm(SheetForm):
    """The same sheet, to be corrected; build it with ``sheet_form``."""

    version = HiddenField()
    reason = TextAreaField(
        _l("Vì sao sửa phiếu đã gửi"),
        [
            Length(min=5, message=_l("Ghi vì sao phải sửa phiếu đã gửi.")),
            Length(max=500, message=_l("Dài quá 500 chữ. Hãy viết ngắn lại.")),
        ],
        description=_l("Bản trước khi sửa vẫn được giữ cùng lý do này."),
        filters=[tidy],
    )

    def correction(self, meeting_id: int, branch_id: int) -> CorrectSheet:
        """Return the correction as typed; call after ``validate``."""
        version = seen_version(self.version.data) or 0
        return CorrectSheet(meeting_id, version, self.reason.data or "", self.command(branch_id))


def _at(on: date, at: time) -> datetime:
    return datetime.combine(on, at, ZONE)


@lru_cache(maxsize=64)
def sheet_form(
    rubric: Rubric, categories: Sequence[Choice], bodies: Sequence[Choice], base: type[SheetForm] = SheetForm
) -> Any:
    """Return the form class for this scoring table and these lists (tuples, so that the class can be kept)."""
    return type(
        f"Listed{base.__name__}",
        (base,),
        {
            "concerns": FieldList(FormField(concern_form(categories, bodies)), _l("Ý kiến")),
            "score": FormField(points_form(rubric)),
        },
    )
