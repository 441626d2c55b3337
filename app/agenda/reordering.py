"""The agenda as a whole: shown with a tag of its own, and put in another order in one request."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app import tags
from app.errors import PreconditionRequired, Stale
from app.meetings.contents import DEEPEST
from app.meetings.models import AgendaItem, Meeting
from app.meetings.queries import AGENDA
from app.meetings.schemas import AgendaOrder
from app.schema import refuse
from app.work import Work


def reorder(work: Work, meeting: Meeting, order: AgendaOrder) -> None:
    """Put the agenda in this order, if the caller has seen the present one."""
    _unchanged(work, meeting)
    arrange(work, meeting, order)


def arrange(work: Work, meeting: Meeting, order: AgendaOrder) -> None:
    """Give every item its place; each that moved leaves one event. Nothing moves unless all fits."""
    items = {
        one.id: one for one in work.db.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id))
    }
    _whole(order, items.keys())
    depth: dict[UUID | None, int] = {None: 0}
    taken: defaultdict[UUID | None, int] = defaultdict(int)
    for n, place in enumerate(order.items):
        if place.parent_id not in depth:
            words = "Mục cha phải đứng trước", "Its parent must come before it"
            refuse(f"items/{n}/parent_id", "parent_not_before", *words)
        depth[place.id] = depth[place.parent_id] + 1
        if depth[place.id] > DEEPEST:
            refuse(
                f"items/{n}/parent_id", "too_deep", "Tối đa ba cấp", "An agenda is three levels deep at most"
            )
        position, taken[place.parent_id] = taken[place.parent_id], taken[place.parent_id] + 1
        work.change(items[place.id], "updated", parent_id=place.parent_id, position=position)


def _unchanged(work: Work, meeting: Meeting) -> None:
    wanted = work.request.headers.get("if-match")
    if wanted is None:
        raise PreconditionRequired
    present = work.shown(AGENDA, meeting)
    if not tags.shows(wanted, bytes(present.body)):
        raise Stale(headers={"ETag": present.headers["etag"]})


def _whole(order: AgendaOrder, known: Collection[UUID]) -> None:
    given = [place.id for place in order.items]
    for n, one in enumerate(given):
        if one not in known:
            refuse(
                f"items/{n}/id",
                "not_of_this_meeting",
                "Không thuộc hội nghị này",
                "It is not of this meeting",
            )
        if one in given[:n]:
            refuse(f"items/{n}/id", "twice", "Mục này đã nêu ở trên", "It is named twice")
    missing = len(known) - len(given)
    if missing:
        refuse(
            "items", "missing", f"Còn thiếu {missing} mục", f"{missing} of the meeting's items are not named"
        )


def close_gap(work: Work, gone: AgendaItem) -> None:
    """The siblings after an item that was deleted move up, so that positions stay 0..n-1."""
    after = select(AgendaItem).where(
        AgendaItem.meeting_id == gone.meeting_id,
        AgendaItem.parent_id.is_not_distinct_from(gone.parent_id),
        AgendaItem.position > gone.position,
    )
    for sibling in work.db.scalars(after.order_by(AgendaItem.position)):
        work.change(sibling, "updated", position=sibling.position - 1)
