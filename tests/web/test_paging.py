"""Long lists come a page at a time: what narrows them stays in the address, and no page costs more questions."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.stories import LIGHTS, UNPLACED, Ward
from tracker.domain.people import Role
from tracker.web.paging import PAGE, numbered

CountQueries = Callable[[Callable[[], object]], int]


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


def link(page: str, rel: str) -> str | None:
    """Return the address of the page before (``prev``) or behind (``next``), None where there is none."""
    found = re.search(rf'<a rel="{rel}" href="([^"]*)">', page)
    return unescape(found[1]) if found else None


def rows(page: str) -> list[str]:
    """Return the numbers of the tickets on the page, in their order."""
    return list(dict.fromkeys(re.findall(r"TAS-2026-\d{4}", page)))


def walked(client: FlaskClient, address: str | None, rel: str) -> list[str]:
    """Return the pages from the address on, as they follow by the link."""
    pages = []
    while address:
        pages.append(client.get(address).text)
        address = link(pages[-1], rel)
    return pages


@pytest.mark.parametrize("path", ["/kien-nghi", "/kien-nghi?state=all", "/phan-loai"])
def test_a_long_list_is_walked_forth_and_back(ward: Ward, path: str) -> None:
    ward.file(*[f"{UNPLACED} {n}" for n in range(2 * PAGE + 3)])
    client = ward.make.log_in(ward.office)
    forth = walked(client, path, "next")
    assert [len(rows(page)) for page in forth] == [PAGE, PAGE, 3]
    assert len({number for page in forth for number in rows(page)}) == 2 * PAGE + 3
    back = walked(client, link(forth[-1], "prev"), "prev")
    assert [rows(page) for page in back] == [rows(page) for page in forth[-2::-1]]
    assert (link(forth[0], "prev"), link(forth[-1], "next")) == (None, None)
    assert "Trang trước" in forth[1]
    assert "Trang sau" in forth[1]


def test_who_turned_back_and_places_a_ticket_stays_on_that_page(ward: Ward) -> None:
    ward.file(*[f"{UNPLACED} {n}" for n in range(3 * PAGE)])
    client = ward.make.log_in(ward.office)
    *_before, second, third = walked(client, "/phan-loai", "next")
    again = client.get(link(third, "prev") or "").text
    here = re.search(r'name="after" value="([^"]+)"', again)
    assert here
    assert rows(client.get("/phan-loai", query_string={"after": unescape(here[1])}).text) == rows(second)


def test_a_short_list_has_no_pages(ward: Ward) -> None:
    ward.file(*[f"{UNPLACED} {n}" for n in range(PAGE)])
    page = ward.make.log_in(ward.office).get("/kien-nghi").text
    assert len(rows(page)) == PAGE
    assert 'class="pages"' not in page


def test_what_narrows_a_list_stays_from_page_to_page(ward: Ward) -> None:
    ward.file(*[f"{LIGHTS} {n}" for n in range(PAGE + 1)], *[f"{UNPLACED} {n}" for n in range(PAGE)])
    client = ward.make.log_in(ward.office)
    first, second = walked(client, f"/kien-nghi?body={ward.body}&quarter=2026Q4&urgency=thuong", "next")
    assert (len(rows(first)), len(rows(second))) == (PAGE, 1)
    assert UNPLACED not in first + second
    assert f"body={ward.body}" in (link(second, "prev") or "")
    assert "quarter=2026Q4" in (link(second, "prev") or "")


@pytest.mark.parametrize("path", ["/kien-nghi?state=all", "/phan-loai"])
def test_each_page_costs_the_same_number_of_queries(
    ward: Ward, path: str, count_queries: CountQueries
) -> None:
    ward.file(*[f"{UNPLACED} {n}" for n in range(2 * PAGE + 1)])
    client = ward.make.log_in(ward.office)
    first = client.get(path).text
    second = link(first, "next") or ""
    third = link(client.get(second).text, "next") or ""
    back = link(client.get(third).text, "prev") or ""
    asked = {count_queries(lambda at=at: client.get(at)) for at in (path, second, third, back)}  # type: ignore[misc]
    assert len(asked) == 1


def test_the_rules_come_by_twenty_and_what_was_looked_for_stays(make: Makers) -> None:
    province, _ward, _branch = make.ward()
    client = make.log_in(make.person(Role.ADMINISTRATOR, province))
    pages = walked(client, "/quan-tri/quy-tac-chuyen?xem=tat-ca", "next")
    assert len(pages) > 3, "the shipped rules"
    lines = [len(re.findall(r'<tr role="row"', page)) - 1 for page in pages]
    assert lines[:-1] == [PAGE] * (len(pages) - 1)
    assert f"{sum(lines)} bản ghi" in pages[0]
    assert "xem=tat-ca" in (link(pages[1], "prev") or "")


def test_a_page_behind_the_end_leads_back_to_the_last() -> None:
    pager = numbered(9, 2 * PAGE + 1, lambda number: f"?trang={number}")
    assert (pager["pages"], pager["previous"], pager["next"]) == (3, "?trang=3", None)
    only = numbered(1, 0, lambda number: f"?trang={number}")
    assert (only["pages"], only["previous"], only["next"]) == (1, None, None)
