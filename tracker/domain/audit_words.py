"""The rows of the chain in plain words. What isn't known here is told by its codes, never left out."""

import json
from collections.abc import Mapping

SUBJECT_WORDS: Mapping[str, str] = {
    "ticket": "Kiến nghị",
    "clock": "Thời hạn",
    "meeting": "Phiếu họp",
    "draft": "Bản nháp phiếu họp",
    "account": "Tài khoản",
    "assessment": "Chấm điểm sinh hoạt",
    "report": "Báo cáo quý",
    "quarter_report": "Báo cáo quý",
    "unit": "Đơn vị",
    "body": "Đơn vị xử lý",
    "rule": "Quy tắc phân công",
    "role": "Vai trò",
    "calendar_day": "Ngày trong lịch làm việc",
    "working_hours": "Giờ làm việc",
}
ACTION_WORDS: Mapping[str, str] = {
    "filed": "được ghi nhận",
    "assign": "được giao đơn vị xử lý",
    "acknowledge": "được tiếp nhận",
    "answer": "được trả lời",
    "bounce": "được chuyển trả văn phòng",
    "accept": "được chi bộ đồng ý",
    "reject": "bị chi bộ trả lại",
    "escalated": "lên cấp đôn đốc",
    "retried": "được thử lại ngay",
    "redated": "đổi hạn theo quy định hoặc lịch mới",
    "pause": "được tạm dừng tính thời hạn",
    "resume": "được làm tiếp trước ngày hẹn",
    "pause_over": "hết thời gian tạm dừng",
    "extension_asked": "được đề nghị gia hạn",
    "extension_granted": "được gia hạn",
    "extension_refused": "không được gia hạn",
    "moved": "theo chi bộ sang cấp ủy mới",
    "followed": "cùng sổ phiếu họp và kiến nghị sang cấp ủy mới",
    "submitted": "được gửi",
    "corrected": "được sửa",
    "discarded": "bị bỏ",
    "self_scored": "được chi bộ tự chấm điểm",
    "decided": "được quyết định mức chính thức",
    "logged_in": "đăng nhập",
    "logged_out": "đăng xuất",
    "password_changed": "đổi mật khẩu",
    "session_ended": "kết thúc một phiên đăng nhập",
    "all_sessions_ended": "kết thúc mọi phiên đăng nhập",
    "created": "được tạo",
    "added": "được thêm",
    "changed": "được sửa",
    "dropped": "bị bỏ khỏi lịch",
    "confirmed": "được xác nhận theo quyết định của năm",
    "ended": "được kết thúc",
    "granted": "được giao",
    "revoked": "được thu lại",
    "disabled": "bị khóa",
    "absence_noted": "được ghi vắng mặt, có người thay",
    "absence_ended": "được ghi đã trở lại, hết người thay",
    "mail_choice": "đổi cách nhận thư thông báo",
    "mail_again": "được gửi lại thư chưa tới",
}


def audit_sentence(body: str, name: str = "") -> str:
    """Return what the signed body says, in one sentence; ``name`` stands for its id where one is known.

    A ticket without a name is one that the reader may not know of: neither number nor id is told.
    """
    signed = json.loads(body)
    subject = SUBJECT_WORDS.get(signed["subject"], signed["subject"])
    action = ACTION_WORDS.get(signed["action"], signed["action"])
    by_id = signed["id"] is not None and signed["subject"] != "ticket"
    number = name or (f"số {signed['id']}" if by_id else "")
    return " ".join(part for part in (subject, number, action) if part) + "."


def audit_actor(body: str) -> int | None:
    """Return the id of the account that acted, None for the system."""
    actor: int | None = json.loads(body)["actor"]
    return actor


def audit_acting_for(body: str) -> int | None:
    """Return the id of the account for which the actor stood in, None for an act by a right of the own."""
    away: int | None = json.loads(body)["facts"].get("acting_for")
    return away
