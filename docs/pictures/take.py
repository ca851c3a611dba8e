"""Take the README's pictures of a running demonstration: ``python docs/pictures/take.py http://127.0.0.1:8000``.

The demonstration is started by ``make run``; each role's screen is written beside this file, with few colours so
that the pictures stay small.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tracker.demonstration.accounts import PASSWORD

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
CONCERN = "Rãnh thoát nước ngõ 12 bị tắc, mưa là ngập vào nhà dân"
PHONE, DESKTOP = (360, 1000), (1100, 820)


@dataclass(frozen=True)
class Picture:
    """One picture: whose screen, how large, and the links to follow from the desk."""

    name: str
    username: str
    size: tuple[int, int]
    links: tuple[str, ...] = ()
    #: what to type as the meeting's first concern, on an open sheet
    concern: str = ""


PICTURES = (
    Picture("secretary", "bithu.hoiquan", PHONE),
    Picture("secretary-concern", "bithu.phuluu1", PHONE, ("Mở phiếu họp mới",), CONCERN),
    Picture("secretary-return", "bithu.hoiquan", PHONE, ("Phiếu báo lại chi bộ",)),
    Picture("official", "ktht.tamson", DESKTOP),
    Picture("office", "vanphong.tuson", DESKTOP, ("Phân loại",)),
    Picture("leader", "thuongtruc.tuson", DESKTOP, ("Toàn cảnh",)),
    Picture("administrator", "quantri", DESKTOP, ("Quản trị",)),
)


def main(address: str) -> None:
    """Take every picture; one browser, a context of its own for each person."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        for picture in PICTURES:
            for page in opened(browser, address, picture):
                write(page.screenshot(), HERE / f"{picture.name}.png")
        browser.close()


def opened(browser: Browser, address: str, picture: Picture) -> Iterator[Page]:
    """Yield the page as the person sees it; its context is closed afterwards."""
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Tên đăng nhập").fill(picture.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    for link in picture.links:
        page.get_by_role("link", name=link, exact=True).first.click()
    page.wait_for_load_state()
    if picture.concern:
        type_concern(page, picture.concern)
    yield page
    context.close()


def type_concern(page: Page, words: str) -> None:
    """Add a concern to the sheet and wait for what the product suggests; the sheet is not submitted."""
    page.get_by_role("button", name="Thêm ý kiến").click()
    page.get_by_label("Nội dung", exact=True).fill(words)
    page.locator("[data-suggestion]").first.wait_for(state="visible")
    page.locator("#y-kien").evaluate("one => one.scrollIntoView()")


def write(shot: bytes, target: Path) -> None:
    """Write the picture with 64 colours: text and flat areas need no more."""
    picture = Image.open(BytesIO(shot)).convert("RGB")
    few = picture.quantize(colors=64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(target, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
