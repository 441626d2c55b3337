"""Reviews, carry-over, the next meeting and closing over HTTP; and the transition that runs the checks."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction, rehearsed
from app.http import routes_of
from app.meetings import holding
from app.meetings.contents import WRITE, opened
from app.meetings.queries import MEETING_TRANSITIONS, MEETINGS
from app.meetings.schemas import MeetingMoveIn, MeetingMoveOut, MeetingOut
from app.paging import Page
from app.quarterly_tasks.queries import QUARTERLY_TASKS
from app.reader import Looking
from app.reviews import carrying, following, reviewing
from app.reviews.closing import check
from app.reviews.queries import CLOSING_CHECKS, MEETING_REVIEWS, REVIEW_SHEET, TASK_REVIEWS
from app.reviews.schemas import (
    CarryOverOut,
    ClosingChecksOut,
    NextMeetingIn,
    ReviewSheetOut,
    TaskReviewList,
    TaskReviewOut,
    TaskReviewsIn,
    TaskReviewsOut,
)
from app.schema import Rehearsal
from app.work import Answer, Doing

router = routes_of("meetings", "reviews")
Draft = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PREPARED}})]
Reviewing = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.NEXT_BRIEFING}})]
Ahead = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.MAU_MOT_BRIEFING}})]


@router.post(
    "/v1/meetings/{meeting_id}/transitions", status_code=201, response_model=MeetingMoveOut, tags=["meetings"]
)
@one_transaction
def create_meeting_transition(meeting_id: Draft, body: MeetingMoveIn, work: Doing) -> Response:
    """Move the meeting. The answer's ETag is the meeting's new one.

    409 `invalid-transition` lists what is allowed now; 409 `blocked` what `hold` still needs, or what stands
    in the way of `close` (see the closing checks) or of `cancel` (its reviews of tasks). For a meeting taken
    from a report the first are warnings; so is another meeting of the host, of the same kind, for the same
    review period.
    The example schedules a draft: sent again, it is refused as `invalid-transition`.
    """
    meeting = work.locked(MEETINGS, meeting_id, WRITE)
    warnings = check(work, meeting, body.transition)
    return work.told(MEETING_TRANSITIONS, holding.move(work, meeting, body, warnings), meeting)


@router.get("/v1/meetings/{meeting_id}/closing-checks", response_model=ClosingChecksOut, tags=["meetings"])
async def get_closing_checks(meeting_id: UUID, look: Looking) -> Response:
    """What still stands in the way of closing the meeting, each with a pointer to the thing to mend.

    Agenda items that are not done, tasks not reviewed, carry-overs not carried out; a warning for each
    recommendation nobody has answered, and for minutes that are not signed.
    """
    look.need("quarterly_tasks:read")
    return await look.one(CLOSING_CHECKS, meeting_id)


@router.get("/v1/meetings/{meeting_id}/review-sheet", response_model=ReviewSheetOut)
async def get_review_sheet(meeting_id: Reviewing, look: Looking) -> Response:
    """Every task that the meeting must review or has reviewed, by lead; its ETag is what PUT needs.

    Those of the quarters it reviews that its host issued or its line of meetings set: open, or completed
    since the last one. Never the tasks of bodies below.
    """
    look.need("quarterly_tasks:read")
    return await look.one(REVIEW_SHEET, meeting_id)


@router.get("/v1/meetings/{meeting_id}/task-reviews", response_model=TaskReviewsOut)
async def get_task_reviews(meeting_id: Reviewing, look: Looking) -> Response:
    """Every review of the meeting."""
    look.need("quarterly_tasks:read")
    return await look.one(MEETING_REVIEWS, meeting_id)


@router.put("/v1/meetings/{meeting_id}/task-reviews", response_model=TaskReviewsOut)
@one_transaction
def replace_task_reviews(meeting_id: Reviewing, body: TaskReviewsIn, work: Doing) -> Response:
    """Review the tasks of the period: all at once, all or nothing; what is left out is taken back.

    What a review newly decides is done: `extend` and `reassign` by an entry of the task, `cancel` and `close`
    by its transition, on the meeting's day; `carry_over` waits for its operation; `continue` leaves it. 422
    points at every row that is wrong, as an extension that is no later than what was due. Needs If-Match with
    the ETag of the review sheet or of GET here.
    """
    work.need("quarterly_tasks:read")
    meeting = opened(work, meeting_id)
    reviewing.review(work, meeting, body)
    return work.shown(MEETING_REVIEWS, meeting)


@router.get("/v1/task-reviews/{task_review_id}", response_model=TaskReviewOut)
async def get_task_review(task_review_id: UUID, look: Looking) -> Response:
    """One review."""
    look.need("quarterly_tasks:read")
    return await look.one(TASK_REVIEWS, task_review_id)


@router.get("/v1/quarterly-tasks/{quarterly_task_id}/reviews", response_model=Page[TaskReviewOut])
async def list_quarterly_task_reviews(
    quarterly_task_id: UUID, wanted: Annotated[TaskReviewList, Query()], look: Looking
) -> Response:
    """How meeting after meeting reviewed the task."""
    look.need("quarterly_tasks:read")
    return await look.page(TASK_REVIEWS, wanted, inside=QUARTERLY_TASKS, task_id=quarterly_task_id)


@router.post("/v1/meetings/{meeting_id}/carry-over", response_model=CarryOverOut)
@one_transaction
def create_carry_over(meeting_id: Reviewing, wanted: Annotated[Rehearsal, Query()], work: Doing) -> Response:
    """Make the successors of all tasks whose reviews say `carry_over`, each once; again changes nothing.

    Each goes into the first quarter of the plan period after its own, to the same bodies, with its lineage.
    409 `blocked` names what cannot go on; nothing is carried then.
    """
    work.need("quarterly_tasks:read")
    meeting = work.locked(MEETINGS, meeting_id, WRITE)
    carry = carrying.rehearse if wanted.dry_run else carrying.carry_over
    return Answer(carry(work, meeting).model_dump_json())


@router.post(
    "/v1/meetings/{meeting_id}/next",
    status_code=201,
    response_model=MeetingOut,
    responses={200: {"model": MeetingOut, "description": "What would be, with `dry_run`."}},
)
@one_transaction
def create_next_meeting(
    meeting_id: Ahead, body: NextMeetingIn, wanted: Annotated[Rehearsal, Query()], work: Doing
) -> Response:
    """Draft the next meeting of the line: periods advanced, standing agenda copied, postponed items carried.

    The carrying out of the last conclusions comes first. With `dry_run` the answer is 200, and nothing is
    kept, the id least of all. 409 `blocked` where there is one already, as when the example is sent again.
    """
    meeting = work.locked(MEETINGS, meeting_id, WRITE)
    if not wanted.dry_run:
        return work.shown(MEETINGS, following.follow(work, meeting, body), 201)
    answer = rehearsed(work, lambda: work.shown(MEETINGS, following.follow(work, meeting, body)))
    del answer.headers["etag"]
    return answer
