"""The shipped scoring tables are whole, and a table with a gap doesn't get in."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import tracker.data
from tracker.domain.errors import Invalid, NotFound
from tracker.domain.rubric import GRADE_LABELS, Grade, read_rubric, rubric_on

DATA = Path(tracker.data.__path__[0]) / "assessments"
FILES = sorted(DATA.glob("*.json"))
HD42: dict[str, Any] = json.loads((DATA / "hd42.json").read_text())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_shipped_table_is_whole_and_names_its_source(file: Path) -> None:
    rubric = read_rubric(json.loads(file.read_text()))
    assert rubric.code == file.stem
    assert rubric.source
    assert rubric.notes
    assert rubric.tag == "C"
    assert [row.at_least for row in rubric.grades] == [90, 70, 50, 0]


def test_the_frame_of_hd_42_is_five_five_ten_forty_five_thirty_five() -> None:
    assert [group.max_points for group in read_rubric(HD42).groups] == [5, 5, 10, 40, 5, 30, 5]


def test_the_classes_have_the_partys_words() -> None:
    assert [GRADE_LABELS[grade] for grade in Grade] == ["Tốt", "Khá", "Trung bình", "Kém"]


def broken(change: Callable[[dict[str, Any]], None]) -> dict[str, str]:
    data = deepcopy(HD42)
    change(data)
    with pytest.raises(Invalid) as refused:
        read_rubric(data)
    return refused.value.fields


def duration_levels(data: dict[str, Any]) -> list[dict[str, Any]]:
    levels: list[dict[str, Any]] = data["groups"][0]["criteria"][0]["levels"]
    return levels


def test_a_group_whose_criteria_do_not_add_up_is_refused() -> None:
    assert "groups.conduct" in broken(lambda data: data["groups"][3]["criteria"].pop())


def test_groups_that_do_not_make_a_hundred_are_refused() -> None:
    fields = broken(lambda data: data["groups"].pop())
    assert "95" in fields["groups"]


def test_levels_with_a_gap_at_the_bottom_are_refused() -> None:
    assert "khoảng trống" in broken(lambda data: duration_levels(data).pop())["criteria.duration"]


def test_levels_out_of_order_are_refused() -> None:
    assert "criteria.duration" in broken(lambda data: duration_levels(data)[1].update(short_by=40))
    assert "criteria.duration" in broken(lambda data: duration_levels(data)[1].update(points=2))
    assert "criteria.duration" in broken(lambda data: duration_levels(data)[0].update(points=4))


def test_levels_that_overlap_for_one_required_time_only_are_refused_too() -> None:
    fields = broken(lambda data: duration_levels(data)[2].update(short_by=50))
    assert "criteria.duration" in fields


def test_classes_that_are_incomplete_or_not_descending_are_refused() -> None:
    assert "grades" in broken(lambda data: data["grades"].pop())
    assert "grades" in broken(lambda data: data["grades"][1].update(at_least=95))


def test_a_code_used_twice_is_refused() -> None:
    def rename(data: dict[str, Any]) -> None:
        data["groups"][6]["criteria"][0]["code"] = "chairing"

    assert "criteria.chairing" in broken(rename)


def test_an_unknown_tag_or_measure_or_a_missing_part_is_refused() -> None:
    assert "tag" in broken(lambda data: data.update(tag="Z"))
    assert broken(lambda data: data.pop("groups")) == {}
    assert broken(lambda data: data["groups"][0]["criteria"][0].update(measure="weather")) == {}


def test_the_table_of_a_day_is_the_one_valid_on_it() -> None:
    old = read_rubric(HD42 | {"code": "old", "valid_from": "2025-10-28", "valid_to": "2026-07-01"})
    new = read_rubric(HD42 | {"code": "new", "valid_from": "2026-07-01"})
    assert rubric_on([new, old], date(2026, 6, 30)) is old
    assert rubric_on([old, new], date(2026, 7, 1)) is new
    with pytest.raises(NotFound, match="27/10/2025"):
        rubric_on([old, new], date(2025, 10, 27))
