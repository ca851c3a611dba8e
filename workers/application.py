"""The application of this process, made once; a worker makes it before it forks."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from flask import Flask

from tracker.adapters.files import FolderStore
from tracker.adapters.pdf import WeasyPrintWriter
from tracker.app import create_app
from tracker.domain.people import SYSTEM
from tracker.paths import template_root
from tracker.reports.specimen import specimen_html
from tracker.services.compiling import Press
from tracker.services.unit import Unit, unit_of_work
from tracker.web.context import Parts


@cache
def application() -> Flask:
    """Return the application that the environment describes."""
    return create_app()


def parts() -> Parts:
    """Return what the application is made of: settings, wiring, clock."""
    found: Parts = application().extensions["tracker"]
    return found


@contextmanager
def system_unit() -> Iterator[Unit]:
    """Open a unit of work of the system itself, at the application's time, inside an application context."""
    with application().app_context():
        made_of = parts()
        with unit_of_work(made_of.wiring, actor=SYSTEM, now=made_of.clock()) as unit:
            yield unit


@cache
def press() -> Press:
    """Return what reports are made with; its fonts stay known from one report to the next."""
    made_of = parts()
    writer = WeasyPrintWriter(template_root() / "pdf")
    return Press(made_of.wiring, writer, FolderStore(made_of.settings.folder.files), made_of.clock)


def warm_press() -> None:
    """Set a small report, so that fonts and templates are ready before a worker forks and not once a report.

    A page of three words finds the fonts too, but the first whole report after it still takes a tenth longer.
    """
    press().writer.write(specimen_html())
