"""What no template and no style sheet may hold: inline code, outside addresses, bare words, faint text."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

from tracker.paths import template_root

ROOT = template_root()
TEMPLATES = sorted(ROOT.rglob("*.html"))
STATIC = Path(__file__).parents[2] / "tracker" / "web" / "static"
CSS = (STATIC / "css" / "app.css").read_text(encoding="utf-8")
LIMIT = 20 * 1024

_LEXER = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
_SPOKEN = {"aria-label", "title", "alt", "placeholder", "data-label", "content"}
_OUTSIDE = re.compile(r"(?:https?:)?//[\w.-]+\.\w+", re.IGNORECASE)
_VALUE = "\ufffc"
_NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/xlink"}


class _Reading:
    """One walk over a template's tokens: its markup, and its strings outside of ``_()``."""

    def __init__(self) -> None:
        self.markup: list[str] = []
        self.bare: list[str] = []
        self.depth = 0
        self.wrapped_at: int | None = None
        self.translating = False
        self.previous = ("", "")

    def take(self, kind: str, value: str) -> None:
        if kind == "data" and not self.translating:
            self.markup.append(value)
        elif kind == "variable_begin" and not self.translating:
            self.markup.append(_VALUE)
        elif kind == "name" and self.previous[0] == "block_begin":
            self.translating = value == "trans" or (self.translating and value != "endtrans")
        elif kind == "string" and self.wrapped_at is None:
            self.bare.append(value)
        elif kind == "operator":
            self._bracket(value)
        if kind not in ("whitespace", "comment"):
            self.previous = (kind, value)

    def _bracket(self, value: str) -> None:
        if value == "(":
            self.depth += 1
            if self.previous[1] in ("_", "gettext", "ngettext") and self.wrapped_at is None:
                self.wrapped_at = self.depth
        elif value == ")":
            self.wrapped_at = None if self.wrapped_at == self.depth else self.wrapped_at
            self.depth -= 1


def _html_and_strings(source: str) -> tuple[str, list[str]]:
    """Return the template's markup, a mark standing for each value, and its strings outside of ``_()``."""
    reading = _Reading()
    for _line, kind, value in _LEXER.lex(source):
        reading.take(kind, value)
    return "".join(reading.markup), reading.bare


class _Faults(HTMLParser):
    """Collects what a template may not hold."""

    def __init__(self, *, print_only: bool) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.print_only = print_only

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "script" and "src" not in names:
            self.faults.append("inline script")
        if tag == "style" and not self.print_only:
            self.faults.append("inline style sheet")
        for name, value in names.items():
            if name == "style" or re.fullmatch(r"on[a-z]+", name):
                self.faults.append(f"attribute {name}")
            if name in _SPOKEN and tag != "meta" and any(c.isalpha() for c in value or ""):
                self.faults.append(f"bare words in {name}: {value}")

    def handle_data(self, data: str) -> None:
        if any(c.isalpha() for c in re.sub(r"url\(#.*?\)", "", data)):  # an SVG's fill, from a macro
            self.faults.append(f"bare words: {data.strip()}")


def faults(source: str, *, print_only: bool = False) -> list[str]:
    """Return what the template may not hold, in words; an empty list for a good one."""
    markup, strings = _html_and_strings(source)
    reader = _Faults(print_only=print_only)
    reader.feed(markup)
    bare = [s for s in strings if any(c.isalpha() and not c.isascii() for c in s)]
    outside = [a for a in _OUTSIDE.findall(source) if not any(n.startswith(a) for n in _NAMESPACES)]
    return reader.faults + [f"bare string: {s}" for s in bare] + [f"outside address: {a}" for a in outside]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_holds_no_inline_code_no_outside_address_and_no_bare_words(path: Path) -> None:
    print_only = path.relative_to(ROOT).parts[0] in ("pdf", "mail")
    assert faults(path.read_text(encoding="utf-8"), print_only=print_only) == []


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Xin chào</p>",
        "<p>hh:mm</p>",
        '<p>{{ "Đã gửi" }}</p>',
        '{{ tag(x, "Đã gửi") }}',
        '<button aria-label="Đóng">x</button>',
        '<p style="color: red">{{ _("Đỏ") }}</p>',
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        '<button onclick="go()">{{ _("Đi") }}</button>',
        '<script src="https://cdn.example.com/x.js"></script>',
        '<img src="//cdn.example.com/x.png">',
        "{% trans %}Đúng{% endtrans %}<p>Sai</p>",
        '<p>{{ _("Đúng") ~ "Sai rồi ấy" }}</p>',
        '<p{% if x %} class="a"{% endif %}>Ngoài</p>',
    ],
)
def test_the_check_sees_what_is_planted(planted: str) -> None:
    assert faults(planted)


@pytest.mark.parametrize(
    "good",
    [
        '<p class="a b">{{ _("Đã gửi %(n)s phiếu", n=f("x")) }}</p>',
        "<p>{% trans n=3 %}Đã gửi {{ n }} phiếu{% endtrans %} · {{ value }}</p>",
        '<input aria-label="{{ _("Tên") }}" name="ten">{# Ghi chú #}',
        '{{ ngettext("%(num)s ngày", "%(num)s ngày", 3) }}',
    ],
)
def test_the_check_lets_good_templates_pass(good: str) -> None:
    assert faults(good) == []


# ---- the style sheet ----


def _rules(css: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield selector and declarations of every innermost rule; of what is declared twice, the last."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        pairs = (d.split(":", 1) for d in body.split(";") if ":" in d)
        yield selector.strip(), {name.strip(): value.strip() for name, value in pairs}


def _palette(css: str) -> dict[str, str]:
    return {
        name: value
        for selector, declared in _rules(css)
        if selector == ":root"
        for name, value in declared.items()
        if re.fullmatch(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", value)
    }


def _luminance(colour: str) -> float:
    """Return the relative luminance of #rgb or #rrggbb (WCAG 2.2, definition "relative luminance")."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * d for d in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _variable(value: str | None) -> str | None:
    found = re.fullmatch(r"var\((--[\w-]+)\)", value or "")
    return found[1] if found else None


def text_pairs(css: str) -> set[tuple[str, str]]:
    """Return every (ink, ground) in which the style sheet sets text.

    An ink without a ground of its own may stand on paper and on wash; ink, soft ink and links may stand on
    any light ground.
    """
    pairs = set()
    grounds = {"--paper", "--wash"}
    for _selector, declared in _rules(css):
        ink, ground = _variable(declared.get("color")), _variable(declared.get("background"))
        if ink:
            pairs |= {(ink, g) for g in ({ground} if ground else grounds)}
    washes = {name for name in _palette(css) if name.endswith("wash")}
    return pairs | {(ink, wash) for ink in ("--ink", "--ink-soft", "--link") for wash in washes}


def faint(css: str) -> list[str]:
    """Return the pairs whose contrast is under 4.5 (WCAG 2.2, 1.4.3 AA), in words."""
    colours = _palette(css)
    ratios = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in text_pairs(css)}
    return [
        f"{ink} on {ground}: {ratio:.2f}" for (ink, ground), ratio in sorted(ratios.items()) if ratio < 4.5
    ]


def unpaired(css: str) -> list[str]:
    """Return selectors with a dark ground that don't say which ink stands on it."""
    return [
        selector
        for selector, declared in _rules(css)
        if (ground := _variable(declared.get("background")))
        and not (ground == "--paper" or ground.endswith("wash"))
        and "color" not in declared
        and not selector.startswith("progress::")
    ]


def test_the_style_sheet_stays_small() -> None:
    assert len(CSS.encode()) < LIMIT


def test_every_text_has_enough_contrast() -> None:
    assert len(text_pairs(CSS)) > 30
    assert faint(CSS) == []
    assert unpaired(CSS) == []


def test_edges_of_fields_and_the_focus_ring_can_be_seen() -> None:
    colours = _palette(CSS)
    for edge, ground in [
        ("edge", "paper"),
        ("focus", "paper"),
        ("focus", "wash"),
        ("white", "red"),
        ("wrong", "paper"),
    ]:
        assert contrast(colours[f"--{edge}"], colours[f"--{ground}"]) >= 3, (edge, ground)


def test_colours_are_named_in_one_place() -> None:
    others = [
        s for s, declared in _rules(CSS) if s != ":root" and re.search(r"#[0-9a-f]{3}|rgb|hsl", str(declared))
    ]
    assert others == []


def test_the_contrast_check_sees_faint_text_and_a_ground_without_ink() -> None:
    palette = ":root { --ink: #222; --ink-soft: #444; --link: #124; --paper: #fff; --wash: #eee; --pale: #aaa; --red: #811; }"
    assert faint(palette + " p { color: var(--pale); }")
    assert faint(palette + " p { color: var(--ink); background: var(--red); }")
    assert faint(palette) == []
    assert unpaired(palette + " p { background: var(--red); }") == ["p"]
    assert round(contrast("#fff", "#000")) == 21


def test_the_style_sheet_asks_nobody_outside() -> None:
    for path in STATIC.rglob("*"):
        if path.suffix in (".css", ".js"):
            text = path.read_text(encoding="utf-8")
            assert not _OUTSIDE.findall(text), path.name
            assert "@import" not in text
