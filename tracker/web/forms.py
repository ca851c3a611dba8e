"""Lays the refusals of services beside the fields they are about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wtforms import FieldList, Form, FormField

from tracker.domain.errors import Invalid


def show_errors(form: Form, invalid: Invalid) -> None:
    """Put each sentence on the field it names (``concerns-0-text`` for nested ones), the rest on the form."""
    fields = {field.id: field for field in _fields(form)}
    for name, sentence in invalid.fields.items():
        if name in fields:
            fields[name].errors = [*fields[name].errors, sentence]
        else:
            form.form_errors.append(sentence)
    if not invalid.fields:
        form.form_errors.append(invalid.sentence)
    for field in form:
        if isinstance(field, FieldList):
            _gather(field)


@contextmanager
def renamed(**names: str) -> Iterator[None]:
    """Let refusals of a service, which names what it was given, stand beside the form's own fields."""
    try:
        yield
    except Invalid as invalid:
        fields = {names.get(name, name): sentence for name, sentence in invalid.fields.items()}
        raise Invalid(invalid.sentence, fields) from invalid


def _gather(field: FieldList) -> None:
    """Tell a list of rows what its rows say, as its own validation does: the summary asks the list."""
    own = [sentence for sentence in field.errors if not isinstance(sentence, dict | list | tuple)]
    rows = [entry.errors for entry in field]
    field.errors = [*own, *rows] if own or any(rows) else []


def _fields(form: Any) -> list[Any]:
    found: list[Any] = []
    for field in form:
        found.append(field)
        if isinstance(field, FormField):
            found.extend(_fields(field.form))
        elif isinstance(field, FieldList):
            for entry in field:
                found.extend(_fields(entry.form) if isinstance(entry, FormField) else [entry])
    return found
