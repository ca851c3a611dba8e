"""Neutral sentences drawn from the figures, set beside the office's own words on shortcomings. Nothing is praised."""

from collections.abc import Iterator

from tracker.domain.numbers import percent_words, whole_words
from tracker.domain.quarter.concerns import ConcernFigures
from tracker.domain.quarter.figures import Headline, QuarterFigures
from tracker.domain.quarter.meetings import MeetingFigures
from tracker.domain.quarter.numbers import Share


def _missed(share: Share) -> str:
    return Share(share.rest, share.denominator).words


def _on_meetings(figures: MeetingFigures) -> Iterator[str]:
    if figures.held.rest:
        yield f"Số lượt sinh hoạt thường kỳ đến kỳ mà không tổ chức hoặc chưa có phiếu: {_missed(figures.held)}."
    if figures.thematic_branches.rest:
        yield f"Số chi bộ chưa sinh hoạt chuyên đề trong kỳ: {_missed(figures.thematic_branches)}."
    if figures.unscored:
        yield f"Số buổi sinh hoạt chưa chấm điểm: {whole_words(figures.unscored)}."
    low = figures.all_grades.trung_binh + figures.all_grades.kem
    if low:
        share = Share(low, figures.all_grades.total)
        yield f"Số buổi sinh hoạt xếp loại Trung bình hoặc Kém: {share.words}."
    lowest = figures.lowest_criterion
    if lowest and lowest.points < lowest.most:
        percent = percent_words(lowest.ratio * 100)
        yield f"Nhóm tiêu chí đạt tỷ lệ điểm thấp nhất: {lowest.name} ({percent} số điểm tối đa)."
    gap = figures.difference.mean
    if gap.value is not None and gap.value > 0:
        yield (
            f"Điểm chi bộ tự chấm cao hơn điểm cấp ủy cấp trên quyết định bình quân {gap.words} điểm "
            f"({whole_words(gap.count)} buổi có cả hai điểm)."
        )
    if figures.difference.lowered:
        yield f"Số buổi sinh hoạt bị cấp trên hạ loại so với chi bộ tự xếp: {whole_words(figures.difference.lowered)}."


def _on_superiors(figures: MeetingFigures) -> Iterator[str]:
    superiors = figures.superiors
    if superiors.branches_reached.rest:
        yield f"Số chi bộ không có cấp ủy viên cấp trên dự buổi nào trong kỳ: {_missed(superiors.branches_reached)}."
    model, difficult = superiors.model.percent, superiors.difficult.percent
    if model is not None and difficult is not None and model > difficult:
        yield (
            f"Cấp trên dự sinh hoạt ở chi bộ điển hình {superiors.model.words} buổi, "
            f"ở chi bộ khó khăn, phức tạp {superiors.difficult.words} buổi."
        )


def _on_concerns(figures: ConcernFigures) -> Iterator[str]:
    whole = figures.whole
    if whole.in_time.rest:
        yield f"Số ý kiến, kiến nghị không được trả lời đúng hạn: {_missed(whole.in_time)}."
    if figures.overdue:
        yield f"Số ý kiến, kiến nghị đang quá hạn trả lời tại ngày chốt số liệu: {whole_words(figures.overdue)}."
    if whole.at_next_meeting.rest:
        yield f"Số ý kiến, kiến nghị chưa được trả lời tại kỳ sinh hoạt kế tiếp: {_missed(whole.at_next_meeting)}."
    if whole.reopened:
        yield f"Số ý kiến, kiến nghị phải mở lại do chi bộ chưa đồng ý: {Share(whole.reopened, whole.raised).words}."
    if figures.oldest:
        oldest = figures.oldest[0]
        yield f"Kiến nghị để lâu nhất: số {oldest.number}, {oldest.days_open} ngày, {oldest.branch_name}."


def _fell(name: str, now: Share, before: Share) -> Iterator[str]:
    if now.percent is not None and before.percent is not None and now.percent < before.percent:
        yield f"{name} giảm so với kỳ trước: từ {before.words} xuống {now.words}."


def _on_change(now: Headline, before: Headline) -> Iterator[str]:
    yield from _fell("Tỷ lệ sinh hoạt thường kỳ", now.held, before.held)
    yield from _fell("Tỷ lệ buổi sinh hoạt xếp loại Tốt", now.good, before.good)
    yield from _fell("Tỷ lệ trả lời đúng hạn", now.in_time, before.in_time)
    yield from _fell("Tỷ lệ buổi sinh hoạt có cấp trên dự", now.superior, before.superior)


def facts_for_shortcomings(figures: QuarterFigures) -> tuple[str, ...]:
    """Return Vietnamese sentences, each a figure with its denominator; empty when nothing fell short."""
    found = [
        *_on_meetings(figures.meetings),
        *_on_concerns(figures.concerns),
        *_on_superiors(figures.meetings),
    ]
    if figures.before:
        found.extend(_on_change(figures.headline, figures.before))
    return tuple(found)
