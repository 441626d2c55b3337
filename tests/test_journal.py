"""Every change leaves its one event, and whoever may see a row is written down beside it."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Row, func, select
from sqlalchemy.orm import Session

from app.access.models import GrantRow, Key, Principal
from app.attachments.models import Attachment
from app.audience import everyone_in
from app.db import Base, Resource, new_id
from app.events import Event, EventAudience
from app.findings.models import Directive, Finding
from app.meetings.models import AgendaItem, Meeting, MeetingAudience, Participation
from app.minutes.models import ConclusionNotice, Minutes
from app.organizations.models import Line, Organization, QuarterClosing
from app.quarterly_tasks.models import Assignment, QuarterlyTask, QuarterlyTaskAudience, TaskEntry
from app.reviews.models import TaskReview
from app.speakers.models import Position, Speaker
from app.speeches.models import Speech
from app.types import wire
from tests import files
from tests.conftest import PROOF, Service
from tests.town import ANY, Json, a_key, a_meeting, a_task, every, made, move, shown

NOUNS: dict[type[Resource], str] = {
    Meeting: "meeting",
    AgendaItem: "agenda_item",
    Participation: "participation",
    Speech: "speech",
    Finding: "finding",
    Directive: "directive",
    TaskReview: "task_review",
    Minutes: "minutes",
    ConclusionNotice: "conclusion_notice",
    Attachment: "attachment",
    QuarterlyTask: "quarterly_task",
    QuarterClosing: "quarter_closing",
    Speaker: "speaker",
    Position: "position",
    Organization: "organization",
    Principal: "principal",
    GrantRow: "grant",
    Key: "key",
}
UNTOLD = {"version", "created_at", "updated_at", "tenant_id"}
IN_A_MEETING = (
    *("agenda_item", "participation", "speech", "finding", "directive", "task_review"),
    *("minutes", "conclusion_notice"),
)
# No version, no event: what locks a meeting stands in the event of its document.
BOOKKEEPING = {"last_used_at", "locked_by_minutes_id", "locked_by_notice_id"}


# -- the books: all rows before, all rows after, and the events between them


class Entered(NamedTuple):
    """A row as the driver gives it, as the database has it, and as the journal speaks of it."""

    raw: tuple[Any, ...]
    noun: str
    version: int
    whole: Mapping[str, Any]
    told: Mapping[str, Any]


Rows = Mapping[UUID, Entered]


@dataclass
class Books:
    """Raises AssertionError where a row changed without its event, or an event came without its change."""

    engine: Engine
    before: Rows = field(default_factory=dict)
    last: int = 0

    def __post_init__(self) -> None:
        with Session(self.engine) as db:
            self.before, self.last = rows_of(db, {}), last_event(db)

    def balance(self) -> None:
        """Replaying the events on what was there before gives what is there now, row by row."""
        was, last = self.before, self.last
        with Session(self.engine) as db:
            self.before, self.last = rows_of(db, was), last_event(db)
            events = db.execute(select(Event.__table__).where(Event.seq > last)).all()
        compare(was, self.before, events)


def compare(before: Rows, after: Rows, events: Sequence[Row[Any]]) -> None:
    by_subject: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for one in sorted(events, key=lambda one: (one.version, one.name.endswith(".deleted"))):
        by_subject[one.subject_id].append(one)
    known = {**before, **after}
    for subject in known.keys() | by_subject.keys():
        was, now = before.get(subject), after.get(subject)
        if was is now and subject not in by_subject:
            continue
        version, told = replayed(was, by_subject[subject], known)
        if now is None:
            assert told is None, f"{subject} went without an event"
            continue
        assert (version, told) == (now.version, now.told), f"{now.noun} changed without its event"
        if was is not None and not by_subject[subject]:
            assert was.whole == now.whole, f"{now.noun} changed without a version"


def replayed(
    was: Entered | None, events: list[Row[Any]], known: Rows
) -> tuple[int, Mapping[str, Any] | None]:
    """The version and members of a row after these events; each fits the one before."""
    version, told = (was.version, dict(was.told)) if was else (0, None)
    for one in events:
        noun, verb = one.name.split(".")
        assert noun == one.noun
        assert one.changes, one.name
        if verb == "deleted":
            assert one.version == version
            assert told == {name: change["old"] for name, change in one.changes.items()} | lists_of(told)
            told = None
            continue
        assert one.version == version + 1, f"{one.name}: {one.version} after {version}"
        version += 1
        if verb == "created":
            assert told is None
            told = {name: change["new"] for name, change in one.changes.items()}
        else:
            assert told is not None
            for name, change in one.changes.items():
                assert told[name] == change["old"], (one.name, name)
                said_again = noun == "quarterly_task" or change["old"] == "(private)"
                assert said_again or change["old"] != change["new"], (one.name, name)
                told[name] = change["new"]
        if one.subject_id in known:
            here = governing(known[one.subject_id].noun, one.subject_id, told, known)
            assert noun == "position" or str(one.organization_id) == here  # its speaker may have moved since
    return version, told


def lists_of(told: Mapping[str, Any] | None) -> dict[str, Any]:
    """What stands beside the row of a task; its draft, the only one that is deleted, takes it along."""
    return {"assignments": told["assignments"]} if told and "assignments" in told else {}


def _host(row: Entered) -> str:
    return str(row.whole["host_id"])


def governing(noun: str, id: UUID, told: Mapping[str, Any], known: Rows) -> str:
    """The body that answers for the row, by the rows themselves."""
    above = {
        **dict.fromkeys(IN_A_MEETING, ("meeting_id", "host_organization_id")),
        "position": ("speaker_id", "organization_id"),
        "key": ("principal_id", "organization_id"),
    }
    if noun in above:
        parent, member = above[noun]
        return str(known[UUID(told[parent])].told[member])
    if noun == "attachment":
        owner = known.get(UUID(told["owner_id"]))  # an entry is a fact, and not among the rows
        return governing(owner.noun, UUID(told["owner_id"]), owner.told, known) if owner else _host(known[id])
    own = {"meeting": "host_organization_id", "quarterly_task": "issuing_organization_id"}
    return str(id) if noun == "organization" else str(told[own.get(noun, "organization_id")])


def rows_of(db: Session, known: Rows) -> Rows:
    """Every row of every resource there is; those that are as they were known are not read anew."""
    kinds = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Resource)}
    assert kinds == NOUNS.keys(), "a new noun: give it its name here"
    lists: defaultdict[UUID, list[Json]] = defaultdict(list)
    lines = Assignment.__table__.c
    for line in db.execute(select(*lines).order_by(lines.task_id, lines.position)):
        lists[line.task_id].append(
            {
                "organization_id": str(line.organization_id),
                "role": line.role.value,
                "speaker_id": line.speaker_id and str(line.speaker_id),
            }
        )
    found = dict[UUID, Entered]()
    for kind in NOUNS:
        columns = [one for one in kind.__table__.columns if one.key not in BOOKKEEPING]
        named = ", ".join(one.name for one in columns)
        rows = db.connection().exec_driver_sql(f"SELECT id, {named} FROM {kind.__tablename__}")
        raw = {
            UUID(str(row[0])): (*row, *(str(one) for one in lists.get(UUID(str(row[0])), ()))) for row in rows
        }
        found |= {id: known[id] for id, row in raw.items() if id in known and known[id].raw == row}
        anew = raw.keys() - found.keys()
        if anew:
            found |= entered(db, kind, {id: raw[id] for id in anew}, lists)
    return found


def entered(
    db: Session, kind: type[Resource], raw: Mapping[UUID, tuple[Any, ...]], lists: Mapping[UUID, list[Json]]
) -> Rows:
    """These rows, as they are compared."""
    columns = kind.__table__.columns
    computed = {one.key for one in columns if one.computed is not None}
    of_the_journal = {one.key for one in columns} - kind.INTERNAL - UNTOLD - computed
    kept = [one for one in columns if one.key not in BOOKKEEPING]
    found = {}
    for row in db.execute(select(*kept).where(kind.id.in_(raw))).mappings():
        whole = dict(row)
        told = {
            name: "(private)" if name in kind.PRIVATE and value is not None else plain(value)
            for name, value in whole.items()
            if name in of_the_journal
        }
        if kind is QuarterlyTask:
            whole["assignments"] = told["assignments"] = lists.get(row["id"], [])
        found[row["id"]] = Entered(raw[row["id"]], NOUNS[kind], row["version"], whole, told)
    return found


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return wire(value)
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID | date) else value


def last_event(db: Session) -> int:
    return db.scalar(select(func.max(Event.seq))) or 0


@pytest.fixture(scope="module")
def books(service: Service) -> Iterator[Books]:
    kept = Books(service.engine)
    yield kept
    kept.balance()


@pytest.fixture(autouse=True)
def every_change_has_its_event(books: Books) -> Iterator[None]:
    """Fails where a resource changed without its event. Other modules take it from here.

    All rows are read for it, so that but for a proof the books are balanced once, over all tests of a module:
    PROOF=1 says which of them it was.
    """
    yield
    if PROOF:
        books.balance()


# -- every route


@dataclass
class Desk:
    """One service, and what was written through it lately."""

    service: Service
    last: int = 0

    def __post_init__(self) -> None:
        self.secretary, self.approver, self.administrator = (
            self.service.as_(who) for who in ("secretary", "approver", "administrator")
        )
        self.reporter = self.service.as_("reporter")
        self.body = self.service.town.bodies
        self.person = self.service.town.people

    def news(self) -> list[Row[Any]]:
        """The events since this was asked the last time."""
        with Session(self.service.engine) as db:
            found = db.execute(select(Event.__table__).where(Event.seq > self.last).order_by(Event.seq)).all()
            self.last = last_event(db)
        return list(found)

    def names(self) -> list[str]:
        return [one.name for one in self.news()]


@pytest.fixture
def desk(service: Service) -> Desk:
    made = Desk(service)
    made.news()
    return made


def test_a_meeting_made_with_its_contents_leaves_one_event_a_row(desk: Desk) -> None:
    meeting = a_meeting(
        desk.secretary,
        desk.body["party"],
        agenda_items=[{"title": "Khai mạc"}, {"title": "Bế mạc"}],
        participations=[{"organization_id": str(desk.body["front"])}],
    )
    news = desk.news()
    assert [one.name for one in news] == [
        "meeting.created",
        "agenda_item.created",
        "agenda_item.created",
        "participation.created",
    ]
    assert news[0].subject_id == UUID(meeting["id"])
    assert {one.organization_id for one in news} == {desk.body["party"]}
    assert {one.version for one in news} == {1}
    assert len({one.request_id for one in news}) == 1


def test_an_event_says_who_when_what_and_in_which_request(desk: Desk) -> None:
    meeting = a_meeting(desk.secretary, desk.body["party"])
    desk.news()
    asked = {"x-request-id": "so-and-so.1", **ANY}
    answer = desk.secretary.patch(
        f"/v1/meetings/{meeting['id']}", json={"location": "Hội trường"}, headers=asked
    )
    (told,) = desk.news()
    assert (told.name, told.subject_id, told.version) == ("meeting.updated", UUID(meeting["id"]), 2)
    assert told.changes == {"location": {"old": None, "new": "Hội trường"}}
    assert (told.actor, told.request_id) == ("secretary", "so-and-so.1")
    assert plain(told.at) == shown(answer)["updated_at"]
    with Session(desk.service.engine) as db:
        assert db.scalar(select(Principal.name).where(Principal.id == told.actor_id)) == "secretary"


def test_the_feed_shows_the_event_as_it_was_written(desk: Desk) -> None:
    cursor = shown(desk.secretary.get("/v1/changes?cursor=latest"))["next_cursor"]
    meeting = a_meeting(desk.secretary, desk.body["party"])
    (told,) = desk.news()
    (seen,) = shown(desk.secretary.get("/v1/changes", params={"cursor": cursor}))["items"]
    assert seen == {
        "id": str(told.seq),
        "name": "meeting.created",
        "at": meeting["created_at"],
        "subject_id": meeting["id"],
        "version": 1,
        "organization_id": str(desk.body["party"]),
        "changes": told.changes,
    }
    assert seen["changes"]["title"] == {"new": meeting["title"]}


Written = tuple[httpx.Response, list[str]]
Done = Callable[[Desk], Iterator[Written]]


def meetings(desk: Desk) -> Iterator[Written]:
    """Each write of this area, with the events that it leaves."""
    to, put = desk.secretary, f"/v1/meetings/{a_meeting(desk.secretary, desk.body['party'])['id']}"
    desk.news()
    yield to.patch(put, json={"title": "Tên mới"}, headers=ANY), ["meeting.updated"]
    yield to.patch(put, json={"title": "Tên mới"}, headers=ANY), []
    yield to.patch(put, json={}, headers=ANY), []
    yield to.patch(put, json={"title": "Tên khác"}), []
    yield to.patch(put, json={"title": "Tên khác"}, headers={"if-match": '"1"'}), []
    yield to.patch(put, json={"title": None}, headers=ANY), []
    for transition, verb, more in (
        ("schedule", "scheduled", {}),
        ("postpone", "postponed", {"comment": "Bão"}),
        ("reschedule", "rescheduled", {"held_on": "2025-09-05"}),
        ("start", "started", {}),
    ):
        yield to.post(f"{put}/transitions", json={"transition": transition, **more}), [f"meeting.{verb}"]
    yield to.post(f"{put}/transitions", json={"transition": "schedule"}), []
    yield to.post(f"{put}/transitions", json={"transition": "hold"}), []
    yield to.patch(put, json={"record": "reported"}, headers=ANY), ["meeting.updated"]
    yield to.post(f"{put}/transitions", json={"transition": "hold"}), ["meeting.held"]
    yield to.delete(put, headers=ANY), []
    other = f"/v1/meetings/{a_meeting(desk.secretary, desk.body['party'])['id']}"
    yield to.get(other), ["meeting.created"]
    yield to.delete(other, headers=ANY), ["meeting.deleted"]


def agenda(desk: Desk) -> Iterator[Written]:
    to, meeting = desk.secretary, f"/v1/meetings/{a_meeting(desk.secretary, desk.body['party'])['id']}"
    desk.news()
    answers = [to.post(f"{meeting}/agenda-items", json={"title": f"Mục {n}"}) for n in range(3)]
    yield answers[0], ["agenda_item.created"] * 3
    ids = [one.json()["id"] for one in answers]
    item = f"/v1/agenda-items/{ids[0]}"
    yield to.post(f"{meeting}/agenda-items", json={"title": " "}), []
    yield to.patch(item, json={"status": "done"}, headers=ANY), ["agenda_item.updated"]
    yield to.patch(item, json={"status": "done"}, headers=ANY), []
    same = [{"id": one} for one in ids]
    yield to.put(f"{meeting}/agenda", json={"items": same}, headers=ANY), []
    turned = [same[1], same[0], same[2]]
    yield to.put(f"{meeting}/agenda", json={"items": turned}, headers=ANY), ["agenda_item.updated"] * 2
    yield to.put(f"{meeting}/agenda", json={"items": turned[:2]}, headers=ANY), []
    yield (
        to.delete(f"/v1/agenda-items/{ids[1]}", headers=ANY),
        ["agenda_item.deleted"] + ["agenda_item.updated"] * 2,
    )
    yield to.delete(f"/v1/agenda-items/{ids[1]}", headers=ANY), []


def participations(desk: Desk) -> Iterator[Written]:
    to, meeting = desk.secretary, f"/v1/meetings/{a_meeting(desk.secretary, desk.body['party'])['id']}"
    desk.news()
    front = {"organization_id": str(desk.body["front"])}
    answer = to.post(f"{meeting}/participations", json={**front, "role": "chair"})
    yield answer, ["participation.created"]
    yield to.post(f"{meeting}/participations", json={**front, "role": "chair"}), []
    one = f"/v1/participations/{answer.json()['id']}"
    yield (
        to.patch(one, json={"attendance": "present", "headcount": 3}, headers=ANY),
        ["participation.updated"],
    )
    yield to.patch(one, json={"attendance": "present"}, headers=ANY), []
    yield to.patch(one, json={"organization_id": str(desk.body["elsewhere"])}, headers=ANY), []
    yield to.delete(one, headers={"if-match": '"1"'}), []
    yield to.delete(one, headers=ANY), ["participation.deleted"]


def listed(desk: Desk, noun: str, path: str, body: Json) -> Iterator[Written]:
    """What all that is listed in a meeting has in common: who makes room or moves up has its event too."""
    to, meeting = desk.secretary, f"/v1/meetings/{a_meeting(desk.secretary, desk.body['party'])['id']}"
    desk.news()
    new, changed, gone = (f"{noun}.{verb}" for verb in ("created", "updated", "deleted"))
    answers = [to.post(f"{meeting}/{path}", json=body) for _ in range(3)]
    yield answers[0], [new] * 3
    first, second, third = (f"/v1/{path}/{made(one)['id']}" for one in answers)
    yield to.post(f"{meeting}/{path}", json={**body, "position": 1}), [changed, changed, new]
    yield to.post(f"{meeting}/{path}", json={**body, "position": 501}), []
    yield to.post(f"{meeting}/{path}", json={**body, "agenda_item_id": str(desk.body["party"])}), []
    yield to.patch(first, json={"position": 3}, headers=ANY), [changed] * 4
    yield to.patch(first, json={"position": 9}, headers=ANY), []
    yield to.patch(first, json={"position": 2}, headers=ANY), [changed] * 2
    yield to.patch(first, json={"position": 2}, headers=ANY), []
    yield to.patch(first, json={"position": 0}, headers={"if-match": '"1"'}), []
    yield to.patch(first, json={"position": 0, "kind": None}, headers=ANY), []
    yield to.patch(first, json={"external_refs": [{"system": "x", "id": first}]}, headers=ANY), [changed]
    yield to.delete(third, headers={"if-match": '"1"'}), []
    yield to.delete(second, headers=ANY), [gone, changed, changed]
    yield to.delete(third, headers=ANY), [gone]
    yield to.delete(second, headers=ANY), []


def speeches(desk: Desk) -> Iterator[Written]:
    to, who = desk.secretary, {"speaker_id": str(desk.person["chair"])}
    yield from listed(desk, "speech", "speeches", who)
    meeting = f"/v1/meetings/{a_meeting(to, desk.body['party'])['id']}"
    desk.news()
    yield to.post(f"{meeting}/speeches", json={}), []
    answer = to.post(f"{meeting}/speeches", json=who)
    yield answer, ["speech.created"]
    one = f"/v1/speeches/{answer.json()['id']}"
    yield to.patch(one, json={"summary": "Tóm tắt"}, headers=ANY), ["speech.updated"]
    yield to.patch(one, json={"speaker_id": None}, headers=ANY), []
    named = to.post(f"{meeting}/directives", json={"speech_id": answer.json()["id"], "text": "x"})
    yield named, ["directive.created"]
    yield to.delete(one, headers=ANY), []


def findings(desk: Desk) -> Iterator[Written]:
    to, said = desk.secretary, {"kind": "limitation", "text": "Chậm số hóa"}
    yield from listed(desk, "finding", "findings", said)
    meeting = f"/v1/meetings/{a_meeting(to, desk.body['party'], plan_period='2025-Q4')['id']}"
    desk.news()
    answer = to.post(f"{meeting}/findings", json=said)
    yield answer, ["finding.created"]
    one = f"/v1/findings/{answer.json()['id']}"
    cause = {"kind": "cause", "text": "Thiếu máy", "cause_of_id": answer.json()["id"]}
    yield to.post(f"{meeting}/findings", json={**cause, "kind": "lesson"}), []
    yield to.post(f"{meeting}/findings", json=cause), ["finding.created"]
    yield to.patch(one, json={"kind": "difficulty"}, headers=ANY), ["finding.updated"]
    yield to.patch(one, json={"response_text": "x"}, headers=ANY), []
    yield to.post(f"{one}/quarterly-tasks", json={}), ["quarterly_task.created"]
    yield to.post(f"{one}/quarterly-tasks", json={"quarter": "2026-Q1"}), []
    yield to.delete(one, headers=ANY), []


def directives(desk: Desk) -> Iterator[Written]:
    to = desk.secretary
    yield from listed(desk, "directive", "directives", {"text": "Rà soát các việc chậm"})
    meeting = f"/v1/meetings/{a_meeting(to, desk.body['party'])['id']}"
    desk.news()
    answer = to.post(f"{meeting}/directives", json={"text": "Rà soát", "field": "health"})
    yield answer, ["directive.created"]
    one = f"/v1/directives/{answer.json()['id']}"
    yield to.patch(one, json={"field": None}, headers=ANY), ["directive.updated"]
    yield to.post(f"{one}/quarterly-tasks", json={}), []
    yield to.post(f"{one}/quarterly-tasks", json={"quarter": "2025-Q4"}), ["quarterly_task.created"]
    yield to.delete(one, headers=ANY), []


def tasks(desk: Desk) -> Iterator[Written]:
    to, front = desk.secretary, desk.body["front"]
    task = f"/v1/quarterly-tasks/{a_task(desk.secretary, desk.body['party'])['id']}"
    lead = [{"organization_id": str(front), "role": "lead"}]
    both = [*lead, {"organization_id": str(desk.body["committee"]), "role": "coordinating"}]
    yield to.get(task), ["quarterly_task.created"]
    yield to.post(f"{task}/transitions", json={"transition": "issue"}), []
    yield to.patch(task, json={"assignments": lead}, headers=ANY), ["quarterly_task.updated"]
    yield to.patch(task, json={"assignments": lead}, headers=ANY), []
    measures = [{"name": "Số hộ", "target": 10, "achieved": 4}]
    yield to.patch(task, json={"measures": measures}, headers=ANY), ["quarterly_task.updated"]
    yield to.patch(task, json={"measures": measures}, headers=ANY), []
    yield to.post(f"{task}/transitions", json={"transition": "issue"}), ["quarterly_task.assigned"]
    yield to.patch(task, json={"quarter": "2026-Q1"}, headers=ANY), []
    yield desk.reporter.patch(task, json={"title": "x"}, headers=ANY), []
    for said, verb in (
        ({"kind": "progress", "progress_percent": 40}, "progressed"),
        ({"kind": "due_date_changed", "due_date": "2025-11-30", "text": "Gấp"}, "due_date_changed"),
        ({"kind": "reassigned", "assignments": both, "text": "Thêm"}, "reassigned"),
        ({"kind": "reclassified", "field": "health", "text": "Nhầm"}, "reclassified"),
    ):
        yield to.post(f"{task}/entries", json=said), [f"quarterly_task.{verb}"]
    yield to.post(f"{task}/entries", json={"kind": "reassigned", "text": "x"}), []
    for who, transition, verb, more in (
        (desk.reporter, "start", "started", {}),
        (desk.reporter, "suspend", "suspended", {}),
        (desk.reporter, "resume", "resumed", {}),
        (desk.reporter, "report_completion", "completion_reported", {"result_summary": "Xong"}),
        (desk.approver, "send_back", "sent_back", {"comment": "Thiếu"}),
        (desk.reporter, "report_completion", "completion_reported", {}),
        (desk.approver, "confirm", "confirmed", {}),
        (desk.approver, "reopen", "reopened", {}),
        (to, "cancel", "cancelled", {"comment": "Thôi"}),
    ):
        asked = {"transition": transition, **more}
        yield who.post(f"{task}/transitions", json=asked), [f"quarterly_task.{verb}"]
    yield to.post(f"{task}/transitions", json={"transition": "issue"}), []
    yield to.delete(task, headers=ANY), []
    shared = f"/v1/quarterly-tasks/{a_task(to, desk.body['party'])['id']}/distribution"
    desk.news()
    named: Json = {"organization_ids": [str(front), str(desk.body["office"])]}
    yield to.post(f"{shared}?dry_run=true", json=named), []
    yield to.post(shared, json=named), ["quarterly_task.created"] * 2
    yield to.post(shared, json=named), []
    named = {"organization_ids": [str(front), str(desk.body["committee"])], "issue": True}
    yield to.post(shared, json=named), ["quarterly_task.created", "quarterly_task.assigned"]
    yield to.post(shared, json={**named, "organization_ids": [str(front)] * 2}), []
    draft = f"/v1/quarterly-tasks/{a_task(desk.secretary, desk.body['party'], front)['id']}"
    yield to.delete(draft, headers=ANY), ["quarterly_task.created", "quarterly_task.deleted"]


def speakers(desk: Desk) -> Iterator[Written]:
    to, office = desk.secretary, str(desk.body["office"])
    position = {"organization_id": office, "title": "Chuyên viên", "is_primary": True}
    answer = to.post(
        "/v1/speakers", json={"full_name": "Lê Văn A", "organization_id": office, "positions": [position]}
    )
    yield answer, ["speaker.created", "position.created"]
    one = f"/v1/speakers/{answer.json()['id']}"
    yield to.post(f"{one}/positions", json=position), []
    more = to.post(f"{one}/positions", json={**position, "is_primary": False})
    yield more, ["position.created"]
    held = f"/v1/positions/{more.json()['id']}"
    yield to.patch(held, json={"ended_on": "2025-01-01"}, headers=ANY), ["position.updated"]
    yield to.patch(held, json={"started_on": "2025-01-02"}, headers=ANY), []
    yield to.patch(one, json={"email": "a@xa.vn", "phone": "0900"}, headers=ANY), ["speaker.updated"]
    yield to.patch(one, json={"email": "a@xa.vn"}, headers=ANY), []
    yield to.delete(one, headers=ANY), []
    yield to.delete(held, headers=ANY), ["position.deleted"]
    (last,) = shown(to.get(f"{one}/positions"))["items"]
    yield to.delete(f"/v1/positions/{last['id']}", headers=ANY), ["position.deleted"]
    yield to.delete(one, headers={"if-match": '"1"'}), []
    yield to.delete(one, headers=ANY), ["speaker.deleted"]


def organizations(desk: Desk) -> Iterator[Written]:
    to = desk.administrator
    body = {"parent_id": str(desk.body["party"]), "kind": "party_cell", "line": "party", "level": "village"}
    answer = to.post("/v1/organizations", json={**body, "name": "Chi bộ 1"})
    yield answer, ["organization.created"]
    yield to.post("/v1/organizations", json={**body, "name": "x", "code": answer.json()["code"]}), []
    one = f"/v1/organizations/{answer.json()['id']}"
    yield to.patch(one, json={"contact": {"phone": "02"}}, headers=ANY), ["organization.updated"]
    yield to.patch(one, json={"contact": {"phone": "02"}}, headers=ANY), []
    yield to.delete(f"/v1/organizations/{desk.body['party']}", headers=ANY), []
    deleted = to.delete(one, headers=ANY)
    assert deleted.status_code == 204, deleted.text
    yield deleted, ["organization.deleted"]


def access(desk: Desk) -> Iterator[Written]:
    to, front = desk.administrator, str(desk.body["front"])
    answer = to.post("/v1/principals", json={"name": "Máy", "organization_id": front})
    yield answer, ["principal.created"]
    one = f"/v1/principals/{answer.json()['id']}"
    grant = to.post(f"{one}/grants", json={"role": "reader", "organization_id": front})
    yield grant, ["grant.created"]
    yield to.post(f"{one}/grants", json={"role": "reader", "organization_id": front}), []
    key = to.post(f"{one}/keys", json={"label": "khóa"})
    yield key, ["key.created"]
    yield to.post(f"{one}/keys", json={"label": "khóa"}), ["key.created"]
    yield to.post(f"{one}/keys", json={"label": "khóa"}), []
    revocation = f"/v1/keys/{key.json()['id']}/revocation"
    yield to.put(revocation), ["key.revoked"]
    yield to.put(revocation), []
    yield to.patch(one, json={"is_active": False}, headers=ANY), ["principal.updated"]
    yield to.delete(one, headers=ANY), []
    yield to.delete(f"/v1/grants/{grant.json()['id']}", headers=ANY), ["grant.deleted"]
    other = to.post("/v1/principals", json={"name": "Máy", "organization_id": front})
    there = f"/v1/principals/{other.json()['id']}"
    yield to.delete(there, headers=ANY), ["principal.created", "principal.deleted"]


def reviews(desk: Desk) -> Iterator[Written]:
    to, party, front = desk.secretary, desk.body["party"], str(desk.body["front"])
    periods = {"review_period": "2031-Q2", "plan_period": "2031-Q3"}
    meeting = a_meeting(to, party, held_on="2025-09-05", **periods)
    there = f"/v1/meetings/{meeting['id']}"
    move(to, meeting, "schedule")
    tasks = [a_task(to, party, party, quarter="2031-Q2") for _ in range(2)]
    for task in tasks:
        move(to, task, "issue")
    desk.news()
    kept, sent = ({"task_id": task["id"], "rating": "not_completed"} for task in tasks)
    rows = [{**kept, "disposition": "continue"}, {**sent, "disposition": "carry_over"}]
    new, changed, gone = (f"task_review.{verb}" for verb in ("created", "updated", "deleted"))

    def put(*items: Json) -> httpx.Response:
        return to.put(f"{there}/task-reviews", json={"items": list(items)}, headers=ANY)

    yield put(rows[0], {**rows[1], "task_id": front}), []
    yield put(*rows), [new, new]
    yield put(*rows), []
    extended = {"disposition": "extend", "due_date": "2031-08-01", "comment": "Chờ vốn"}
    yield put({**rows[0], **extended}, rows[1]), [changed, "quarterly_task.due_date_changed"]
    yield put({**rows[0], **extended, "comment": "Chờ"}, rows[1]), [changed]
    yield to.post(f"{there}/carry-over?dry_run=true"), []
    carried = to.post(f"{there}/carry-over")
    yield carried, ["quarterly_task.created", "quarterly_task.assigned", "quarterly_task.carried_over"]
    yield to.post(f"{there}/carry-over"), []
    yield put(rows[1]), [gone]
    recall = {"transition": "recall"}
    back = to.post(f"/v1/quarterly-tasks/{tasks[1]['id']}/transitions", json=recall)
    yield back, ["quarterly_task.withdrawn", "quarterly_task.recalled"]
    yield to.post(f"{there}/next?dry_run=true", json={}), []
    yield to.post(f"{there}/next", json={"held_on": "2025-12-26"}), ["meeting.created", "agenda_item.created"]
    yield to.post(f"{there}/next", json={}), []
    for task in tasks:
        move(to, task, "cancel", comment="Hết phép thử")
    desk.news()


def minutes(desk: Desk) -> Iterator[Written]:
    yield from _document(desk, "minutes", "minutes", "/v1/minutes")


def notices(desk: Desk) -> Iterator[Written]:
    yield from _document(desk, "conclusion_notice", "conclusion-notice", "/v1/conclusion-notices")


def _document(desk: Desk, noun: str, name: str, path: str) -> Iterator[Written]:
    to, approver = desk.secretary, desk.approver
    meeting = a_meeting(to, desk.body["party"], record="reported")
    there = f"/v1/meetings/{meeting['id']}/{name}"
    desk.news()
    first = to.post(there, json={})
    yield first, [f"{noun}.created"]
    yield to.post(there, json={}), []
    yield to.delete(f"{path}/{first.json()['id']}", headers=ANY), [f"{noun}.deleted"]
    one = f"{path}/{to.post(there, json={}).json()['id']}"
    yield to.get(one), [f"{noun}.created"]
    yield to.patch(one, json={"place": "Xã Mẫu"}, headers=ANY), [f"{noun}.updated"]
    yield to.patch(one, json={"place": "Xã Mẫu"}, headers=ANY), []
    yield approver.post(f"{one}/comments", json={"text": "Rõ"}), [f"{noun}.commented"]
    yield to.post(f"{one}/transitions", json={"transition": "submit"}), []
    move(to, meeting, "hold")
    desk.news()
    for who, transition, verb in (
        (to, "submit", "submitted"),
        (to, "withdraw", "withdrawn"),
        (to, "submit", "submitted"),
        (approver, "request_changes", "changes_requested"),
        (to, "submit", "submitted"),
        (approver, "sign", "signed"),
        (to, "issue", "issued"),
        (to, "open_amendment", "amendment_opened"),
        (approver, "sign_amendment", "amendment_signed"),
    ):
        said = {"transition": transition, "comment": "Lý do"}
        yield who.post(f"{one}/transitions", json=said), [f"{noun}.{verb}"]
    yield approver.post(f"{one}/transitions", json={"transition": "sign"}), []
    yield to.patch(one, json={"place": "Xã khác"}, headers=ANY), []
    yield to.delete(one, headers=ANY), []


def attachments(desk: Desk) -> Iterator[Written]:
    to, reporter, front = desk.secretary, desk.service.as_("reporter"), desk.body["front"]
    meeting = a_meeting(to, desk.body["party"], agenda_items=[{"title": "Mục"}])
    items = every(to, f"/v1/meetings/{meeting['id']}/agenda-items")
    entry = move(to, a_task(to, desk.body["party"], front), "issue")
    minutes = made(to.post(f"/v1/meetings/{meeting['id']}/minutes", json={}))
    notice = made(to.post(f"/v1/meetings/{meeting['id']}/conclusion-notice", json={}))
    desk.news()
    file = {"file": ("a.pdf", files.PDF)}
    for who, path in (
        (to, f"/v1/meetings/{meeting['id']}"),
        (to, f"/v1/agenda-items/{items[0]['id']}"),
        (reporter, f"/v1/task-entries/{entry['id']}"),
        (to, f"/v1/minutes/{minutes['id']}"),
        (to, f"/v1/conclusion-notices/{notice['id']}"),
    ):
        yield who.post(f"{path}/attachments", files={"file": ("a.pdf", b"nothing")}), []
        sent = who.post(f"{path}/attachments", files=file, data={"description": "Bản chụp"})
        yield sent, ["attachment.created"]
        one = f"/v1/attachments/{sent.json()['id']}"
        yield who.patch(one, json={"description": "Khác"}, headers=ANY), ["attachment.updated"]
        yield who.patch(one, json={"description": "Khác"}, headers=ANY), []
        yield who.delete(one), []
        yield who.delete(one, headers=ANY), ["attachment.removed"]
        yield who.delete(one, headers=ANY), []


def briefings(desk: Desk) -> Iterator[Written]:
    to, party, known = desk.secretary, str(desk.body["party"]), str(new_id())
    meeting = {
        "host_organization_id": party,
        "title": "Giao ban",
        "held_on": "2025-09-05",
        "plan_period": "2031",
    }
    said: Json = {
        "meeting": {**meeting, "record": "reported", "status": "held"},
        "agenda_items": [{"external_id": f"{known} {n}", "title": "Mục"} for n in range(2)],
        "quarterly_tasks": [
            {
                "external_id": f"{known} {n}",
                "issuing_organization_id": party,
                "title": "Việc",
                "quarter": "2031-Q1",
                "assignments": [{"organization_id": party, "role": "lead"}],
                "issued": n == 0,
            }
            for n in range(2)
        ],
    }

    def put(said: Json, **headers: str) -> httpx.Response:
        return to.put(f"/v1/briefings/x/{known}", json=said, headers=headers)

    tasks = ["quarterly_task.created", "quarterly_task.assigned", "quarterly_task.created"]
    yield put({**said, "speeches": [{"external_id": known}]}), []
    yield put(said), ["meeting.created", *["agenda_item.created"] * 2, *tasks, "meeting.held"]
    yield put(said), []
    yield put(said, **ANY), []
    turned = {
        **said,
        "agenda_items": said["agenda_items"][::-1],
        "quarterly_tasks": said["quarterly_tasks"][:1],
    }
    yield put(turned, **ANY), ["quarterly_task.deleted", *["agenda_item.updated"] * 2]
    said["agenda_items"][1]["status"] = "done"
    changed = ["agenda_item.updated", "agenda_item.deleted", "agenda_item.updated"]
    yield put({**turned, "agenda_items": said["agenda_items"][1:]}, **ANY), [*changed[:2]]


def closings(desk: Desk) -> Iterator[Written]:
    kind = {"name": "Chi hội", "kind": "mass_organization", "line": "front", "level": "village"}
    below = {**kind, "parent_id": str(desk.body["front"])}
    front = made(desk.administrator.post("/v1/organizations", json=below))["id"]
    approver = desk.approver
    desk.news()
    path = f"/v1/organizations/{front}/quarters/2024-Q1/closing"
    yield desk.secretary.put(path), []
    task = a_task(desk.secretary, front, front, quarter="2024-Q1")
    desk.news()
    yield approver.put(path), []
    desk.secretary.delete(f"/v1/quarterly-tasks/{task['id']}", headers=ANY)
    desk.news()
    yield approver.put(path.replace("2024", "9998")), []
    yield approver.put(path), ["quarter_closing.created"]
    yield approver.put(path), []
    late = {"issuing_organization_id": front, "title": "Muộn", "quarter": "2024-Q1"}
    yield desk.secretary.post("/v1/quarterly-tasks", json=late), []


EVERYWHERE = [
    *(meetings, agenda, participations, speeches, findings, directives),
    *(tasks, reviews, briefings, minutes, notices, attachments, closings, speakers, organizations, access),
]


@pytest.fixture(scope="module")
def succeeded(service: Service) -> dict[Done, set[tuple[str, str]]]:
    """Which operations did, in each area that was tried on this service."""
    return {}


@pytest.mark.parametrize("area", EVERYWHERE)
def test_every_write_leaves_exactly_its_events_and_what_is_refused_or_changes_nothing_none(
    desk: Desk, area: Done, succeeded: dict[Done, set[tuple[str, str]]]
) -> None:
    done = set[tuple[str, str]]()
    for answer, expected in area(desk):
        if answer.is_success:
            done.add((answer.request.method, shape(answer.request.url.path)))
        assert answer.status_code < 500, answer.text
        assert desk.names() == expected, f"{answer.request.method} {answer.request.url.path}: {answer.text}"
    succeeded[area] = done


@pytest.mark.in_turn
def test_the_writes_above_are_all_that_there_are(
    service: Service, desk: Desk, succeeded: dict[Done, set[tuple[str, str]]]
) -> None:
    for area in [one for one in EVERYWHERE if one not in succeeded]:  # where this is tried alone
        test_every_write_leaves_exactly_its_events_and_what_is_refused_or_changes_nothing_none(
            desk, area, succeeded
        )
    done = set[tuple[str, str]]().union(*succeeded.values())
    setup = {
        ("POST", "/v1/meetings"),
        ("POST", "/v1/quarterly-tasks"),
        ("POST", "/v1/meetings/{}/agenda-items"),
    }
    declared = {
        (method.upper(), "/".join("{}" if part.startswith("{") else part for part in path.split("/")))
        for path, methods in service.app.openapi()["paths"].items()
        for method in methods
        if method != "get"
    }
    assert declared - done - setup == set()


def shape(path: str) -> str:
    parts = path.replace("/briefings/x/", "/briefings/{}/").split("/")
    return "/".join("{}" if len(part) == 36 or re.fullmatch(r"\d{4}-Q\d", part) else part for part in parts)


def test_private_members_are_named_and_never_told(desk: Desk) -> None:
    body = {"full_name": "Lê Thị Kín", "organization_id": str(desk.body["office"]), "email": "kin@xa.vn"}
    speaker = made(desk.secretary.post("/v1/speakers", json=body))
    (told,) = desk.news()
    assert told.changes["email"] == {"new": "(private)"}
    assert told.changes["phone"] == {"new": None}
    for change, expected in (
        ({"email": "khac@xa.vn"}, {"email": {"old": "(private)", "new": "(private)"}}),
        ({"email": None, "phone": "0901"}, {"email": ("(private)", None), "phone": (None, "(private)")}),
    ):
        desk.secretary.patch(f"/v1/speakers/{speaker['id']}", json=change, headers=ANY)
        (told,) = desk.news()
        given = {
            name: both if isinstance(both, dict) else dict(zip(("old", "new"), both, strict=True))
            for name, both in expected.items()
        }
        assert told.changes == given
    desk.secretary.delete(f"/v1/speakers/{speaker['id']}", headers=ANY)
    (told,) = desk.news()
    assert told.changes["phone"] == {"old": "(private)"}


def test_the_secret_of_a_key_is_in_no_event(desk: Desk) -> None:
    _, key = a_key(desk.administrator, desk.body["front"], ("reader", desk.body["front"], None))
    told = str([one.changes for one in desk.news()])
    assert key["key"] not in told
    assert key["key"].rpartition("_")[2] not in told
    assert "sha256" not in told


def test_the_use_of_a_key_is_no_change(desk: Desk) -> None:
    _, key = a_key(desk.administrator, desk.body["front"], ("reader", desk.body["front"], None))
    desk.news()
    holder = desk.service.client(key["key"])
    for _ in range(3):
        shown(holder.get("/v1/meetings"))
    noted = [shown(desk.administrator.get(f"/v1/keys/{key['id']}")) for _ in range(20)]
    assert noted[-1]["last_used_at"] is not None
    assert noted[-1]["version"] == 1
    assert desk.news() == []


def test_a_replayed_request_leaves_no_second_event(desk: Desk) -> None:
    body = {"host_organization_id": str(desk.body["party"]), "title": "Một lần", "held_on": "2025-09-04"}
    answers = [
        desk.secretary.post("/v1/meetings", json=body, headers={"idempotency-key": "một-lần".encode().hex()})
        for _ in range(3)
    ]
    assert len({one.json()["id"] for one in answers}) == 1
    assert desk.names() == ["meeting.created"]


def test_an_entry_that_repeats_the_progress_is_told_all_the_same(desk: Desk) -> None:
    """Lists of entries have their validators from the journal: an entry without an event stays unseen there."""
    task = a_task(desk.secretary, desk.body["party"], desk.body["front"])
    move(desk.secretary, task, "issue")
    path = f"/v1/quarterly-tasks/{task['id']}/entries"
    made(desk.reporter.post(path, json={"kind": "progress", "progress_percent": 40}))
    desk.news()
    made(desk.reporter.post(path, json={"kind": "progress", "progress_percent": 40, "text": "Vẫn vậy"}))
    assert desk.names() == ["quarterly_task.progressed"]


def test_a_list_of_entries_is_never_unchanged_after_another_entry(desk: Desk) -> None:
    task = a_task(desk.secretary, desk.body["party"], desk.body["front"])
    move(desk.secretary, task, "issue")
    path = f"/v1/quarterly-tasks/{task['id']}/entries"
    made(desk.reporter.post(path, json={"kind": "progress", "progress_percent": 40}))
    tag = desk.secretary.get(path).headers["etag"]
    made(desk.reporter.post(path, json={"kind": "progress", "progress_percent": 40, "text": "Vẫn vậy"}))
    again = desk.secretary.get(path, headers={"if-none-match": tag})
    assert again.status_code == 200
    assert len(again.json()["items"]) == 3


# -- the audience beside each row


Seen = dict[UUID, dict[UUID, int]]  # of each row: the circles that see it, by which lines
BITS = {Line.PARTY: 1, Line.STATE: 2, Line.FRONT: 4, Line.OTHER: 8}


def audiences(db: Session) -> dict[str, Seen]:
    """Who sees each meeting and each task, worked out anew from domain.md and the rows alone."""
    bodies = {one.id: one for one in db.scalars(select(Organization))}
    return {"meetings": of_meetings(db, bodies), "tasks": of_tasks(db, bodies)}


def circles(bodies: Mapping[UUID, Organization], concerned: set[UUID], *, exactly: bool) -> dict[UUID, int]:
    """Those bodies, and all above them unless exactly they."""
    found: defaultdict[UUID, int] = defaultdict(int)
    for one in concerned:
        above: UUID | None = one
        while above is not None:
            found[above] |= BITS[bodies[one].line]
            above = None if exactly else bodies[above].parent_id
    return dict(found)


def of_meetings(db: Session, bodies: Mapping[UUID, Organization]) -> Seen:
    taking_part, found = defaultdict[UUID, set[UUID]](set), Seen()
    for meeting_id, body in db.execute(select(Participation.meeting_id, Participation.organization_id)):
        taking_part[meeting_id].add(body)
    announced = {
        one.subject_id
        for one in db.execute(select(Event.__table__).where(Event.noun == "meeting"))
        if one.changes.get("status", {}).get("new") in {"scheduled", "held"}
    }
    for one in db.scalars(select(Meeting)):
        concerned = {one.host_organization_id} | (taking_part[one.id] if one.id in announced else set())
        found[one.id] = circles(bodies, concerned, exactly=one.visibility == "restricted")
        if one.visibility == "public" and one.id in announced:
            found[one.id][everyone_in(one.tenant_id)] = 15
    return found


def of_tasks(db: Session, bodies: Mapping[UUID, Organization]) -> Seen:
    answering, found = defaultdict[UUID, set[UUID]](set), Seen()
    for task_id, body in db.execute(select(Assignment.task_id, Assignment.organization_id)):
        answering[task_id].add(body)
    given = dict[UUID, bool]()  # whether the bodies have it: issued, and not declined since
    for entry in db.scalars(select(TaskEntry).order_by(TaskEntry.id)):
        if entry.kind in {"issue", "decline"}:
            given[entry.task_id] = entry.kind == "issue"
    for one in db.scalars(select(QuarterlyTask)):
        concerned = {one.issuing_organization_id} | (answering[one.id] if given.get(one.id) else set())
        found[one.id] = circles(bodies, concerned, exactly=False)
    return found


def written_down(db: Session) -> dict[str, Seen]:
    """Who sees them by the tables."""
    meetings: Seen = {id: {} for id in db.scalars(select(Meeting.id))}
    tasks: Seen = {id: {} for id in db.scalars(select(QuarterlyTask.id))}
    for one in db.scalars(select(MeetingAudience)):
        meetings[one.meeting_id][one.circle_id] = one.lines
    for line in db.scalars(select(QuarterlyTaskAudience)):
        tasks[line.quarterly_task_id][line.circle_id] = line.lines
    return {"meetings": meetings, "tasks": tasks}


def assert_audiences_are_true(engine: Engine) -> None:
    with Session(engine) as db:
        assert written_down(db) == audiences(db)


FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
BODIES = st.sampled_from(["party", "office", "committee", "front", "commune", "neighbour_party"])
MEETING_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), BODIES),
        st.tuples(st.just("leave"), st.integers(0, 5)),
        st.tuples(st.just("swap"), st.integers(0, 5), BODIES),
        st.tuples(st.just("show"), st.sampled_from(["public", "internal", "restricted"])),
        st.tuples(
            st.just("move"),
            st.sampled_from(["schedule", "postpone", "reschedule", "start", "hold", "cancel"]),
        ),
    ),
    max_size=9,
)


@FEW
@given(host=BODIES, steps=MEETING_STEPS)
def test_the_audience_of_a_meeting_is_always_what_its_rows_say(
    service: Service, host: str, steps: list[tuple[Any, ...]]
) -> None:
    bodies, everywhere = service.town.bodies, _everywhere(service)
    meeting = a_meeting(everywhere, bodies[host], record="reported")
    joined: list[str] = []
    for what, *how in steps:
        if what == "join":
            body = {"organization_id": str(bodies[how[0]]), "attendance": "present"}
            joined.append(
                made(everywhere.post(f"/v1/meetings/{meeting['id']}/participations", json=body))["id"]
            )
        elif what == "show":
            everywhere.patch(f"/v1/meetings/{meeting['id']}", json={"visibility": how[0]}, headers=ANY)
        elif what == "move":
            said = {"transition": how[0], "comment": "Lý do"}
            more = {"held_on": "2025-09-05"} if how[0] == "reschedule" else {}
            everywhere.post(f"/v1/meetings/{meeting['id']}/transitions", json={**said, **more})
        elif joined and what == "leave":
            everywhere.delete(f"/v1/participations/{joined.pop(how[0] % len(joined))}", headers=ANY)
        elif joined:
            body = {"organization_id": str(bodies[how[1]])}
            everywhere.patch(f"/v1/participations/{joined[how[0] % len(joined)]}", json=body, headers=ANY)
    assert_audiences_are_true(service.engine)


TASK_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("assign"), BODIES, BODIES),
        st.tuples(
            st.just("move"),
            st.sampled_from(
                ["issue", "issue", "decline", "start", "report_completion", "confirm", "cancel", "reopen"]
            ),
        ),
    ),
    max_size=9,
)


@FEW
@given(issuer=BODIES, steps=TASK_STEPS)
def test_the_audience_of_a_task_is_always_what_its_rows_say(
    service: Service, issuer: str, steps: list[tuple[Any, ...]]
) -> None:
    bodies, everywhere = service.town.bodies, _everywhere(service)
    task = a_task(everywhere, bodies[issuer], bodies["front"])
    path = f"/v1/quarterly-tasks/{task['id']}"
    for what, *how in steps:
        if what == "move":
            everywhere.post(f"{path}/transitions", json={"transition": how[0], "comment": "Lý do"})
            continue
        lines = [
            {"organization_id": str(bodies[one]), "role": role}
            for one, role in zip(how, ("lead", "coordinating"), strict=True)
        ]
        if everywhere.patch(path, json={"assignments": lines}, headers=ANY).status_code == 409:
            said = {"kind": "reassigned", "assignments": lines, "text": "Giao lại"}
            everywhere.post(f"{path}/entries", json=said)
    assert_audiences_are_true(service.engine)


def _everywhere(service: Service) -> httpx.Client:
    """A caller who may do everything in the province, and who stands in each of its bodies."""
    known = service.town.keys.get("everywhere")
    if known is None:
        grants = [
            (role, service.town.bodies[body], None)
            for role in ("secretary", "approver")
            for body in ("province", "party", "office", "committee", "front", "commune", "neighbour_party")
        ]
        _, key = a_key(service.as_("administrator"), service.town.bodies["province"], *grants)
        known = service.town.keys["everywhere"] = key["key"]
    for one in service.clients:
        if one.headers.get("x-api-key") == known:
            return one
    return service.as_("everywhere")


def test_the_audience_of_a_meeting_withstands_changes_at_the_same_time(service: Service) -> None:
    """Two representatives change bodies at once: who no longer takes part no longer sees it."""
    bodies, everywhere = service.town.bodies, _everywhere(service)
    refused = []
    for _ in range(6):
        meeting = a_meeting(everywhere, bodies["party"])
        move(everywhere, meeting, "schedule")
        path = f"/v1/meetings/{meeting['id']}/participations"
        ids = [
            made(everywhere.post(path, json={"organization_id": str(bodies["front"])}))["id"]
            for _ in range(4)
        ]
        with ThreadPoolExecutor(4) as at_once:
            answers = at_once.map(
                lambda pair: everywhere.patch(
                    f"/v1/participations/{pair[0]}",
                    json={"organization_id": str(bodies[pair[1]])},
                    headers=ANY,
                ),
                zip(ids, ("committee", "office", "neighbour_party", "committee"), strict=True),
            )
            refused += [one.text for one in answers if not one.is_success]
    assert_audiences_are_true(service.engine)
    assert refused == []


def test_the_audience_of_an_event_is_who_sees_its_subject_before_or_after(service: Service) -> None:
    bodies, everywhere = service.town.bodies, _everywhere(service)
    meeting = a_meeting(everywhere, bodies["party"], visibility="public")
    seen = [_who_sees(service, meeting)]
    for step in (
        lambda: move(everywhere, meeting, "schedule"),
        lambda: everywhere.patch(
            f"/v1/meetings/{meeting['id']}", json={"visibility": "restricted"}, headers=ANY
        ),
        lambda: everywhere.patch(
            f"/v1/meetings/{meeting['id']}", json={"visibility": "internal"}, headers=ANY
        ),
    ):
        step()
        seen.append(_who_sees(service, meeting))
    with Session(service.engine) as db:
        subject = UUID(meeting["id"])
        seqs = db.scalars(select(Event.seq).where(Event.subject_id == subject).order_by(Event.seq)).all()
        told = [
            set(db.scalars(select(EventAudience.circle_id).where(EventAudience.seq == seq))) for seq in seqs
        ]
    before = [set[UUID](), *seen]
    assert told == [before[n] | seen[n] for n in range(4)]


def _who_sees(service: Service, meeting: Json) -> set[UUID]:
    with Session(service.engine) as db:
        table = MeetingAudience
        return set(db.scalars(select(table.circle_id).where(table.meeting_id == UUID(meeting["id"]))))


def test_what_the_feed_tells_is_what_the_lists_show(service: Service) -> None:
    """Whoever replays the feed from its beginning has what is there now: of all that the caller ever saw."""
    everywhere, told, cursor = _everywhere(service), dict[str, Json](), None
    while True:
        asked = {"limit": 500, **({"cursor": cursor} if cursor else {})}
        page = shown(everywhere.get("/v1/changes", params=asked))
        for one in page["items"]:
            if one["name"].endswith(".deleted"):
                told.pop(one["subject_id"])
                continue
            members = {name: change["new"] for name, change in one["changes"].items()}
            told[one["subject_id"]] = told.get(one["subject_id"], {}) | members | {"version": one["version"]}
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    for noun in (
        *("meetings", "agenda-items", "speeches", "findings", "directives"),
        *("quarterly-tasks", "organizations", "minutes", "conclusion-notices"),
    ):
        for row in every(everywhere, f"/v1/{noun}"):
            known = told[row["id"]]
            assert {name: row[name] for name in known.keys() & row.keys()} == {
                name: known[name] for name in known.keys() & row.keys()
            }
