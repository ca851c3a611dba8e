"""No sentence of WTForms' own, which is English, can reach a person."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

import forms
from forms.wording import PartForm, PostedForm


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask("forms", root_path="/nonexistent")
    Babel(app, default_locale="vi")
    with app.test_request_context(method="POST"):
        yield


def form_classes() -> set[type[Form]]:
    """Return every form class that a module of forms defines."""
    modules = [
        importlib.import_module(f"forms.{found.name}") for found in pkgutil.iter_modules(forms.__path__)
    ]
    return {
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Form) and thing.__module__.startswith("forms.")
    }


def test_every_form_speaks_vietnamese_only() -> None:
    assert len(form_classes()) > 15
    assert [one for one in form_classes() if not issubclass(one, PostedForm | PartForm)] == []


def sentences(base: type[Form]) -> list[str]:
    """Return what a form of that base says of a missing choice and of a text too long."""

    class Asked(base):
        choice = SelectField("Chọn", choices=[SelectChoice("a", "A")])
        number = SelectField("Số", choices=[SelectChoice(1, "Một")], coerce=int)
        text = StringField("Chữ", [Length(max=2)])

    form = Asked(MultiDict({"text": "dài hơn", "number": "x"}))
    form.validate()
    return [str(sentence) for name in ("choice", "number", "text") for sentence in form[name].errors]


def test_a_forgotten_sentence_is_said_in_vietnamese() -> None:
    """With the negative control: a form of WTForms itself speaks English here."""
    assert set(sentences(PartForm)) == {"Chọn một dòng trong danh sách.", "Dài quá. Hãy viết ngắn lại."}
    assert "Not a valid choice." in sentences(Form)
