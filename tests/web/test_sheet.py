"""The meeting sheet on screen: opened, typed, refused, sent once, corrected."""

import re

import pytest

from tests.makers import Makers
from tracker.domain.people import Role


def fields(**more: object) -> dict[str, object]:
    """Return the fields of a sheet that can be taken, as a browser posts them."""
    values: dict[str, object] = {
        "request_key": "phieu-0001-abcd",
        "draft_version": "0",
        "do": "submit",
        "kind": "regular",
        "held_on": "03/11/2026",
        "starts": "19:00",
        "ends": "20:45",
        "place": "Nhà văn hóa thôn",
        "chair": "Nguyễn Văn Chủ",
        "minute_taker": "Trần Thị Ghi",
        "official": "28",
        "probationary": "2",
        "exempt": "2",
        "temp_exempt": "1",
        "special_duty": "",
        "present": "25",
        "excused": "2",
        "unexcused": "",
        "score_later": "y",
    }
    return values | more


def concern(position: int, text: str, **more: str) -> dict[str, str]:
    """Return the fields of one concern, as a browser posts them."""
    values = {
        "text": text,
        "kind": "petition",
        "category": "",
        "body_code": "",
        "urgency": "",
        "raiser_kind": "member",
    }
    return {f"concerns-{position}-{name}": value for name, value in (values | more).items()}


@pytest.fixture
def branch(make: Makers) -> int:
    """A branch whose ward has a people's committee and an economy section."""
    _province, ward, branch_id = make.ward()
    make.body("UBND", ward, "Ủy ban nhân dân phường Tam Sơn")
    make.body("KT_HT_DT", ward, "Phòng Kinh tế, Hạ tầng và Đô thị")
    return branch_id


def test_a_sheet_with_two_concerns_becomes_two_tickets(make: Makers, branch: int) -> None:
    client = make.log_in(make.person(Role.BRANCH_SECRETARY, branch))
    assert client.get("/").status_code == 200
    assert client.get("/phieu-hop").status_code == 200
    page = client.get("/phieu-hop/moi")
    assert page.status_code == 200
    data = (
        fields()
        | concern(0, "Rãnh thoát nước ngõ 12 bị tắc")
        | concern(1, "Đèn đường xóm Đông hỏng từ tháng 9")
    )
    answer = client.post("/phieu-hop/moi", data=data)
    assert answer.status_code == 302
    receipt = client.get(answer.location)
    assert receipt.status_code == 200
    assert {"TAS-2026-0001", "TAS-2026-0002"} <= set(re.findall(r"TAS-2026-\d{4}", receipt.text))
    assert client.get(answer.location.replace("/da-gui", "")).status_code == 200
    assert client.get("/phieu-bao-lai").status_code == 200
    assert client.get(answer.location.replace("/da-gui", "/sua")).status_code == 200
    assert client.get("/phieu-hop").status_code == 200
    assert client.get("/").status_code == 200
