"""Accounts, the roles they hold in a scope, who stands in for whom, and log-in sessions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base, one_of
from tracker.domain.mailing import MailChoice
from tracker.domain.people import Role


class Account(Base):
    """A person who can log in. The name shown is the person's office name where they wish so."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint(one_of("mail_choice", MailChoice), name="mail_choice"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    mail_choice: Mapped[str] = mapped_column(String(10), default=MailChoice.EACH.value)
    #: the last working day whose digest was written, or found to have nothing to say
    digested_on: Mapped[date | None]


class RoleGrant(Base):
    """One role in one scope from a day (inclusive) to a day (exclusive)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint(
            "(body_id IS NOT NULL AND unit_id IS NULL AND role IN ('official', 'body_head')) OR "
            "(unit_id IS NOT NULL AND body_id IS NULL AND role NOT IN ('official', 'body_head'))",
            name="scope",
        ),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
        UniqueConstraint("account_id", "role", "unit_id", "body_id", "valid_from"),
        Index(None, "role", "unit_id"),
        Index(None, "role", "body_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Absence(Base):
    """A person away from a day (inclusive) to a day (exclusive), and the one who stands in for them."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("valid_to > valid_from", name="period"),
        CheckConstraint("substitute_id <> account_id", name="another"),
        UniqueConstraint("account_id", "valid_from"),
        Index(None, "valid_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class LoginSession(Base):
    """One log-in on one device; ended by log-out, by the person from another device, or by an administrator."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    #: SHA-256 of the token in the cookie: who reads the table can't log in
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
