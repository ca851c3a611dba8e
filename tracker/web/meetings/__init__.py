"""The branch meeting's screens: list, sheet, correction, receipt, return sheet, and what the sheet asks while typed."""

from tracker.web.meetings import asides, listing, returning, sheet
from tracker.web.meetings.screen import blueprint

__all__ = ["asides", "blueprint", "listing", "returning", "sheet"]
