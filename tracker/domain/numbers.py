"""How numbers are written for people, in one place: 20.000 · 87,5 · 90,9 % (with a space that doesn't break)."""

from decimal import ROUND_HALF_UP, Decimal


def whole_words(number: int) -> str:
    """Return the number with a dot between thousands: 20.000."""
    return f"{number:,}".replace(",", ".")


def decimal_words(number: Decimal, places: int = 1) -> str:
    """Return the number with a decimal comma, rounded half up, without a trailing ",0"."""
    step = Decimal(1).scaleb(-places)
    text = f"{number.quantize(step, ROUND_HALF_UP):,f}"
    text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
    if "," in text:
        text = text.rstrip("0").rstrip(",")
    return "0" if text == "-0" else text.replace("-", "−")


def percent_words(number: Decimal | int) -> str:
    """Return a figure in per cent as "90,9 %", or "90 %" without a needless ",0"; the space doesn't break."""
    return f"{decimal_words(Decimal(number))}\u00a0%"
