"""What changed between two versions of a document: for a program, and in words for a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal, get_origin

from pydantic import BaseModel

from app.errors import Words
from app.minutes.naming import LISTS, MEMBERS, kind_in, spoken, title
from app.minutes.record import MinutesRecord
from app.types import Json

Op = Literal["add", "remove", "replace"]
AROUND = 4  # words that are shown before and after what changed in a text
LONGEST = 300  # letters of a text that a sentence quotes


@dataclass(frozen=True)
class Change:
    """One change. `pointer` leads into the newer record, and for what was removed into the older."""

    pointer: str
    op: Op
    old: Any
    new: Any
    words: Words


def compared(old: Json, new: Json) -> list[Change]:
    """The changes that make the newer record of the older: members of lists are the same by their id."""
    return [] if old == new else list(_members(MinutesRecord, old, new, "", Words("", "")))


def _members(kind: type[BaseModel], old: Json, new: Json, at: str, place: Words) -> Iterator[Change]:
    for name, field in kind.model_fields.items():
        if old[name] != new[name]:
            yield from _value(name, field.annotation, (old[name], new[name]), f"{at}/{name}", place)


def _value(name: str, annotation: Any, both: tuple[Any, Any], at: str, place: Words) -> Iterator[Change]:
    old, new = both
    kind = kind_in(annotation, BaseModel)
    if kind is not None and issubclass(kind, BaseModel):
        if get_origin(annotation) is list and "id" in kind.model_fields and name in LISTS:
            yield from _listed(name, kind, old, new, at)
            return
        if isinstance(old, dict) and isinstance(new, dict) and old.get("id") == new.get("id"):
            yield from _members(kind, old, new, at, _within(place, MEMBERS[name]))
            return
    yield Change(at, "replace", old, new, _replaced(_within(place, MEMBERS[name]), annotation, old, new))


def _listed(name: str, kind: type[BaseModel], old: list[Json], new: list[Json], at: str) -> Iterator[Change]:
    """What went first, by where it stood; then each row by where it stands."""
    before, after = {one["id"]: one for one in old}, {one["id"] for one in new}
    for n, row in enumerate(old):
        if row["id"] not in after:
            yield Change(f"{at}/{n}", "remove", row, None, _came_or_went(name, row, Words("Bỏ", "Removed")))
    for n, row in enumerate(new):
        if row["id"] not in before:
            yield Change(f"{at}/{n}", "add", None, row, _came_or_went(name, row, Words("Thêm", "Added")))
        elif before[row["id"]] != row:
            yield from _members(kind, before[row["id"]], row, f"{at}/{n}", _place(name, row))


# -- in words


def _within(place: Words, member: Words) -> Words:
    both = zip(place, member, strict=True)
    return Words(*(f"{outer}, {inner}" if outer else inner for outer, inner in both))


def _place(name: str, row: Json) -> Words:
    called, known = LISTS[name], _short(title(row))
    return Words(f"{called.vi} “{known}”", f"{called.en} “{known}”")


def _came_or_went(name: str, row: Json, did: Words) -> Words:
    called, known = LISTS[name], _short(title(row))
    return Words(
        f"{did.vi} {called.vi[0].lower()}{called.vi[1:]}: “{known}”",
        f"{did.en} {called.en[0].lower()}{called.en[1:]}: “{known}”",
    )


def _replaced(place: Words, annotation: Any, old: Any, new: Any) -> Words:
    before, after = spoken(old, annotation), spoken(new, annotation)
    said = []
    for where, one, other in zip(place, before, after, strict=True):
        left, right = _where_they_differ(one, other) if old and new else (one, other)
        said.append(f"{where}: “{_short(left)}” → “{_short(right)}”")
    return Words(*said)


def _where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Of two texts only what differs, with a few words around it. In linear time, however long they are."""
    old, new = one.split(" "), other.split(" ")
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    return _part(old, start, end), _part(new, start, end)


def _alike(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(one, other, strict=False)))


def _part(words: list[str], start: int, end: int) -> str:
    first, last = max(0, start - AROUND), min(len(words), len(words) - end + AROUND)
    shown = " ".join(words[first:last])
    return f"{'… ' if first else ''}{shown}{' …' if last < len(words) else ''}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
