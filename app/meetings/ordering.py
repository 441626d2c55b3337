"""The order of what is listed in a meeting: positions are 0..n-1, whatever comes, moves or goes."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select

from app.errors import Conflict, Words
from app.meetings.models import Listed
from app.work import Work

MOST = 500  # of one kind in one meeting
L = TypeVar("L", bound=Listed)


def make_room(work: Work, kind: type[L], meeting_id: UUID, wanted: int | None) -> int:
    """The place of a row to come: where it is wanted, at the latest after all others."""
    number = _number(work, kind, meeting_id)
    if number >= MOST:
        raise Conflict(Words(f"Tối đa {MOST} mục", f"A meeting has {MOST} of them at most"))
    place = number if wanted is None else min(wanted, number)
    for row in _between(work, kind, meeting_id, place, number):
        work.change(row, "updated", position=row.position + 1)
    return place


def move(work: Work, row: Listed, wanted: int) -> int:
    """The place that it gets, at the latest the last; those between make room or close up."""
    kind, old = type(row), row.position
    new = min(wanted, _number(work, kind, row.meeting_id) - 1)
    step, passed = (-1, (old + 1, new + 1)) if new > old else (1, (new, old))
    for other in _between(work, kind, row.meeting_id, *passed):
        work.change(other, "updated", position=other.position + step)
    return new


def arrange(work: Work, rows: Sequence[Listed]) -> None:
    """Give all that is listed of one kind the places in which they stand here."""
    for n, row in enumerate(rows):
        work.change(row, "updated", position=n)


def close_gap(work: Work, gone: Listed) -> None:
    """Those after a row that was deleted move up."""
    for row in _between(work, type(gone), gone.meeting_id, gone.position + 1, MOST + 1):
        work.change(row, "updated", position=row.position - 1)


def _number(work: Work, kind: type[L], meeting_id: UUID) -> int:
    return work.db.scalar(select(func.count()).where(kind.meeting_id == meeting_id)) or 0


def _between(work: Work, kind: type[L], meeting_id: UUID, first: int, end: int) -> Sequence[L]:
    there = select(kind).where(kind.meeting_id == meeting_id, kind.position >= first, kind.position < end)
    return work.db.scalars(there.order_by(kind.position)).all()
