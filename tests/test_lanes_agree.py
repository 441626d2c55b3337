"""What the read lane sends is what pydantic would have made of the same row: every noun, both databases."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import GrantRow, Key, Principal
from app.access.schemas import GrantOut, KeyOut, PrincipalOut
from app.actor import EVERY_PERMISSION, Role
from app.attachments.models import Attachment
from app.attachments.recognising import MEDIA_TYPES
from app.attachments.schemas import AttachmentOut
from app.attachments.vocabulary import OwnerKind
from app.db import Resource, new_id, today, utcnow
from app.findings.models import Directive, Finding
from app.findings.schemas import DirectiveOut, FindingOut
from app.findings.vocabulary import DirectiveKind, FindingKind, ResponseStatus
from app.forms import LARGEST
from app.meetings.models import AgendaItem, Listed, Meeting, MeetingMove, Participation
from app.meetings.schemas import AgendaItemOut, AgendaOut, MeetingMoveOut, MeetingOut, ParticipationOut
from app.meetings.vocabulary import (
    MEETING_MOVES,
    AgendaItemKind,
    AgendaItemStatus,
    Attendance,
    MeetingFormat,
    MeetingKind,
    MeetingStatus,
    MeetingTransition,
    ParticipationRole,
    Record,
    Visibility,
)
from app.minutes.chaining import link_of
from app.minutes.links import MinutesLink, SigningKey
from app.minutes.models import (
    ConclusionNotice,
    ConclusionNoticeMove,
    Minutes,
    MinutesComment,
    MinutesMove,
    MinutesVersion,
)
from app.minutes.schemas import (
    ConclusionNoticeMoveOut,
    ConclusionNoticeOut,
    MinutesCommentOut,
    MinutesMoveOut,
    MinutesOut,
    MinutesVersionOut,
    WholeMinutesVersionOut,
)
from app.minutes.vocabulary import (
    MINUTES_MOVES,
    DocumentKind,
    MinutesStatus,
    MinutesTransition,
    SignerRole,
)
from app.minutes.witnessing import MinutesLinkOut
from app.organizations.models import Level, Line, Organization, OrganizationKind, QuarterClosing
from app.organizations.schemas import OrganizationOut
from app.quarterly_tasks.models import Assignment, QuarterlyTask, TaskEntry
from app.quarterly_tasks.schemas import AssignmentOut, QuarterlyTaskOut, TaskEntryOut
from app.quarterly_tasks.vocabulary import AssignmentRole, EntryKind, Priority, TaskKind, TaskStatus
from app.reports.schemas import Cells, QuarterClosingOut
from app.schema import Name
from app.speakers.models import Honorific, Position, Speaker
from app.speakers.schemas import PositionOut, SpeakerOut
from app.speeches.models import Speech
from app.speeches.schemas import SpeechOut
from app.speeches.vocabulary import SpeechKind
from app.vocabulary import WorkField
from tests.conftest import PROOF, Service

Row = TypeVar("Row")
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
MEASURE = ("name", "unit", "target", "achieved", "percent")
some = settings(
    max_examples=40 if PROOF else 10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
HARD = [
    "",
    '"',
    "\\",
    "\n",
    "a\n\n- b\\n",
    "\r\n\t",
    "'",
    "</script>",
    "\u2028",
    "👩🏽‍🌾",
    "Đặng Thị Uỷ",
    "\x01\x1f\x7f",
    "{}",
    "null",
]

# -- values that a column can hold

anything = st.sampled_from(HARD) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30
)
A_TEXT = TypeAdapter(Name)


def as_stored(text: str) -> str:
    """The form in which a text comes in, if it may."""
    try:
        return A_TEXT.validate_python(text)
    except ValidationError:
        return "Đặng"


words = (st.sampled_from(HARD) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)).map(
    as_stored
)
maybe = st.none().__or__
days = st.sampled_from([FIRST, LAST, date(2024, 2, 29), today()]) | st.dates(FIRST, LAST)
asked_days = st.sampled_from([date(1, 1, 2), date(9999, 12, 30)]) | st.dates(
    date(1, 1, 2), date(9999, 12, 30)
)
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
quarters = st.builds("{:04}-Q{}".format, st.integers(1, 9999), st.integers(1, 4))
periods = st.sampled_from(["2025-Q3", "2025-M09", "2025-H1", "2025-9M", "2025", "0001-Q1", "9999-M12"])
counts = st.integers(0, 2**31 - 1)
rates = maybe(st.floats(0, 100).map(lambda n: round(n, 2)))
numbers = st.integers(-(2**53), 2**53) | st.floats(-1e12, 1e12).map(lambda n: round(n, 6))
jsons = st.recursive(
    st.none() | st.booleans() | numbers | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(anything, jsons, max_size=4)
refs = st.lists(st.builds(lambda a, b: {"system": a, "id": b}, words, words), max_size=2)
amounts = maybe(st.floats(-1e12, 1e12).map(lambda n: round(n, 6)))
measures = st.builds(
    lambda name, unit, *figures: dict(zip(MEASURE, (name, unit, *figures), strict=True)),
    *(words, maybe(words), amounts, amounts, amounts),
)
known_to_all = {
    "version": st.integers(1, 2**31 - 1),
    "created_at": moments,
    "updated_at": moments,
    "external_refs": refs,
}


def rows(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The values of a resource's row, beside those that say where it belongs."""
    return st.fixed_dictionaries({**known_to_all, **members})


def facts(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"recorded_at": moments, "recorded_by": words, **members})


organizations = rows(
    code=words,
    name=words,
    short_name=maybe(words),
    kind=st.sampled_from(OrganizationKind),
    line=st.sampled_from(Line),
    level=st.sampled_from(Level),
    founded_on=maybe(days),
    dissolved_on=maybe(days),
    former_names=st.lists(words, max_size=3),
    contact=maybe(objects),
)
speakers = rows(
    full_name=words,
    honorific=maybe(st.sampled_from(Honorific)),
    email=maybe(st.sampled_from(["a@b.vn", "o'brien+x@xa.vn"])),
    phone=maybe(st.sampled_from(["0900 111 222", "+84 24 1234"])),
)
positions = rows(
    title=words, started_on=st.just(date(2001, 2, 3)) | days, ended_on=maybe(days), is_primary=st.booleans()
)
meetings = rows(
    code=words,
    title=words,
    kind=st.sampled_from(MeetingKind),
    audience=maybe(words),
    review_period=maybe(periods),
    plan_period=maybe(periods),
    data_cutoff_on=maybe(days),
    held_on=days,
    starts_at=maybe(moments),
    ends_at=maybe(moments),
    format=st.sampled_from(MeetingFormat),
    location=maybe(words),
    online_url=maybe(words),
    visibility=st.sampled_from(Visibility),
    record=st.sampled_from(Record),
    source_text=maybe(words),
    summary=maybe(words),
    status=st.sampled_from(MeetingStatus),
    is_announced=st.booleans(),
)
agenda_items = rows(
    number=maybe(words),
    title=words,
    description=maybe(words),
    kind=st.sampled_from(AgendaItemKind),
    duration_minutes=maybe(st.integers(0, 10_000)),
    status=st.sampled_from(AgendaItemStatus),
    minutes_text=maybe(words),
)
participations = rows(
    role=st.sampled_from([role for role in ParticipationRole if role != ParticipationRole.CHAIR]),
    attendance=st.sampled_from(Attendance),
    absence_reason=maybe(words),
    title_snapshot=maybe(words),
    headcount=maybe(st.integers(0, 1_000_000)),
)
speeches = rows(
    position=counts,
    attribution_text=maybe(words),
    title_snapshot=maybe(words),
    kind=st.sampled_from(SpeechKind),
    summary=maybe(words),
    full_text=maybe(words),
    started_at=maybe(moments),
    ended_at=maybe(moments),
)
findings = rows(
    position=counts,
    period=maybe(periods),
    kind=st.sampled_from(FindingKind),
    field=maybe(st.sampled_from(WorkField)),
    text=words,
    response_text=maybe(words),
    response_status=maybe(st.sampled_from(ResponseStatus)),
)
directives = rows(
    position=counts,
    kind=st.sampled_from(DirectiveKind),
    title_snapshot=maybe(words),
    field=maybe(st.sampled_from(WorkField)),
    text=words,
)
moves = facts(
    transition=st.sampled_from(MeetingTransition),
    from_status=st.sampled_from(MeetingStatus),
    to_status=st.sampled_from(MeetingStatus),
    effective_on=days,
    comment=maybe(words),
    warnings=st.lists(
        st.builds(
            lambda a, b, c: {"code": a, "detail_vi": b, "detail_en": b, "pointer": c}, words, words, words
        ),
        max_size=2,
    ),
)
signers = st.builds(
    lambda role, name, title, form: {"role": role, "full_name": name, "title": title, "sign_as": form},
    st.sampled_from([one.value for one in SignerRole]),
    words,
    maybe(words),
    maybe(words),
)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
minutes = rows(
    status=st.sampled_from(MinutesStatus),
    submitted_by=maybe(words),
    amendment_opened_by=maybe(words),
    document_number=maybe(st.integers(1, 10_000)),
    symbol=maybe(words),
    issuer_symbol=maybe(words),
    document_date=maybe(days),
    place=maybe(words),
    sign_as=maybe(words),
    signers=st.lists(signers, max_size=2),
    recipients=st.lists(words, max_size=2),
    change_note=maybe(words),
    current_version=maybe(st.integers(1, 9)),
    sha256=maybe(hashes),
    comment_count=st.integers(0, 9),
)
attachments = rows(
    file_name=words,
    media_type=st.sampled_from(MEDIA_TYPES),
    size=st.integers(1, LARGEST),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    description=maybe(words),
    added_by=words,
    removed_at=maybe(moments),
)
minutes_moves = facts(
    transition=st.sampled_from(MinutesTransition),
    from_status=st.sampled_from(MinutesStatus),
    to_status=st.sampled_from(MinutesStatus),
    effective_on=days,
    comment=maybe(words),
    document_version=maybe(st.integers(1, 9)),
    document_number=maybe(st.integers(1, 10_000)),
    symbol=maybe(words),
    sha256=maybe(hashes),
)
comments = facts(text=words, pointer=maybe(st.just("/speeches/0")))
versions = facts(
    number=st.integers(1, 9),
    content=words,
    sha256=hashes,
    previous_sha256=maybe(hashes),
    change_note=maybe(words),
)
links = facts(
    position=st.integers(1, 9),
    document_id=st.uuids(),
    kind=st.sampled_from(DocumentKind),
    version=st.integers(1, 9),
    sha256=hashes,
    previous_sha256=maybe(hashes),
    jws=words,
)
tasks = rows(
    code=words,
    title=words,
    description=maybe(words),
    expected_result=maybe(words),
    measures=st.lists(measures, max_size=3),
    kind=st.sampled_from(TaskKind),
    priority=st.sampled_from(Priority),
    field=maybe(st.sampled_from(WorkField)),
    quarter=quarters,
    source_document=maybe(objects),
    start_date=maybe(days),
    due_date=maybe(days),
    original_due_date=maybe(days),
    root_due_date=maybe(days),
    completed_on=maybe(days),
    status=st.sampled_from(TaskStatus),
    progress_percent=st.integers(0, 100),
    result_summary=maybe(words),
    carry_count=st.integers(0, 2**15),
    carry_reason=maybe(words),
    was_issued=st.booleans(),
)
assigned = st.lists(
    st.tuples(st.sampled_from(["party", "office", "committee", "front"]), st.booleans()),
    max_size=4,
    unique_by=lambda one: one[0],
)
entries = facts(
    kind=st.sampled_from(EntryKind),
    effective_on=days,
    old_values=objects,
    new_values=objects,
    progress_percent=maybe(st.integers(0, 100)),
    text=maybe(words),
)
principals = rows(name=words, is_active=st.booleans())
grants = rows(
    role=st.sampled_from(Role), lines=maybe(st.lists(st.sampled_from(list(Line)), min_size=1, unique=True))
)
keys = rows(
    label=words,
    secret_sha256=words,
    scopes=maybe(st.lists(st.sampled_from(sorted(EVERY_PERMISSION)), min_size=1, max_size=3)),
    expires_at=maybe(moments),
    revoked_at=maybe(moments),
    last_used_at=maybe(moments),
)


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture(scope="module")
def reader(service: Service) -> httpx.Client:
    return service.as_("reader")


@pytest.fixture(scope="module")
def administrator(service: Service) -> httpx.Client:
    return service.as_("administrator")


# -- the nouns, one by one


@some
@given(values=organizations)
def test_an_organization(service: Service, reader: httpx.Client, values: dict[str, Any]) -> None:
    body = stored(service, Organization(**at(service, values), parent_id=service.town.bodies["commune"]))
    expected = shown(service, OrganizationOut, body)
    agree(reader, f"/v1/organizations/{body.id}", OrganizationOut, expected)
    is_listed(reader, f"/v1/organizations?code={quote(body.code, safe='')}", expected)


@some
@given(values=speakers, held=st.lists(positions, max_size=4), day=maybe(asked_days))
def test_a_speaker_with_positions_and_the_titles_of_a_day(
    service: Service,
    secretary: httpx.Client,
    reader: httpx.Client,
    values: dict[str, Any],
    held: list[dict[str, Any]],
    day: date | None,
) -> None:
    home = service.town.bodies["office"]
    person = Speaker(**at(service, values), organization_id=home)
    titles = [_position(service, person, one, not_primary=n > 0) for n, one in enumerate(held)]
    stored(service, person, *titles)
    order = sorted(titles, key=lambda one: (one.started_on or FIRST, one.id))
    of_the_day = [one.title for one in sorted(order, key=lambda one: not one.is_primary) if _held(one, day)]
    listed = [shown(service, PositionOut, one) for one in order]
    asked = f"include=positions&as_of={day}" if day else "include=positions"
    for client, may_write in ((secretary, True), (reader, False)):
        private = {} if may_write else {"email": None, "phone": None}
        expected = shown(service, SpeakerOut, person, titles=of_the_day, positions=listed, **private)
        agree(client, f"/v1/speakers/{person.id}?{asked}", SpeakerOut, expected)
        is_listed(client, f"/v1/speakers?organization_id={home}&sort=-created_at&limit=5&{asked}", expected)
        del expected["positions"]
        agree(client, f"/v1/speakers/{person.id}?as_of={day or today()}", SpeakerOut, expected)
    for one, expected in zip(order, listed, strict=True):
        agree(reader, f"/v1/positions/{one.id}", PositionOut, expected)
        is_listed(reader, f"/v1/speakers/{person.id}/positions", expected)


def test_positions_with_an_unknown_start_come_first_on_every_database(
    service: Service, reader: httpx.Client
) -> None:
    """A null sorts last on PostgreSQL and first on SQLite, unless one says which."""
    person = Speaker(**_named(service), full_name="A", organization_id=service.town.bodies["office"])
    starts = {"later": date(2020, 1, 1), "unknown": None, "sooner": date(2010, 1, 1)}
    held = [
        Position(**_named(service), **_belongs(person), title=title, started_on=start, is_primary=False)
        for title, start in starts.items()
    ]
    stored(service, person, *held)
    answer = reader.get(f"/v1/speakers/{person.id}?include=positions").json()
    assert answer["titles"] == ["unknown", "sooner", "later"]
    assert [one["title"] for one in answer["positions"]] == ["unknown", "sooner", "later"]


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_the_first_and_last_days_of_the_calendar_are_days_like_any_other(
    service: Service, secretary: httpx.Client, day: date
) -> None:
    """Asyncpg takes date.min and date.max for infinity, which is later than all days, and not subtracted."""
    person = Speaker(**_named(service), full_name="A", organization_id=service.town.bodies["office"])
    held = Position(
        **_named(service), **_belongs(person), title="T", started_on=day, ended_on=day, is_primary=True
    )
    stored(service, person, held)
    expected = shown(service, SpeakerOut, person, titles=["T"])
    agree(secretary, f"/v1/speakers/{person.id}?as_of={day}", SpeakerOut, expected)
    is_listed(secretary, f"/v1/speakers/{person.id}/positions?as_of={day}", shown(service, PositionOut, held))


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_a_task_can_be_asked_about_on_the_first_and_last_days_of_the_calendar(
    service: Service, secretary: httpx.Client, day: date
) -> None:
    task = stored(service, _task(service, {**_PLAIN, "status": TaskStatus.ASSIGNED}))
    expected = _task_shown(service, task, day)
    agree(secretary, f"/v1/quarterly-tasks/{task.id}?as_of={day}", QuarterlyTaskOut, expected)


@some
@given(
    values=meetings,
    items=st.lists(st.tuples(agenda_items, st.integers(0, 5)), max_size=6),
    taking_part=st.lists(participations, max_size=3),
    said=st.lists(st.tuples(speeches, findings, directives), max_size=2),
    set_there=st.lists(tasks, max_size=2),
)
def test_a_meeting_with_all_that_it_contains_and_the_tasks_set_at_it(
    service: Service,
    secretary: httpx.Client,
    values: dict[str, Any],
    items: list[tuple[dict[str, Any], int]],
    taking_part: list[dict[str, Any]],
    said: list[tuple[dict[str, Any], ...]],
    set_there: list[dict[str, Any]],
) -> None:
    town = service.town
    values["visibility"] = (
        Visibility.INTERNAL if values["visibility"] == Visibility.RESTRICTED else values["visibility"]
    )
    meeting = stored(service, Meeting(**at(service, values), host_organization_id=town.bodies["party"]))
    agenda = _agenda(service, meeting, items)
    present = [
        Participation(**at(service, one), **_inside(meeting), organization_id=town.bodies["front"])
        for one in taking_part
    ]
    given_there = [_task(service, one, set_at_meeting_id=meeting.id) for one in set_there]
    not_seen = _task(service, {**_PLAIN, "status": TaskStatus.DRAFT}, set_at_meeting_id=meeting.id)
    not_seen.issuing_organization_id = town.bodies["neighbour_party"]
    kinds: tuple[type[Listed], ...] = (Speech, Finding, Directive)
    listed = {
        kind: _in_order(kind(**at(service, each[n]), **_inside(meeting)) for each in said)
        for n, kind in enumerate(kinds)
    }
    stored(service, *present, *(one for rows in listed.values() for one in rows), *given_there, not_seen)

    expected = shown(
        service,
        MeetingOut,
        meeting,
        allowed_transitions=list(MEETING_MOVES[meeting.status]),
        agenda_items=[shown(service, AgendaItemOut, one) for one in agenda],
        participations=[shown(service, ParticipationOut, one) for one in present],
        speeches=[shown(service, SpeechOut, one) for one in listed[Speech]],
        findings=[shown(service, FindingOut, one) for one in listed[Finding]],
        directives=[shown(service, DirectiveOut, one) for one in listed[Directive]],
        quarterly_tasks=[_task_shown(service, one, today()) for one in given_there],
    )
    beside = ("quarterly_tasks", "directives", "participations", "findings", "agenda_items", "speeches")
    included = "&".join(f"include={name}" for name in beside)
    agree(secretary, f"/v1/meetings/{meeting.id}?{included}", MeetingOut, expected)
    is_listed(secretary, f"/v1/meetings?code={quote(meeting.code, safe='')}&{included}", expected)
    agree(secretary, f"/v1/meetings/{meeting.id}/agenda", AgendaOut, {"items": expected.pop("agenda_items")})
    for name in set(beside) - {"agenda_items"}:
        del expected[name]
    agree(secretary, f"/v1/meetings/{meeting.id}", MeetingOut, expected)
    is_listed(secretary, f"/v1/meetings?code={quote(meeting.code, safe='')}", expected)


@some
@given(values=participations)
def test_a_participation(service: Service, secretary: httpx.Client, values: dict[str, Any]) -> None:
    meeting, people = _plain_meeting(service), service.town.people
    one = Participation(
        **at(service, values),
        **_inside(meeting),
        organization_id=service.town.bodies["office"],
        speaker_id=people["clerk"] if values["headcount"] else None,
        substitute_for_id=people["chair"] if values["absence_reason"] else None,
    )
    expected = shown(service, ParticipationOut, stored(service, one))
    agree(secretary, f"/v1/participations/{one.id}", ParticipationOut, expected)
    is_listed(secretary, f"/v1/meetings/{meeting.id}/participations", expected)


@some
@given(values=agenda_items)
def test_an_agenda_item(service: Service, secretary: httpx.Client, values: dict[str, Any]) -> None:
    meeting, town = _plain_meeting(service), service.town
    above = AgendaItem(**_named(service), **_inside(meeting), **_PLAIN_ITEM, position=0)
    below = AgendaItem(
        **at(service, values),
        **_inside(meeting),
        parent_id=above.id,
        position=0,
        presenter_id=town.people["clerk"],
        presenting_organization_id=town.bodies["office"],
        carried_from_id=above.id,
    )
    stored(service, above, below)
    for one in (above, below):
        expected = shown(service, AgendaItemOut, one)
        agree(secretary, f"/v1/agenda-items/{one.id}", AgendaItemOut, expected)
        is_listed(secretary, f"/v1/agenda-items?meeting_id={meeting.id}", expected)
        is_listed(secretary, f"/v1/meetings/{meeting.id}/agenda-items", expected)


@some
@given(said=speeches, found=findings, why=findings, directed=directives)
def test_a_speech_a_finding_its_cause_and_a_directive(
    service: Service,
    secretary: httpx.Client,
    said: dict[str, Any],
    found: dict[str, Any],
    why: dict[str, Any],
    directed: dict[str, Any],
) -> None:
    meeting, town = _plain_meeting(service), service.town
    item = AgendaItem(**_named(service), **_inside(meeting), **_PLAIN_ITEM, position=0)
    place, office = {**_inside(meeting), "agenda_item_id": item.id}, town.bodies["office"]
    speech = Speech(**at(service, said), **place, organization_id=office, speaker_id=town.people["clerk"])
    finding = Finding(**at(service, found), **place, organization_id=office, speech_id=speech.id)
    cause = Finding(**at(service, why), **_inside(meeting), cause_of_id=finding.id)
    directive = Directive(
        **at(service, directed), **place, speech_id=speech.id, issued_by_id=town.people["chair"]
    )
    stored(service, item, speech, finding, cause, directive)
    outs: tuple[tuple[str, type[BaseModel], Any], ...] = (
        ("speeches", SpeechOut, speech),
        ("findings", FindingOut, finding),
        ("findings", FindingOut, cause),
        ("directives", DirectiveOut, directive),
    )
    for noun, out, row in outs:
        expected = shown(service, out, row)
        agree(secretary, f"/v1/{noun}/{row.id}", out, expected)
        is_listed(secretary, f"/v1/{noun}?meeting_id={meeting.id}", expected)
        is_listed(secretary, f"/v1/meetings/{meeting.id}/{noun}", expected)


@some
@given(values=moves)
def test_a_transition_of_a_meeting(service: Service, secretary: httpx.Client, values: dict[str, Any]) -> None:
    meeting = _plain_meeting(service)
    fact = stored(service, MeetingMove(**values, id=new_id(), meeting_id=meeting.id))
    expected = shown(service, MeetingMoveOut, fact)
    agree(secretary, f"/v1/meeting-transitions/{fact.id}", MeetingMoveOut, expected)
    is_listed(secretary, f"/v1/meetings/{meeting.id}/transitions", expected)


@some
@given(values=attachments)
def test_an_attachment_of_whatever_owns_files(
    service: Service, secretary: httpx.Client, values: dict[str, Any]
) -> None:
    for kind, (path, places) in _owners(service).items():
        one = stored(service, Attachment(**at(service, values), owner_kind=kind, **places))
        expected = shown(service, AttachmentOut, one)
        agree(secretary, f"/v1/attachments/{one.id}", AttachmentOut, expected)
        is_listed(secretary, f"{path}/{one.owner_id}/attachments", expected)


@some
@given(values=minutes, moved=minutes_moves, comment=comments, version=versions)
def test_minutes_and_the_facts_about_them(
    service: Service,
    secretary: httpx.Client,
    values: dict[str, Any],
    moved: dict[str, Any],
    comment: dict[str, Any],
    version: dict[str, Any],
) -> None:
    meeting = _plain_meeting(service)
    one = stored(service, Minutes(**at(service, values), **_inside(meeting)))
    expected = shown(service, MinutesOut, one, allowed_transitions=list(MINUTES_MOVES[one.status]))
    agree(secretary, f"/v1/minutes/{one.id}", MinutesOut, expected)
    agree(secretary, f"/v1/meetings/{meeting.id}/minutes", MinutesOut, expected)
    is_listed(secretary, f"/v1/minutes?meeting_id={meeting.id}", expected)
    fact = stored(service, MinutesMove(**moved, id=new_id(), minutes_id=one.id))
    told = shown(service, MinutesMoveOut, fact)
    agree(secretary, f"/v1/minutes-transitions/{fact.id}", MinutesMoveOut, told)
    is_listed(secretary, f"/v1/minutes/{one.id}/transitions", told)
    about = {"minutes_id": one.id, **_inside(meeting), "id": new_id()}
    told_of(service, secretary, f"/v1/minutes/{one.id}", {**comment, **about}, {**version, **about})


@some
@given(values=minutes, moved=minutes_moves, comment=comments, version=versions)
def test_a_conclusion_notice_and_the_facts_about_it(
    service: Service,
    secretary: httpx.Client,
    values: dict[str, Any],
    moved: dict[str, Any],
    comment: dict[str, Any],
    version: dict[str, Any],
) -> None:
    meeting = _plain_meeting(service)
    one = stored(service, ConclusionNotice(**at(service, values), **_inside(meeting)))
    expected = shown(service, ConclusionNoticeOut, one, allowed_transitions=list(MINUTES_MOVES[one.status]))
    itself = f"/v1/conclusion-notices/{one.id}"
    agree(secretary, itself, ConclusionNoticeOut, expected)
    agree(secretary, f"/v1/meetings/{meeting.id}/conclusion-notice", ConclusionNoticeOut, expected)
    is_listed(secretary, f"/v1/conclusion-notices?meeting_id={meeting.id}", expected)
    fact = stored(service, ConclusionNoticeMove(**moved, id=new_id(), conclusion_notice_id=one.id))
    told = shown(service, ConclusionNoticeMoveOut, fact)
    agree(secretary, f"/v1/conclusion-notice-transitions/{fact.id}", ConclusionNoticeMoveOut, told)
    is_listed(secretary, f"{itself}/transitions", told)
    about = {"conclusion_notice_id": one.id, **_inside(meeting), "id": new_id()}
    told_of(service, secretary, itself, {**comment, **about}, {**version, **about})


def told_of(
    service: Service,
    client: httpx.Client,
    document: str,
    comment: Mapping[str, Any],
    version: Mapping[str, Any],
) -> None:
    """What reviewers said of a document, and what was signed."""
    said, kept = MinutesComment(**comment), MinutesVersion(**version)
    stored(service, said, kept)
    told = shown(service, MinutesCommentOut, said)
    agree(client, f"/v1/minutes-comments/{said.id}", MinutesCommentOut, told)
    is_listed(client, f"{document}/comments", told)
    whole = shown(service, WholeMinutesVersionOut, kept)
    agree(client, f"/v1/minutes-versions/{kept.id}", WholeMinutesVersionOut, whole)
    is_listed(client, f"{document}/versions", shown(service, MinutesVersionOut, kept))


@some
@given(values=links)
def test_a_link_of_the_chain_of_what_a_body_signed(
    service: Service, reader: httpx.Client, values: dict[str, Any]
) -> None:
    body = _a_body(service)
    key = SigningKey(id=body.id.hex.ljust(43, "_"), public_jwk={}, made_at=utcnow(), retired_at=utcnow())
    row = MinutesLink(**values, id=new_id(), host_id=body.id, key_id=key.id)
    stored(service, body, key, row)
    with Session(service.engine) as db:
        link = link_of(db.get_one(MinutesLink, row.id))
    expected = MinutesLinkOut(link=link, jws=row.jws).model_dump(mode="json")
    is_listed(reader, f"/v1/organizations/{body.id}/minutes-links", expected)


@some
@given(values=tasks, bodies=assigned, day=maybe(asked_days))
def test_a_quarterly_task_and_how_late_it_is_on_a_day(
    service: Service,
    secretary: httpx.Client,
    values: dict[str, Any],
    bodies: list[tuple[str, bool]],
    day: date | None,
) -> None:
    town = service.town
    before = stored(service, _task(service, _PLAIN))
    task = _task(service, values, carried_from_id=before.id, root_task_id=before.id, parent_id=before.id)
    task.issued_by_id = town.people["chair"]
    task.lead_organization_id = town.bodies[bodies[0][0]] if bodies else None
    lines = [
        Assignment(
            task_id=task.id,
            position=n,
            organization_id=town.bodies[body],
            role=AssignmentRole.COORDINATING if n else AssignmentRole.LEAD,
            speaker_id=town.people["clerk"] if named else None,
        )
        for n, (body, named) in enumerate(bodies)
    ]
    stored(service, task, *lines)
    expected = _task_shown(service, task, day or today())
    asked = f"as_of={day}" if day else ""
    agree(secretary, f"/v1/quarterly-tasks/{task.id}?{asked}", QuarterlyTaskOut, expected)
    is_listed(secretary, f"/v1/quarterly-tasks?code={quote(task.code, safe='')}&{asked}", expected)
    if expected["timeliness"]:
        cell = f"code={quote(task.code, safe='')}&timeliness={expected['timeliness']}"
        is_listed(secretary, f"/v1/quarterly-tasks?{cell}&{asked}", expected)


@some
@given(values=entries)
def test_an_entry_of_a_task(service: Service, secretary: httpx.Client, values: dict[str, Any]) -> None:
    task = stored(service, _task(service, _PLAIN))
    fact = stored(service, TaskEntry(**values, id=new_id(), task_id=task.id))
    expected = shown(service, TaskEntryOut, fact)
    agree(secretary, f"/v1/task-entries/{fact.id}", TaskEntryOut, expected)
    is_listed(secretary, f"/v1/quarterly-tasks/{task.id}/entries?kind={fact.kind}", expected)
    if fact.kind in {str(one) for one in EntryKind} - {
        "progress",
        "due_date_changed",
        "reassigned",
        "reclassified",
    }:
        is_listed(secretary, f"/v1/quarterly-tasks/{task.id}/transitions", expected)


@some
@given(quarter=quarters, by=words, numbers=st.lists(counts, min_size=10, max_size=10), rate=rates)
def test_a_closed_quarter(
    service: Service, secretary: httpx.Client, quarter: str, by: str, numbers: list[int], rate: float | None
) -> None:
    cells = dict(zip(Cells.model_fields, [*numbers, rate], strict=True))
    groups = {
        "by_field": [{"field": one, "cells": cells} for one in (*map(str, WorkField), None)],
        "by_kind": [{"kind": str(one), "cells": cells} for one in TaskKind],
    }
    body = _a_body(service)
    report = {"as_of": str(today()), "total": cells, **groups}
    named = {**_named(service), "organization_id": body.id}
    closing = QuarterClosing(**named, quarter=quarter, closed_by=by, report=report)
    stored(service, body, closing)
    expected = shown(service, QuarterClosingOut, closing)
    agree(secretary, f"/v1/organizations/{body.id}/quarters/{quarter}/closing", QuarterClosingOut, expected)


@some
@given(values=principals, allowed=grants, key=keys)
def test_a_principal_with_a_grant_and_a_key(
    service: Service,
    administrator: httpx.Client,
    values: dict[str, Any],
    allowed: dict[str, Any],
    key: dict[str, Any],
) -> None:
    home = service.town.bodies["office"]
    who = Principal(**at(service, values), organization_id=home)
    grant = GrantRow(**at(service, allowed), principal_id=who.id, organization_id=home)
    theirs = Key(**at(service, key), principal_id=who.id, home_id=home)
    stored(service, who, grant, theirs)
    listed = f"/v1/principals?organization_id={home}&sort=-created_at&limit=3"
    for url, out, row, inside in (
        (f"/v1/principals/{who.id}", PrincipalOut, who, listed),
        (f"/v1/grants/{grant.id}", GrantOut, grant, f"/v1/principals/{who.id}/grants"),
        (f"/v1/keys/{theirs.id}", KeyOut, theirs, f"/v1/principals/{who.id}/keys"),
    ):
        expected = shown(service, out, row)
        agree(administrator, url, out, expected)
        is_listed(administrator, inside, expected)


# -- storing rows and comparing answers


def at(service: Service, values: Mapping[str, Any]) -> dict[str, Any]:
    """An id, the tenant, and a code that is nobody else's."""
    known = {**values, **_named(service)}
    if "code" in values:
        known["code"] = known["id"].hex  # lists are asked for it, and a code asked for is clean
    return known


def stored(service: Service, first: Row, *others: Any) -> Row:
    """Rows as `Work` leaves them: flushed one after the other, then shown to their audience."""
    with Session(service.engine, expire_on_commit=False) as db, db.begin():
        for row in (first, *others):
            db.add(row)
            db.flush()
        for row in (first, *others):
            if isinstance(row, Resource):
                row.settle(db, anew=True)
    return first


def shown(service: Service, out: type[BaseModel], row: Any, **derived: Any) -> dict[str, Any]:
    """What the model makes of the row, read anew; `derived` are members that are no columns."""
    with Session(service.engine) as db:
        found = db.get_one(type(row), row.id)
        names = [name for name in out.model_fields if name not in derived and hasattr(found, name)]
        values = {**{name: getattr(found, name) for name in names}, **derived}
        return out.model_validate(values, from_attributes=True).model_dump(mode="json")


def written(value: Any) -> str:
    """With the order of members."""
    return json.dumps(value, ensure_ascii=False)


def agree(client: httpx.Client, url: str, out: type[BaseModel], expected: dict[str, Any]) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    assert written(answer.json()) == written(expected)
    out.model_validate_json(answer.content)


def is_listed(client: httpx.Client, url: str, expected: dict[str, Any]) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    assert written(expected) in [written(one) for one in answer.json()["items"]]


# -- rows in their places

_PLAIN: dict[str, Any] = {
    "code": "T",
    "title": "T",
    "kind": TaskKind.KEY,
    "priority": Priority.NORMAL,
    "quarter": "2025-Q3",
}
_PLAIN_ITEM: dict[str, Any] = {
    "title": "A",
    "kind": AgendaItemKind.OTHER,
    "status": AgendaItemStatus.PENDING,
}
_PLAIN_ENTRY: dict[str, Any] = {
    "kind": EntryKind.PROGRESS,
    "old_values": {},
    "new_values": {},
    "effective_on": date(2025, 9, 4),
    "recorded_at": datetime(2025, 9, 4, tzinfo=UTC),
    "recorded_by": "A",
}


def _named(service: Service) -> dict[str, Any]:
    return {"id": new_id(), "tenant_id": service.town.bodies["province"]}


def _belongs(person: Speaker) -> dict[str, UUID]:
    return {
        "speaker_id": person.id,
        "organization_id": person.organization_id,
    }


def _position(service: Service, person: Speaker, values: dict[str, Any], *, not_primary: bool) -> Position:
    """At most one is the open primary one."""
    made = Position(**at(service, values), **_belongs(person))
    made.is_primary = made.is_primary and not (not_primary and made.ended_on is None)
    return made


def _held(one: Position, day: date | None) -> bool:
    wanted = day or today()
    return (one.started_on or FIRST) <= wanted <= (one.ended_on or LAST)


def _a_body(service: Service) -> Organization:
    kind = {"kind": OrganizationKind.OTHER, "line": Line.OTHER, "level": Level.VILLAGE, "former_names": []}
    known = at(service, {"code": "", "name": "Tổ"})
    return Organization(**known, **kind, parent_id=service.town.bodies["party"])


def _inside(meeting: Meeting) -> dict[str, UUID]:
    return {"meeting_id": meeting.id, "host_id": meeting.host_organization_id}


def _plain_meeting(service: Service) -> Meeting:
    known = at(service, {"code": "M", "title": "M", "held_on": date(2025, 9, 4)})
    words = {
        "kind": MeetingKind.OTHER,
        "format": MeetingFormat.ONLINE,
        "visibility": Visibility.INTERNAL,
        "record": Record.MINUTED,
    }
    return stored(service, Meeting(**known, **words, host_organization_id=service.town.bodies["party"]))


def _owners(service: Service) -> Mapping[OwnerKind, tuple[str, dict[str, UUID]]]:
    """One of each kind that owns files: the path of its noun, and where its files stand."""
    meeting, task = _plain_meeting(service), stored(service, _task(service, _PLAIN))
    inside, issuer = _inside(meeting), {"task_id": task.id, "host_id": task.issuing_organization_id}
    item = AgendaItem(**at(service, _PLAIN_ITEM), **inside, position=0)
    minutes, notice = (one(**_named(service), **inside) for one in (Minutes, ConclusionNotice))
    entry = TaskEntry(**_PLAIN_ENTRY, id=new_id(), task_id=task.id)
    stored(service, item, minutes, notice, entry)
    return {
        OwnerKind.MEETING: ("/v1/meetings", {"owner_id": meeting.id, **inside}),
        OwnerKind.AGENDA_ITEM: ("/v1/agenda-items", {"owner_id": item.id, **inside}),
        OwnerKind.TASK_ENTRY: ("/v1/task-entries", {"owner_id": entry.id, **issuer}),
        OwnerKind.MINUTES: ("/v1/minutes", {"owner_id": minutes.id, **inside}),
        OwnerKind.CONCLUSION_NOTICE: ("/v1/conclusion-notices", {"owner_id": notice.id, **inside}),
    }


def _in_order(rows: Iterable[Listed]) -> list[Listed]:
    """As a meeting lists them."""
    return sorted(rows, key=lambda one: (one.position, one.id))


def _agenda(
    service: Service, meeting: Meeting, items: Sequence[tuple[dict[str, Any], int]]
) -> list[AgendaItem]:
    """A tree at most three deep; answers it as it is read aloud, parents before children."""
    made: list[AgendaItem] = []
    below: dict[UUID | None, list[AgendaItem]] = {None: []}
    depth: dict[UUID | None, int] = {None: 0}
    for values, choice in items:
        parents = [None, *(one.id for one in made if depth[one.id] < 3)]
        parent = parents[choice % len(parents)]
        one = AgendaItem(
            **at(service, values), **_inside(meeting), parent_id=parent, position=len(below[parent])
        )
        depth[one.id], below[one.id] = depth[parent] + 1, []
        below[parent].append(one)
        made.append(one)
    if made:
        stored(service, *made)

    def aloud(parent: UUID | None) -> list[AgendaItem]:
        return [each for one in below[parent] for each in (one, *aloud(one.id))]

    return aloud(None)


def _task(service: Service, values: Mapping[str, Any], **places: Any) -> QuarterlyTask:
    return QuarterlyTask(
        **at(service, values), **places, issuing_organization_id=service.town.bodies["party"]
    )


def _task_shown(service: Service, task: QuarterlyTask, day: date) -> dict[str, Any]:
    """With what depends on the day, by the rules as Python has them."""
    with Session(service.engine) as db:
        found = db.get_one(QuarterlyTask, task.id)
        lines = select(Assignment).where(Assignment.task_id == task.id).order_by(Assignment.position)
        derived = {
            "allowed_transitions": found.allowed_transitions,
            "assignments": [AssignmentOut.model_validate(one) for one in db.scalars(lines)],
            "timeliness": found.timeliness_on(day),
            "days_overdue": found.days_overdue_on(day),
        }
    return shown(service, QuarterlyTaskOut, task, **derived)
