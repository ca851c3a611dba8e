"""What the running processes tell about themselves."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base


class Heartbeat(Base):
    """When something that must go on by itself last did its work; one row a name, overwritten."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
