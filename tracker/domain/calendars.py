"""Whose calendar it is: the nation's days, over them those of the units from the top down, over them a body's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.calendar import CalendarDay, Slot, Week, WorkingCalendar
from tracker.domain.errors import Invalid
from tracker.domain.org import OrgTree
from tracker.domain.time_limits import Clock


@dataclass(frozen=True)
class Owner:
    """Whose hours or day it is: a unit's (and all below it), a body's, or, with neither, the nation's."""

    unit_id: int | None = None
    body_id: int | None = None

    def __post_init__(self) -> None:
        if self.unit_id is not None and self.body_id is not None:
            raise Invalid("Lịch là của một cấp ủy, chi bộ hoặc của một đơn vị xử lý, không của cả hai.")


NATION = Owner()


@dataclass(frozen=True)
class OpenSlot:
    """One open slot of a weekday (0 Monday to 6 Sunday) from a day (inclusive) to a day (exclusive)."""

    weekday: int
    slot: Slot
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, on: date) -> bool:
        """Return whether it is in force on the day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class Calendars:
    """The calendars of the nation, of every unit and of every body on the tree's day.

    Days of the nation are overlaid by those of the units from the top down to the body's committee, then by the
    body's own. Weekly hours are those of the nearest owner that has any in force on the day. A calendar is built
    when first asked for and kept; owners who change nothing share the calendar of those above them.
    """

    hours: Mapping[Owner, tuple[OpenSlot, ...]]
    days: Mapping[Owner, Mapping[date, CalendarDay]]
    tree: OrgTree
    _built: dict[tuple[Owner, ...], WorkingCalendar] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _owned: dict[Owner, WorkingCalendar] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def build(
        cls,
        hours: Iterable[tuple[Owner, OpenSlot]],
        days: Iterable[tuple[Owner, CalendarDay]],
        tree: OrgTree,
    ) -> "Calendars":
        """Return the calendars of the given slots and days."""
        slots: dict[Owner, list[OpenSlot]] = {}
        for owner, slot in hours:
            slots.setdefault(owner, []).append(slot)
        entries: dict[Owner, dict[date, CalendarDay]] = {}
        for owner, day in days:
            entries.setdefault(owner, {})[day.on] = day
        return cls({owner: tuple(own) for owner, own in slots.items()}, entries, tree)

    @property
    def national(self) -> WorkingCalendar:
        """Return the nation's calendar; raises Invalid when its hours leave no open time or overlap."""
        return self.of(NATION)

    def of_unit(self, unit_id: int) -> WorkingCalendar:
        """Return the calendar of a unit; the nation's for a unit that has none and none above it."""
        return self.of(Owner(unit_id=unit_id))

    def of_body(self, body_id: int | None) -> WorkingCalendar:
        """Return the calendar by which the body works; the nation's when nobody has the concern yet."""
        return self.of(Owner(body_id=body_id))

    def of_clock(self, kind: str, branch_id: int, body_id: int | None) -> WorkingCalendar:
        """Return the calendar by which a ticket's clock runs: that of whoever has to act."""
        return self.of(self.owner_of_clock(kind, branch_id, body_id))

    def owner_of_clock(self, kind: str, branch_id: int, body_id: int | None) -> Owner:
        """Return by whose calendar a ticket's clock runs.

        The body's for receipt and answer, the branch's for bringing the answer back; its committee's for placing a
        concern, for deciding on more time, and while nobody has it.
        """
        if kind == Clock.BRING_BACK:
            return Owner(unit_id=branch_id)
        if kind in (Clock.ANSWER, Clock.ACKNOWLEDGE) and body_id is not None:
            return Owner(body_id=body_id)
        above = self.tree.path(branch_id)[1:2]
        return Owner(unit_id=above[0]) if above else NATION

    def of(self, owner: Owner) -> WorkingCalendar:
        """Return the owner's calendar; raises Invalid when its hours leave no open time or overlap."""
        found = self._owned.get(owner)
        if found is None:
            chain = tuple(one for one in self.chain(owner) if one in self.hours or one in self.days)
            found = self._owned[owner] = self._built.get(chain) or self._build(chain)
            self._built[chain] = found
        return found

    def chain(self, owner: Owner) -> tuple[Owner, ...]:
        """Return from whom the owner takes its calendar: the nation first, the owner itself last."""
        if owner == NATION:
            return (NATION,)
        body = self.tree.bodies.get(owner.body_id or 0)
        top = body.committee_id if body else owner.unit_id
        units = [Owner(unit_id=unit_id) for unit_id in reversed(self.tree.path(top))] if top else []
        return tuple(dict.fromkeys((NATION, *units, owner)))

    def day_owner(self, owner: Owner, on: date) -> Owner | None:
        """Return whose entry makes the day differ in the owner's calendar; None when the week alone says it."""
        return next((one for one in reversed(self.chain(owner)) if on in self.days.get(one, {})), None)

    def hours_owner(self, owner: Owner, on: date) -> Owner | None:
        """Return whose weekly hours the owner works by on the day; None when nobody has any."""
        return next((one for one in reversed(self.chain(owner)) if self._week(one, on)), None)

    def _build(self, chain: tuple[Owner, ...]) -> WorkingCalendar:
        days: dict[date, CalendarDay] = {}
        for owner in chain:
            days |= self.days.get(owner, {})
        first, *later = self._weeks(chain) or [(date.min, ((),) * 7)]
        return WorkingCalendar(first[1], days, tuple(later))

    def _weeks(self, chain: tuple[Owner, ...]) -> list[tuple[date, Week]]:
        """Return from which day on which week holds, in order."""
        slots = [slot for owner in chain for slot in self.hours.get(owner, ())]
        turns = {slot.valid_from for slot in slots} | {slot.valid_to for slot in slots if slot.valid_to}
        weeks: list[tuple[date, Week]] = []
        for on in sorted(turns):
            week = next((found for owner in reversed(chain) if (found := self._week(owner, on))), ((),) * 7)
            if not weeks or weeks[-1][1] != week:
                weeks.append((on, week))
        return weeks

    def _week(self, owner: Owner, on: date) -> Week | None:
        """Return the owner's own week in force on the day, or None."""
        week: list[list[Slot]] = [[] for _ in range(7)]
        for one in self.hours.get(owner, ()):
            if one.holds_on(on):
                week[one.weekday].append(one.slot)
        return tuple(tuple(sorted(slots)) for slots in week) if any(week) else None
