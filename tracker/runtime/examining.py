"""The examinations of ``tracker doctor``: each looks at one thing and says in a sentence how it is."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from tracker.adapters.queue import RqQueue
from tracker.db import migrating
from tracker.db.base import db
from tracker.db.reading.calendar import national_bases
from tracker.db.reading.deadlines import working_calendar
from tracker.db.reading.operating import set_aside_count
from tracker.db.reading.runtime import heartbeats
from tracker.db.tables.notices import Notice
from tracker.db.tables.reports import QuarterReport
from tracker.domain.calendar_years import years_to_decide
from tracker.domain.dates import local_date
from tracker.domain.errors import TrackerError
from tracker.domain.readiness import overdue
from tracker.services.audit import verify
from tracker.web.context import Parts

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
FONT = "LiberationSerif-Regular.ttf"
STUCK_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and a sentence (Vietnamese).

    A reminder is well, for nothing is broken, but somebody has to do something in time.
    """

    about: str
    well: bool
    words: str
    is_reminder: bool = False


Examination = Callable[[Parts], Iterator[Finding]]


def examine(parts: Parts) -> list[Finding]:
    """Run every examination; one that fails by itself becomes a finding. Needs an application context."""
    found: list[Finding] = []
    for about, look in EXAMINATIONS.items():
        try:
            found.extend(look(parts))
        except TrackerError as error:
            found.append(Finding(about, False, error.sentence))
        except SQLAlchemyError as error:
            db.session.rollback()
            found.append(Finding(about, False, f"cơ sở dữ liệu không trả lời ({type(error).__name__})"))
        except (OSError, ImportError) as error:
            found.append(Finding(about, False, " ".join(str(error).split())[:200]))
    return found


def _settings(parts: Parts) -> Iterator[Finding]:
    settings = parts.settings
    kind = "SQLite" if settings.on_sqlite else "PostgreSQL"
    queue = "Valkey đi kèm" if settings.embedded_queue else "Redis/Valkey bên ngoài"
    yield Finding("Thiết đặt", True, f"dữ liệu ở {settings.data}, {kind}, {queue}, {settings.base_url}")


def _keys(parts: Parts) -> Iterator[Finding]:
    loose = [
        file.name
        for file in parts.settings.folder.keys.glob("*.key")
        if stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    words = f"người khác đọc được: {', '.join(loose)} (chmod 600)" if loose else "chỉ chủ sở hữu đọc được"
    yield Finding("Khóa", not loose, words)


def _database(parts: Parts) -> Iterator[Finding]:
    at, newest = migrating.current(db.engine), migrating.head()
    words = f"phiên bản {at}" if at == newest else f"đang ở {at or 'trống'}, cần {newest}: tracker db upgrade"
    yield Finding("Cơ sở dữ liệu", at == newest, words)


def _audit(parts: Parts) -> Iterator[Finding]:
    found = verify(parts.wiring.session(), parts.wiring.audit_key)
    if found.broken is None:
        yield Finding("Nhật ký", True, f"nguyên vẹn, {found.seq} dòng")
        return
    words = f"hỏng từ dòng {found.broken.seq}: {found.broken.because}"
    if found.broken.seq == 1:
        words += f" Có thể {parts.settings.folder.keys / 'audit.key'} không phải khóa của dữ liệu này."
    yield Finding("Nhật ký", False, words)


def _calendar(parts: Parts) -> Iterator[Finding]:
    today, session = local_date(parts.clock()), parts.wiring.session()
    about = "Lịch làm việc"
    _ = working_calendar(session).week  # raises Invalid when no calendar can be made of the rows
    warnings = years_to_decide(national_bases(session, today.year, today.year + 1), today)
    for one in warnings:
        yield Finding(about, not one.is_missing, f"{one.words} Quản trị xem ở trang Lịch làm việc.", True)
    if not warnings:
        yield Finding(about, True, "đủ")


def _queue(parts: Parts) -> Iterator[Finding]:
    queue = RqQueue(parts.settings.redis_url)
    queue.check()
    depths, failures = queue.depths(), queue.failures()
    yield Finding("Hàng đợi", True, ", ".join(f"{name}: {count} việc chờ" for name, count in depths.items()))
    failed = sum(failures.values())
    yield Finding("Việc nền hỏng", not failed, f"{failed} việc trong 7 ngày" if failed else "không có")


def _schedule(parts: Parts) -> Iterator[Finding]:
    limit = timedelta(minutes=parts.settings.sweep_stale_minutes)
    late = overdue(heartbeats(parts.wiring.session()), parts.clock(), limit)
    for words in late.values():
        yield Finding("Lịch", False, words)
    if not late:
        yield Finding(
            "Lịch", True, f"mọi việc định kỳ đều chạy trong {parts.settings.sweep_stale_minutes} phút qua"
        )


def _stuck(parts: Parts) -> Iterator[Finding]:
    session, before = parts.wiring.session(), parts.clock() - STUCK_AFTER
    letters = session.scalar(
        select(func.count()).where(Notice.mail_state == "waiting", Notice.next_try_at < before)
    )
    yield Finding("Thư chờ gửi quá lâu", not letters, f"{letters} thư" if letters else "không có")
    reports = session.scalar(
        select(func.count()).where(
            QuarterReport.state.in_(("waiting", "running")),
            func.coalesce(QuarterReport.seen_at, QuarterReport.requested_at) < before,
        )
    )
    yield Finding("Báo cáo bị kẹt", not reports, f"{reports} báo cáo" if reports else "không có")


def _aside(parts: Parts) -> Iterator[Finding]:
    number = set_aside_count(parts.wiring.session())
    words = f"{number} thời hạn, xem trang Vận hành" if number else "không có"
    yield Finding("Thời hạn rà không được", not number, words)


def _fonts(parts: Parts) -> Iterator[Finding]:
    here = any(True for folder in FONT_FOLDERS if folder.is_dir() for _ in folder.rglob(FONT))
    yield Finding("Phông chữ", here, f"có {FONT}" if here else "thiếu gói fonts-liberation2")


def _pango(parts: Parts) -> Iterator[Finding]:
    try:
        from weasyprint.text.ffi import pango  # loads the system's Pango
    except OSError:
        yield Finding("Pango", False, "thiếu gói libpango-1.0-0, libpangoft2-1.0-0 hoặc libharfbuzz-subset0")
        return
    number = int(pango.pango_version())
    yield Finding("Pango", number >= 14400, f"{number // 10000}.{number // 100 % 100}.{number % 100}")


EXAMINATIONS: dict[str, Examination] = {
    "Thiết đặt": _settings,
    "Khóa": _keys,
    "Cơ sở dữ liệu": _database,
    "Nhật ký": _audit,
    "Lịch làm việc": _calendar,
    "Hàng đợi": _queue,
    "Lịch": _schedule,
    "Việc bị kẹt": _stuck,
    "Thời hạn rà không được": _aside,
    "Phông chữ": _fonts,
    "Pango": _pango,
}
