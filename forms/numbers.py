"""Whole numbers as people type them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
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
