"""The stamp of all dated rules: it moves with every change, so that each process knows when to read them again."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base


class ReferenceStamp(Base):
    """One row whose number rises with every change of units, bodies, rules, calendar, ladder or rubric."""

    __tablename__ = "reference_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[int] = mapped_column(default=1)
