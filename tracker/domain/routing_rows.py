"""A row of the routing files or of the rule editor -> a value of the domain. The columns are the files' heads."""

from collections.abc import Mapping
from datetime import date

from tracker.domain.errors import Invalid
from tracker.domain.phrases import Phrase
from tracker.domain.rule_book import BodyName, Category, RuleKind, WordRule
from tracker.domain.text import tidy
from tracker.domain.tickets import Urgency

CATEGORY_COLUMNS = ("code", "name", "is_restricted", "position", "valid_from", "valid_to", "source", "tag")
BODY_COLUMNS = ("code", "name", "short_name", "kind", "in_chain", "valid_from", "valid_to", "source", "tag")
RULE_COLUMNS = (
    "code",
    "position",
    "category",
    "unit",
    "phrases",
    "unless",
    "body",
    "urgency",
    "restricted",
    "weight",
    "valid_from",
    "valid_to",
    "source",
    "tag",
)  # fmt: skip
# Between the phrases of one cell; a comma or semicolon may belong to a phrase.
SEPARATOR = "|"

Row = Mapping[str, str | None]


def category_from_row(row: Row) -> Category:
    """Return the category of a row; raise Invalid with a sentence for each wrong field."""
    return Category(
        code=_needed(row, "code"),
        name=_needed(row, "name"),
        is_restricted=_yes(row, "is_restricted"),
        position=int(_number(row, "position", 0)),
        valid_from=_day(row, "valid_from") or date.min,
        valid_to=_day(row, "valid_to"),
    )


def body_from_row(row: Row) -> BodyName:
    """Return the body of a row; raise Invalid for an empty code or name."""
    return BodyName(
        code=_needed(row, "code"),
        name=_needed(row, "name"),
        short_name=_needed(row, "short_name"),
        kind=_needed(row, "kind"),
        in_chain=_yes(row, "in_chain"),
    )


def rule_from_row(row: Row, kind: RuleKind) -> WordRule:
    """Return the rule of a row; raise Invalid when a field is wrong or the rule could decide nothing."""
    urgency = _cell(row, "urgency")
    if urgency and urgency not in list(Urgency):
        raise _invalid("urgency", "Mức độ phải là khan, cao, thuong hoặc thap.")
    rule = WordRule(
        code=_needed(row, "code"),
        kind=kind,
        position=int(_number(row, "position", 0)),
        phrases=split_phrases(_cell(row, "phrases")),
        unless=split_phrases(_cell(row, "unless"), "unless"),
        category=_cell(row, "category") or None,
        unit=_cell(row, "unit") or None,
        body=_cell(row, "body") or None,
        urgency=Urgency(urgency) if urgency else None,
        restricted=_yes(row, "restricted"),
        weight=_number(row, "weight", 1.0),
        valid_from=_day(row, "valid_from") or date.min,
        valid_to=_day(row, "valid_to"),
        source=_cell(row, "source"),
        tag=_cell(row, "tag") or "G",
    )
    check_rule(rule)
    return rule


def check_rule(rule: WordRule) -> None:
    """Raise Invalid when the rule could never decide anything, or would decide for every text."""
    if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
        raise _invalid("valid_to", "Ngày hết hiệu lực phải sau ngày bắt đầu.")
    if rule.kind is RuleKind.CATEGORY and not (rule.category and rule.phrases):
        raise _invalid("category", "Quy tắc nhận lĩnh vực cần có lĩnh vực và ít nhất một từ.")
    if rule.kind is RuleKind.BODY and not (rule.body and (rule.category or rule.phrases)):
        raise _invalid("body", "Quy tắc chọn đơn vị cần có đơn vị trả lời và lĩnh vực hoặc từ nhận biết.")
    if rule.kind is RuleKind.MARK and not (rule.urgency or rule.restricted):
        raise _invalid("urgency", "Quy tắc đánh dấu cần có mức độ hoặc hạn chế người xem.")
    if rule.kind is RuleKind.MARK and not (rule.category or rule.phrases):
        raise _invalid("phrases", "Quy tắc đánh dấu cần có lĩnh vực hoặc từ nhận biết.")


def split_phrases(cell: str, name: str = "phrases") -> tuple[str, ...]:
    """Return the phrases of a cell separated by "|", each once; raise Invalid for one without a word."""
    phrases = tuple(dict.fromkeys(part for part in map(tidy, cell.split(SEPARATOR)) if part))
    for phrase in phrases:
        try:
            Phrase.parse(phrase)
        except ValueError:
            raise _invalid(name, f"“{phrase}” không có chữ nào để nhận biết.") from None
    return phrases


def _invalid(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, {name: sentence})


def _cell(row: Row, name: str) -> str:
    return tidy(row.get(name))


def _needed(row: Row, name: str) -> str:
    value = _cell(row, name)
    if not value:
        raise _invalid(name, f"Cột {name} không được để trống.")
    return value


def _yes(row: Row, name: str) -> bool:
    value = _cell(row, name).casefold()
    if value not in ("", "yes", "no", "có", "không"):
        raise _invalid(name, f"Cột {name} phải là yes hoặc no.")
    return value in ("yes", "có")


def _number(row: Row, name: str, otherwise: float) -> float:
    value = _cell(row, name)
    try:
        return float(value) if value else otherwise
    except ValueError:
        raise _invalid(name, f"Cột {name} phải là số.") from None


def _day(row: Row, name: str) -> date | None:
    value = _cell(row, name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise _invalid(name, f"Cột {name} phải là ngày dạng năm-tháng-ngày, ví dụ 2026-07-01.") from None
