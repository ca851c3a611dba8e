"""Weekly hours as an administrator types them, a line a weekday, and as versions that follow each other in time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.domain.calendar import WEEKDAY_WORDS, Slot, Week
from tracker.domain.calendars import NATION, OpenSlot, Owner
from tracker.domain.errors import Invalid
from tracker.domain.validity import Version

MOST_SLOTS = 6
"""More openings a day than anybody has."""

DAY_FIELDS = tuple(f"day_{weekday}" for weekday in range(1, 8))
"""The names of the lines of Monday to Sunday."""


@dataclass(frozen=True)
class HoursChange:
    """The owner's week from a day (inclusive) to a day (exclusive; None: with no end yet).

    ``version``: what ``HoursVersion.version`` was when the person saw the owner's hours; 0 when there were none.
    """

    owner: Owner
    lines: Mapping[str, str]
    valid_from: date
    valid_to: date | None
    source: str
    tag: str
    version: int | None = None


@dataclass(frozen=True)
class HoursVersion:
    """One week that the owner had, has or will have; ``id`` is that of one of its rows."""

    id: int
    week: Week
    valid_from: date
    valid_to: date | None
    source: str
    tag: str
    version: int

    @property
    def period(self) -> Version:
        """Its place in time."""
        return Version(self.id, self.valid_from, self.valid_to)

    @property
    def lines(self) -> dict[str, str]:
        """The week as it is typed, by the names of its lines."""
        return lines_of(self.week)

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """Each weekday's name with its hours in words."""
        return week_words(self.week)


def parse_week(lines: Mapping[str, str]) -> Week:
    """Return the week typed a line a weekday, as "07:30-11:30 13:30-17:00"; an empty line is a day off.

    Raises Invalid with a sentence at each line that can't be read or whose slots overlap, and one at Monday for
    a week with no open time.
    """
    week: list[tuple[Slot, ...]] = []
    errors: dict[str, str] = {}
    for name, weekday in zip(DAY_FIELDS, WEEKDAY_WORDS, strict=True):
        try:
            week.append(parse_slots(lines.get(name, ""), weekday))
        except Invalid as invalid:
            errors[name] = invalid.sentence
    if not errors and not any(week):
        errors[DAY_FIELDS[0]] = "Tuần này không có giờ làm việc nào. Ghi giờ cho ít nhất một ngày."
    if errors:
        raise Invalid(" ".join(errors.values()), errors)
    return tuple(week)


def parse_slots(text: str, where: str) -> tuple[Slot, ...]:
    """Return the slots of one day in order; raise Invalid, naming ``where``, for what isn't one and for overlaps."""
    parts = text.replace(",", " ").replace(";", " ").replace("–", "-").replace(" - ", "-").split()
    if len(parts) > MOST_SLOTS:
        raise Invalid(f"{where}: nhiều nhất {MOST_SLOTS} khung giờ một ngày.")
    slots = tuple(sorted(Slot.parse(part) for part in parts))
    for earlier, later in pairwise(slots):
        if later.begins < earlier.ends:
            raise Invalid(f"{where}: khung giờ {earlier.words} và {later.words} trùng nhau.")
    return slots


def lines_of(week: Week) -> dict[str, str]:
    """Return the week as it is typed, by the names of its lines."""
    return {
        name: " ".join(slot.words.replace("–", "-") for slot in slots)
        for name, slots in zip(DAY_FIELDS, week, strict=True)
    }


def week_words(week: Week) -> tuple[tuple[str, str], ...]:
    """Return each weekday's name with its hours in words, weekdays in a row with the same hours together."""
    found: list[tuple[str, str, str]] = []
    for name, slots in zip(WEEKDAY_WORDS, week, strict=True):
        hours = ", ".join(slot.words for slot in slots) or "nghỉ"
        if found and found[-1][2] == hours:
            found[-1] = (found[-1][0], name, hours)
        else:
            found.append((name, name, hours))
    return tuple((first if first == last else f"{first} – {last}", hours) for first, last, hours in found)


def check_lasting(owner: Owner, valid_to: date | None) -> None:
    """Raise Invalid, on ``valid_to``, when the nation would be left without hours: nobody's would stand behind."""
    if owner == NATION and valid_to is not None:
        sentence = "Giờ làm việc chung phải luôn có: để trống ngày này, rồi ghi giờ mới từ ngày đổi."
        raise Invalid(sentence, {"valid_to": sentence})


def open_slots(week: Week, valid_from: date, valid_to: date | None) -> tuple[OpenSlot, ...]:
    """Return the week's slots, each with the week's validity."""
    return tuple(
        OpenSlot(weekday, slot, valid_from, valid_to) for weekday, slots in enumerate(week) for slot in slots
    )


def versions_of(rows: Iterable[tuple[int, OpenSlot, str, str, int]]) -> tuple[HoursVersion, ...]:
    """Return the weeks made of rows (id, slot, source, tag, version) that begin on the same day, oldest first."""
    groups: dict[date, list[tuple[int, OpenSlot, str, str, int]]] = {}
    for row in rows:
        groups.setdefault(row[1].valid_from, []).append(row)
    return tuple(_version(groups[since]) for since in sorted(groups))


def _version(rows: Sequence[tuple[int, OpenSlot, str, str, int]]) -> HoursVersion:
    week: list[list[Slot]] = [[] for _ in range(7)]
    for _, one, *_rest in rows:
        week[one.weekday].append(one.slot)
    row_id, slot, source, tag, version = rows[0]
    return HoursVersion(
        row_id,
        tuple(tuple(sorted(slots)) for slots in week),
        slot.valid_from,
        slot.valid_to,
        source,
        tag,
        version,
    )
