"""Whole numbers as people type them."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FloatField, IntegerField
from wtforms.widgets import TextInput


class WholeNumberField(IntegerField):
    """A whole number in a plain text box with a number keyboard; nothing typed is None.

    A text box, because number boxes change their value when the page is scrolled over them.
    """

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        keyboard = {"inputmode": "numeric", "autocomplete": "off", **options.pop("render_kw", {})}
        super().__init__(label, validators, render_kw=keyboard, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = str(valuelist[0]).strip() if valuelist else ""
        if not typed:
            return
        # int() also takes "1_000" and digits of other scripts, which nobody types on purpose.
        if not (typed.removeprefix("-").isascii() and typed.removeprefix("-").isdigit() and len(typed) < 10):
            raise ValueError(_l("Nhập số nguyên, ví dụ 12."))
        self.data = int(typed)


class FloatTextField(FloatField):
    """A number with decimals as people here write it, 2,5; also with a point. Nothing typed is None."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        keyboard = {"inputmode": "decimal", "autocomplete": "off", **options.pop("render_kw", {})}
        super().__init__(label, validators, render_kw=keyboard, **options)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:g}".replace(".", ",") if self.data is not None else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = str(valuelist[0]).strip().replace(",", ".") if valuelist else ""
        if not typed:
            return
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", typed):
            raise ValueError(_l("Nhập số, ví dụ 2 hoặc 2,5."))
        self.data = float(typed)
