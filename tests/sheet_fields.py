"""The fields of a meeting sheet as a browser posts them; say only what matters to the test."""

GIVEN = {
    "content_ready": "5",
    "committee_ready": "5",
    "all_steps": "5",
    "discussion": "22",
    "chairing": "9",
    "principles": "5",
    "last_conclusions": "27",
    "ending": "5",
}
"""Points on the shipped table that add up with full measured points to 93."""


def fields(**more: str) -> dict[str, str]:
    """Return the fields of a sheet that can be taken: 25 of 27 expected, 105 minutes, not yet scored."""
    values = {
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


def scored(**more: str) -> dict[str, str]:
    """Return the fields of a sheet that the branch has scored and voted on."""
    values = fields(votes_for="22", votes_total="23") | {f"score-{code}": n for code, n in GIVEN.items()}
    del values["score_later"]
    return values | more


def concern(position: int, text: str, **more: str) -> dict[str, str]:
    """Return the fields of one concern whose place is left to the rules."""
    values = {
        "text": text,
        "kind": "petition",
        "category": "",
        "body_code": "",
        "urgency": "",
        "raiser_kind": "member",
    }
    return {f"concerns-{position}-{name}": value for name, value in (values | more).items()}


def verdict(position: int, ticket_id: int, choice: str, reason: str = "") -> dict[str, str]:
    """Return the fields of what the branch said of one answer."""
    values = {"ticket_id": str(ticket_id), "choice": choice, "reason": reason}
    return {f"verdicts-{position}-{name}": value for name, value in values.items()}
