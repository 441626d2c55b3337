"""Briefings over HTTP: a whole quarter in one call, by the ids of the system that hands it in."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Response

from app.briefings import examples
from app.briefings.handing_in import hand_in
from app.briefings.queries import BRIEFINGS, by_reference
from app.briefings.schemas import BriefingIn, BriefingOut
from app.db import one_transaction
from app.http import routes_of
from app.reader import Looking
from app.schema import Code, Name
from app.work import Doing

router = routes_of("meetings", "briefings")
READ = "quarterly_tasks:read"
System = Annotated[
    Code,
    Path(
        description="Which system hands it in: a name of its own.",
        openapi_examples={"demo": {"value": examples.SYSTEM}},
    ),
]
Known = Annotated[
    Name,
    Path(
        description="The id by which that system knows the briefing.",
        openapi_examples={"demo": {"value": examples.KNOWN}},
    ),
]
HandedIn = Annotated[
    Name,
    Path(
        description="The id by which that system knows the briefing.",
        openapi_examples={"demo": {"value": examples.HANDED_IN}},
    ),
]


@router.get("/v1/briefings/{system}/{external_id:path}", response_model=BriefingOut)
async def get_briefing(system: System, external_id: Known, look: Looking) -> Response:
    """A briefing as one document: what this system knows by ids of its own, and every review.

    Its ETag is what PUT needs.
    """
    look.need(READ)
    statement = by_reference(look.actor.breadth("meetings:write"), look.lane.dialect)
    return await look.found(BRIEFINGS, statement, system=system, external_id=external_id)


@router.put(
    "/v1/briefings/{system}/{external_id:path}",
    response_model=BriefingOut,
    responses={201: {"model": BriefingOut}},
)
@one_transaction
def replace_briefing(system: System, external_id: HandedIn, body: BriefingIn, work: Doing) -> Response:
    """Hand in a whole quarterly briefing: created or brought into line, all or nothing.

    - Parts are known by `external_id` and name each other by it. What is left out of a list is taken back;
      what was recorded otherwise, without an id of this system, is left alone. Again changes nothing.
    - `issued` tasks are given out on the meeting's day, reviews carried out and tasks carried over in the
      same call; then the meeting moves to the wanted `status`.
    - 422 points at everything that is wrong in the document; 409 `blocked` names what stands in the way of
      that status, or of taking something back; nothing is stored then. 409 `minutes-locked` where the minutes
      are signed and the document would have them record something else.
    - If-Match is needed once the briefing is there, with the ETag of GET, or `*`.
    """
    work.need(READ)
    meeting, is_new = hand_in(work, system, external_id, body)
    answer = work.shown(BRIEFINGS, meeting, 201 if is_new else 200, system=system)
    if is_new:
        answer.headers["Location"] = f"/v1/briefings/{quote(system, safe='')}/{quote(external_id, safe='')}"
    return answer
