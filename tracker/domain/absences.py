"""Who stands in for whom: absences with a substitute, followed to the one who is there.

The substitute has the offices of the one away for those days, with ``acting_for``; the one away keeps the own
rights and is told nothing of them. The administration of the system is no office and is never passed on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain.dates import date_words
from tracker.domain.errors import Invalid
from tracker.domain.org import OrgTree
from tracker.domain.people import Grant, Holding, Role

MOST_STEPS = 5
"""How many substitutes are followed when each is away in turn."""
LONGEST = timedelta(days=366)
NOT_PASSED_ON = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Absence:
    """A person away from a day (inclusive) to a day (exclusive), and who stands in for them."""

    account_id: int
    substitute_id: int
    valid_from: date
    valid_to: date
    reason: str = ""

    def holds_on(self, on: date) -> bool:
        """Return whether the person is away on the day."""
        return self.valid_from <= on < self.valid_to


def stand_ins(absences: Iterable[Absence], on: date) -> Mapping[int, int]:
    """Return who stands in for each one away on the day, by the id of the one away.

    A substitute who is away as well is stood in for by the own substitute, to ``MOST_STEPS``; a circle or a
    longer chain reaches nobody, and the one away is then not in the answer: the office stays theirs.
    """
    away = {one.account_id: one.substitute_id for one in absences if one.holds_on(on)}
    found = {account_id: _followed(account_id, away) for account_id in away}
    return {account_id: there for account_id, there in found.items() if there is not None}


def _followed(account_id: int, away: Mapping[int, int]) -> int | None:
    """Return the first of the chain who is there; None for a circle or a chain of too many steps."""
    at, seen = account_id, {account_id}
    for _ in range(MOST_STEPS):
        at = away[at]
        if at in seen:
            return None
        if at not in away:
            return at
        seen.add(at)
    return None


def with_substitutes(
    held: Iterable[Holding], standing: Mapping[int, int], names: Mapping[int, str]
) -> tuple[Holding, ...]:
    """Return the holdings with those of the substitutes behind those of the ones away, which are marked.

    ``standing`` is what ``stand_ins`` says, ``names`` what the ones away are called.
    """
    return tuple(one for holding in held for one in _both(holding, standing, names))


def _both(holding: Holding, standing: Mapping[int, int], names: Mapping[int, str]) -> Iterator[Holding]:
    there = standing.get(holding.account_id)
    if there is None or holding.role in NOT_PASSED_ON:
        yield holding
        return
    yield replace(holding, is_away=True)
    name = names.get(holding.account_id, "")
    yield replace(holding, account_id=there, acting_for=holding.account_id, acting_for_name=name)


def passed_on(grants: Iterable[Grant], of: int) -> tuple[Grant, ...]:
    """Return the roles of account ``of`` as its substitute has them."""
    return tuple(replace(one, acting_for=of) for one in grants if one.role not in NOT_PASSED_ON)


def check_absence(new: Absence, others: Sequence[Absence], today: date) -> None:
    """Raise Invalid, with a sentence a field, for an absence that can't be: see the sentences below.

    ``others`` are the absences of everybody that are not over. What lies behind is not rewritten: an absence
    begins today or later, so nobody becomes a substitute for a day on which they knew nothing of it.
    """
    _check_days(new, today)
    if new.account_id == new.substitute_id:
        raise _wrong("substitute", "Người thay phải là người khác.")
    for one in others:
        if one.account_id == new.account_id and _overlap(one, new):
            since, to = date_words(one.valid_from), date_words(one.valid_to - timedelta(days=1))
            raise _wrong("valid_from", f"Đã ghi vắng mặt từ {since} đến hết {to}. Kết thúc lần ấy trước.")
    for day in _turning_days(new, others):
        _check_chains(new, others, day)


def _check_days(new: Absence, today: date) -> None:
    if new.valid_to <= new.valid_from:
        raise _wrong("valid_to", "Ngày cuối vắng mặt không thể trước ngày đầu.")
    if new.valid_from < today:
        raise _wrong("valid_from", "Chỉ ghi vắng mặt từ hôm nay trở đi.")
    if new.valid_to - new.valid_from > LONGEST or new.valid_from - today > LONGEST:
        raise _wrong("valid_to", "Vắng mặt quá một năm: hãy thôi giữ vai trò và giao cho người khác.")


def _check_chains(new: Absence, others: Sequence[Absence], day: date) -> None:
    """Raise Invalid when, with the new absence, somebody away on the day would have nobody to stand in."""
    away = {one.account_id: one.substitute_id for one in (*others, new) if one.holds_on(day)}
    before = stand_ins(others, day)
    if new.account_id in away and _followed(new.account_id, away) is None:
        raise _wrong(
            "substitute",
            f"Ngày {date_words(day)} người thay cũng vắng mặt và việc thay vòng lại hoặc qua quá {MOST_STEPS} "
            "người. Chọn người khác.",
        )
    if any(_followed(one, away) is None for one in before):
        raise _wrong(
            "substitute",
            f"Ngày {date_words(day)} đồng chí đang thay người khác, và việc thay sẽ qua quá {MOST_STEPS} người.",
        )


def _turning_days(new: Absence, others: Iterable[Absence]) -> list[date]:
    """Return the days of the new absence on which somebody's absence begins."""
    return sorted({new.valid_from, *(one.valid_from for one in others if new.holds_on(one.valid_from))})


def _overlap(one: Absence, other: Absence) -> bool:
    return one.valid_from < other.valid_to and other.valid_from < one.valid_to


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, {name: sentence})


def may_name(own: Sequence[Grant], other: Iterable[Grant], tree: OrgTree) -> bool:
    """Return whether a person may name the other as substitute by themselves: a colleague of the same place.

    A member of the inspection committee names another of that committee alone, since restricted matters go
    with the office. Anybody else is named by the administrator, who gives roles anyway.
    """
    mine = {place for grant in own for place in [_place(grant, tree)] if place}
    theirs = {place for grant in other for place in [_place(grant, tree)] if place}
    sealed = {place for place in mine if place[0] == Role.INSPECTION}
    return sealed <= theirs and bool(mine & theirs)


def _place(grant: Grant, tree: OrgTree) -> tuple[str, int] | None:
    """Return where a role makes colleagues; an assigned committee member's are in the committee above."""
    if grant.role in NOT_PASSED_ON or grant.acting_for is not None:
        return None
    if grant.body_id is not None:
        return ("body", grant.body_id)
    if grant.unit_id is None:
        return None
    if grant.role == Role.INSPECTION:
        return (Role.INSPECTION, grant.unit_id)
    if grant.role == Role.COMMITTEE_MEMBER:
        path = tree.path(grant.unit_id)
        return ("unit", path[1]) if len(path) > 1 else None
    return ("unit", grant.unit_id)
