"""How the example data's rows come to be: by the schemas, the rules and the Work of any request."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app import example_ids as ids
from app.access.founding import root_of_a_tenant
from app.briefings import examples
from app.db import new_code
from app.example_ids import Noun, part_of
from app.findings.recording import record_directive, record_finding
from app.findings.schemas import DirectiveIn, FindingIn
from app.meetings import contents, holding
from app.meetings.models import AgendaItem, Meeting, Participation
from app.meetings.planning import agree
from app.meetings.queries import MEETING_TRANSITIONS
from app.meetings.schemas import AgendaItemIn, MeetingIn, MeetingMoveIn, ParticipationIn
from app.minutes import commenting
from app.minutes import moving as drafting
from app.minutes.models import ConclusionNotice, ConclusionNoticeMove, Document, Minutes, MinutesMove
from app.minutes.queries import CONCLUSION_NOTICE_TRANSITIONS, MINUTES_COMMENTS, MINUTES_TRANSITIONS
from app.minutes.schemas import (
    ConclusionNoticeIn,
    ConclusionNoticeMoveIn,
    DocumentMoveIn,
    MinutesCommentIn,
    MinutesIn,
    MinutesMoveIn,
)
from app.organizations.models import Level, Organization
from app.organizations.queries import ORGANIZATIONS
from app.organizations.schemas import OrganizationIn
from app.quarter import Quarter
from app.quarterly_tasks import assigning, moving, planning, recording
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.queries import TASK_ENTRIES
from app.quarterly_tasks.schemas import QuarterlyTaskIn, TaskEntryIn, TransitionIn
from app.quarterly_tasks.vocabulary import TaskTransition
from app.reports.closing import close_quarter
from app.reviews.carrying import leave
from app.reviews.models import TaskReview
from app.reviews.schemas import TaskReviewIn
from app.speakers.models import Position, Speaker, title_on
from app.speakers.schemas import PositionIn, SpeakerIn
from app.speeches.recording import record as record_speech
from app.speeches.schemas import SpeechIn
from app.types import Json, JsonList
from app.work import Work

# What another system knows too, and by which id.
ELSEWHERE = {ids.EARLIER_BRIEFING: examples.KNOWN}


def known_as(meeting_id: str, noun: Noun, n: int) -> JsonList:
    """How that system knows the n-th part of its briefing."""
    parts = {"system": examples.SYSTEM, "id": f"{noun.name.lower()}-{n}"}
    return [parts] if meeting_id in ELSEWHERE else []


def root(work: Work, id: str, name: str, level: Level, code: str | None = None) -> Organization:
    """The root of a tenant, under a fixed id."""
    made = root_of_a_tenant(name, level)
    made.id = made.tenant_id = UUID(id)
    made.code = code or new_code("CQ", made.id)
    work.add(made)
    return made


def body(work: Work, id: str, **values: Any) -> None:
    """An organization below another."""
    said = OrganizationIn.model_validate(values)
    parent = work.named(ORGANIZATIONS, said.parent_id)
    made = Organization(**said.model_dump(), id=UUID(id), tenant_id=parent.tenant_id)
    made.code = made.code or new_code("CQ", made.id)
    work.add(made)


def speaker(work: Work, id: str, positions: Sequence[Json] = (), **values: Any) -> None:
    """A person, with the positions held."""
    said = SpeakerIn.model_validate(values)
    home = work.named(ORGANIZATIONS, said.organization_id)
    made = Speaker(**said.model_dump(exclude={"positions"}), id=UUID(id), tenant_id=home.tenant_id)
    work.add(made)
    for n, each in enumerate(positions, start=1):
        held = PositionIn.model_validate(each).model_dump()
        whose = {"speaker_id": made.id, "tenant_id": home.tenant_id}
        work.add(Position(**held, **whose, id=UUID(part_of(id, Noun.POSITION, n))))


def meeting(
    work: Work,
    id: str,
    items: Sequence[Json] = (),
    participations: Sequence[Json] = (),
    moves: Sequence[Json] = (),
    **values: Any,
) -> None:
    """A meeting with its agenda, who takes part, and the transitions it has made."""
    said = MeetingIn.model_validate(values).model_dump(exclude={"agenda_items", "participations"})
    host = work.named(ORGANIZATIONS, said["host_organization_id"])
    agree(work, said)
    made = Meeting(**said, id=UUID(id), tenant_id=host.tenant_id)
    made.external_refs = [{"system": examples.SYSTEM, "id": ELSEWHERE[id]}] if id in ELSEWHERE else []
    made.code = made.code or new_code("HN", made.id)
    work.add(made)
    _agenda(work, made, items)
    for n, each in enumerate(participations, start=1):
        _participation(work, made, n, ParticipationIn.model_validate(each))
    for n, move in enumerate(moves, start=1):
        moved = holding.move(work, made, MeetingMoveIn.model_validate(move))
        moved.id = UUID(part_of(id, Noun.MEETING_TRANSITION, n))
        work.told(MEETING_TRANSITIONS, moved, made)


def said_there(
    work: Work,
    meeting_id: str,
    speeches: Sequence[Json] = (),
    findings: Sequence[Json] = (),
    directives: Sequence[Json] = (),
) -> None:
    """What was said at a meeting, what it found and what it directed, each in its order."""
    there = work.db.get_one(Meeting, UUID(meeting_id))
    for noun, schema, record, each in (
        (Noun.SPEECH, SpeechIn, record_speech, speeches),
        (Noun.FINDING, FindingIn, record_finding, findings),
        (Noun.DIRECTIVE, DirectiveIn, record_directive, directives),
    ):
        for n, values in enumerate(each, start=1):
            row = record(work, there, schema.model_validate(values).model_dump())
            row.id, row.external_refs = UUID(part_of(meeting_id, noun, n)), known_as(meeting_id, noun, n)
            work.add(row)


def _agenda(work: Work, made: Meeting, items: Sequence[Json]) -> None:
    """The items in the order in which they are read; each stands after its siblings."""
    siblings: dict[UUID | None, int] = {}
    for n, each in enumerate(items, start=1):
        said = AgendaItemIn.model_validate(each).model_dump()
        contents.check_agenda_items(work, made, {"": said})
        place = siblings[said["parent_id"]] = siblings.get(said["parent_id"], -1) + 1
        work.add(AgendaItem(**{**said, **_of(made, Noun.AGENDA_ITEM, n)}, position=place))


def _participation(work: Work, made: Meeting, n: int, said: ParticipationIn) -> None:
    values = said.model_dump()
    contents.check_participations(work, made, {"": values})
    if said.speaker_id is not None:
        values["title_snapshot"] = title_on(work.db, said.speaker_id, said.organization_id, made.held_on)
    work.add(Participation(**{**values, **_of(made, Noun.PARTICIPATION, n)}))


def _of(made: Meeting, noun: Noun, n: int) -> Json:
    return {
        "id": UUID(part_of(str(made.id), noun, n)),
        "external_refs": known_as(str(made.id), noun, n),
        "meeting_id": made.id,
        "host_id": made.host_organization_id,
        "tenant_id": made.tenant_id,
    }


def task(work: Work, id: str, lineage: Json | None = None, **values: Any) -> QuarterlyTask:
    """A task in draft, the first of its lineage unless another is given."""
    said = QuarterlyTaskIn.model_validate(values)
    named = said.model_dump(exclude={"assignments", "measures", "source_document"})
    issuer = work.named(ORGANIZATIONS, said.issuing_organization_id)
    planning.agree(work, issuer.tenant_id, named)
    assigning.check(work, issuer.tenant_id, said.assignments)
    made = QuarterlyTask(
        **named,
        id=UUID(id),
        tenant_id=issuer.tenant_id,
        measures=planning.measured(said.measures),
        source_document=said.source_document and said.source_document.model_dump(mode="json"),
        lead_organization_id=assigning.lead_of(said.assignments),
        **(lineage or {"root_task_id": UUID(id)}),
    )
    made.code = made.code or new_code("NV", made.id)
    work.add(made, assignments=[one.model_dump(mode="json") for one in said.assignments])
    assigning.store(work, made, said.assignments)
    return made


def carried(work: Work, old: QuarterlyTask, successor: QuarterlyTask, day: date) -> None:
    """The old task is left in its quarter, with an entry that names its successor."""
    entry = leave(work, old, successor, day)
    entry.id = UUID(part_of(str(old.id), Noun.TASK_ENTRY, 9))
    work.told(TASK_ENTRIES, entry, old)


def review(work: Work, meeting_id: str, n: int, **values: Any) -> None:
    """What a meeting found of a task; what it decided stands in the task's own story."""
    there = work.db.get_one(Meeting, UUID(meeting_id))
    said = TaskReviewIn.model_validate(values)
    made = TaskReview(
        **said.model_dump(),
        id=UUID(part_of(meeting_id, Noun.REVIEW, n)),
        meeting_id=there.id,
        host_id=there.host_organization_id,
        tenant_id=there.tenant_id,
    )
    work.add(made)


def closing(work: Work, id: str, organization_id: str, quarter: str) -> None:
    """A quarter that a body has closed."""
    there = work.db.get_one(Organization, UUID(organization_id))
    close_quarter(work, there, Quarter.parse(quarter), UUID(id))


def minutes(work: Work, meeting_id: str) -> Minutes:
    """The minutes of a meeting, in draft."""
    made = drafting.draft(work, Minutes, work.db.get_one(Meeting, UUID(meeting_id)), MinutesIn())
    made.id = UUID(part_of(meeting_id, Noun.MINUTES, 1))
    work.add(made)
    return made


def tell_of_minutes(work: Work, of: Minutes, n: int, **said: Any) -> None:
    """The n-th transition of minutes."""
    id = UUID(part_of(str(of.id), Noun.MINUTES_TRANSITION, n))
    told = _told_of(work, of, MinutesMoveIn.model_validate(said), 1)
    work.told(MINUTES_TRANSITIONS, MinutesMove(**told, id=id, minutes_id=of.id), of)


def conclusion_notice(work: Work, meeting_id: str) -> ConclusionNotice:
    """The conclusion notice of a meeting, in draft."""
    meeting = work.db.get_one(Meeting, UUID(meeting_id))
    made = drafting.draft(work, ConclusionNotice, meeting, ConclusionNoticeIn())
    made.id = UUID(part_of(meeting_id, Noun.CONCLUSION_NOTICE, 1))
    work.add(made)
    return made


def tell_of_notice(work: Work, of: ConclusionNotice, n: int, **said: Any) -> None:
    """The n-th transition of a conclusion notice."""
    id = UUID(part_of(str(of.id), Noun.CONCLUSION_NOTICE_TRANSITION, n))
    told = _told_of(work, of, ConclusionNoticeMoveIn.model_validate(said), 2)
    moved = ConclusionNoticeMove(**told, id=id, conclusion_notice_id=of.id)
    work.told(CONCLUSION_NOTICE_TRANSITIONS, moved, of)


def _told_of(work: Work, of: Document, said: DocumentMoveIn, version: int) -> Json:
    meeting = work.db.get_one(Meeting, of.meeting_id)
    return drafting.move(work, meeting, of, said, UUID(part_of(str(of.id), Noun.MINUTES_VERSION, version)))


def comment(work: Work, on: Minutes, n: int, **said: Any) -> None:
    """The n-th comment on minutes."""
    made = commenting.comment(work, on, MinutesCommentIn.model_validate(said))
    made.id = UUID(part_of(str(on.id), Noun.MINUTES_COMMENT, n))
    work.told(MINUTES_COMMENTS, made, on)


def tell(work: Work, of: QuarterlyTask, n: int, **said: Any) -> None:
    """What happened to a task, as the n-th entry of its history: a transition, or something about it."""
    if said["kind"] in set(TaskTransition):
        move = {"transition": said.pop("kind"), **said}
        entry = moving.move(work, of, TransitionIn.model_validate(move))
    else:
        entry = recording.record(work, of, TaskEntryIn.model_validate(said))
    entry.id = UUID(part_of(str(of.id), Noun.TASK_ENTRY, n))
    work.told(TASK_ENTRIES, entry, of)
