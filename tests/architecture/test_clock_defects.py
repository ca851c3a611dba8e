"""The list of other clocks' defects is whole and true: its tests exist, and each cites the row it stands for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "clock-defects.md"
ROWS = [*(f"M{n}" for n in range(1, 6)), *(str(n) for n in range(1, 49))]
NOT_YET = "not yet"


class Row(NamedTuple):
    """A line of the table; ``references`` and ``tests`` are what stands in code marks."""

    name: str
    references: tuple[str, ...]
    tests: tuple[str, ...]
    last: str


def rows(text: str) -> list[Row]:
    """Return the rows of the page's table."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\|)\|(?!\|)", line)[1:-1]]
        if len(cells) == 4 and re.fullmatch(r"M?\d+", cells[0]):
            name, references, _, last = cells
            quoted = re.compile(r"`([^`]+)`")
            found.append(Row(name, tuple(quoted.findall(references)), tuple(quoted.findall(last)), last))
    return found


def docstrings() -> dict[str, str]:
    """Return what each test says of itself, by its name under tests/, its class's and module's words behind."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        module = ast.parse(path.read_text("utf-8"))
        for name, words in _told(module, ast.get_docstring(module) or ""):
            found[f"{path.relative_to(ROOT / 'tests')}::{name}"] = words
    return found


def _told(scope: ast.Module | ast.ClassDef, above: str) -> Iterator[tuple[str, str]]:
    for node in scope.body:
        words = (
            f"{ast.get_docstring(node) or ''}\n{above}"
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            else ""
        )
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}::{name}", told) for name, told in _told(node, words))
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, words


def cites(words: str, reference: str) -> bool:
    """Return whether the words name the reference: `zammad#53` is not named by zammad#534."""
    return re.search(rf"{re.escape(reference)}(?!\d)", words) is not None


def wrong_rows(found: list[Row], told: dict[str, str]) -> list[str]:
    """Return what is not true of the rows, a sentence each."""
    wrong = []
    for row in found:
        for test in row.tests:
            if test not in told:
                wrong.append(f"row {row.name}: there is no {test}")
            elif not any(cites(told[test], reference) for reference in row.references):
                wrong.append(f"row {row.name}: {test} cites none of {row.references}")
        if row.last.startswith(NOT_YET):
            citing = [
                test for test, words in told.items() if any(cites(words, ref) for ref in row.references)
            ]
            wrong += [f"row {row.name}: no longer {NOT_YET}, {test} cites it" for test in citing]
        elif not row.last:
            wrong.append(f"row {row.name}: neither a test nor a reason")
    return wrong


def test_every_defect_is_listed_once() -> None:
    assert [row.name for row in rows(PAGE.read_text("utf-8"))] == ROWS


def test_every_test_that_is_named_exists_and_cites_its_row() -> None:
    assert wrong_rows(rows(PAGE.read_text("utf-8")), docstrings()) == []


def test_what_is_not_true_is_found() -> None:
    table = "| 1 | `a#1` | x | `t.py::test_a` |\n| 2 | `a#2` | x | `t.py::gone` |\n| 3 | `a#3` | x | not yet: y |\n| 4 | `a#4` | x | |"
    told = {"t.py::test_a": "a#11", "t.py::test_b": "a#3: as there."}
    assert wrong_rows(rows(table), told) == [
        "row 1: t.py::test_a cites none of ('a#1',)",
        "row 2: there is no t.py::gone",
        "row 3: no longer not yet, t.py::test_b cites it",
        "row 4: neither a test nor a reason",
    ]
