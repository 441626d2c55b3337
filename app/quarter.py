"""Quarters and periods: values, ordered, that know their days and their labels."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from typing import NamedTuple, Self

_ROMAN = ("I", "II", "III", "IV")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    year: int
    number: int

    def __post_init__(self) -> None:
        if not (MINYEAR <= self.year <= MAXYEAR and self.number in range(1, 5)):
            raise ValueError("a quarter is Q1 to Q4 of a year from 0001 to 9999")

    @classmethod
    def parse(cls, text: str) -> Self:
        written = re.fullmatch(r"([0-9]{4})-Q([1-4])", text)
        if not written:
            raise ValueError("a quarter is written like 2025-Q4")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, _quarter_of_month(day.month))

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"

    @property
    def next(self) -> Self:
        return self._moved(1)

    @property
    def previous(self) -> Self:
        return self._moved(-1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> date:
        return _last_day(self.year, self.number * 3)

    @property
    def label_vi(self) -> str:
        return f"Quý {_ROMAN[self.number - 1]}/{self.year}"

    @property
    def label_en(self) -> str:
        return f"Quarter {_ROMAN[self.number - 1]}/{self.year}"

    def _moved(self, quarters: int) -> Self:
        year, index = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return type(self)(year, index + 1)


class _Span(NamedTuple):
    """The months of a part of the year, and what its labels say before the year."""

    first_month: int
    months: int
    vi: str
    en: str

    @property
    def last_month(self) -> int:
        return self.first_month + self.months - 1


_SPANS = {
    "": _Span(1, 12, "năm ", "year "),
    "9M": _Span(1, 9, "9 tháng năm ", "first nine months of "),
    "H1": _Span(1, 6, "6 tháng đầu năm ", "first half of "),
    "H2": _Span(7, 6, "6 tháng cuối năm ", "second half of "),
    **{f"Q{i + 1}": _Span(i * 3 + 1, 3, f"Quý {name}/", f"Quarter {name}/") for i, name in enumerate(_ROMAN)},
    **{f"M{i:02}": _Span(i, 1, f"tháng {i}/", f"{name} ") for i, name in enumerate(_MONTHS, start=1)},
}
_PART_OF = {(span.first_month, span.months): part for part, span in _SPANS.items()}


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """What a meeting reviews or plans: 2025-Q3, 2025-M09, 2025-H1, 2025-9M (nine months) or 2025."""

    year: int
    part: str = ""

    def __post_init__(self) -> None:
        if not (MINYEAR <= self.year <= MAXYEAR and self.part in _SPANS):
            raise ValueError("a period is a quarter, month, half, 9M or whole of a year from 0001 to 9999")

    @classmethod
    def parse(cls, text: str) -> Self:
        written = re.fullmatch(r"([0-9]{4})(?:-([0-9A-Z]+))?", text)
        if not written or (written[2] or "") not in _SPANS:
            raise ValueError("a period is written like 2025-Q3, 2025-M09, 2025-H1, 2025-9M or 2025")
        return cls(int(written[1]), written[2] or "")

    def __str__(self) -> str:
        return f"{self.year:04}-{self.part}" if self.part else f"{self.year:04}"

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        first, last = _quarter_of_month(self._span.first_month), _quarter_of_month(self._span.last_month)
        return tuple(Quarter(self.year, number) for number in range(first, last + 1))

    @property
    def first_day(self) -> date:
        return date(self.year, self._span.first_month, 1)

    @property
    def last_day(self) -> date:
        return _last_day(self.year, self._span.last_month)

    @property
    def next(self) -> Self:
        year, month = divmod(self.year * 12 + self._span.last_month, 12)
        part = _PART_OF.get((month + 1, self._span.months))
        if part is None:
            raise ValueError("nine months have no next nine months")
        return type(self)(year, part)

    def follows(self, other: "Period") -> bool:
        """Begins the day after: Q4 follows Q3, and the first nine months, too."""
        return self.first_day.toordinal() == other.last_day.toordinal() + 1

    @property
    def label_vi(self) -> str:
        return f"{self._span.vi}{self.year}"

    @property
    def label_en(self) -> str:
        return f"{self._span.en}{self.year}"

    @property
    def _span(self) -> _Span:
        return _SPANS[self.part]


def _quarter_of_month(month: int) -> int:
    return (month + 2) // 3


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
