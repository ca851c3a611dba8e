"""The pages for people say what is so: links lead somewhere, commands and buttons exist, log-ins work."""

import re
from importlib import import_module
from pathlib import Path

import click
import pytest

from tracker.cli import COMMANDS, tracker
from tracker.demonstration.accounts import LOGINS, PASSWORD
from tracker.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HANDBOOK = sorted((ROOT / "docs" / "so-tay").glob("*.md"))
ARCHITECTURE = ROOT / "docs" / "architecture.md"

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
OF_OUR_MACHINES = re.compile(r"/(?:home|root|tmp|work)/|index-url")
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")


def named(page):
    return str(page.relative_to(ROOT))


def anchors(page):
    """Return the page's headings as the addresses that a reader's browser jumps to."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken_links(page, text):
    """Return the links of the text that lead nowhere, as the page's reader follows them."""
    broken = []
    for link in LINK.findall(text):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


def command_lines(text):
    """Return what the page shows of the console script, each as its words after ``tracker``."""
    indented = re.findall(r"^    (tracker .+)$", text, re.MULTILINE)
    written = [code for code in CODE.findall(text) if re.match(r"tracker( |$)", code)]
    return [line.split("#")[0].split()[1:] for line in [*indented, *written]]


def unknown_words(words):
    """Return the command names and options of one line that the console script doesn't know."""
    command, unknown, ctx = tracker, [], click.Context(tracker)
    for word in words:
        if isinstance(command, click.Group):
            found = command.get_command(ctx, word)
            if found is None:
                return [word]
            command = found
        elif word.startswith("--") and word != "--help":
            options = {name for one in command.params for name in one.opts}
            unknown += [] if word.rstrip("]") in options else [word]
    return unknown


@pytest.mark.parametrize("doc", PAGES, ids=named)
def test_every_link_leads_to_a_page_or_heading_that_exists(doc):
    assert broken_links(doc, doc.read_text("utf-8")) == []


def test_a_link_to_nowhere_is_found():
    page = ROOT / "README.md"
    assert broken_links(page, "[a](docs/none.md) [b](#no-such-heading)") == [
        "docs/none.md",
        "#no-such-heading",
    ]


@pytest.mark.parametrize("doc", PAGES, ids=named)
def test_every_command_and_option_that_a_page_names_exists(doc):
    for words in command_lines(doc.read_text("utf-8")):
        assert unknown_words(words) == [], " ".join(words)


def test_a_command_that_is_not_there_is_found():
    assert [unknown_words(words) for words in command_lines("`tracker dance` `tracker backup X --now`")] == [
        ["dance"],
        ["--now"],
    ]


def test_the_operators_page_names_every_command():
    known = {
        words[0] for words in command_lines((ROOT / "docs/so-tay/van-hanh.md").read_text("utf-8")) if words
    }
    hidden = {name for name in COMMANDS if import_command(name).hidden}
    assert set(COMMANDS) - hidden == known


def import_command(name):
    module = import_module(f"tracker.commands.{COMMANDS[name]}")
    return getattr(module, f"{name}_command")


@pytest.mark.parametrize("doc", PAGES, ids=named)
def test_every_make_target_that_a_page_names_exists(doc):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = doc.read_text("utf-8")
    asked = re.findall(r"^    (?:[A-Z]+=\S+ )?make ([a-z]+)", text, re.MULTILINE)
    asked += re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z]+)`", text)
    assert set(asked) <= targets


@pytest.mark.parametrize("doc", PAGES, ids=named)
def test_every_setting_that_a_page_names_exists(doc):
    asked = set(re.findall(r"\bTRACKER_[A-Z_]+", doc.read_text("utf-8")))
    assert asked <= {one.name for one in SETTINGS}


def test_the_readme_lists_the_log_ins_of_the_demonstration():
    text = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert rows == [(one.username, one.who, one.sees) for one in LOGINS]
    assert PASSWORD in text


@pytest.mark.parametrize("doc", HANDBOOK, ids=named)
def test_every_word_in_bold_in_the_handbook_stands_on_a_screen(doc):
    """Bold is what a person looks for on the screen: buttons, headings, fields, choices."""
    assert on_no_screen(doc.read_text("utf-8")) == set()


def test_a_button_that_no_screen_has_is_found():
    assert on_no_screen("Bấm **Gửi phiếu**, rồi **Gửi phiếu ngay**.") == {"Gửi phiếu ngay"}


def on_no_screen(text):
    """Return the words in bold that stand on no screen; two are bold for their own sake."""
    return set(BOLD.findall(text)) - {"in đậm", "không"} - words_of_the_screens()


def words_of_the_screens():
    """Return every quoted text of templates, forms and the modules that words come from."""
    files = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "forms").rglob("*.py"),
        *(ROOT / "tracker/web").rglob("*.py"),
        *(ROOT / "tracker/domain").rglob("*.py"),
    ]
    text = "\n".join(file.read_text("utf-8") for file in files)
    wrapped = re.findall(r'\b_l?\("([^"\n]+)"', text)
    domain = re.findall(r'^    [\w.]+: "([^"\n]+)",$', text, re.MULTILINE)
    return {re.sub(r"[ (]*%\(\w+\)s\)?$", "", words) for words in [*wrapped, *domain]}


@pytest.mark.parametrize("doc", PAGES, ids=named)
def test_no_page_names_a_machine_of_ours_or_a_registry(doc):
    assert OF_OUR_MACHINES.findall(doc.read_text("utf-8")) == []


def test_a_machines_folder_and_a_registry_are_found():
    assert len(OF_OUR_MACHINES.findall("in /home/mai/bam, with --index-url elsewhere")) == 2


@pytest.mark.parametrize("picture", sorted((ROOT / "docs/pictures").glob("*.png")), ids=named)
def test_a_picture_is_small_and_shown_somewhere(picture):
    assert picture.stat().st_size < 120_000
    assert any(picture.name in page.read_text("utf-8") for page in PAGES)


def test_every_path_that_the_architecture_page_names_exists():
    names = re.findall(
        r"`((?:tracker|forms|workers|templates|tests|docs|deploy)/[\w./-]*)", ARCHITECTURE.read_text("utf-8")
    )
    assert [name for name in names if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("floor", ["domain", "db/tables", "services", "web"])
def test_the_architecture_page_names_every_module_of_its_table_and_no_other(floor):
    assert staircase_modules(floor, ARCHITECTURE.read_text("utf-8")) == modules_of(floor)


def test_a_module_that_the_architecture_page_forgets_is_found():
    text = ARCHITECTURE.read_text("utf-8").replace("`drafts`", "")
    assert modules_of("services") - staircase_modules("services", text) == {"drafts"}


def modules_of(floor):
    folder = ROOT / "tracker" / floor
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return files | {path.parent.name for path in folder.glob("*/__init__.py")}


def staircase_modules(floor, text):
    """Return the names in the floor's column of the page's table of staircases, and in the line below it."""
    table = text.split("| staircase |")[1].split("\n\n")[0].splitlines()
    column = ["domain", "db/tables", "services", "web"].index(floor) + 2
    cells = [line.split("|")[column] for line in table if line.startswith("| ")]
    shared = re.search(rf"^- `tracker/{floor}`: (.+)$", text, re.MULTILINE)
    names = CODE.findall(" ".join([*cells, shared.group(1) if shared else ""]))
    return {name.removeprefix("web/") for name in names}
