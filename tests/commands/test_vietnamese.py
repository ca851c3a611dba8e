"""No sentence of the command-line library reaches a person in English, also not one that a new version adds."""

import ast
from collections.abc import Iterator
from pathlib import Path

import click

from tracker.commands.vietnamese import WORDS

DEVELOPERS = {
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    "Name '{name}' defined twice",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? "
    "Did you mean to pass '--{name}'?",
    "Unknown color {colour!r}",
    "Unknown standard stream '{name}'",
}
"""What only somebody who writes a command can meet."""

ELSEWHERE = {"_termui_impl.py", "_winconsole.py", "shell_completion.py"}
"""An editor, Windows and the completion of commands: nothing of ours uses them."""


def sentences(source: str) -> Iterator[str]:
    """Yield what the source hands to gettext."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
            for given in node.args[:2]:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value


def said() -> set[str]:
    modules = Path(click.__file__).parent.glob("*.py")
    return {
        one for module in modules if module.name not in ELSEWHERE for one in sentences(module.read_text())
    }


def test_each_sentence_of_the_library_has_a_vietnamese_one() -> None:
    assert said() - WORDS.keys() - DEVELOPERS == set()


def test_a_sentence_that_the_library_no_longer_says_is_taken_out() -> None:
    assert (WORDS.keys() | DEVELOPERS) - said() == {"required"}, "help joins this one from a plain word"


def test_a_new_sentence_would_be_seen() -> None:
    assert list(sentences("raise UsageError(_('Something new').format())")) == ["Something new"]
