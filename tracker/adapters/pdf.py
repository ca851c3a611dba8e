"""Finished HTML to PDF: WeasyPrint behind a fetcher that knows our own style sheets only, and a recording stand-in."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from tracker.domain.errors import TrackerError

FAMILY = "Liberation Serif"
"""Metrically equal to Times New Roman, which party documents ask for (HD 05-HD/VPTW)."""

LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
    "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬBCDĐEÈẺẼÉẸÊỀỂỄẾỆGHIÌỈĨÍỊKLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢPQRSTUÙỦŨÚỤƯỪỬỮỨỰVXYỲỶỸÝỴ"
    "0123456789–−“”…•"
)
"""Every letter of Vietnamese and the signs that reports use."""


class PdfRefused(TrackerError):
    """Raised when a document reaches for anything but our own style sheets; nothing was fetched."""

    code = "pdf_refused"


class PdfWriter(Protocol):
    """Turns a finished page into a PDF."""

    def write(self, html: str) -> bytes:
        """Return the PDF; the same HTML gives the same bytes. Raises PdfRefused for a foreign address in it."""


class _OwnStyleSheets(URLFetcher):
    """Opens nothing but ``*.css`` files that lie in one folder: no network, no other files, no data addresses."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the style sheet; raise FatalURLFetchingError, which WeasyPrint can't swallow, for all else."""
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or parts.netloc or path.parent != self._folder or path.suffix != ".css":
            raise FatalURLFetchingError("a document may use our own style sheets only")
        try:
            body = path.read_bytes()
        except OSError as error:
            raise FatalURLFetchingError(f"no style sheet {path.name}") from error
        return URLFetcherResponse(path.as_uri(), body, {"Content-Type": "text/css; charset=utf-8"})


def _tree(html: str) -> ElementTree.Element | None:
    """Return the tree of a page that is well-formed XML with a head and a body, as our templates are; else None.

    What people typed is escaped in it, so no entity is declared but by us, and the reader opens no other file.
    """
    try:
        root = ElementTree.fromstring(html)  # noqa: S314
    except ElementTree.ParseError:
        return None
    whole = root.tag == "html" and root.find("head") is not None and root.find("body") is not None
    return root if whole else None


class _Page(HTML):
    """A page read by Python's XML reader where it can be: the same tree as HTML's reader makes, 30 times as fast.

    HTML's reader is written in Python and takes a tenth of a report's time. A test compares the two PDFs.
    """

    def __init__(self, html: str, folder: Path) -> None:
        address, fetcher = f"{folder.resolve().as_uri()}/", _OwnStyleSheets(folder)
        tree = _tree(html)
        if tree is None:
            super().__init__(string=html, base_url=address, url_fetcher=fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = address, fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave garbage where it lies: a report's boxes live to its end, and looking through them takes a fifth of it."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@dataclass
class WeasyPrintWriter:
    """Writes with WeasyPrint. ``folder`` holds the style sheets; fonts are looked up once and shared.

    Made once a process: the second document is twice as quick as the first. Calls wait for each other,
    because Pango's font map is not made for several threads.
    """

    folder: Path
    _fonts: FontConfiguration = field(default_factory=FontConfiguration, init=False, repr=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def write(self, html: str) -> bytes:
        """Return the PDF. Dates come from the page's dcterms elements, so that equal pages give equal bytes."""
        with self._one_at_a_time, _without_collecting():
            try:
                written: bytes = _Page(html, self.folder).write_pdf(font_config=self._fonts)
            except FatalURLFetchingError as error:
                raise PdfRefused(
                    "Không dựng được PDF: nội dung trỏ tới một địa chỉ ngoài mẫu in của phần mềm."
                ) from error
        return written


def missing_fonts(family: str = FAMILY) -> tuple[str, ...]:
    """Return the families that had to stand in when all Vietnamese letters were set upright, bold and italic.

    Empty when ``family`` has every letter. Debian's fonts-liberation 1.07 lacks 93 of them, fonts-liberation2 none.
    """
    faces = (
        "font-style: normal",
        "font-weight: bold",
        "font-style: italic",
        "font-weight: bold; font-style: italic",
    )
    lines = "".join(f'<p style="{face}">{LETTERS}</p>' for face in faces)
    page = f'<html lang="vi"><title>–</title><body style="font-family: \'{family}\'">{lines}'
    document = HTML(string=page, url_fetcher=_OwnStyleSheets(Path("/nonexistent"))).render()
    document.write_pdf()
    return tuple(sorted({font.family for font in document.fonts.values()} - {family}))


@dataclass
class RecordingPdfWriter:
    """Keeps the pages it was given and returns a few bytes that look like a PDF; for tests."""

    pages: list[str] = field(default_factory=list)

    def write(self, html: str) -> bytes:
        self.pages.append(html)
        return b"%PDF-1.7\n% " + str(len(self.pages)).encode() + b"\n%%EOF\n"
