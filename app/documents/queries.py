"""What is printed by one statement: a version as it was signed, the draft as things stand, a quarter."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Integer, bindparam, case, func, null, or_, select

from app.actor import Breadth
from app.audience import covered
from app.meetings.models import Meeting
from app.minutes.collecting import all_of, host
from app.minutes.models import Document, Minutes, MinutesVersion
from app.minutes.vocabulary import IN_FORCE
from app.organizations.models import Organization
from app.prepared import Statement, written
from app.quarterly_tasks.counts import Side
from app.reading import Reading
from app.reports import queries as reports
from app.sql import constant, json_rows, whole
from app.types import Id


@lru_cache
def record(of: Reading[Any], by: str, breadth: Breadth, dialect: Dialect) -> Statement:
    """The `version` of the document of which this member has the value `key`.

    Where that is null, the one in force, else the draft. Gives the number, then what was signed and its hash,
    or what was collected of a draft, and whether the caller stands at its host.
    """
    document: type[Document] = of.row
    its = MinutesVersion.minutes_id if document is Minutes else MinutesVersion.conclusion_notice_id
    is_in_force = or_(*(document.status == constant(status) for status in IN_FORCE))
    in_force = case((is_in_force, func.coalesce(document.current_version, whole(0))), else_=whole(0))
    number = func.coalesce(bindparam("version", type_=Integer()), in_force)
    drafted = case((number == whole(0), all_of(document)), else_=null())
    found = (
        select(
            number,
            MinutesVersion.content,
            MinutesVersion.sha256,
            drafted,
            covered(of.governed_by, "may", breadth.may),
        )
        .select_from(document)
        .join(Meeting, Meeting.id == document.meeting_id)
        .outerjoin(MinutesVersion, (its == document.id) & (MinutesVersion.number == number))
        .where(getattr(document, by) == bindparam("key", type_=Id()), of.visible.to(breadth))
    )
    return written(found, dialect)


@lru_cache(maxsize=64)
def quarter(asked: reports.Question, dialect: Dialect) -> Statement:
    """A quarter with what its report tells besides: who reports, and what each body right below leads."""
    who = bindparam("organization_id", type_=Id())
    bodies = reports.bodies_of(asked.may)
    counts = reports.of_each_side(asked, bodies)
    below = reports.by_organization(asked, bodies, counts[Side.LEAD]).where(Organization.parent_id == who)
    beside = {"host": host(who), "below": json_rows(below)}
    return reports.if_covered({**reports.as_a_quarter(counts), **beside}, bodies, dialect)
