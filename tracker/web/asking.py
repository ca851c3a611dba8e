"""The door of every request: no control characters pass it, and numbers in addresses are ones that rows can have."""

import re
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

LARGEST = 2**31 - 1
"""No id, page or version is larger; both databases take it."""

_NEVER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What nobody types and PostgreSQL doesn't take in a text: control characters, half a letter. Tab and line ends stay."""


def cleaned(asked: Any) -> Any:
    """Return the text, or the list or mapping of JSON with all its texts, without what ``_NEVER`` names."""
    if isinstance(asked, str):
        return _NEVER.sub("", asked)
    if isinstance(asked, list):
        return [cleaned(one) for one in asked]
    if isinstance(asked, dict):
        return {cleaned(name): cleaned(value) for name, value in asked.items()}
    return asked


def _cleaned_fields(fields: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(cleaned(name), cleaned(value)) for name, value in fields.items(multi=True)])


class CleanRequest(Request):
    """A request whose query, form and JSON hold no control characters, whoever reads them."""

    @cached_property
    def args(self) -> Any:
        """Return the address's fields."""
        return _cleaned_fields(super().args)

    def _load_form_data(self) -> None:
        if "form" not in self.__dict__:
            super()._load_form_data()
            self.__dict__["form"] = _cleaned_fields(self.__dict__["form"])

    def get_json(self, *args: Any, **more: Any) -> Any:
        """Return the JSON that was sent; raises RecursionError for what is nested too deep."""
        return cleaned(super().get_json(*args, **more))


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


class WordConverter(UnicodeConverter):
    """A word in a path; one with control characters leads to the page of unknown addresses."""

    def to_python(self, value: str) -> str:
        """Return the word as it is; with something that is never typed it fits no route."""
        if _NEVER.search(value):
            raise ValidationError
        return value


def attach(app: Flask) -> None:
    """Clean every request, and let every ``<int:…>`` take only ids that rows can have; call before routes are added."""
    app.request_class = CleanRequest
    app.url_map.converters.update(int=IdConverter, default=WordConverter, string=WordConverter)


def own_path(target: str | None) -> str | None:
    """Return the address only if it is a path of this site, so that nobody is sent elsewhere after the log-in."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith(("//", "/\\"))
        or not target.isprintable()
    ):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
