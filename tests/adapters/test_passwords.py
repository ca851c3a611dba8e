"""Passwords: what is checked for a name that nobody has costs what a real check costs."""

from tracker.adapters import passwords


def test_no_password_fits_the_hash_of_nobody() -> None:
    stored = passwords.hash_password("mat-khau-that")
    assert passwords.is_password(stored, "mat-khau-that")
    assert not passwords.is_password(None, "mat-khau-that")


def test_the_hash_of_nobody_is_one_of_todays_cost() -> None:
    """Otherwise the time of a refused log-in tells whether there is such an account."""
    assert not passwords.needs_rehash(passwords._NOBODY)
    assert len(passwords._NOBODY) == len(passwords.hash_password("mat-khau-that"))
    cheaper = passwords._NOBODY.replace("m=65536", "m=8192")
    assert passwords.needs_rehash(cheaper), "the control"
