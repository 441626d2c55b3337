"""What is to be followed up: tasks due, tasks carried over again and again, bodies yet to review."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Dialect, Integer, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.actor import Breadth
from app.audience import seen, under
from app.meetings.models import Meeting, MeetingAudience
from app.meetings.vocabulary import MeetingStatus
from app.organizations.models import Level, Organization
from app.prepared import Statement
from app.quarterly_tasks.counts import NEVER, Counted, TaskState
from app.quarterly_tasks.models import QuarterlyTask, QuarterlyTaskAudience
from app.quarterly_tasks.queries import DAYS_OVERDUE, QUARTERLY_TASKS, TIMELINESS, days_late
from app.quarterly_tasks.vocabulary import TaskStatus
from app.reading import Reading, columns
from app.reports.queries import bodies_of, if_covered, the_quarter
from app.reports.schemas import Chain, ChainLink, DueTask
from app.reviews.models import TaskReview
from app.reviews.queries import OPEN
from app.sql import Value, constant, json_list, json_object, json_rows, whole
from app.types import Moment

UNDONE = [status for status in OPEN if status != TaskStatus.SUBMITTED]  # that one is done, as reported
_part = aliased(QuarterlyTask)
_is_open = and_(  # what has parts is counted by its parts, here too
    or_(*(QuarterlyTask.status == constant(status) for status in UNDONE)),
    ~exists().where(_part.parent_id == QuarterlyTask.id),
)
DUE = Reading(
    QuarterlyTask,
    DueTask,
    path="/v1/quarterly-tasks",
    area="quarterly_tasks",
    visible=QUARTERLY_TASKS.visible,
    governed_by=QuarterlyTask.issuing_organization_id,
    derived={"timeliness": TIMELINESS, "days_overdue": DAYS_OVERDUE},
    filters={
        "due_by": and_(_is_open, QuarterlyTask.effective_due_date <= bindparam("due_by", type_=Date())),
        "issued_within": under(QuarterlyTask.issuing_organization_id.expression, "issued_within"),
        "led_within": under(QuarterlyTask.lead_organization_id.expression, "led_within"),
    },
    sorts={"effective_due_date": QuarterlyTask.effective_due_date},
)
_earlier = aliased(QuarterlyTask)
_successor = aliased(QuarterlyTask)


def _lineage(breadth: Breadth) -> Value:
    """From the first on, as far as the caller sees them."""
    before = and_(
        _earlier.root_task_id == QuarterlyTask.root_task_id,
        _earlier.carry_count <= QuarterlyTask.carry_count,
        seen(QuarterlyTaskAudience, _earlier.id, breadth.sees),
    )
    return json_list(
        columns(ChainLink, _earlier), of=_earlier, where=before, order_by=(_earlier.carry_count,)
    )


CHAINS = Reading(
    QuarterlyTask,
    Chain,
    path="/v1/quarterly-tasks",
    area="quarterly_tasks",
    visible=QUARTERLY_TASKS.visible,
    governed_by=QuarterlyTask.issuing_organization_id,
    derived={"days_late_by_root": days_late(QuarterlyTask.root_due_date)},
    as_seen={"tasks": _lineage},
    filters={
        "min_count": and_(
            QuarterlyTask.carry_count >= bindparam("min_count", type_=Integer()),
            ~exists().where(_successor.carried_from_id == QuarterlyTask.id),
        ),
        "issued_within": under(QuarterlyTask.issuing_organization_id.expression, "issued_within"),
    },
    anchors={"min_count"},
    sorts={"carry_count": QuarterlyTask.carry_count},
    shows_other_rows=True,
)


@lru_cache(maxsize=64)
def reviewed(may: int, sees: int, dialect: Dialect) -> Statement:
    """Each body with its tasks of the quarter, those that no meeting has reviewed, and its briefing."""
    bodies = bodies_of(may)
    found = exists().where(TaskReview.task_id == TaskState.task_id)
    counted = (
        select(
            TaskState.issuing_organization_id.label("body"),
            func.count().label("tasks"),
            func.sum(case((found, whole(0)), else_=whole(1))).label("unreviewed"),
        )
        .join(bodies, bodies.c.organization_id == TaskState.issuing_organization_id)
        .where(
            TaskState.quarter == the_quarter,
            TaskState.superseded_at == bindparam("never", NEVER, type_=Moment()),
            *(TaskState.state != constant(state) for state in (Counted.DRAFT, Counted.CANCELLED)),
        )
        .group_by(TaskState.issuing_organization_id)
        .subquery("counted")
    )
    held = aliased(Meeting)
    last = (
        select(held.id)
        .where(
            held.host_organization_id == Organization.id,
            held.first_reviewed <= the_quarter,
            held.last_reviewed >= the_quarter,
            held.status != constant(MeetingStatus.CANCELLED),
            seen(MeetingAudience, held.id, sees),
        )
        .order_by(held.held_on.desc(), held.id.desc())
        .limit(whole(1))
        .correlate(Organization)
        .scalar_subquery()
    )
    row = {
        "organization_id": Organization.id,
        "parent_id": Organization.parent_id,
        "level": Organization.level,
        "label_vi": Organization.name,
        "label_en": Organization.name,
        "tasks": func.coalesce(counted.c.tasks, whole(0)),
        "unreviewed": func.coalesce(counted.c.unreviewed, whole(0)),
        "meeting_id": Meeting.id,
        "meeting_status": Meeting.status,
        "meeting_held_on": Meeting.held_on,
    }
    rows: Any = select(json_object(row).label("body")).select_from(bodies)
    rows = rows.join(Organization, Organization.id == bodies.c.organization_id)
    rows = rows.outerjoin(counted, counted.c.body == Organization.id).outerjoin(Meeting, Meeting.id == last)
    levels = case({one.value: n for n, one in enumerate(Level)}, value=Organization.level)
    rows = rows.order_by(levels, Organization.name_key, Organization.id)
    return if_covered({"items": json_rows(rows)}, bodies, dialect)
