"""The quarter of a unit: rows in, frozen figures out. Nobody types a rate; each is drawn from records.

``rows`` what goes in · ``standings`` where concerns stood at one instant · ``numbers`` fractions and hidden counts
· ``meetings``, ``concerns``, ``branches`` the parts · ``figures`` the whole, to and from JSON · ``behind`` what each
figure counts · ``facts`` sentences on what fell short.
"""

from tracker.domain.quarter.facts import facts_for_shortcomings
from tracker.domain.quarter.figures import QuarterFigures, figures_of, quarter_figures
from tracker.domain.quarter.numbers import HiddenCount, Mean, Share
from tracker.domain.quarter.rows import BranchRow, MeetingRow, TicketRow, UnitHead

__all__ = [
    "BranchRow",
    "HiddenCount",
    "Mean",
    "MeetingRow",
    "QuarterFigures",
    "Share",
    "TicketRow",
    "UnitHead",
    "facts_for_shortcomings",
    "figures_of",
    "quarter_figures",
]
