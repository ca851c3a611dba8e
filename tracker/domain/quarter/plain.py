"""Frozen figures to plain dicts and back, so that a compiled quarter can be kept in a row as JSON."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> Any:
    """Return the value as dicts, lists, strings, integers, booleans and None only."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"no plain form: {type(value).__name__}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _sequence(arguments: tuple[Any, ...], plain: Any) -> tuple[Any, ...]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(from_plain(arguments[0], item) for item in plain)
    return tuple(from_plain(kind, item) for kind, item in zip(arguments, plain, strict=True))


def from_plain(kind: Any, plain: Any) -> Any:
    """Return the value of type ``kind`` that ``to_plain`` wrote down.

    Raises TypeError, KeyError or ValueError for another shape. A field that is missing takes its default,
    so that rows frozen before a field was added can still be read.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        if plain is None:
            return None
        return from_plain(next(option for option in arguments if option is not NoneType), plain)
    if origin is tuple:
        return _sequence(arguments, plain)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        known = (field.name for field in fields(kind) if field.name in plain)
        return kind(**{name: from_plain(hints[name], plain[name]) for name in known})
    if kind in (date, datetime):
        return kind.fromisoformat(plain)
    return kind(plain)
