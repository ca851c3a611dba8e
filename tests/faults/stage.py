"""Who and what a round is played with: a ward, and tickets whose levels are known by hand, not reckoned.

The levels owed hold from 9:00 to 16:00 of ``NOW``'s day, but for the urgent ticket that ``brink`` adds.
"""

import json
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from tests.late import DUE, FILED, Late
from tests.makers import Makers
from tracker.adapters.mail import Letter
from tracker.db.base import db
from tracker.db.tables.clocks import Clock, Pause
from tracker.domain.dates import ZONE

PROMISED = datetime(2026, 11, 20, 7, 30, tzinfo=ZONE)
"""When the paused ticket's pause ends by itself."""
FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=ZONE)
"""Due time of the extension's clock: both its levels are reached on Monday's evening."""
MONDAY = datetime(2026, 11, 23, 17, 0, tzinfo=ZONE)
"""Due time of the paused ticket: Tuesday is a holiday, so level 3 lies two working days on, on Thursday."""
BRINK = datetime(2026, 11, 25, 8, 45, tzinfo=ZONE)
"""Due time of an urgent ticket that is at level 2, and reaches level 3 two hours later, at 10:45."""

ALL = frozenset({1, 2, 3, 4, 5})


@dataclass(frozen=True)
class Owed:
    """One ticket of a round: the levels its one running clock must have climbed, and a pause that must be over."""

    ticket_id: int
    clock: str
    due_at: datetime
    levels: frozenset[int]
    pause_id: int | None = None


@dataclass
class Letterbox:
    """A mail server that takes every letter and writes it down at once, so that a killed process can't forget it."""

    path: Path

    def send(self, letter: Letter) -> None:
        line = json.dumps([letter.to, letter.reference, letter.text], ensure_ascii=False) + "\n"
        with self.path.open("ab", buffering=0) as file:
            file.write(line.encode())
            os.fsync(file.fileno())

    def close(self) -> None:
        """Nothing is open."""

    def letters(self) -> list[tuple[str, str, str]]:
        """Return address, reference and text of each letter taken, in order."""
        if not self.path.exists():
            return []
        return [tuple(json.loads(line)) for line in self.path.read_text("utf-8").splitlines()]


@dataclass
class Stage:
    """The ward of all rounds on one database."""

    make: Makers
    folder: Path
    late: Late = field(init=False)
    letterbox: Letterbox = field(init=False)

    def __post_init__(self) -> None:
        self.late = Late(self.make)
        self.letterbox = Letterbox(self.folder / "letters.jsonl")

    @property
    def database(self) -> str:
        return "PostgreSQL" if db.engine.dialect.name == "postgresql" else "SQLite"

    def told(self, clock: str, level: int) -> int:
        """Return the one account that a level of the clock is told to."""
        late = self.late
        ladder = [late.official, late.head, late.member, late.standing, late.board]
        found = (ladder if clock == "answer" else ladder[3:])[level - 1].account_id
        assert found is not None
        return found

    def enter(
        self, plain: int = 2, *, shift: timedelta = timedelta(0), brink: Collection[int] = ()
    ) -> list[Owed]:
        """Put a round's tickets into the database, all to be swept: late, urgent, paused, with an extension asked.

        ``shift`` (far into the past) moves all their dates; then every level is owed. ``brink`` adds an urgent
        ticket that owes those levels.
        """
        owed = self._late(plain, ALL if shift else {1, 2, 3, 4}, DUE, shift)
        owed += self._late(1, ALL, DUE, shift, urgency="khan")
        owed += self._asked(shift)
        owed += self._paused(ALL if shift else {1, 2}, shift)
        if brink:
            filed = BRINK - timedelta(days=2)
            owed += self._late(1, brink, BRINK, shift, urgency="khan", filed_at=filed)
        return owed

    def _late(
        self, number: int, levels: Collection[int], due_at: datetime, shift: timedelta, **more: Any
    ) -> list[Owed]:
        filed = more.pop("filed_at", FILED) + shift
        next_at = filed + timedelta(hours=2)
        ids = self.late.tickets(number, due_at=due_at + shift, next_at=next_at, filed_at=filed, **more)
        return [Owed(one, "answer", due_at + shift, frozenset(levels)) for one in ids]

    def _asked(self, shift: timedelta) -> list[Owed]:
        (ticket,) = self.late.tickets(due_at=None, filed_at=FILED + shift)
        due_at = FRIDAY + shift
        clock = {"kind": "extension", "rule_code": "extension_default", "started_at": FILED + shift}
        db.session.execute(insert(Clock).values(ticket_id=ticket, due_at=due_at, next_at=due_at, **clock))
        db.session.commit()
        return [Owed(ticket, "extension", due_at, frozenset({1, 2}))]

    def _paused(self, levels: Collection[int], shift: timedelta) -> list[Owed]:
        (owed,) = self._late(1, levels, MONDAY, shift)
        clock = db.session.scalars(select(Clock).where(Clock.ticket_id == owed.ticket_id)).one()
        clock.next_at = PROMISED + shift
        pause = Pause(
            ticket_id=owed.ticket_id,
            clock_id=clock.id,
            begins_at=PROMISED + shift - timedelta(days=7),
            promised_at=PROMISED + shift,
            reason="Chờ điện lực cắt điện",
            account_id=self.late.official.account_id,
        )
        db.session.add(pause)
        db.session.commit()
        return [Owed(owed.ticket_id, "answer", owed.due_at, owed.levels, pause.id)]
