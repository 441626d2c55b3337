"""The shapes that every resource's body shares, and the kinds of values in them."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, NoReturn, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from app import quarter, text
from app.errors import Fault, ValidationError, Words
from app.types import to_milliseconds, wire

_REFUSED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


LARGEST = 2**31 - 1  # of a whole number that is kept
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)  # a day anywhere on earth


def clean(given: str) -> str:
    """The one form of a text: NFC, lines end in a line feed, no other control characters, no heaps."""
    if text.is_heaped(given):
        raise PydanticCustomError("heaped_marks", "more marks on one letter than any script has")
    one = text.nfc(given.replace("\r\n", "\n").replace("\r", "\n"))
    if _REFUSED.search(one):
        raise PydanticCustomError("control_character", "control characters are not allowed")
    return one


def at_most(letters: int) -> Callable[[str], str]:
    """No longer than that as it is kept: NFC spells some letters by two or three."""

    def checked(given: str) -> str:
        if len(given) > letters:
            raise PydanticCustomError("string_too_long", "too long as it is kept", {"max_length": letters})
        return given

    return checked


def an_instant(given: object) -> object:
    """Pydantic alone takes numbers and bare dates for instants."""
    if isinstance(given, str) and not _INSTANT.fullmatch(given):
        raise PydanticCustomError("instant_format", "an instant with its offset from UTC is needed")
    if not isinstance(given, str | datetime):
        raise PydanticCustomError("instant_format", "an instant with its offset from UTC is needed")
    return given


def in_range(moment: datetime) -> datetime:
    """To the millisecond, in UTC; the first and last days of the calendar have no UTC everywhere."""
    try:
        known = to_milliseconds(moment)
    except (OverflowError, ValueError) as error:
        raise PydanticCustomError("instant_format", "this instant is out of range") from error
    if not FIRST <= known <= LAST:
        raise PydanticCustomError("instant_format", "this instant is out of range")
    return known


def a_day(given: object) -> object:
    """Pydantic alone takes numbers and instants at midnight for days."""
    if isinstance(given, str) and _DATE.fullmatch(given):
        return given
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    raise PydanticCustomError("date_format", "a date as YYYY-MM-DD is needed")


def a_quarter(given: str) -> str:
    try:
        return str(quarter.Quarter.parse(given))
    except ValueError as error:
        raise PydanticCustomError("quarter_format", "a quarter as 2025-Q4 is needed") from error


def a_period(given: str) -> str:
    try:
        return str(quarter.Period.parse(given))
    except ValueError as error:
        raise PydanticCustomError("period_format", "a period as 2025-Q3 is needed") from error


Instant = Annotated[
    datetime,
    BeforeValidator(an_instant),
    AfterValidator(in_range),
    PlainSerializer(wire, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(a_day)]
Quarter = Annotated[
    str,
    AfterValidator(a_quarter),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-Q[1-4]$", "maxLength": 7}),
]
Period = Annotated[
    str,
    AfterValidator(a_period),
    WithJsonSchema(
        {"type": "string", "pattern": "^[0-9]{4}(-(Q[1-4]|M(0[1-9]|1[0-2])|H[12]|9M))?$", "maxLength": 8}
    ),
]
Truth = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Version = Annotated[int, Field(ge=1, le=LARGEST)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]


Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60),
    AfterValidator(clean),
    AfterValidator(at_most(60)),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(clean),
    AfterValidator(at_most(500)),
]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=50_000),
    AfterValidator(clean),
    AfterValidator(at_most(50_000)),
]


T = TypeVar("T")
AnyOf = Annotated[list[T], Field(max_length=200)]  # in a filter: whichever of these


# A model is built when it is first used: to build all two hundred takes half a second of each start.
LATER = ConfigDict(defer_build=True)


class Schema(BaseModel):
    """What comes in: nothing that is not known, and no echo of what was wrong."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, **LATER)


class Shown(BaseModel):
    """What goes out: its fields, in this order, are what the read lane selects."""

    model_config = ConfigDict(from_attributes=True, **LATER)


class Rehearsal(Schema):
    """Whether to do it, or only to say what it would do."""

    dry_run: Annotated[bool, Field(description="Say what would be, and store nothing.")] = False


def known_as(known: Sequence[str]) -> Callable[[str], str]:
    """One of these words."""

    def checked(given: str) -> str:
        if given not in known:
            raise PydanticCustomError("enum", "one of these is needed", {"expected": ", ".join(known)})
        return given

    return checked


def fault(member: str, code: str, vi: str, en: str) -> Fault:
    """One thing that is wrong with a body, at one of its members."""
    return Fault("body", f"#/{member}", code, Words(vi, en))


def refuse_all(faults: Sequence[Fault]) -> None:
    """A 422 that names all of them, where there are any."""
    if faults:
        number = len(faults)
        detail = Words(f"{number} lỗi", f"{number} error{'s' if number > 1 else ''}")
        raise ValidationError(detail, errors=faults)


def refuse(member: str, code: str, vi: str, en: str) -> NoReturn:
    """What a body's members say together is wrong: a 422 that points at one of them."""
    raise ValidationError(errors=[fault(member, code, vi, en)])


def refuse_backwards(first: date | None, last: date | None, at: str = "dissolved_on") -> None:
    """A span that ends before it begins."""
    if first and last and last < first:
        refuse(at, "ends_before_it_begins", "Kết thúc trước khi bắt đầu", "It ends before it begins")


class ExternalRef(Schema):
    """How another system knows a resource."""

    system: Code
    id: Name


ExternalRefs = Annotated[list[ExternalRef], Field(max_length=20)]


class ExternalRefOut(Shown):
    """How another system knows a resource."""

    system: Code
    id: Name


class ResourceOut(Shown):
    """What every resource shows first."""

    id: UUID
    version: Version
    created_at: Instant
    updated_at: Instant
    external_refs: Annotated[list[ExternalRefOut], Field(max_length=20)]


class FactOut(Shown):
    """What every recorded fact shows first: it is written once and never changed."""

    id: UUID
    recorded_at: Instant
    recorded_by: Name
