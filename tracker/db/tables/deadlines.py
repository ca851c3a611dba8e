"""The calendar, the time limits and the ladder as dated rows: what is edited is the rule, never the code."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base, one_of
from tracker.domain.calendar import DayKind
from tracker.domain.extension_rules import DECIDER_WORDS
from tracker.domain.time_limits import Clock, LimitUnit, StartEvent

_PERIOD = "valid_to IS NULL OR valid_to > valid_from"
_TAG = "tag IN ('S', 'C', 'M', 'X', 'G')"
_ONE_OWNER = "unit_id IS NULL OR body_id IS NULL"
_NATION = text("unit_id IS NULL AND body_id IS NULL")


class CalendarDay(Base):
    """A day that differs from its weekday. It holds on its own date, so it needs no other validity.

    It is a unit's (and of all below it), a body's, or, with neither, the nation's; one row an owner and date.
    """

    __tablename__ = "calendar_day"
    __table_args__ = (
        CheckConstraint(one_of("kind", DayKind), name="kind"),
        CheckConstraint("basis IN ('decided', 'computed', 'assumed')", name="basis"),
        CheckConstraint(_TAG, name="tag"),
        CheckConstraint(_ONE_OWNER, name="owner"),
        UniqueConstraint("unit_id", "on_date"),
        UniqueConstraint("body_id", "on_date"),
        # The two above take every NULL for another one, so the nation's rows have an index of their own.
        Index(
            "uq_calendar_day_national",
            "on_date",
            unique=True,
            sqlite_where=_NATION,
            postgresql_where=_NATION,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    on: Mapped[date] = mapped_column("on_date")
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
    """One open slot of a weekday (1 Monday to 7 Sunday), minutes of the day, half-open.

    The slots of one owner (unit, body or, with neither, the nation) that begin on one day are one version.
    """

    __tablename__ = "working_hours"
    __table_args__ = (
        CheckConstraint(_ONE_OWNER, name="owner"),
        UniqueConstraint("unit_id", "weekday", "begins", "valid_from"),
        UniqueConstraint("body_id", "weekday", "begins", "valid_from"),
        Index(
            "uq_working_hours_national",
            "weekday",
            "begins",
            "valid_from",
            unique=True,
            sqlite_where=_NATION,
            postgresql_where=_NATION,
        ),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("begins >= 0 AND begins < ends AND ends <= 1440", name="slot"),
        CheckConstraint(_PERIOD, name="period"),
        CheckConstraint(_TAG, name="tag"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
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


class ExtensionRule(Base):
    """Who may grant more time for an answer, how much and how often, in one validity; a change is a new row."""

    __tablename__ = "extension_rule"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint(one_of("unit", LimitUnit), name="unit"),
        CheckConstraint(one_of("decider", DECIDER_WORDS), name="decider"),
        CheckConstraint("max_amount BETWEEN 1 AND 2000", name="max_amount"),
        CheckConstraint("max_times BETWEEN 1 AND 2000", name="max_times"),
        CheckConstraint(_PERIOD, name="period"),
        CheckConstraint(_TAG, name="tag"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    max_amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    max_times: Mapped[int]
    #: a role's code
    decider: Mapped[str] = mapped_column(String(40))
    category: Mapped[str | None] = mapped_column(String(40))
    urgency: Mapped[str | None] = mapped_column(String(20))
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
        CheckConstraint(one_of("clock", Clock), name="clock"),
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
    after_bounces: Mapped[int | None]
    #: so many meetings in which the concern was raised
    after_meetings: Mapped[int | None]
    #: whose lateness it is about: each clock has a ladder of its own
    clock: Mapped[str] = mapped_column(String(20), default="answer")
    category: Mapped[str | None] = mapped_column(String(40))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    tag: Mapped[str] = mapped_column(String(1))
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
