"""Numbers in addresses: small enough for every database, or they name nothing."""

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

LARGEST = 2**31 - 1
"""No id, page or version is larger; both databases take it."""


def whole(typed: str) -> int:
    """Return the number from 0 to ``LARGEST`` that was typed in ASCII digits; raise ValueError for all else."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(LARGEST))):
        raise ValueError("no such number")
    if (number := int(typed)) > LARGEST:
        raise ValueError("no such number")
    return number


class IdConverter(IntegerConverter):
    """An id in a path; one that no row can have leads to the page of unknown addresses."""

    regex = r"\d{1,10}"

    def to_python(self, value: str) -> int:
        """Return the id; a larger one than any row's fits no route."""
        try:
            return whole(value)
        except ValueError as error:
            raise ValidationError from error


def attach(app: Flask) -> None:
    """Let every ``<int:…>`` take only ids that rows can have; call before routes are added."""
    app.url_map.converters["int"] = IdConverter
