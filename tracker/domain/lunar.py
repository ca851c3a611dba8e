"""The Vietnamese lunar calendar at UTC+7, as far as public holidays need it: new moons, Tết, days of a month.

The algorithm is the public one of Hồ Ngọc Đức ("Computing the Vietnamese lunar calendar"), after Jean Meeus,
"Astronomical Algorithms": mean new moon with periodic terms, month 11 holds the winter solstice, and a leap
month is the first without a major solar term. Days begin at midnight UTC+7: at UTC+8 the year 2030 would
begin on 3 February instead of the 2nd.
"""

from datetime import date, timedelta
from functools import lru_cache
from math import floor, pi, sin

_UTC_OFFSET_DAYS = 7 / 24
_SYNODIC_MONTH = 29.530588853
#: Julian day number of 1 January 1900, the day of the new moon from which months are numbered
_EPOCH_NEW_MOON = 2415021
#: Julian day number less proleptic Gregorian ordinal
_ORDINAL_TO_JULIAN = 1721425
_FIRST_YEAR, _LAST_YEAR = 1800, 2199


def _new_moon(number: int) -> float:
    """Return the Julian date (UT) of the new moon ``number`` months after that of January 1900."""
    t = number / 1236.85
    t2, t3 = t * t, t * t * t
    rad = pi / 180
    mean = 2415020.75933 + 29.53058868 * number + 0.0001178 * t2 - 0.000000155 * t3
    mean += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t2) * rad)
    sun = (359.2242 + 29.10535608 * number - 0.0000333 * t2 - 0.00000347 * t3) * rad
    moon = (306.0253 + 385.81691806 * number + 0.0107306 * t2 + 0.00001236 * t3) * rad
    node = (21.2964 + 390.67050646 * number - 0.0016528 * t2 - 0.00000239 * t3) * rad
    terms = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun)
    terms += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon)
    terms += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    terms += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
    terms += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    return mean + terms - _delta_t(t, t2, t3)


def _delta_t(t: float, t2: float, t3: float) -> float:
    """Return dynamical time minus universal time, in days."""
    if t < -11:
        return 0.001 + 0.000839 * t + 0.0002261 * t2 - 0.00000845 * t3 - 0.000000081 * t * t3
    return -0.000278 + 0.000265 * t + 0.000262 * t2


def _new_moon_day(number: int) -> int:
    """Return the Julian day number of the day in Vietnam on which that new moon falls."""
    return floor(_new_moon(number) + 0.5 + _UTC_OFFSET_DAYS)


def _solar_sector(julian_day: int) -> int:
    """Return in which of twelve 30° sectors from the spring equinox the sun stands when the day begins."""
    t = (julian_day - 2451545.5 - _UTC_OFFSET_DAYS) / 36525
    t2 = t * t
    rad = pi / 180
    anomaly = (357.52910 + 35999.05030 * t - 0.0001559 * t2 - 0.00000048 * t * t2) * rad
    centre = (1.914600 - 0.004817 * t - 0.000014 * t2) * sin(anomaly)
    centre += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    longitude = (280.46645 + 36000.76983 * t + 0.0003032 * t2 + centre) % 360
    return int(longitude // 30)


def _month_eleven(year: int) -> int:
    """Return the number of the new moon that begins lunar month 11, the one with the winter solstice."""
    last = date(year, 12, 31).toordinal() + _ORDINAL_TO_JULIAN
    number = floor((last - _EPOCH_NEW_MOON) / _SYNODIC_MONTH)
    # Sector 9 begins at the winter solstice: a month that begins in it begins too late to hold it.
    return number - 1 if _solar_sector(_new_moon_day(number)) >= 9 else number


def _leap_offset(eleven: int) -> int:
    """Return how many months after month 11 the leap month lies: the first without a major solar term."""
    sector = _solar_sector(_new_moon_day(eleven + 1))
    for offset in range(2, 15):
        after = _solar_sector(_new_moon_day(eleven + offset))
        if after == sector:
            return offset - 1
        sector = after
    raise AssertionError("a year of thirteen months has a leap month")


@lru_cache(maxsize=512)
def lunar_day(year: int, month: int, day: int) -> date:
    """Return the solar day of a day of a common (not leap) month 1..10 of the lunar year.

    Raises ValueError for years outside 1800..2199, for months 11 and 12, and for days that no month has.
    """
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 10 and 1 <= day <= 30):
        raise ValueError(f"no such lunar day: {day}/{month}/{year}")
    eleven, next_eleven = _month_eleven(year - 1), _month_eleven(year)
    offset = month + 1
    if next_eleven - eleven == 13 and offset >= _leap_offset(eleven):
        offset += 1
    first = _new_moon_day(eleven + offset)
    if first + day > _new_moon_day(eleven + offset + 1):
        raise ValueError(f"lunar month {month}/{year} has no day {day}")
    return date.fromordinal(first - _ORDINAL_TO_JULIAN) + timedelta(days=day - 1)


def tet(year: int) -> date:
    """Return the first day of the lunar year, Tết Nguyên đán."""
    return lunar_day(year, 1, 1)


def hung_kings_day(year: int) -> date:
    """Return the day of Giỗ Tổ Hùng Vương, the 10th of the third lunar month."""
    return lunar_day(year, 3, 10)
