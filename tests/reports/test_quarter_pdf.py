"""The quarter's PDF: what is printed, in which fonts, on which pages, from the same page the same bytes."""

import gc
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jinja2 import UndefinedError

from tracker.adapters.pdf import PdfRefused, RecordingPdfWriter, WeasyPrintWriter, missing_fonts
from tracker.domain.dates import ZONE, Quarter
from tracker.domain.quarter import (
    BranchRow,
    MeetingRow,
    QuarterFigures,
    TicketRow,
    UnitHead,
    quarter_figures,
)
from tracker.paths import template_root
from tracker.reports.quarter import ReportTexts, heading_for, quarter_page, render_quarter_html
from tracker.reports.quarter_sections import annex_section
from tracker.reports.rendering import environment
from tracker.reports.specimen import specimen_html

NOW = datetime(2026, 10, 1, 8, tzinfo=ZONE)
WARD = UnitHead("TS", "Đảng ủy phường Từ Sơn", "party_committee")
CRITERIA = {"chuan_bi": "Công tác chuẩn bị", "ket_qua": "Kết quả thực hiện kết luận, nghị quyết"}
SECRET = "10482:9f0c1b7d2e4a"
LEVELS = {1: "Nhắc cán bộ đơn vị xử lý", 2: "Báo người đứng đầu đơn vị xử lý"}


@pytest.fixture(scope="module")
def writer() -> WeasyPrintWriter:
    return WeasyPrintWriter(template_root() / "pdf")


def ward_figures() -> QuarterFigures:
    """Two branches: six meetings due, five held; three concerns, one answered in time, one late, one restricted."""
    quarter = Quarter(2026, 3)
    branches = [
        BranchRow(1, "TS-01", "Chi bộ thôn Hồi Quan", "khu_pho", 10, WARD.name, is_model=True),
        BranchRow(2, "TS-02", "Chi bộ Trường THCS Đình Bảng", "truong_hoc", 10, WARD.name),
    ]
    lines = {"chuan_bi": (Decimal(8), Decimal(10)), "ket_qua": (Decimal(21), Decimal(30))}
    days = [(1, 7), (1, 8), (1, 9), (2, 7), (2, 8)]
    meetings = [
        MeetingRow(
            number, branch, "regular", date(2026, month, 3), 95, 18, 20, branch == 1,
            Decimal(94), "tot", Decimal(89), "kha", lines,
        )
        for number, (branch, month) in enumerate(days)
    ]  # fmt: skip
    due = datetime(2026, 7, 17, 17, tzinfo=ZONE)
    base = TicketRow(
        1, "TS-2026-0001", 1, "UBND_KTHT", "Phòng Kinh tế, Hạ tầng và Đô thị", "ha_tang", "thuong",
        "answered", False, date(2026, 7, 3), due, answered_at=datetime(2026, 7, 10, 9, tzinfo=ZONE),
    )  # fmt: skip
    late = replace(base, id=2, number="TS-2026-0002", answered_at=None, level=2)
    hidden = replace(base, id=3, number="TS-2026-0003", is_restricted=True)
    return quarter_figures(
        WARD, quarter, quarter.start, quarter.end, date(2026, 9, 30),
        branches, meetings, [base, late, hidden], None, NOW, CRITERIA,
    )  # fmt: skip


def html(heading=None, texts: ReportTexts | None = None, figures: QuarterFigures | None = None) -> str:
    figures = figures or ward_figures()
    heading = heading or heading_for(figures.unit, "Tỉnh ủy Bắc Ninh", "Từ Sơn")
    typed = texts or ReportTexts("Nguyên nhân: phiếu nộp chậm.", "Đề nghị Tỉnh ủy quan tâm.")
    return render_quarter_html(
        quarter_page(figures, typed, heading, now=NOW, anchor=SECRET, level_words=LEVELS)
    )


@pytest.fixture(scope="module")
def report(writer: WeasyPrintWriter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "quarter.pdf"
    path.write_bytes(writer.write(html()))
    return path


def said(path: Path, *options: str) -> str:
    """Return what the PDF says, lines joined, as a reader would copy it."""
    out = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True)
    return " ".join(out.stdout.decode().replace("\u00a0", " ").split())


def test_all_fonts_are_embedded_and_are_liberation_serif(report: Path) -> None:
    """Debian's fonts-liberation 1.07 lacks 93 Vietnamese letters, and then other fonts creep in."""
    out = subprocess.run(["pdffonts", str(report)], capture_output=True, check=True, text=True).stdout
    rows = out.splitlines()[2:]
    assert rows
    assert all(re.match(r"[A-Z]{6}\+Liberation-Serif", row) and " yes yes yes " in row for row in rows)


def test_no_letter_of_vietnamese_is_missing_from_the_font() -> None:
    assert missing_fonts() == ()


def test_a_family_that_is_not_there_is_reported() -> None:
    assert missing_fonts("Khong Co Phong Chu Nay") != ()


@pytest.mark.parametrize(
    "sentence",
    [
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "TỈNH ỦY BẮC NINH ĐẢNG ỦY PHƯỜNG TỪ SƠN",
        "(Kỳ báo cáo từ ngày 01/07/2026 đến hết ngày 30/09/2026; số liệu chốt đến hết ngày 30/09/2026)",
        "Sinh hoạt thường kỳ đã tổ chức trên số lượt đến kỳ: 5/6 (83,3 %); còn 1 lượt",
        "Trả lời đúng hạn trên số đã trả lời hoặc đã hết hạn: 1/2 (50 %).",
        "Điểm tự chấm trừ điểm quyết định bình quân +5 điểm.",
        "không nằm trong các số liệu khác của báo cáo này: dưới 3.",
        "Báo người đứng đầu đơn vị xử lý: 1.",
        "Nguyên nhân: phiếu nộp chậm.",
        "T/M BAN THƯỜNG VỤ",
        "Tổng hợp quý, không phải xếp loại chính thức",
        SECRET,
    ],
)
def test_the_report_says(report: Path, sentence: str) -> None:
    assert sentence in said(report)


def test_number_and_date_are_blank_until_entered(report: Path) -> None:
    text = said(report, "-l", "1")
    assert "Số -BC/ĐU" in text
    assert "Từ Sơn, ngày tháng năm" in text
    assert text.count("Dự thảo lần 1") == 1
    assert "Dự thảo lần 1" in said(report, "-f", "2", "-l", "2"), "every page of a draft says so"


def test_a_signed_report_has_number_and_date_and_is_no_draft(
    writer: WeasyPrintWriter, tmp_path: Path
) -> None:
    heading = replace(
        heading_for(WARD, "Tỉnh ủy Bắc Ninh", "Từ Sơn"),
        number="15", dated_on=date(2026, 10, 5), draft=None, signer_name="Nguyễn Văn Ví Dụ",
    )  # fmt: skip
    path = tmp_path / "signed.pdf"
    path.write_bytes(writer.write(html(heading)))
    text = said(path)
    assert "Số 15-BC/ĐU" in text
    assert "Từ Sơn, ngày 05 tháng 10 năm 2026" in text
    assert "Nguyễn Văn Ví Dụ" in text
    assert "Dự thảo" not in text


def test_restricted_concerns_leave_no_number_behind(report: Path) -> None:
    text = said(report)
    assert "TS-2026-0002" in text, "the control: an open concern's number is printed"
    assert "TS-2026-0003" not in text


def sizes(path: Path) -> list[tuple[int, int]]:
    """Return width and height of each page in points."""
    out = subprocess.run(
        ["pdfinfo", "-l", "99", str(path)], capture_output=True, check=True, text=True
    ).stdout
    found = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", out)
    return [(round(float(width)), round(float(height))) for width, height in found]


def test_the_annex_lies_across_and_the_rest_stands(report: Path) -> None:
    pages = sizes(report)
    assert (842, 595) in pages
    across = pages.index((842, 595)) + 1
    assert "Kết quả của từng chi bộ" in said(report, "-f", str(across), "-l", str(across))
    assert set(pages) == {(595, 842), (842, 595)}
    assert pages[0] == pages[-1] == (595, 842)


def test_pages_are_numbered_from_the_second(report: Path) -> None:
    count = len(sizes(report))
    assert 4 <= count <= 9
    layout = subprocess.run(
        ["pdftotext", "-layout", str(report), "-"], capture_output=True, check=True
    ).stdout
    firsts = [page.strip().splitlines()[0] for page in layout.decode().split("\f")[:count]]
    assert firsts[0].startswith("TỈNH ỦY BẮC NINH")
    assert [line.split()[0] for line in firsts[1:]] == [str(number) for number in range(2, count + 1)]


def test_the_same_page_gives_the_same_bytes(writer: WeasyPrintWriter, report: Path) -> None:
    page = html()
    assert page == html()
    assert writer.write(page) == report.read_bytes()
    other = WeasyPrintWriter(template_root() / "pdf")
    assert other.write(page) == report.read_bytes()


def test_title_author_and_language_are_set(report: Path) -> None:
    out = subprocess.run(["pdfinfo", str(report)], capture_output=True, check=True, text=True).stdout
    assert "Báo cáo chất lượng sinh hoạt chi bộ" in out
    assert re.search(r"Author: +Đảng ủy phường Từ Sơn", out)
    assert '<html lang="vi">' in html()


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.png",
        "http://127.0.0.1:1/x.css",
        "file:///etc/passwd",
        "file:///etc/passwd.css",
        "file://host/quarter.css",
        "../base.html",
        "../pdf/../../pyproject.toml",
        "missing.css",
        "data:image/svg+xml,<svg/>",
        "ftp://example.org/x",
    ],
)
@pytest.mark.parametrize("place", ['<img src="{}">', '<link rel="stylesheet" href="{}">'])
def test_a_document_that_reaches_outside_is_refused(
    writer: WeasyPrintWriter, address: str, place: str
) -> None:
    with pytest.raises(PdfRefused):
        writer.write(f"<html><title>x</title><body>{place.format(address.replace('<', '%3C'))}</body></html>")


def test_our_own_style_sheet_is_not_refused(writer: WeasyPrintWriter) -> None:
    page = '<html><title>x</title><link rel="stylesheet" href="quarter.css"><body><p>Chào</p></body></html>'
    assert writer.write(page).startswith(b"%PDF")


def test_what_people_typed_is_text_and_never_markup(writer: WeasyPrintWriter) -> None:
    page = html(texts=ReportTexts('<img src="file:///etc/passwd">', "<script>1</script>"))
    assert "&lt;img" in page
    assert writer.write(page).startswith(b"%PDF")


def test_a_missing_value_is_an_error_and_no_empty_place_on_paper() -> None:
    figures = ward_figures()
    page = quarter_page(figures, ReportTexts(), heading_for(WARD), now=NOW, level_words=LEVELS)
    del page["cutoff"]
    with pytest.raises(UndefinedError):
        render_quarter_html(page)


def plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(plain(item) for item in value)
    return value is None or type(value) in (str, int, float, bool)


def test_the_page_holds_plain_values_only() -> None:
    assert plain(quarter_page(ward_figures(), ReportTexts(), heading_for(WARD), now=NOW, level_words=LEVELS))


@pytest.mark.parametrize("kind", ["branch", "party_committee", "provincial_committee"])
def test_an_empty_quarter_of_any_unit_can_be_printed(kind: str, writer: WeasyPrintWriter) -> None:
    unit = UnitHead("X", "Chi bộ Hồi Quan", kind)
    quarter = Quarter(2026, 3)
    figures = quarter_figures(
        unit, quarter, quarter.start, quarter.end, quarter.end, [], [], [], None, NOW, CRITERIA
    )
    page = html(heading_for(unit), figures=figures)
    assert "không có" in page
    assert {"branch": "BC/CB", "party_committee": "BC/ĐU", "provincial_committee": "BC/TU"}[kind] in page
    assert writer.write(page).startswith(b"%PDF")


def charts_of(source: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", source, re.S)]  # noqa: S314 -- our own


def test_charts_say_their_numbers_in_words_and_share_no_id() -> None:
    page = html()
    charts = charts_of(page)
    assert len(charts) == 2
    for chart in charts:
        assert chart.get("role") == "img"
        assert chart[0].tag.endswith("title")
        assert chart[1].tag.endswith("desc")
    assert "Tháng 7: Tốt 0, Khá 2, Trung bình 0, Kém 0;" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert " style=" not in page


def test_a_line_has_a_gap_where_a_value_is_missing() -> None:
    template = environment().from_string(
        '{% import "macros/charts.html" as charts %}{{ charts.line("c", "Điểm", points) }}'
    )
    points = [
        {"label": "Quý I", "value": 80, "text": "80"},
        {"label": "Quý II", "value": None, "text": "không có"},
        {"label": "Quý III", "value": 90, "text": "90"},
        {"label": "Quý IV", "value": 91, "text": "91"},
    ]
    (chart,) = charts_of(template.render(points=points))
    assert [part.tag.split("}")[1] for part in chart].count("circle") == 3
    assert [part.tag.split("}")[1] for part in chart].count("line") == 2, "the axis and one stretch"


def test_the_recording_writer_keeps_the_pages() -> None:
    recording = RecordingPdfWriter()
    assert recording.write("<p>x</p>").startswith(b"%PDF")
    assert recording.pages == ["<p>x</p>"]


def by_command_line(page: str, folder: Path) -> bytes:
    """Return what WeasyPrint's own command makes of the page: read as HTML, in a process of its own."""
    source, made = folder / "page.html", folder / "page.pdf"
    source.write_text(page, encoding="utf-8")
    base = f"{(template_root() / 'pdf').as_uri()}/"
    command = [sys.executable, "-m", "weasyprint", "--base-url", base, str(source), str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made.read_bytes()


def well_formed(page: str) -> bool:
    try:
        ElementTree.fromstring(page)  # noqa: S314
    except ElementTree.ParseError:
        return False
    return True


def test_a_page_read_as_xml_gives_what_the_command_line_gives(
    writer: WeasyPrintWriter, tmp_path: Path
) -> None:
    assert well_formed(specimen_html())
    assert writer.write(specimen_html()) == by_command_line(specimen_html(), tmp_path)


def test_a_page_that_is_not_well_formed_is_read_as_html(writer: WeasyPrintWriter, tmp_path: Path) -> None:
    """Negative control: without a fall-back the void elements of HTML would end the job."""
    page = specimen_html().replace("<br/>", "<br>").replace("</body>", "")
    assert not well_formed(page)
    assert writer.write(page) == by_command_line(page, tmp_path)


def test_garbage_is_collected_again_after_a_report_also_after_one_that_was_refused(
    writer: WeasyPrintWriter,
) -> None:
    writer.write("<p>x</p>")
    assert gc.isenabled()
    with pytest.raises(PdfRefused):
        writer.write('<img src="https://example.org/x.png">')
    assert gc.isenabled()


def test_the_specimen_has_every_table_and_chart_of_a_report() -> None:
    """What warms the worker must meet all that a report meets."""
    page = specimen_html()
    assert [f"Bảng {n}." for n in range(1, 11) if f"Bảng {n}." not in page] == []
    assert page.count("<svg") == 2
    assert "PHỤ LỤC 1" in page


def test_the_annex_names_months_once_for_all_that_was_lost_in_them() -> None:
    lines = {"chuan_bi": (Decimal(8), Decimal(10)), "ket_qua": (Decimal(29), Decimal(30))}
    full = {"chuan_bi": (Decimal(8), Decimal(10)), "ket_qua": (Decimal(30), Decimal(30))}
    quarter = Quarter(2026, 3)
    branch = BranchRow(1, "TS-01", "Chi bộ thôn Hồi Quan", "khu_pho", 10, WARD.name)
    meetings = [
        MeetingRow(month, 1, "regular", date(2026, month, 3), 95, 18, 20, lines=held)
        for month, held in ((7, lines), (8, lines), (9, full))
    ]
    figures = quarter_figures(
        WARD, quarter, quarter.start, quarter.end, date(2026, 9, 30),
        [branch], meetings, [], None, NOW, CRITERIA,
    )  # fmt: skip
    (committee,) = annex_section(figures)["committees"]
    assert committee["rows"][0]["notes"] == "TC1\u00a0−6; T7, T8: TC2\u00a0−2"
