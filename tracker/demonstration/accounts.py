"""The log-ins that the README and the first start print: at least one for each role. All persons are invented."""

from dataclasses import dataclass

PASSWORD = "tu-son-minh-hoa-2026"  # noqa: S105 - for demonstration data only, printed by the first start
"""The one password of all demonstration accounts."""

MARK = "(minh họa)"
"""Stands behind every invented person's name, so that nobody takes the data for real."""


@dataclass(frozen=True)
class Login:
    """One log-in to try: who it is and what there is to see."""

    username: str
    who: str
    sees: str


LOGINS: tuple[Login, ...] = (
    Login("bithu.hoiquan", "Bí thư Chi bộ thôn Hồi Quan", "Lập phiếu sinh hoạt, mang câu trả lời về chi bộ"),
    Login("bithu.phuluu1", "Bí thư Chi bộ 1 khu phố Phù Lưu, phường Từ Sơn", "Như trên, ở phường Từ Sơn"),
    Login("ktht.tuson", "Cán bộ Phòng Kinh tế, Hạ tầng và Đô thị phường Từ Sơn", "Trả lời kiến nghị"),
    Login(
        "ktht.tamson",
        "Cán bộ Phòng Kinh tế, Hạ tầng và Đô thị phường Tam Sơn",
        "Trả lời kiến nghị của Chi bộ thôn Hồi Quan",
    ),
    Login("truong.ktht.tuson", "Trưởng Phòng Kinh tế, Hạ tầng và Đô thị phường Từ Sơn", "Việc quá hạn"),
    Login("vanphong.tuson", "Văn phòng Đảng ủy phường Từ Sơn", "Phân loại, tổng hợp quý"),
    Login("thuongtruc.tuson", "Thường trực Đảng ủy phường Từ Sơn", "Bảng theo dõi, quyết định xếp loại"),
    Login("banthuongvu.tuson", "Ban Thường vụ Đảng ủy phường Từ Sơn", "Danh sách chuyển lên Ban Thường vụ"),
    Login(
        "capuyvien.tuson",
        "Đảng ủy viên theo dõi chi bộ, phường Từ Sơn",
        "Việc chậm của các chi bộ được phân công",
    ),
    Login("kiemtra.tuson", "Ủy ban kiểm tra Đảng ủy phường Từ Sơn", "Việc hạn chế người xem"),
    Login("thuongtruc.bacninh", "Thường trực Tỉnh ủy Bắc Ninh", "Toàn cảnh bốn phường"),
    Login("quantri", "Quản trị hệ thống", "Đơn vị, tài khoản, quy tắc, lịch làm việc"),
)
