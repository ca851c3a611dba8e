"""What many rounds came to, by fault and database, and the table that a run prints."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields


@dataclass
class Figures:
    """What a round, or many, came to."""

    rounds: int = 0
    kills: int = 0
    #: sweeps and deliveries that ended with an error or left something aside
    failed: int = 0
    levels: int = 0
    #: acts of a person that must stand once
    acts: int = 0
    lost: int = 0
    doubled_levels: int = 0
    doubled_events: int = 0
    doubled_audit: int = 0
    doubled_notices: int = 0
    #: next instants, levels of tickets, pauses and links of the chain that don't hold
    wrong: int = 0
    #: notices told by mail, each counted once
    mailed: int = 0
    #: letters that came once more, under the same Message-ID
    repeated: int = 0

    @property
    def doubled(self) -> int:
        """Return how many rows there are too many."""
        return self.doubled_levels + self.doubled_events + self.doubled_audit + self.doubled_notices

    def add(self, other: "Figures") -> None:
        """Add the other's figures to these."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass
class Tally:
    """A run's figures by kind of fault and database."""

    seed: int
    _by_kind: dict[tuple[str, str], Figures] = field(default_factory=lambda: defaultdict(Figures))
    _killed_at: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, database: str, figures: Figures) -> None:
        """Add a round."""
        self._by_kind[kind, database].add(figures)

    def killed(self, point: str) -> None:
        """Remember at which point something was killed."""
        self._killed_at[point] += 1

    def total(self) -> Figures:
        """Return the sum of all rounds but the negative controls."""
        found = Figures()
        for (kind, _), figures in self._by_kind.items():
            if not kind.startswith(CONTROL):
                found.add(figures)
        return found

    def lines(self) -> Iterable[str]:
        """Yield the table, then the points at which something was killed."""
        yield (
            "| fault | database | " + " | ".join(one.name.replace("_", " ") for one in fields(Figures)) + " |"
        )
        yield "|---|---|" + "---:|" * len(fields(Figures))
        controls_last = sorted(self._by_kind, key=lambda key: (key[0].startswith(CONTROL), key))
        for key in controls_last:
            yield _line(*key, self._by_kind[key])
        yield _line("**all but the controls**", "both", self.total())
        yield ""
        points = ", ".join(f"{name} {times}" for name, times in sorted(self._killed_at.items()))
        yield f"Seed {self.seed}. Killed at: {points}."


CONTROL = "control: "
"""How the name of a negative control begins: there, rows are expected to be lost or doubled."""


def _line(kind: str, database: str, figures: Figures) -> str:
    numbers = " | ".join(str(getattr(figures, one.name)) for one in fields(figures))
    return f"| {kind} | {database} | {numbers} |"
