"""A learned model as bytes and back: the same model always gives the same bytes, so that a digest names it."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from tracker.domain.errors import Invalid
from tracker.domain.learning import Learned, Model, Question

FORMAT = 1
_DIGITS = 4


def model_bytes(model: Model) -> bytes:
    """Return the model as compressed JSON, numbers rounded to four digits."""
    signs = sorted({sign for learned in model.learned.values() for sign in learned.gains})
    found = {
        "format": FORMAT,
        "pairs": sorted(model.pairs),
        "signs": "\n".join(signs),
        "learned": {str(one): _packed(model.learned[one], signs) for one in Question},
    }
    return zlib.compress(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def digest(content: bytes) -> str:
    """Return the SHA-256 of the bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _packed(learned: Learned, signs: list[str]) -> dict[str, Any]:
    """Return a line a sign: its rarity, then label and gain by turns. Lines are read when they are asked for."""
    labels = sorted(learned.biases)
    place = {label: number for number, label in enumerate(labels)}
    lines = []
    for sign in signs:
        told = learned.gains.get(sign, {})
        gains = [f"{place[label]} {told[label]:.{_DIGITS}g}" for label in sorted(told)]
        lines.append(" ".join([f"{learned.rarity.get(sign, learned.rarest):.{_DIGITS}g}", *gains]))
    return {
        "labels": labels,
        "biases": [round(learned.biases[label], 2 * _DIGITS) for label in labels],
        "rarest": round(learned.rarest, _DIGITS),
        "lines": "\n".join(lines),
    }


def read_model(content: bytes, version: int) -> Model:
    """Return the model of such bytes; raise Invalid when they are none that this release understands."""
    try:
        found = json.loads(zlib.decompress(content))
        if found["format"] != FORMAT:
            raise Invalid("Bản học này do một bản phần mềm khác làm ra. Hãy cho học lại.")
        signs = {sign: number for number, sign in enumerate(found["signs"].split("\n"))}
        learned = {one: _unpacked(found["learned"][str(one)], signs) for one in Question}
        pairs = frozenset((category, body) for category, body in found["pairs"])
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise Invalid("Bản học bị hỏng. Hãy cho học lại.") from error
    return Model(learned, pairs, version)


def _unpacked(found: Mapping[str, Any], signs: Mapping[str, int]) -> Learned:
    labels, lines = found["labels"], found["lines"].split("\n")
    if len(lines) != len(signs):
        raise ValueError("a sign without its line")
    return Learned(
        dict(zip(labels, found["biases"], strict=True)),
        _Rarities(signs, lines),
        found["rarest"],
        _Gains(signs, lines, labels),
    )


class _Lines:
    """A line for each sign, kept as text: making numbers of them all would cost a process its first answer."""

    def __init__(self, signs: Mapping[str, int], lines: list[str]) -> None:
        self._signs, self._lines = signs, lines

    def __len__(self) -> int:
        return len(self._signs)

    def __iter__(self) -> Iterator[str]:
        return iter(self._signs)


class _Rarities(_Lines, Mapping[str, float]):
    """The rarity of each sign."""

    def __getitem__(self, sign: str) -> float:
        return float(self._lines[self._signs[sign]].partition(" ")[0])


class _Gains(_Lines, Mapping[str, Mapping[str, float]]):
    """The gains of each sign; none for one that this question was never asked about."""

    def __init__(self, signs: Mapping[str, int], lines: list[str], labels: list[str]) -> None:
        super().__init__(signs, lines)
        self._labels = labels

    def __getitem__(self, sign: str) -> Mapping[str, float]:
        told = self._lines[self._signs[sign]].split(" ")[1:]
        return {
            self._labels[int(label)]: float(gain) for label, gain in zip(told[::2], told[1::2], strict=True)
        }
