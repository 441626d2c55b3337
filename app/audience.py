"""Who sees what: the tree of bodies laid flat, and beside each row the circles of callers that see it.

A circle is named by an id: an organization's own id for all whose grant covers it, and two derived ones,
for everyone in a tenant and for those who administer an organization. A row's circles are kept with it,
so that "may this caller see it" is one look-up, however wide the caller's grant.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID, uuid5

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Index,
    SmallInteger,
    and_,
    bindparam,
    delete,
    distinct,
    false,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from app.db import Base
from app.prepared import Statement, written
from app.sql import Found, Value, among, whole
from app.types import Id

Circles = dict[UUID, int]
ALL_LINES = 15


def everyone_in(tenant_id: UUID) -> UUID:
    """The circle of all who hold any grant in a tenant."""
    return uuid5(tenant_id, "everyone")


def administrators_of(organization_id: UUID) -> UUID:
    """The circle of those whose `admin` grant covers the organization."""
    return uuid5(organization_id, "administrators")


class Ancestor(Base):
    """The tree laid flat: each organization with itself and everything above it, and its own line."""

    __tablename__ = "organization_ancestors"
    __table_args__ = (Index(None, "ancestor_id", "organization_id"), {"sqlite_with_rowid": False})

    organization_id: Mapped[UUID] = mapped_column(Id, primary_key=True)  # no foreign keys: the place
    ancestor_id: Mapped[UUID] = mapped_column(Id, primary_key=True)  # outlives what stood there, for the feed
    lines: Mapped[int] = mapped_column(SmallInteger)


class Audience(Base):
    """The circles that see a row of one noun; `lines` are those (as bits) by whose bodies they do."""

    __abstract__ = True

    SUBJECT: ClassVar[str]  # the column that names the row

    @declared_attr
    def circle_id(cls) -> Mapped[UUID]:  # noqa: N805  SQLAlchemy calls it on the class
        return mapped_column(Id, primary_key=True)

    @declared_attr
    def lines(cls) -> Mapped[int]:  # noqa: N805  SQLAlchemy calls it on the class
        return mapped_column(SmallInteger)


def subject_of(table: type[Audience]) -> ColumnElement[UUID]:
    """The column that names the row."""
    return table.__table__.c[table.SUBJECT]


def held(circle: Value, lines: Value, by: str, number: int) -> ColumnElement[bool]:
    """The circle is one of the caller's, bound as {by}_0, {by}_lines_0 and so on."""
    each = (
        and_(
            circle == bindparam(f"{by}_{n}", type_=Id()),
            lines.op("&")(bindparam(f"{by}_lines_{n}", type_=SmallInteger())) != whole(0),
        )
        for n in range(number)
    )
    return or_(false(), *each)


def seen(table: type[Audience], subject: Value, number: int) -> ColumnElement[bool]:
    """One look-up a row. Not an EXISTS, which PostgreSQL would turn into a join of its own choosing."""
    found = (
        select(whole(1))
        .where(
            subject_of(table) == subject,
            held(table.circle_id.expression, table.lines.expression, "sees", number),
        )
        .limit(whole(1))
        .correlate_except(table)
    )
    return found.scalar_subquery().is_not(None)


def all_seen(table: type[Audience], number: int) -> Found:
    """The ids of all rows that the caller sees: where those are few, they are where to begin."""
    mine = held(table.circle_id.expression, table.lines.expression, "sees", number)
    return select(subject_of(table)).where(mine)


def covered(organization: Value, by: str, number: int) -> ColumnElement[bool]:
    """The organization stands under one of the caller's grants, bound as {by}_0 and so on."""
    found = (
        select(whole(1))
        .where(
            Ancestor.organization_id == organization,
            held(Ancestor.ancestor_id.expression, Ancestor.lines.expression, by, number),
        )
        .limit(whole(1))
        .correlate_except(Ancestor)
    )
    return found.scalar_subquery().is_not(None)


def may_reach(db: Session, bodies: Collection[UUID], circles: Circles) -> bool:
    """Whether any of these organizations stands under one of these grants."""
    if not circles or not bodies:
        return False
    asked = _reachable(len(circles), db.get_bind().dialect)
    return bool(asked.run(db, {"bodies": list(bodies), **numbered("may", circles)}))


@lru_cache(maxsize=256)
def _reachable(number: int, dialect: Dialect) -> Statement:
    mine = held(Ancestor.ancestor_id.expression, Ancestor.lines.expression, "may", number)
    found = select(whole(1)).where(among(Ancestor.organization_id, "bodies"), mine).limit(whole(1))
    return written(found, dialect)


def numbered(by: str, circles: Circles) -> dict[str, Any]:
    """The parameters that `held` names."""
    bound: dict[str, Any] = {}
    for n, (circle, lines) in enumerate(circles.items()):
        bound[f"{by}_{n}"], bound[f"{by}_lines_{n}"] = circle, lines
    return bound


def under(organization: Value, parameter: str) -> ColumnElement[bool]:
    """The organization is the one of the parameter, or stands below it."""
    below = select(Ancestor.organization_id).where(Ancestor.ancestor_id == bindparam(parameter, type_=Id()))
    return organization.in_(below)


@dataclass(frozen=True)
class Beside:
    """An audience that is written down beside the row of a noun."""

    table: type[Audience]
    subject_id: UUID


@dataclass(frozen=True)
class Circle:
    """An audience that is one circle, for what a whole tenant sees."""

    circle_id: UUID


@dataclass(frozen=True)
class Over:
    """An audience that is all whose grants cover one organization."""

    organization_id: UUID


Seen = Beside | Circle | Over


def circles_of(db: Session, seen_by: Seen) -> Circles:
    """The circles of an audience, with their lines."""
    if isinstance(seen_by, Circle):
        return {seen_by.circle_id: ALL_LINES}
    if isinstance(seen_by, Over):
        return circles_over(db, {seen_by.organization_id})
    return _circles(_present(seen_by.table, db.get_bind().dialect).run(db, {"subject": seen_by.subject_id}))


def circles_over(db: Session, bodies: Collection[UUID], *, exactly: bool = False) -> Circles:
    """The circles that see what concerns these bodies: theirs and all above, or exactly theirs."""
    return _circles(_over(exactly, db.get_bind().dialect).run(db, {"bodies": list(bodies)}))


def show(db: Session, to: Beside, circles: Circles, *, anew: bool) -> Circles:
    """Write down who sees a row now; answers who saw it before (nobody, where the row is new)."""
    before = {} if anew else circles_of(db, to)
    dialect = db.get_bind().dialect
    gone = [circle for circle in before if before[circle] != circles.get(circle)]
    if gone:
        _drop(to.table, dialect).run(db, {"subject": to.subject_id, "circles": gone})
    new = (
        {"subject": to.subject_id, "circle": circle, "lines": lines}
        for circle, lines in circles.items()
        if before.get(circle) != lines
    )
    _add(to.table, dialect).run_many(db, new)
    return before


def _circles(rows: Iterable[tuple[UUID, int]]) -> Circles:
    return {circle: int(lines) for circle, lines in rows}


@lru_cache(maxsize=16)
def _over(exactly: bool, dialect: Dialect) -> Statement:
    found = select(Ancestor.ancestor_id, func.sum(distinct(Ancestor.lines)))
    found = found.where(among(Ancestor.organization_id, "bodies"))
    if exactly:
        found = found.where(Ancestor.organization_id == Ancestor.ancestor_id)
    return written(found.group_by(Ancestor.ancestor_id), dialect)


@lru_cache(maxsize=16)
def _present(table: type[Audience], dialect: Dialect) -> Statement:
    theirs = select(table.circle_id, table.lines).where(subject_of(table) == bindparam("subject", type_=Id()))
    return written(theirs, dialect)


@lru_cache(maxsize=16)
def _add(table: type[Audience], dialect: Dialect) -> Statement:
    values = {table.SUBJECT: "subject", "circle_id": "circle", "lines": "lines"}
    return written(insert(table).values({c: bindparam(name) for c, name in values.items()}), dialect)


@lru_cache(maxsize=16)
def _drop(table: type[Audience], dialect: Dialect) -> Statement:
    theirs = subject_of(table) == bindparam("subject", type_=Id())
    return written(delete(table).where(theirs, among(table.circle_id, "circles")), dialect)
