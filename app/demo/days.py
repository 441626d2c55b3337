"""The days of the example data: its quarters are those of the day on which it is loaded."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from app.db import ZONE
from app.quarter import Quarter

SATURDAY = 5
WEEK = 7
BEFORE_THE_END = 5  # days of a quarter that are left when its briefing meets


@dataclass(frozen=True)
class Days:
    """The present quarter and the one before, with their briefings, as they lie around one day."""

    today: date

    @cached_property
    def quarter(self) -> Quarter:
        return Quarter.of(self.today)

    @property
    def last(self) -> Quarter:
        return self.quarter.previous

    @property
    def earlier_briefing(self) -> date:
        """It set the last quarter's tasks."""
        return workday(self.last.previous.last_day - timedelta(BEFORE_THE_END))

    @property
    def briefing(self) -> date:
        """It reviewed the last quarter, just before its end, and set the present one's tasks."""
        return workday(self.last.last_day - timedelta(BEFORE_THE_END))

    @property
    def next_briefing(self) -> date:
        """It is being prepared, so it lies ahead."""
        ahead = self.today + timedelta(WEEK + 2)  # a workday of it is still ahead
        return workday(max(self.quarter.last_day - timedelta(BEFORE_THE_END), ahead))

    def ago(self, days: int) -> date:
        return self.today - timedelta(days)

    def ends(self, quarter: Quarter) -> date:
        """What the days of a task are counted from: the quarter's end, or today where that is ahead."""
        return min(self.today, quarter.last_day)


def workday(day: date) -> date:
    """The day, or the Friday before where it is of a weekend."""
    return day - timedelta(max(0, day.weekday() - SATURDAY + 1))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of that day, where the meetings are."""
    return datetime.combine(day, time(hour, minute), ZONE)
