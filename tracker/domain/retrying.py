"""How long to wait before what failed is tried again: longer each time, up to a bound."""

from datetime import timedelta

LONGEST = timedelta(hours=6)


def retry_after(failures: int, *, longest: timedelta = LONGEST) -> timedelta:
    """Return the wait after so many failures (1 or more): 2, 4, 8 … minutes, at most ``longest``."""
    return min(timedelta(minutes=2 ** min(max(failures, 1), 20)), longest)
