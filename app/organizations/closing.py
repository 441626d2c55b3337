"""What a closed quarter forbids: its tasks neither come nor change, and nothing new takes effect in it."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Dialect, bindparam, select
from sqlalchemy.orm import Session

from app.errors import Fault, QuarterClosed, ValidationError, Words
from app.organizations.models import Organization, QuarterClosing
from app.prepared import Statement, written
from app.quarter import Quarter
from app.sql import among
from app.types import Id

IN_IT = Words("Ngày này thuộc quý đã chốt", "That day lies in a quarter that is closed")


def refuse_in_closed_quarter(
    db: Session, organization_id: UUID, quarters: Collection[str], *, on: date | None, arrives: bool
) -> None:
    """Raises QuarterClosed for tasks of these quarters, ValidationError for the day.

    `arrives`: a task comes from another quarter, and whoever closes this one may not have seen it. So it
    waits for them, and they for it, as they do for a new task by its foreign key.
    """
    if arrives and db.get_bind().dialect.name == "postgresql":
        here = select(Organization.id).where(Organization.id == organization_id)
        db.execute(here.with_for_update(key_share=True, read=True))
    day = {str(Quarter.of(on))} if on else set()
    asked = {"organization": organization_id, "quarters": sorted(day | set(quarters))}
    closed = {quarter for (quarter,) in _closed(db.get_bind().dialect).run(db, asked)}
    if closed & set(quarters):
        raise QuarterClosed(quarter=min(closed & set(quarters)))
    if closed & day:
        raise ValidationError(errors=[Fault("body", "#/effective_on", "in_a_closed_quarter", IN_IT)])


@lru_cache(maxsize=8)
def _closed(dialect: Dialect) -> Statement:
    theirs = QuarterClosing.organization_id == bindparam("organization", type_=Id())
    asked = select(QuarterClosing.quarter).where(theirs, among(QuarterClosing.quarter, "quarters"))
    return written(asked, dialect)
