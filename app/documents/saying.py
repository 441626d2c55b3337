"""How days, hours, quarters and people are written in a Vietnamese document."""

from datetime import date, datetime

from app.db import ZONE
from app.minutes.record import Body, Person
from app.quarter import Period

BLANK = "…"  # to be filled in by hand


def the_day(day: date) -> str:
    """Zero before a digit that could be made another number: days below 10, and January and February."""
    return f"ngày {day.day:02} tháng {the_month(day.month)} năm {day.year}"


def the_month(month: int) -> str:
    return f"{month:02}" if month < 3 else str(month)  # noqa: PLR2004  as the rules say


def short_day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def the_moment(moment: datetime) -> str:
    """The hour on the wall there."""
    local = moment.astimezone(ZONE)
    return f"{local.hour:02} giờ {local.minute:02}, {the_day(local.date())}"


def the_period(text: str | None) -> str:
    """With Roman numerals: Quý IV/2025."""
    return Period.parse(text).label_vi if text else ""


def somebody(person: Person | None, title: str | None, body: Body | None = None) -> str:
    """Full name, then title; else the body that was there without anybody being named."""
    if person is None:
        return ", ".join(filter(None, (title, body.name if body else None)))
    spoken = f"{person.honorific.label_vi.lower()} " if person.honorific else ""
    return ", ".join(filter(None, (f"{spoken}{person.full_name}", title or (body.name if body else None))))


def begun(text: str) -> str:
    """With a capital, whatever it begins with."""
    return text[:1].upper() + text[1:]


def ended(text: str, stop: str) -> str:
    """With that stop and no other."""
    return text.rstrip(" .,;:/") + stop


def lowered(text: str) -> str:
    """Within a sentence; UBND stays UBND."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
