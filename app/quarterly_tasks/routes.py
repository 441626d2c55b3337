"""Quarterly tasks and their history over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction
from app.findings.queries import DIRECTIVES, FINDINGS
from app.http import needs, routes_of
from app.paging import Page
from app.quarterly_tasks import distributing, moving, recording, setting
from app.quarterly_tasks.queries import QUARTERLY_TASKS, TASK_ENTRIES
from app.quarterly_tasks.schemas import (
    DistributionIn,
    DistributionOut,
    QuarterlyTaskFrom,
    QuarterlyTaskIn,
    QuarterlyTaskList,
    QuarterlyTaskOut,
    QuarterlyTaskPatch,
    QuarterlyTaskView,
    TaskEntryIn,
    TaskEntryList,
    TaskEntryOut,
    TaskTransitionList,
    TransitionIn,
)
from app.quarterly_tasks.vocabulary import EntryKind, TaskTransition
from app.reader import Looking
from app.schema import Rehearsal
from app.work import Answer, Doing

router = routes_of("quarterly_tasks", "quarterly-tasks")
WRITE, MOVE = "quarterly_tasks:write", "quarterly_tasks:move"
Provincial = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PROVINCIAL_TASK}})]
Underway = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.TASK_TO_REPORT}})]


@router.get("/v1/quarterly-tasks", response_model=Page[QuarterlyTaskOut])
async def list_quarterly_tasks(wanted: Annotated[QuarterlyTaskList, Query()], look: Looking) -> Response:
    """The tasks you may see: those your bodies issued and, once assigned, those they answer for."""
    return await look.page(QUARTERLY_TASKS, wanted)


@router.post("/v1/quarterly-tasks", status_code=201, response_model=QuarterlyTaskOut)
@one_transaction
def create_quarterly_task(body: QuarterlyTaskIn, work: Doing) -> Response:
    """Set a task, in draft. The transition `issue` gives it to its assigned bodies, one of which leads.

    422 where the quarter is outside what its meeting plans (unless `ad_hoc`), two bodies lead, or it is made
    part of a task that another body issued or that has ended.
    """
    return work.shown(QUARTERLY_TASKS, setting.set_task(work, body), 201)


@router.post(
    "/v1/directives/{directive_id}/quarterly-tasks", status_code=201, response_model=QuarterlyTaskOut
)
@one_transaction
def create_quarterly_task_of_directive(directive_id: UUID, body: QuarterlyTaskFrom, work: Doing) -> Response:
    """Set a task that a directive asks for, in draft: linked, with quarter and issuing body filled in.

    422 where its meeting plans no period and none is given.
    """
    work.need("meetings:read")
    directive = work.named(DIRECTIVES, directive_id)
    return work.shown(QUARTERLY_TASKS, setting.set_for_directive(work, directive, body), 201)


@router.post("/v1/findings/{finding_id}/quarterly-tasks", status_code=201, response_model=QuarterlyTaskOut)
@one_transaction
def create_quarterly_task_of_finding(finding_id: UUID, body: QuarterlyTaskFrom, work: Doing) -> Response:
    """Set a task that answers a finding, in draft: linked, with quarter and issuing body filled in.

    422 where its meeting plans no period and none is given.
    """
    work.need("meetings:read")
    finding = work.named(FINDINGS, finding_id)
    return work.shown(QUARTERLY_TASKS, setting.set_for_finding(work, finding, body), 201)


@router.get("/v1/quarterly-tasks/{quarterly_task_id}", response_model=QuarterlyTaskOut)
async def get_quarterly_task(
    quarterly_task_id: UUID, wanted: Annotated[QuarterlyTaskView, Query()], look: Looking
) -> Response:
    """One task, with its timeliness on the day `as_of` (today where absent)."""
    return await look.one(QUARTERLY_TASKS, quarterly_task_id, as_of=wanted.as_of)


@router.patch("/v1/quarterly-tasks/{quarterly_task_id}", response_model=QuarterlyTaskOut)
@one_transaction
def update_quarterly_task(quarterly_task_id: UUID, body: QuarterlyTaskPatch, work: Doing) -> Response:
    """Change what is named; needs If-Match. Lists are replaced whole.

    Once issued, quarter, field, kind, due date and assignments change by entries only (409).
    """
    task = work.unchanged(QUARTERLY_TASKS, quarterly_task_id)
    apart = {name: getattr(body, name) for name in setting.APART & body.model_fields_set}
    setting.rewrite(work, task, {**body.model_dump(exclude=setting.APART), **apart})
    return work.shown(QUARTERLY_TASKS, task)


@router.delete("/v1/quarterly-tasks/{quarterly_task_id}", status_code=204)
@one_transaction
def delete_quarterly_task(quarterly_task_id: UUID, work: Doing) -> Response:
    """Delete a draft that was never issued; one that was is cancelled instead (409). Needs If-Match."""
    setting.take_back(work, work.unchanged(QUARTERLY_TASKS, quarterly_task_id))
    return Response(status_code=204)


@router.post("/v1/quarterly-tasks/{quarterly_task_id}/distribution", response_model=DistributionOut)
@one_transaction
def create_distribution(
    quarterly_task_id: Provincial, body: DistributionIn, wanted: Annotated[Rehearsal, Query()], work: Doing
) -> Response:
    """Make one task like this for each named body, which leads it: one task for a hundred communes.

    A body that leads one of them already is told (`was_there`), whatever became of it, and gets no second.
    409 where the task is completed, carried over or cancelled, or is itself part of another.
    """
    if body.issue:
        work.need(MOVE)
    task = work.locked(QUARTERLY_TASKS, quarterly_task_id, WRITE)
    distribute = distributing.rehearse if wanted.dry_run else distributing.distribute
    return Answer(distribute(work, task, body).model_dump_json())


@router.post(
    "/v1/quarterly-tasks/{quarterly_task_id}/transitions", status_code=201, response_model=TaskEntryOut
)
@needs(MOVE)
@one_transaction
def create_quarterly_task_transition(
    quarterly_task_id: Underway, body: TransitionIn, work: Doing
) -> Response:
    """Move the task; the answer's ETag is the task's new one.

    The issuing side issues, cancels and reopens, its approver confirms or sends back; the assigned bodies
    start, suspend, resume, decline and report completion. 409 `invalid-transition` lists what is allowed
    now; 409 `blocked` what is missing. The example reports a task complete: sent again, it is refused as
    `invalid-transition`.
    """
    task = work.taken(QUARTERLY_TASKS, quarterly_task_id)
    return work.told(TASK_ENTRIES, moving.move(work, task, body), task)


@router.get("/v1/quarterly-tasks/{quarterly_task_id}/transitions", response_model=Page[TaskEntryOut])
async def list_quarterly_task_transitions(
    quarterly_task_id: UUID, wanted: Annotated[TaskTransitionList, Query()], look: Looking
) -> Response:
    """How the task moved."""
    moves = [*(EntryKind(transition) for transition in TaskTransition), EntryKind.CARRY_OVER]
    return await look.page(
        TASK_ENTRIES, wanted, inside=QUARTERLY_TASKS, task_id=quarterly_task_id, kind=moves
    )


@router.post("/v1/quarterly-tasks/{quarterly_task_id}/entries", status_code=201, response_model=TaskEntryOut)
@needs(MOVE)
@one_transaction
def create_task_entry(quarterly_task_id: UUID, body: TaskEntryIn, work: Doing) -> Response:
    """Report progress (the assigned bodies or the issuing office), or change what others rely on.

    `due_date_changed`, `reassigned` and `reclassified` are the issuing office's and need a reason (`text`).
    """
    task = work.taken(QUARTERLY_TASKS, quarterly_task_id)
    return work.told(TASK_ENTRIES, recording.record(work, task, body), task)


@router.get("/v1/quarterly-tasks/{quarterly_task_id}/entries", response_model=Page[TaskEntryOut])
async def list_task_entries(
    quarterly_task_id: UUID, wanted: Annotated[TaskEntryList, Query()], look: Looking
) -> Response:
    """All that happened to the task, transitions too."""
    return await look.page(TASK_ENTRIES, wanted, inside=QUARTERLY_TASKS, task_id=quarterly_task_id)


@router.get("/v1/task-entries/{task_entry_id}", response_model=TaskEntryOut)
async def get_task_entry(task_entry_id: UUID, look: Looking) -> Response:
    """One entry of a task's history."""
    return await look.one(TASK_ENTRIES, task_entry_id)
