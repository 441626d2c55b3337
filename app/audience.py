"""Who sees what: the tree of bodies laid flat, and beside each row the circles of callers that see it.

A circle is named by an id: an organization's own id for all whose grant covers it, and two derived ones,
for everyone in a tenant and for those who administer an organization. A row's circles are kept with it,
so that "may this caller see it" is one look-up, however wide the caller's grant.
"""

from collections.abc import Collection
from typing import ClassVar
from uuid import UUID, uuid5

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    and_,
    bindparam,
    delete,
    distinct,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from app.db import Base
from app.sql import Found, Value, whole
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

    organization_id: Mapped[UUID] = mapped_column(
        Id, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True
    )
    ancestor_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"), primary_key=True)
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


def reachable(bodies: Collection[UUID], by: str, number: int) -> ColumnElement[bool]:
    """Any of these organizations stands under one of the caller's grants."""
    mine = held(Ancestor.ancestor_id.expression, Ancestor.lines.expression, by, number)
    return exists().where(Ancestor.organization_id.in_(bodies), mine)


def under(organization: Value, parameter: str) -> ColumnElement[bool]:
    """The organization is the one of the parameter, or stands below it."""
    below = select(Ancestor.organization_id).where(Ancestor.ancestor_id == bindparam(parameter, type_=Id()))
    return organization.in_(below)


def circles_over(bodies: Collection[UUID], *, exactly: bool = False) -> Found:
    """The circles that see what concerns these bodies: theirs and all above, or exactly theirs."""
    found = select(
        Ancestor.ancestor_id.label("circle_id"), func.sum(distinct(Ancestor.lines)).label("lines")
    ).where(Ancestor.organization_id.in_(bodies))
    if exactly:
        found = found.where(Ancestor.organization_id == Ancestor.ancestor_id)
    return found.group_by(Ancestor.ancestor_id)


def only(circle_id: UUID) -> Found:
    """One circle, for what a whole tenant sees."""
    return select(literal(circle_id, Id()).label("circle_id"), whole(ALL_LINES).label("lines"))


def show(db: Session, table: type[Audience], subject_id: UUID, circles: Circles) -> Circles:
    """Write down who sees a row now; answers who saw it before."""
    before = circles_of(db, select(table.circle_id, table.lines).where(subject_of(table) == subject_id))
    gone = [circle for circle in before if before[circle] != circles.get(circle)]
    if gone:
        db.execute(delete(table).where(subject_of(table) == subject_id, table.circle_id.in_(gone)))
    new = [
        {table.SUBJECT: subject_id, "circle_id": circle, "lines": lines}
        for circle, lines in circles.items()
        if before.get(circle) != lines
    ]
    if new:
        db.execute(insert(table), new)
    return before


def circles_of(db: Session, found: Found) -> Circles:
    """The circles that a statement finds, with their lines."""
    return {circle: int(lines) for circle, lines in db.execute(found)}
