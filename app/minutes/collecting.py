"""What a meeting recorded, read at once: as many statements for a thousand speeches as for none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.audience import Ancestor
from app.db import Base
from app.findings.models import Directive, Finding
from app.meetings.models import AgendaItem, Meeting, Participation
from app.minutes.record import (
    Body,
    Host,
    MinutesRecord,
    Person,
    Recorded,
    RecordedAgendaItem,
    RecordedAssignment,
    RecordedDirective,
    RecordedDocument,
    RecordedFinding,
    RecordedMeeting,
    RecordedParticipation,
    RecordedReview,
    RecordedSpeech,
    RecordedTask,
)
from app.organizations.models import Organization
from app.quarterly_tasks.models import Assignment, QuarterlyTask
from app.reviews.models import TaskReview
from app.speakers.models import Speaker
from app.speeches.models import Speech
from app.sql import among

R = TypeVar("R", bound=Recorded)
Row = TypeVar("Row", bound=Base)


def collect(db: Session, meeting: Meeting, document: RecordedDocument) -> MinutesRecord:
    """The record of a document, as things stand in this transaction.

    A task is recorded as it stands, a draft too: that it was set is what the meeting decided.
    """
    is_notice = document.kind == "conclusion_notice"
    directives = _of_the_meeting(db, Directive, meeting)
    tasks = _tasks(db, meeting)
    assignments = _assignments(db, meeting)
    attended: Sequence[Participation] = () if is_notice else _of_the_meeting(db, Participation, meeting)
    agenda: Sequence[AgendaItem] = () if is_notice else _of_the_meeting(db, AgendaItem, meeting)
    speeches: Sequence[Speech] = () if is_notice else _of_the_meeting(db, Speech, meeting)
    findings: Sequence[Finding] = () if is_notice else _of_the_meeting(db, Finding, meeting)
    reviews = () if is_notice else _reviews(db, meeting)
    rows = (
        *attended,
        *agenda,
        *speeches,
        *findings,
        *directives,
        *chain(*assignments.values()),
        *chain(*reviews),
    )
    who = _names(db, rows)
    return MinutesRecord(
        document=document,
        meeting=_taken(RecordedMeeting, meeting, host=_host(db, meeting)),
        participations=[_participation(one, who) for one in attended],
        agenda_items=[_agenda_item(one, who) for one in _as_read_aloud(agenda)],
        speeches=[_speech(one, who) for one in speeches],
        findings=[
            _taken(RecordedFinding, one, organization=who.body(one.organization_id)) for one in findings
        ],
        directives=[
            _taken(RecordedDirective, one, issued_by=who.person(one.issued_by_id)) for one in directives
        ],
        reviews=[_review(review, task, who) for review, task in reviews],
        quarterly_tasks=[_task(one, assignments.get(one.id, ()), who) for one in tasks],
    )


# -- the rows


def _of_the_meeting(db: Session, row: type[Row], meeting: Meeting) -> Sequence[Row]:
    """In the order of the meeting where they have one, else as they were entered."""
    columns = inspect(row).columns
    order = [columns[name] for name in ("position", "id") if name in columns]
    return db.scalars(select(row).where(columns["meeting_id"] == meeting.id).order_by(*order)).all()


def _tasks(db: Session, meeting: Meeting) -> Sequence[QuarterlyTask]:
    there = QuarterlyTask.set_at_meeting_id == meeting.id
    return db.scalars(select(QuarterlyTask).where(there).order_by(QuarterlyTask.id)).all()


def _assignments(db: Session, meeting: Meeting) -> Mapping[UUID, Sequence[Assignment]]:
    """By task, in the order of its list."""
    theirs = select(Assignment).join(QuarterlyTask, QuarterlyTask.id == Assignment.task_id)
    there = QuarterlyTask.set_at_meeting_id == meeting.id
    found: dict[UUID, list[Assignment]] = {}
    for one in db.scalars(theirs.where(there).order_by(Assignment.task_id, Assignment.position)):
        found.setdefault(one.task_id, []).append(one)
    return found


def _reviews(db: Session, meeting: Meeting) -> Sequence[tuple[TaskReview, QuarterlyTask]]:
    both = select(TaskReview, QuarterlyTask).join(QuarterlyTask, QuarterlyTask.id == TaskReview.task_id)
    rows = db.execute(both.where(TaskReview.meeting_id == meeting.id).order_by(TaskReview.task_id))
    return [(review, task) for review, task in rows]


def _as_read_aloud(items: Sequence[AgendaItem]) -> Iterator[AgendaItem]:
    """Each item, then what is below it."""
    below: dict[UUID | None, list[AgendaItem]] = {}
    for one in items:  # by position
        below.setdefault(one.parent_id, []).append(one)

    def walked(parent_id: UUID | None) -> Iterator[AgendaItem]:
        for one in below.get(parent_id, ()):
            yield one
            yield from walked(one.id)

    return walked(None)


# -- the names


@dataclass(frozen=True)
class Names:
    """Every body and person that the rows name, by id."""

    bodies: Mapping[UUID, Body]
    people: Mapping[UUID, Person]

    def body(self, id: UUID | None) -> Body | None:
        return self.bodies[id] if id else None

    def person(self, id: UUID | None) -> Person | None:
        return self.people[id] if id else None


BODIES = ("organization_id", "presenting_organization_id", "lead_organization_id")
PEOPLE = ("speaker_id", "substitute_for_id", "presenter_id", "issued_by_id")


def _names(db: Session, rows: Iterable[Base]) -> Names:
    named = list(rows)
    bodies, people = _ids(named, BODIES), _ids(named, PEOPLE)
    of_bodies = select(Organization.id, Organization.name, Organization.short_name)
    of_people = select(Speaker.id, Speaker.full_name, Speaker.honorific)
    return Names(
        {
            one.id: Body.model_validate(one)
            for one in db.execute(of_bodies.where(among(Organization.id, "ids")), {"ids": bodies})
        },
        {
            one.id: Person.model_validate(one)
            for one in db.execute(of_people.where(among(Speaker.id, "ids")), {"ids": people})
        },
    )


def _ids(rows: Iterable[Base], names: Iterable[str]) -> list[UUID]:
    found = {getattr(row, name, None) for row in rows for name in names}
    return sorted(one for one in found if one is not None)


def _host(db: Session, meeting: Meeting) -> Host:
    """With what stands above it, the nearest first."""
    above = select(Organization).join(Ancestor, Ancestor.ancestor_id == Organization.id)
    rows = db.scalars(above.where(Ancestor.organization_id == meeting.host_organization_id))
    known = {one.id: one for one in rows}
    host = known[meeting.host_organization_id]
    line, at = list[Body](), host.parent_id
    while at is not None:
        line.append(Body.model_validate(known[at]))
        at = known[at].parent_id
    return _taken(Host, host, above=line)


# -- what becomes of each


def _taken(kind: type[R], row: Base, **named: Any) -> R:
    """A row as it is recorded: each member as given, else the row's own of that name."""
    rest = {name: getattr(row, name) for name in kind.model_fields if name not in named}
    return kind.model_validate({**rest, **named})


def _participation(row: Participation, who: Names) -> RecordedParticipation:
    return _taken(
        RecordedParticipation,
        row,
        organization=who.body(row.organization_id),
        speaker=who.person(row.speaker_id),
        substitute_for=who.person(row.substitute_for_id),
    )


def _agenda_item(row: AgendaItem, who: Names) -> RecordedAgendaItem:
    return _taken(
        RecordedAgendaItem,
        row,
        presenter=who.person(row.presenter_id),
        presenting_organization=who.body(row.presenting_organization_id),
    )


def _speech(row: Speech, who: Names) -> RecordedSpeech:
    return _taken(
        RecordedSpeech,
        row,
        speaker=who.person(row.speaker_id),
        organization=who.body(row.organization_id),
    )


def _review(row: TaskReview, task: QuarterlyTask, who: Names) -> RecordedReview:
    return _taken(
        RecordedReview,
        row,
        task_code=task.code,
        task_title=task.title,
        task_quarter=task.quarter,
        lead=who.body(task.lead_organization_id),
        new_lead=who.body(row.lead_organization_id),
    )


def _task(task: QuarterlyTask, assignments: Iterable[Assignment], who: Names) -> RecordedTask:
    theirs = [
        RecordedAssignment(
            organization=who.bodies[one.organization_id], role=one.role, speaker=who.person(one.speaker_id)
        )
        for one in assignments
    ]
    return _taken(RecordedTask, task, assignments=theirs)
