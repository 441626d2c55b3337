"""The number of a document: gapless in its series, and as it is printed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.minutes.models import Document, NumberSeries
from app.organizations.models import Line, Organization, OrganizationKind

_K = OrganizationKind
# What has one usual abbreviation; any other body is known by the first letters of its name.
ABBREVIATIONS: Mapping[OrganizationKind, str] = {
    _K.PARTY_COMMITTEE: "ĐU",
    _K.PARTY_CELL: "CB",
    _K.PEOPLES_COUNCIL: "HĐND",
    _K.PEOPLES_COMMITTEE: "UBND",
    _K.FATHERLAND_FRONT: "MTTQ",
    _K.POLICE: "CA",
    _K.MILITARY_COMMAND: "BCHQS",
}
FIRST_TERM, TERM_YEARS = 2020, 5
TWO_DIGITS = 10
LONGEST = 12


def series(document: Document, host: Organization, day: date) -> str:
    """In which its number counts: the Party numbers by the term of its congress, all others by the year."""
    if host.line != Line.PARTY:
        return f"{document.TYPE_SYMBOL}/{day.year}"
    begun = FIRST_TERM + (day.year - FIRST_TERM) // TERM_YEARS * TERM_YEARS
    return f"{document.TYPE_SYMBOL}/{begun}-{begun + TERM_YEARS}"


def draw(db: Session, host_id: UUID, series: str) -> int:
    """The next number of the series, for this transaction alone: who draws at the same time waits for it."""
    into: Any = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    db.execute(into(NumberSeries).values(host_id=host_id, series=series, last=0).on_conflict_do_nothing())
    mine = select(NumberSeries).where(NumberSeries.host_id == host_id, NumberSeries.series == series)
    row = db.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()
    row.last += 1
    db.flush()
    return row.last


def symbol(document: Document, host: Organization, number: int) -> str:
    """As it is printed: 05-BB/ĐU of the Party, 05/BB-UBND of everybody else."""
    issuer = document.issuer_symbol or abbreviation(host)
    printed = f"0{number}" if number < TWO_DIGITS else str(number)
    if host.line == Line.PARTY:
        return f"{printed}-{document.TYPE_SYMBOL}/{issuer}"
    return f"{printed}/{document.TYPE_SYMBOL}-{issuer}"


def abbreviation(host: Organization) -> str:
    """ĐU, UBND; of Văn phòng Đảng ủy: VPĐU."""
    known = ABBREVIATIONS.get(host.kind)
    return known or "".join(word[0] for word in host.name.split() if word[0].isalpha()).upper()[:LONGEST]
