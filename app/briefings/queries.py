"""How a briefing is shown to one system: everything that it knows by an id of its own, as one document."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Dialect, String, bindparam, case, false, func, null, or_, select

from app.actor import Breadth
from app.briefings.schemas import (
    BriefingAgendaItemOut,
    BriefingDirectiveOut,
    BriefingFindingOut,
    BriefingMeetingOut,
    BriefingOut,
    BriefingParticipationOut,
    BriefingReviewOut,
    BriefingSpeechOut,
    BriefingTaskOut,
)
from app.findings.models import Directive, Finding
from app.meetings.models import AgendaItem, Listed, Meeting, Participation
from app.meetings.queries import ABOVE, AS_READ_ALOUD, MEETINGS
from app.prepared import Statement, written
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.queries import QUARTERLY_TASKS
from app.reading import Reading, columns
from app.references import ExternalRef
from app.reviews.models import TaskReview
from app.reviews.queries import RESULTING, TASK_REVIEWS
from app.reviews.vocabulary import Disposition
from app.speeches.models import Speech
from app.sql import Value, constant, json_list, json_object, json_without, whole
from app.types import Id

_system = bindparam("system", type_=String())


def _known_as(id: Value) -> ColumnElement[str]:
    """The id by which the system that is asked about knows a row; null where it has none."""
    named = select(func.min(ExternalRef.external_id)).where(
        ExternalRef.subject_id == id, ExternalRef.system == _system
    )
    return named.correlate_except(ExternalRef).scalar_subquery()


def _listed(
    shows: type[BaseModel],
    row: type[Listed | Participation],
    order_by: Sequence[Value] = (),
    **links: Value,
) -> Value:
    """The rows of one kind in the meeting; `links` are members that show another row by its external id."""
    named = {name: _known_as(id) for name, id in {"external_id": row.id, **links}.items()}
    there = (row.meeting_id == Meeting.id) & named["external_id"].is_not(None)
    return json_list(columns(shows, row, but=named), of=row, where=there, order_by=order_by or (row.id,))


def _agenda() -> Value:
    item = AgendaItem
    links = {"external_id": item.id, "parent": item.parent_id, "carried_from": item.carried_from_id}
    named = {name: _known_as(id) for name, id in links.items()}
    there = (item.meeting_id == Meeting.id) & named["external_id"].is_not(None)
    members = columns(BriefingAgendaItemOut, item, but=named)
    return json_list(members, of=item, where=there, order_by=AS_READ_ALOUD, beside=ABOVE)


def _tasks_seen(breadth: Breadth) -> Value:
    """The tasks set there; not those that were carried over, which stand with their reviews."""
    task = QuarterlyTask
    links = {
        "external_id": task.id,
        "parent": task.parent_id,
        "agenda_item": task.agenda_item_id,
        "directive": task.directive_id,
        "answers_finding": task.answers_finding_id,
    }
    known: dict[str, Value] = {name: _known_as(id) for name, id in links.items()}
    known |= {
        "measures": json_without(task.measures, constant("percent")),
        "assignments": QUARTERLY_TASKS.derived["assignments"],
        "issued": task.is_given,
    }
    there = (task.set_at_meeting_id == Meeting.id) & task.carried_from_id.is_(None)
    there &= known["external_id"].is_not(None) & QUARTERLY_TASKS.visible.to(breadth)
    return json_list(columns(BriefingTaskOut, task, but=known), of=task, where=there, order_by=(task.id,))


def _reviews_seen(breadth: Breadth) -> Value:
    review = TaskReview
    task = _known_as(review.task_id)
    done = select(QuarterlyTask.completed_on).where(QuarterlyTask.id == review.task_id)
    known: dict[str, Value] = {
        "task": task,
        "task_id": case((task.is_(None), review.task_id), else_=null()),
        "completed_on": case(
            (
                review.disposition == constant(Disposition.CLOSE),
                done.correlate_except(QuarterlyTask).scalar_subquery(),
            ),
            else_=null(),
        ),
        "successor": _known_as(RESULTING),
    }
    there = (review.meeting_id == Meeting.id) & TASK_REVIEWS.visible.to(breadth)
    members = columns(BriefingReviewOut, review, but=known)
    return json_list(members, of=review, where=there, order_by=(review.id,))


BRIEFINGS = Reading(
    Meeting,
    BriefingOut,
    path="/v1/briefings",
    area="meetings",
    visible=MEETINGS.visible,
    governed_by=Meeting.host_organization_id,
    derived={
        "meeting": json_object(
            columns(
                BriefingMeetingOut,
                Meeting,
                but={"previous": _known_as(Meeting.previous_meeting_id.expression)},
            )
        ),
        "participations": _listed(BriefingParticipationOut, Participation),
        "agenda_items": _agenda(),
        "speeches": _listed(
            BriefingSpeechOut, Speech, (Speech.position, Speech.id), agenda_item=Speech.agenda_item_id
        ),
        "findings": _listed(
            BriefingFindingOut,
            Finding,
            (Finding.position, Finding.id),
            agenda_item=Finding.agenda_item_id,
            speech=Finding.speech_id,
            cause_of=Finding.cause_of_id,
        ),
        "directives": _listed(
            BriefingDirectiveOut,
            Directive,
            (Directive.position, Directive.id),
            agenda_item=Directive.agenda_item_id,
            speech=Directive.speech_id,
        ),
    },
    as_seen={"quarterly_tasks": _tasks_seen, "task_reviews": _reviews_seen},
    shows_other_rows=True,
)


@lru_cache(maxsize=256)
def by_reference(breadth: Breadth, dialect: Dialect) -> Statement:
    """The briefing that a system knows by an id, in one of the caller's tenants."""
    mine = (ExternalRef.tenant_id == bindparam(f"tenant_{n}", type_=Id()) for n in range(breadth.tenants))
    named = select(ExternalRef.subject_id).where(
        ExternalRef.noun == constant("meeting"),
        ExternalRef.system == _system,
        ExternalRef.external_id == bindparam("external_id", type_=String()),
        or_(false(), *mine),
    )
    shown: Any = select(BRIEFINGS.body(frozenset(), breadth), Meeting.version, Meeting.id)
    found = shown.where(Meeting.id.in_(named), BRIEFINGS.visible.to(breadth))
    return written(found.order_by(Meeting.id).limit(whole(1)), dialect)
