"""The reviews of a briefing: what is complete is reported so, and what goes on is carried over."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.briefings.linking import Document, changes
from app.briefings.schemas import BriefingReviewIn
from app.quarterly_tasks import moving
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.queries import QUARTERLY_TASKS, TASK_ENTRIES
from app.quarterly_tasks.schemas import TransitionIn
from app.quarterly_tasks.vocabulary import TaskTransition
from app.reviews import carrying, reviewing
from app.reviews.schemas import TaskReviewIn, TaskReviewsIn
from app.reviews.vocabulary import Disposition
from app.schema import refuse

WHERE, WRITE = "task_reviews", "quarterly_tasks:write"
SAID = set(TaskReviewIn.model_fields) - {"task_id"}


class _Named(NamedTuple):
    n: int  # where it stands in the document
    task_id: UUID
    said: BriefingReviewIn


def put_reviews(doc: Document) -> None:
    """Put them in the place of those that stand, where any of them is another."""
    named = _named(doc)
    if doc.problems.found and doc.meeting.status not in reviewing.UNDERWAY:
        return  # it will be, once those are mended
    if not _as_they_stand(doc, named):
        ready = [one for one in named if _is_completed(doc, one)]
        with doc.problems.at(lambda member: _in_the_document(member, ready)):
            doc.record_changes()
            said = TaskReviewsIn.model_construct(items=[_body(one) for one in ready])
            reviewing.replace(doc.work, doc.meeting, said)
    _carry_over(doc, named)


def _named(doc: Document) -> list[_Named]:
    found: dict[UUID, _Named] = {}
    for n, one in enumerate(doc.said.task_reviews):
        with doc.problems.at(f"{WHERE}/{n}"):
            task_id = one.task_id or doc.link("quarterly_tasks", one.task, "task")
            if task_id in found:
                at = "task_id" if one.task is None else "task"
                refuse(at, "twice", "Đã nêu ở trên", "It is named twice")
            if task_id is not None:
                found[task_id] = _Named(n, task_id, one)
                doc.problems.places[f"/v1/quarterly-tasks/{task_id}"] = f"#/{WHERE}/{n}"
    return list(found.values())


def _body(one: _Named) -> TaskReviewIn:
    return TaskReviewIn.model_construct(task_id=one.task_id, **one.said.model_dump(include=SAID))


def _as_they_stand(doc: Document, named: list[_Named]) -> bool:
    """What the caller does not see stays in any case."""
    work, present = doc.work, reviewing.reviewed(doc.work, doc.meeting)
    for one in named:
        row, day = present.get(one.task_id), one.said.completed_on
        if row is None or changes(row, _body(one).model_dump()):
            return False
        if day is not None and work.db.get_one(QuarterlyTask, one.task_id).completed_on != day:
            return False
    left = present.keys() - {one.task_id for one in named}
    return not any(work.sees(QUARTERLY_TASKS, one) for one in left)


def _in_the_document(member: str, ready: list[_Named]) -> str:
    """What is told of the k-th that could be put, at the place where it stands."""
    where, _, rest = member.partition("/")
    k, _, name = rest.partition("/")
    if where != "items" or not k.isdecimal():
        return WHERE
    one = ready[int(k)]
    if name.startswith("task_id"):
        name = "task_id" if one.said.task is None else "task"
    return f"{WHERE}/{one.n}/{name}"


def _is_completed(doc: Document, one: _Named) -> bool:
    """Report it complete on its day, where that has not been done; the review then confirms it."""
    day, known = one.said.completed_on, len(doc.problems.found)
    if day is None:
        return True
    with doc.problems.at(lambda _: f"{WHERE}/{one.n}/completed_on"):
        task = doc.work.taken(QUARTERLY_TASKS, one.task_id)
        if task.completed_on is None:
            report = TransitionIn(transition=TaskTransition.REPORT_COMPLETION, effective_on=day)
            doc.work.told(TASK_ENTRIES, moving.move(doc.work, task, report), task)
        elif task.completed_on != day:
            words = f"Đã hoàn thành ngày {task.completed_on}", f"It was completed on {task.completed_on}"
            refuse("completed_on", "completed_before", *words)
    return len(doc.problems.found) == known


def _carry_over(doc: Document, named: list[_Named]) -> None:
    """Make the successors, and let them be known by the ids that the document gives them."""
    onward = [one for one in named if one.said.disposition == Disposition.CARRY_OVER]
    if not onward or doc.problems.found:
        return
    if doc.meeting.status in reviewing.UNDERWAY:
        with doc.problems.at(WHERE):
            carrying.carry_over(doc.work, doc.meeting)
    for one in onward:
        _let_be_known(doc, one)


def _let_be_known(doc: Document, one: _Named) -> None:
    external_id, onward = one.said.successor, QuarterlyTask.carried_from_id == one.task_id
    successor = doc.work.db.scalar(select(QuarterlyTask).where(onward))
    if successor is None or external_id is None or not doc.work.sees(QUARTERLY_TASKS, successor.id):
        return
    known = doc.reference(external_id)
    if known[0] not in successor.external_refs:
        others = [ref for ref in successor.external_refs if ref["system"] != doc.system]
        with doc.problems.at(lambda _: f"{WHERE}/{one.n}/successor"):
            successor = doc.work.locked(QUARTERLY_TASKS, successor.id, WRITE)
            doc.work.change(successor, "updated", external_refs=[*others, *known])
