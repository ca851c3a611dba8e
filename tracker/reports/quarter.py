"""A quarter's frozen figures as a page of plain words and numbers, and that page as HTML ready for the PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tracker.domain.dates import Quarter, date_words, document_date, local, time_words
from tracker.domain.org import UnitKind
from tracker.domain.quarter import QuarterFigures, UnitHead, facts_for_shortcomings
from tracker.reports.quarter_sections import (
    annex_section,
    concern_section,
    meeting_section,
    quality_section,
    superior_section,
)
from tracker.reports.rendering import environment

_SYMBOLS = {UnitKind.PROVINCIAL_COMMITTEE: "TU", UnitKind.PARTY_COMMITTEE: "ĐU", UnitKind.BRANCH: "CB"}


@dataclass(frozen=True)
class ReportHeading:
    """What stands around the report. Number and date stay blank until the office enters them.

    ``draft`` is the number of the draft; None once it has been signed.
    """

    superior_name: str
    issuer_name: str
    symbol: str
    place: str
    on_behalf: str
    signer_post: str = "BÍ THƯ"
    signer_name: str = ""
    number: str = ""
    dated_on: date | None = None
    draft: int | None = 1
    recipients: tuple[str, ...] = ()
    archive: str = "Lưu Văn phòng"
    supplement: int = 0


@dataclass(frozen=True)
class ReportTexts:
    """What the office types; paragraphs are parted by line ends."""

    shortcomings: str = ""
    proposals: str = ""


def heading_for(unit: UnitHead, superior_name: str = "", place: str = "") -> ReportHeading:
    """Return the heading that a unit of this kind has (HD 05-HD/VPTW): symbol, on whose behalf, recipients.

    A branch has no standing committee and no office: its secretary signs for the branch.
    """
    is_branch = unit.kind == UnitKind.BRANCH
    upper = (f"{superior_name} (để báo cáo)",) if superior_name else ()
    below = () if is_branch else ("Các đảng ủy, chi bộ trực thuộc",)
    return ReportHeading(
        superior_name=superior_name,
        issuer_name=unit.name,
        symbol=_SYMBOLS[UnitKind(unit.kind)],
        place=place,
        on_behalf="CHI BỘ" if is_branch else "BAN THƯỜNG VỤ",
        recipients=(*upper, *below),
        archive="Lưu chi bộ" if is_branch else "Lưu Văn phòng",
    )


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _head(heading: ReportHeading) -> dict[str, Any]:
    dated = heading.dated_on
    return {
        "superior": heading.superior_name.upper(),
        "issuer": heading.issuer_name.upper(),
        "number": heading.number,
        "symbol": f"BC/{heading.symbol}",
        "place": heading.place,
        "date": document_date(dated) if dated else "",
        "draft": heading.draft or 0,
        "supplement": heading.supplement,
        "on_behalf": heading.on_behalf.upper(),
        "signer_post": heading.signer_post.upper(),
        "signer_name": heading.signer_name,
        "recipients": list(heading.recipients),
        "archive": heading.archive,
    }


def quarter_page(
    figures: QuarterFigures,
    texts: ReportTexts,
    heading: ReportHeading,
    *,
    now: datetime,
    anchor: str = "",
    level_words: Mapping[int, str],
) -> dict[str, Any]:
    """Return everything the template prints, as strings, integers, booleans, lists and dicts only.

    ``now`` dates the file. ``anchor`` is the audit chain's "seq:mac" line, printed in the method part so that
    it lies outside the database too. ``level_words`` says what the ladder's levels do.
    """
    words = Quarter.parse(figures.quarter).words
    last = figures.period_to - timedelta(days=1)
    return {
        "head": _head(heading),
        "unit_name": figures.unit.name,
        "is_branch": figures.unit.kind == UnitKind.BRANCH,
        "quarter": words,
        "before": Quarter.parse(figures.before.quarter).words if figures.before else "",
        "period_from": date_words(figures.period_from),
        "period_to": date_words(last),
        "cutoff": date_words(figures.cutoff_on),
        "as_of": time_words(figures.as_of),
        "stamp": local(now).isoformat(timespec="seconds"),
        "meetings": meeting_section(figures),
        "quality": quality_section(figures),
        "concerns": concern_section(figures, level_words),
        "superiors": superior_section(figures),
        "facts": list(facts_for_shortcomings(figures)),
        "shortcomings": _paragraphs(texts.shortcomings),
        "proposals": _paragraphs(texts.proposals),
        "annex": annex_section(figures),
        "anchor": anchor,
    }


def render_quarter_html(page: Mapping[str, Any]) -> str:
    """Return the page as HTML for the PDF writer; raise jinja2.UndefinedError when a value is missing."""
    return environment().get_template("pdf/quarter.html").render(page)
