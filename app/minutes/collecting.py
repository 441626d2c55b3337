"""What a meeting recorded, by one statement: every row as it is recorded, every body and person by name."""

from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, ColumnElement, Dialect, bindparam, func, select, type_coerce
from sqlalchemy.orm import aliased

from app.audience import Ancestor
from app.db import Base
from app.findings.models import Directive, Finding
from app.meetings.models import AgendaItem, Meeting, Participation
from app.minutes.models import Document
from app.minutes.record import (
    Body,
    Host,
    Person,
    Recorded,
    RecordedAgendaItem,
    RecordedAssignment,
    RecordedDirective,
    RecordedFinding,
    RecordedMeeting,
    RecordedParticipation,
    RecordedReview,
    RecordedSpeech,
    RecordedTask,
)
from app.minutes.vocabulary import DocumentKind
from app.organizations.models import Organization
from app.prepared import Statement, written
from app.quarterly_tasks.models import Assignment, QuarterlyTask
from app.reading import columns
from app.reviews.models import TaskReview
from app.speakers.models import Speaker
from app.speeches.models import Speech
from app.sql import Value, as_text, constant, json_list, json_object
from app.types import Id

# of the document itself; what is printed of them is decided when they are known
OF_THE_DOCUMENT = (
    *("id", "document_number", "symbol", "document_date", "place"),
    *("sign_as", "signers", "recipients", "change_note"),
)

LEFT_OUT = dict.fromkeys(
    ("agenda_items", "speeches", "findings", "reviews"), type_coerce(constant("[]"), JSON())
)


@lru_cache
def collected(of: type[Document], dialect: Dialect) -> Statement:
    """All that the record of this document says, as JSON: for whoever holds the document already."""
    named = of.id == bindparam("id", type_=Id())
    return written(select(all_of(of)).join(Meeting, Meeting.id == of.meeting_id).where(named), dialect)


def all_of(of: type[Document]) -> ColumnElement[str]:
    """The same as a column of a statement which reads the document with its meeting.

    A task is recorded as it stands, a draft too: that it was set is what the meeting decided. What a notice
    leaves out is not read for it.
    """
    left_out = LEFT_OUT if of.KIND == DocumentKind.CONCLUSION_NOTICE else {}
    itself = {name: getattr(of, name) for name in OF_THE_DOCUMENT}
    return as_text(
        json_object(
            {
                "document": json_object({"kind": constant(of.KIND.value), **itself}),
                "meeting": json_object(columns(RecordedMeeting, Meeting, but={"host": _its_host()})),
                "participations": _listed(
                    RecordedParticipation,
                    Participation,
                    organization=_body(Participation.organization_id),
                    speaker=_person(Participation.speaker_id),
                    substitute_for=_person(Participation.substitute_for_id),
                ),
                "agenda_items": _listed(
                    RecordedAgendaItem,
                    AgendaItem,
                    presenter=_person(AgendaItem.presenter_id),
                    presenting_organization=_body(AgendaItem.presenting_organization_id),
                ),
                "speeches": _listed(
                    RecordedSpeech,
                    Speech,
                    speaker=_person(Speech.speaker_id),
                    organization=_body(Speech.organization_id),
                ),
                "findings": _listed(RecordedFinding, Finding, organization=_body(Finding.organization_id)),
                "directives": _listed(
                    RecordedDirective, Directive, issued_by=_person(Directive.issued_by_id)
                ),
                "reviews": _reviews(),
                "quarterly_tasks": _tasks(),
                **left_out,
            }
        )
    )


def host(organization: Value) -> ColumnElement[Any]:
    """An organization with what stands above it, the nearest first, as JSON."""
    itself, above, way = aliased(Organization), aliased(Organization), aliased(Ancestor)
    depth = select(func.count()).where(Ancestor.organization_id == above.id).correlate_except(Ancestor)
    line = json_list(
        columns(Body, above),
        above,
        (way.organization_id == itself.id) & (above.id != itself.id),
        [depth.scalar_subquery().desc()],
        beside={way: way.ancestor_id == above.id},
    )
    shown = select(json_object(columns(Host, itself, but={"above": line}))).where(itself.id == organization)
    return shown.correlate_except(itself).scalar_subquery()


def _its_host() -> ColumnElement[Any]:
    return host(Meeting.host_organization_id.expression)


def _body(id: Value) -> ColumnElement[Any]:
    named = aliased(Organization)
    shown = select(json_object(columns(Body, named))).where(named.id == id)
    return shown.correlate_except(named).scalar_subquery()


def _person(id: Value) -> ColumnElement[Any]:
    named = aliased(Speaker)
    shown = select(json_object(columns(Person, named))).where(named.id == id)
    return shown.correlate_except(named).scalar_subquery()


def _listed(kind: type[Recorded], row: type[Base], **named: Value) -> ColumnElement[Any]:
    """The meeting's rows, in its own order where they have one, else as they were entered."""
    members = row.__table__.columns
    order = [members[name] for name in ("position", "id") if name in members]
    there = members["meeting_id"] == Meeting.id
    return json_list(columns(kind, row, but=named), row, there, order)


def _reviews() -> ColumnElement[Any]:
    told: dict[str, Value] = {
        "task_code": QuarterlyTask.code,
        "task_title": QuarterlyTask.title,
        "task_quarter": QuarterlyTask.quarter,
        "lead": _body(QuarterlyTask.lead_organization_id),
        "new_lead": _body(TaskReview.lead_organization_id),
    }
    return json_list(
        columns(RecordedReview, TaskReview, but=told),
        TaskReview,
        TaskReview.meeting_id == Meeting.id,
        [TaskReview.task_id],
        beside={QuarterlyTask: QuarterlyTask.id == TaskReview.task_id},
    )


def _tasks() -> ColumnElement[Any]:
    named = {
        "organization": _body(Assignment.organization_id),
        "speaker": _person(Assignment.speaker_id),
    }
    theirs = json_list(
        columns(RecordedAssignment, Assignment, but=named),
        Assignment,
        Assignment.task_id == QuarterlyTask.id,
        [Assignment.position],
    )
    return json_list(
        columns(RecordedTask, QuarterlyTask, but={"assignments": theirs}),
        QuarterlyTask,
        QuarterlyTask.set_at_meeting_id == Meeting.id,
        [QuarterlyTask.id],
    )
