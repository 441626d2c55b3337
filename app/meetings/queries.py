"""What meetings and what they contain show, who sees them, and how they are found."""

from pydantic import BaseModel
from sqlalchemy import Date, bindparam, case, func, select
from sqlalchemy.orm import aliased

from app.actor import Breadth
from app.findings.models import Directive, Finding
from app.findings.schemas import DirectiveOut, FindingOut
from app.meetings.models import AgendaItem, Listed, Meeting, MeetingAudience, MeetingMove, Participation
from app.meetings.schemas import AgendaItemOut, AgendaOut, MeetingMoveOut, MeetingOut, ParticipationOut
from app.meetings.vocabulary import MEETING_MOVES
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.queries import QUARTERLY_TASKS
from app.reading import Reading, ToAudience, columns
from app.speeches.models import Speech
from app.speeches.schemas import SpeechOut
from app.sql import Value, by_state, json_list
from app.types import Id

_attended = select(Participation.meeting_id).where(
    Participation.speaker_id == bindparam("participating_speaker_id", type_=Id())
)
_with = select(Participation.meeting_id).where(
    Participation.organization_id == bindparam("participating_organization_id", type_=Id())
)


def _tasks_set_there(breadth: Breadth) -> Value:
    """The tasks set at the meeting, as far as this caller sees them."""
    return json_list(
        QUARTERLY_TASKS.members(frozenset(), breadth),
        of=QuarterlyTask,
        where=(QuarterlyTask.set_at_meeting_id == Meeting.id) & QUARTERLY_TASKS.visible.to(breadth),
        order_by=(QuarterlyTask.id,),
    )


def _listed(shows: type[BaseModel], row: type[Listed]) -> Value:
    """What is listed in the meeting, in its order."""
    there = row.meeting_id == Meeting.id
    return json_list(columns(shows, row), of=row, where=there, order_by=(row.position, row.id))


_above, _top = aliased(AgendaItem), aliased(AgendaItem)
ABOVE = {_above: _above.id == AgendaItem.parent_id, _top: _top.id == _above.parent_id}
AS_READ_ALOUD = (  # each item, then what is below it
    func.coalesce(_top.position, _above.position, AgendaItem.position),
    case((_top.id.is_not(None), _above.position), (_above.id.is_not(None), AgendaItem.position), else_=-1),
    case((_top.id.is_not(None), AgendaItem.position), else_=-1),
)
_agenda = json_list(
    columns(AgendaItemOut, AgendaItem),
    of=AgendaItem,
    where=AgendaItem.meeting_id == Meeting.id,
    beside=ABOVE,
    order_by=AS_READ_ALOUD,
)

MEETINGS = Reading(
    Meeting,
    MeetingOut,
    path="/v1/meetings",
    area="meetings",
    visible=ToAudience(MeetingAudience, Meeting.id),
    governed_by=Meeting.host_organization_id,
    derived={"allowed_transitions": by_state(Meeting.status, MEETING_MOVES)},
    includes={
        "agenda_items": lambda _: _agenda,
        "participations": lambda _: json_list(
            columns(ParticipationOut, Participation),
            of=Participation,
            where=Participation.meeting_id == Meeting.id,
            order_by=(Participation.id,),
        ),
        "speeches": lambda _: _listed(SpeechOut, Speech),
        "findings": lambda _: _listed(FindingOut, Finding),
        "directives": lambda _: _listed(DirectiveOut, Directive),
        "quarterly_tasks": _tasks_set_there,
    },
    long=frozenset({"speeches", "findings", "directives"}),
    by={
        "host_organization_id": Meeting.host_organization_id,
        "kind": Meeting.kind,
        "status": Meeting.status,
        "visibility": Meeting.visibility,
        "record": Meeting.record,
        "review_period": Meeting.review_period,
        "plan_period": Meeting.plan_period,
        "previous_meeting_id": Meeting.previous_meeting_id,
        "code": Meeting.code,
    },
    filters={
        "participating_organization_id": Meeting.id.in_(_with),
        "participating_speaker_id": Meeting.id.in_(_attended),
        "held_on_gte": Meeting.held_on >= bindparam("held_on_gte", type_=Date()),
        "held_on_lte": Meeting.held_on <= bindparam("held_on_lte", type_=Date()),
        "updated_at_gte": Meeting.updated_at >= bindparam("updated_at_gte", type_=Meeting.updated_at.type),
    },
    anchors={
        "host_organization_id",
        "participating_organization_id",
        "participating_speaker_id",
        "previous_meeting_id",
        "code",
    },
    sorts={"held_on": Meeting.held_on, "title": Meeting.title_key, "created_at": Meeting.id},
    folded=Meeting.folded,
)
PARTICIPATIONS = Reading(
    Participation,
    ParticipationOut,
    path="/v1/participations",
    area="meetings",
    visible=ToAudience(MeetingAudience, Participation.meeting_id),
    governed_by=Participation.host_id,
    by={
        "meeting_id": Participation.meeting_id,
        "organization_id": Participation.organization_id,
        "speaker_id": Participation.speaker_id,
        "role": Participation.role,
        "attendance": Participation.attendance,
    },
    anchors={"meeting_id"},
    sorts={"created_at": Participation.id},
)
AGENDA_ITEMS = Reading(
    AgendaItem,
    AgendaItemOut,
    path="/v1/agenda-items",
    area="meetings",
    visible=ToAudience(MeetingAudience, AgendaItem.meeting_id),
    governed_by=AgendaItem.host_id,
    by={
        "meeting_id": AgendaItem.meeting_id,
        "kind": AgendaItem.kind,
        "status": AgendaItem.status,
        "presenter_id": AgendaItem.presenter_id,
        "presenting_organization_id": AgendaItem.presenting_organization_id,
        "parent_id": AgendaItem.parent_id,
        "carried_from_id": AgendaItem.carried_from_id,
    },
    anchors={"meeting_id", "presenter_id", "presenting_organization_id", "parent_id", "carried_from_id"},
    sorts={"position": AgendaItem.position, "created_at": AgendaItem.id},
)
AGENDA = Reading(
    Meeting,
    AgendaOut,
    path="/v1/meetings",
    area="meetings",
    visible=MEETINGS.visible,
    governed_by=Meeting.host_organization_id,
    derived={"items": _agenda},
    shows_other_rows=True,
)
_host = select(Meeting.host_organization_id).where(Meeting.id == MeetingMove.meeting_id)
MEETING_TRANSITIONS = Reading(
    MeetingMove,
    MeetingMoveOut,
    path="/v1/meeting-transitions",
    area="meetings",
    visible=ToAudience(MeetingAudience, MeetingMove.meeting_id),
    governed_by=_host.correlate(MeetingMove).scalar_subquery(),
    by={"meeting_id": MeetingMove.meeting_id},
    anchors={"meeting_id"},
    sorts={"created_at": MeetingMove.id},
)
