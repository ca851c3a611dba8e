"""The calendar, the time limits and the ladder as dated rows: what is edited is the rule, never the code."""

from datetime import date

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base, one_of
from tracker.domain.calendar import DayKind
from tracker.domain.time_limits import Clock, LimitUnit, StartEvent

_PERIOD = "valid_to IS NULL OR valid_to > valid_from"
_TAG = "tag IN ('S', 'C', 'M', 'X', 'G')"


class CalendarDay(Base):
    """A day that differs from its weekday. It holds on its own date, so it needs no other validity."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        CheckConstraint(one_of("kind", DayKind), name="kind"),
        CheckConstraint("basis IN ('decided', 'computed', 'assumed')", name="basis"),
        CheckConstraint(_TAG, name="tag"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column("on_date", unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    #: slots like "07:30-11:30 13:30-17:00"; empty is what the kind says
    hours: Mapped[str] = mapped_column(String(100), default="")
    #: decided by the year's decision, computed from the law, or assumed until the decision is seen
    basis: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Text)
    tag: Mapped[str] = mapped_column(String(1))
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class WorkingHours(Base):
    """One open slot of a weekday (1 Monday to 7 Sunday), minutes of the day, half-open."""

    __tablename__ = "working_hours"
    __table_args__ = (
        UniqueConstraint("weekday", "begins", "valid_from"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("begins >= 0 AND begins < ends AND ends <= 1440", name="slot"),
        CheckConstraint(_PERIOD, name="period"),
        CheckConstraint(_TAG, name="tag"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    weekday: Mapped[int]
    begins: Mapped[int]
    ends: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    tag: Mapped[str] = mapped_column(String(1))
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class TimeLimit(Base):
    """One time limit in one validity [valid_from, valid_to); a change is a new row."""

    __tablename__ = "time_limit"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint(one_of("clock", Clock), name="clock"),
        CheckConstraint(one_of("unit", LimitUnit), name="unit"),
        CheckConstraint(one_of("start_event", StartEvent), name="start_event"),
        CheckConstraint("amount BETWEEN 1 AND 2000", name="amount"),
        CheckConstraint(_PERIOD, name="period"),
        CheckConstraint(_TAG, name="tag"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    clock: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    start_event: Mapped[str] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(String(40))
    urgency: Mapped[str | None] = mapped_column(String(20))
    first_day_counted: Mapped[bool] = mapped_column(default=False)
    roll_to_working: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    tag: Mapped[str] = mapped_column(String(1))
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Rung(Base):
    """One level of the ladder in one validity [valid_from, valid_to); a change is a new row."""

    __tablename__ = "rung"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("level >= 1", name="level"),
        CheckConstraint("after_unit IS NULL OR " + one_of("after_unit", LimitUnit), name="after_unit"),
        CheckConstraint("at_percent IS NULL OR at_percent BETWEEN 1 AND 100", name="at_percent"),
        CheckConstraint("after_amount IS NULL OR after_amount >= 0", name="after_amount"),
        CheckConstraint(_PERIOD, name="period"),
        CheckConstraint(_TAG, name="tag"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    level: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    #: a role's code: official, body_head, standing_members, standing_committee
    recipient: Mapped[str] = mapped_column(String(40))
    is_warning: Mapped[bool] = mapped_column(default=False)
    at_percent: Mapped[int | None]
    after_amount: Mapped[int | None]
    after_unit: Mapped[str | None] = mapped_column(String(20))
    urgency: Mapped[str | None] = mapped_column(String(20))
    after_reopenings: Mapped[int | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    tag: Mapped[str] = mapped_column(String(1))
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
