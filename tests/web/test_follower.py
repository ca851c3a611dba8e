"""The committee member who follows a branch: what their desk shows, what they may read, and what not."""

from flask import Flask

from tests.conftest import NOW
from tests.late import Late
from tests.makers import Makers
from tracker.domain.people import Role
from tracker.services.escalation import sweep


def test_the_desk_shows_what_climbed_in_the_branches_followed(make: Makers) -> None:
    late = Late(make)
    late.tickets()
    browser = make.log_in(late.member)
    assert "Không có kiến nghị nào lên tới đồng chí." in browser.get("/").text
    sweep(make.wiring, NOW)
    page = browser.get("/").text
    assert "Chi bộ đồng chí theo dõi" in page
    assert "TAS-2026-0001" in page


def test_nothing_restricted_and_nothing_of_another_branch_is_read(make: Makers) -> None:
    late = Late(make)
    shown, hidden = late.tickets()[0], late.tickets(is_restricted=True)[0]
    elsewhere = make.log_in(
        make.person(Role.COMMITTEE_MEMBER, make.branch(late.ward, "Chi bộ thôn Phúc Tinh"))
    )
    browser = make.log_in(late.member)
    assert browser.get(f"/kien-nghi/{shown}").status_code == 200
    assert browser.get(f"/kien-nghi/{hidden}").status_code == 404
    assert elsewhere.get(f"/kien-nghi/{shown}").status_code == 404
    assert "TAS-2026-0002" not in browser.get("/kien-nghi").text
    sweep(make.wiring, NOW)
    assert "TAS-2026-0002" not in browser.get("/").text + browser.get("/thong-bao").text


def test_who_follows_reads_the_sheets_and_changes_nothing(make: Makers) -> None:
    late = Late(make)
    shown = late.tickets()[0]
    browser = make.log_in(late.member)
    assert "Nhà văn hóa thôn" in browser.get("/phieu-hop/1").text
    for act in ("tiep-nhan", "tra-loi"):
        assert browser.post(f"/kien-nghi/{shown}/{act}", data={"version": 1}).status_code in (403, 404)
    assert browser.get("/phieu-hop/moi").status_code == 403


def test_levels_are_told_in_words(make: Makers, app: Flask) -> None:
    late = Late(make)
    late.tickets()
    sweep(make.wiring, NOW)
    page = make.log_in(late.standing).get("/kien-nghi?level=3").text
    assert "đã lên bậc: Báo cấp ủy viên theo dõi chi bộ, hoặc cao hơn" in page
