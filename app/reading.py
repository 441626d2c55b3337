"""A read is one SQL statement: each noun says what it shows, to whom, how it is found; this writes the SQL.

A request's values never change the text of a statement, only which filters, which order and which
includes it asks for, and how many circles its caller is in. So each shape is written once and kept.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Dialect,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from app.actor import Breadth
from app.audience import Audience, all_seen, covered, seen, under
from app.db import Fact, Resource
from app.events import EventAudience
from app.prepared import Statement, written
from app.sql import (
    Found,
    Value,
    among,
    as_bytes,
    as_text,
    every_word,
    json_array,
    json_object,
    json_text,
    oldest_open_transaction,
    whole,
)
from app.types import Id

R = TypeVar("R", bound=Resource | Fact)
Asked = frozenset[tuple[str, bool]]  # the filters in use, and whether each has several values


class Visibility(Protocol):
    """To whom the rows of a noun show."""

    def to(self, breadth: Breadth) -> ColumnElement[bool]: ...

    def from_few(self, breadth: Breadth) -> ColumnElement[bool]: ...


@dataclass(frozen=True)
class ToTenant:
    """Everybody with a grant anywhere in the tenant: the directory."""

    tenant: Value

    def to(self, breadth: Breadth) -> ColumnElement[bool]:
        """The row stands in one of the caller's tenants."""
        mine = (self.tenant == bindparam(f"tenant_{n}", type_=Id()) for n in range(breadth.tenants))
        return or_(false(), *mine)

    from_few = to


@dataclass(frozen=True)
class ToAudience:
    """The circles written down beside the row, or beside the row that contains it."""

    table: type[Audience]
    subject: Value

    def to(self, breadth: Breadth) -> ColumnElement[bool]:
        """Look at each row whether the caller is in its audience."""
        return seen(self.table, self.subject, breadth.sees)

    def from_few(self, breadth: Breadth) -> ColumnElement[bool]:
        """Begin with all that the caller sees."""
        return self.subject.in_(all_seen(self.table, breadth.sees))


@dataclass(frozen=True)
class ToEither:
    """Whoever sees one of two, where a row stands in either."""

    one: Visibility
    other: Visibility

    def to(self, breadth: Breadth) -> ColumnElement[bool]:
        """Look at each row, in both."""
        return or_(self.one.to(breadth), self.other.to(breadth))

    def from_few(self, breadth: Breadth) -> ColumnElement[bool]:
        """Begin with all that the caller sees of both."""
        return or_(self.one.from_few(breadth), self.other.from_few(breadth))


@dataclass(frozen=True)
class ToCovering:
    """Whoever has a grant that covers the organization."""

    organization: Value

    def to(self, breadth: Breadth) -> ColumnElement[bool]:
        """It stands under one of the caller's grants."""
        return covered(self.organization, "sees", breadth.sees)

    from_few = to


@dataclass(frozen=True)
class ToBoth:
    """Who sees a row in the one way and in the other."""

    one: Visibility
    other: Visibility

    def to(self, breadth: Breadth) -> ColumnElement[bool]:
        """Look at each row, in both."""
        return and_(self.one.to(breadth), self.other.to(breadth))

    def from_few(self, breadth: Breadth) -> ColumnElement[bool]:
        """Begin with all that the caller sees of the one."""
        return and_(self.one.from_few(breadth), self.other.to(breadth))


def columns(shows: type[BaseModel], row: type[Any], *, but: Mapping[str, Value] = {}) -> dict[str, Value]:
    """Each field that is shown, by name: as given, else the column of that name."""
    return {name: but[name] if name in but else getattr(row, name) for name in shows.model_fields}


@dataclass(frozen=True, eq=False)
class Reading(Generic[R]):
    """Everything that a GET of one noun needs to know."""

    row: type[R]
    shows: type[BaseModel]
    path: str  # /v1/meetings
    area: str  # of permissions: meetings
    visible: Visibility
    governed_by: Value  # the organization on whose grants a change depends; `within` looks at it too
    derived: Mapping[str, Value] = field(default_factory=dict)
    as_seen: Mapping[str, Callable[[Breadth], Value]] = field(default_factory=dict)  # by what the caller sees
    private: Collection[str] = ()  # shown only to those who may write the row
    includes: Mapping[str, Callable[[Breadth], Value]] = field(default_factory=dict)
    long: frozenset[str] = frozenset()  # includes of megabytes: to be read where nobody else waits
    by: Mapping[str, Value] = field(default_factory=dict)  # what equals the value, or one of several
    filters: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)  # any other condition
    anchors: Collection[str] = ()  # filters that leave few rows and have an index that says so
    sorts: Mapping[str, Value] = field(default_factory=dict)
    folded: Value | None = None  # what `q` looks into
    shows_other_rows: bool = False  # so that the version of its own row says too little
    has_bookkeeping: bool = False  # it shows what no event tells, so that its lists have no validator

    @cached_property
    def is_more_than_its_row(self) -> bool:
        """Whether one version can look different tomorrow, or to somebody else."""
        daily = any("today" in str(value) for value in self.derived.values())
        return daily or bool(self.private) or self.shows_other_rows

    def members(self, include: frozenset[str], breadth: Breadth) -> dict[str, Value]:
        """Each member that is shown, by name, with the expression it comes from."""
        known = {**self.derived, **{name: self.includes[name](breadth) for name in include}}
        known |= {name: said(breadth) for name, said in self.as_seen.items()}
        shown = {
            name: known[name] if name in known else getattr(self.row, name)
            for name in self.shows.model_fields
            if name not in self.includes or name in include
        }
        if self.private:
            writes = covered(self.governed_by, "may", breadth.may)
            shown |= {name: case((writes, shown[name]), else_=null()) for name in self.private}
        return shown

    def body(self, include: frozenset[str], breadth: Breadth) -> ColumnElement[bytes]:
        """As it goes out: with lists inside as text put together, for they may be long."""
        members = self.members(include, breadth)
        return as_bytes(json_text(members) if include else as_text(json_object(members)))

    def order(self, sort: str) -> tuple[Value, ...]:
        key = self.sorts[sort.removeprefix("-")]
        return (key,) if key is self.row.id else (key, self.row.id.expression)

    @lru_cache(maxsize=256)  # noqa: B019  a reading lives as long as the service
    def found(self, breadth: Breadth, *, for_update: bool) -> Found:
        """For the write lane: the row under the same visibility, and whether the caller may change it."""
        mine = covered(self.governed_by, "may", breadth.may)
        named = self.row.id == bindparam("id", type_=Id())
        row = select(self.row, mine).where(named, self.visible.to(breadth))
        if not for_update:
            return row
        return row.with_for_update(of=self.row).execution_options(populate_existing=True)

    @lru_cache(maxsize=256)  # noqa: B019  a reading lives as long as the service
    def one(self, include: frozenset[str], breadth: Breadth) -> Found:
        named = self.row.id == bindparam("id", type_=Id())
        version = getattr(self.row, "version", whole(1))  # a fact has but one
        shown = select(self.body(include, breadth), version, self.row.id)
        return shown.where(named, self.visible.to(breadth))

    @lru_cache(maxsize=256)  # noqa: B019  a reading lives as long as the service
    def only(self, names: frozenset[str], breadth: Breadth) -> Found:
        """The row that is named by other members than its id."""
        version = getattr(self.row, "version", whole(1))
        shown = select(self.body(frozenset(), breadth), version, self.row.id)
        named = (self.where(name, several=False) for name in sorted(names))
        return shown.where(*named, self.visible.to(breadth))

    @lru_cache(maxsize=256)  # noqa: B019  a reading lives as long as the service
    def shown(self, breadth: Breadth, dialect: Dialect) -> Statement:
        """For the write lane, which has found the row already: it answers with what a GET shows."""
        body = as_text(json_object(self.members(frozenset(), breadth)))
        return written(select(body).where(self.row.id == bindparam("id", type_=Id())), dialect)

    @lru_cache(maxsize=256)  # noqa: B019  a reading lives as long as the service
    def known(self, breadth: Breadth, dialect: Dialect) -> Statement:
        """For the write lane: which of several ids are of rows that the caller sees."""
        there = self.row.__table__.c.tenant_id == bindparam("tenant_id", type_=Id())
        ids = select(self.row.id).where(among(self.row.id, "ids"), there, self.visible.to(breadth))
        return written(ids, dialect)

    def where(self, name: str, *, several: bool) -> ColumnElement[bool]:
        if name == "within":
            return under(self.governed_by, "within")
        if name == "q" and self.folded is not None:
            return every_word(self.folded, "q")
        if name in self.filters:
            return self.filters[name]
        return among(self.by[name], name) if several else self.by[name] == bindparam(name)

    def conditions(self, asked: Asked, breadth: Breadth) -> ColumnElement[bool]:
        names = {name for name, _ in asked}
        few = breadth.is_narrow and not names & set(self.anchors)
        mine = self.visible.from_few(breadth) if few else self.visible.to(breadth)
        return and_(mine, *(self.where(name, several=several) for name, several in sorted(asked)))

    def page(
        self, asked: Asked, sort: str, include: frozenset[str], breadth: Breadth, *, onward: bool
    ) -> Found:
        """Which rows first, by their keys alone; only what is on the page is then made into JSON."""
        keys, falls = self.order(sort), sort.startswith("-")
        ids: Found = select(self.row.id, *(key.label(f"key_{n}") for n, key in enumerate(keys[:-1])))
        ids = ids.where(self.conditions(asked, breadth))
        if onward:
            last = tuple_(*(bindparam(f"after_{n}", type_=key.type) for n, key in enumerate(keys)))
            ids = ids.where(tuple_(*keys) < last if falls else tuple_(*keys) > last)
        ids = ids.order_by(*(key.desc() if falls else key.asc() for key in keys))
        chosen = ids.limit(bindparam("limit", type_=Integer())).subquery("chosen")
        order = [chosen.c[f"key_{n}"] for n in range(len(keys) - 1)] + [chosen.c.id]
        shown = select(self.body(include, breadth), as_text(json_array(*order)))
        return (
            shown.select_from(chosen)
            .join(self.row, self.row.id == chosen.c.id)
            .order_by(*(key.desc() if falls else key.asc() for key in order))
        )

    def total(self, asked: Asked, breadth: Breadth) -> Found:
        return select(func.count()).select_from(self.row).where(self.conditions(asked, breadth))


def journal_head(dialect: Dialect, circles: int) -> Found:
    """What changes whenever something does that the caller sees, one look-up a circle (whatever the lines).

    SQLite has one writer, so the last number says all. On PostgreSQL a lower number may be committed
    later: so the last of those that no open transaction can precede any more, and each one after it.
    """
    one = aliased(EventAudience)
    parts: list[Any] = []
    for n in range(circles):
        theirs = select(one).where(one.circle_id == bindparam(f"sees_{n}", type_=Id()))
        last = theirs.with_only_columns(one.seq).order_by(one.tx.desc(), one.seq.desc()).limit(whole(1))
        if dialect.name == "sqlite":
            parts.append(last.scalar_subquery())
            continue
        parts.append(last.where(one.tx < oldest_open_transaction()).scalar_subquery())
        rest = func.string_agg(cast(one.seq, Text), ",")
        parts.append(
            theirs.with_only_columns(rest).where(one.tx >= oldest_open_transaction()).scalar_subquery()
        )
    return select(*parts) if parts else select(whole(0))


def in_circle(audience: type[EventAudience], number: int) -> ColumnElement[bool]:
    """One circle of the caller's alone, so that its index gives the order."""
    circle = bindparam(f"sees_{number}", type_=Id())
    lines = bindparam(f"sees_lines_{number}", type_=EventAudience.lines.type)
    return and_(audience.circle_id == circle, audience.lines.op("&")(lines) != whole(0))


@lru_cache(maxsize=4096)
def one(reading: Reading[Any], include: frozenset[str], breadth: Breadth, dialect: Dialect) -> Statement:
    return written(reading.one(include, breadth), dialect)


@lru_cache(maxsize=256)
def only(reading: Reading[Any], names: frozenset[str], breadth: Breadth, dialect: Dialect) -> Statement:
    return written(reading.only(names, breadth), dialect)


@lru_cache(maxsize=4096)
def page(  # noqa: PLR0913, PLR0917  what shapes the statement, and nothing else
    reading: Reading[Any],
    asked: Asked,
    sort: str,
    include: frozenset[str],
    breadth: Breadth,
    dialect: Dialect,
    *,
    onward: bool,
) -> Statement:
    return written(reading.page(asked, sort, include, breadth, onward=onward), dialect)


@lru_cache(maxsize=4096)
def total(reading: Reading[Any], asked: Asked, breadth: Breadth, dialect: Dialect) -> Statement:
    return written(reading.total(asked, breadth), dialect)


@lru_cache(maxsize=64)
def head(circles: int, dialect: Dialect) -> Statement:
    return written(journal_head(dialect, circles), dialect)
