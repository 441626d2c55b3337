"""What is asked: each operation of ours, and the same of the plain application."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import Connection, func, select

from app.access.models import GrantRow, Key
from app.meetings.models import Meeting
from app.meetings.vocabulary import MeetingStatus, Visibility
from app.organizations.models import Organization
from app.quarterly_tasks.models import QuarterlyTask
from benchmarks.data import REPORTED
from benchmarks.load import NUMBER

SOME = 100  # different requests of one operation
QUARTER = str(REPORTED)
ANY = NUMBER.decode()


@dataclass(frozen=True)
class Ask:
    """One request."""

    target: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None

    def sent(self, port: int) -> str:
        """The bytes on the wire, as text."""
        headers = {"Host": f"127.0.0.1:{port}", "Accept": "application/json", **self.headers}
        body = "" if self.body is None else json.dumps(self.body, ensure_ascii=False)
        if body:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body.encode()))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} {self.target} HTTP/1.1\r\n{lines}\r\n{body}"


@dataclass(frozen=True)
class Operation:
    """A row of the table."""

    name: str
    ours: list[Ask]
    plain: list[Ask]
    status: int = 200


class Asker:
    """Sends single requests, to find out what the many shall be."""

    def __init__(self, port: int) -> None:
        self.port = port

    def answer(self, ask: Ask) -> tuple[int, list[tuple[str, str]], bytes]:
        body = None if ask.body is None else json.dumps(ask.body, ensure_ascii=False).encode()
        kind = {"Content-Type": "application/json"} if body else {}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(ask.method, ask.target, body, {**kind, **ask.headers})
        with connection.getresponse() as got:
            return got.status, got.getheaders(), got.read()

    def tag(self, ask: Ask) -> str:
        return next(value for name, value in self.answer(ask)[1] if name.lower() == "etag")


def every(db: Connection, keys: dict[str, str], ours: Asker, scale: float) -> Iterator[Operation]:
    """All operations, those that write last; each looked up when it is its turn."""
    commune = _commune_of(db, "secretary 0 0", keys)
    office, lead = _bodies_in(db, commune)[:2]
    secretary, provincial, national = (
        {"X-API-Key": keys[name]} for name in ("secretary 0 0", "provincial 0", "national")
    )
    meetings, tasks = _meetings_of(db, office), _tasks_of(db, office)
    db.rollback()  # what follows takes longer than a transaction may be idle
    held = urlencode({"host_organization_id": office, "status": MeetingStatus.HELD, "limit": 20})
    one = [Ask(f"/v1/meetings/{which}", headers=secretary) for which in meetings]
    many = Ask(f"/v1/meetings?{held}", headers=secretary)
    whole = [
        Ask(f"{ask.target}?include=agenda_items&include=participations", headers=secretary) for ask in one
    ]
    issued = {"quarter": QUARTER, "issuing_organization_id": office}
    led = {"quarter": QUARTER, "lead_organization_id": lead}
    pages = round(2000 * scale)
    yield Operation("meeting by id", one, [Ask(f"/meetings/{which}") for which in meetings])
    yield Operation("list 20 meetings, host and status", [many], [Ask(f"/meetings?{held}")])
    yield Operation("meeting with 20 items", whole, [Ask(f"/meetings/{which}/whole") for which in meetings])
    yield _tasks("list 50 tasks, quarter and issuer", secretary, issued)
    yield _tasks("list tasks, quarter and lead (some 25)", secretary, led)
    yield _tasks("list 50 tasks, quarter", secretary, {"quarter": QUARTER})
    yield _tasks("list 50 tasks, quarter, provincial caller", provincial, {"quarter": QUARTER})
    yield _tasks("search 20 tasks, provincial caller", provincial, {"q": "đầu tư công", "limit": 20})
    yield _deep(f"page {pages} of meetings, national caller", ours, national, ("meetings", "meetings"), pages)
    yield _deep("page 200 of tasks, provincial caller", ours, provincial, ("quarterly-tasks", "tasks"), 200)
    yield Operation("304 on one", [_known(ours, ask) for ask in one], [], 304)
    yield Operation("304 on a list", [_known(ours, many)], [], 304)
    yield from of_reports(db, keys)
    yield _posts("POST a task", secretary, office, lead)
    yield _posts("POST a task, Idempotency-Key", {**secretary, "Idempotency-Key": ANY}, office, lead)
    yield _patches(secretary, tasks)


def of_reports(db: Connection, keys: dict[str, str]) -> Iterator[Operation]:
    """The quarter of a whole nation."""
    national = {"X-API-Key": keys["national"]}
    root = str(db.scalars(select(Organization.id).where(Organization.parent_id.is_(None))).one())
    db.rollback()
    asked = {"quarter": QUARTER, "organization_id": root, "roll_up": "false"}
    yield _report("report of a quarter, every body", national, asked)
    yield _report("report rolled up", national, {**asked, "roll_up": "true"})
    yield _report("report by field", national, {**asked, "group_by": "field"})
    yield _report("report on another day (as_of)", national, {**asked, "as_of": "2026-08-20"})


def _report(name: str, headers: dict[str, str], asked: dict[str, str]) -> Operation:
    ours = Ask(f"/v1/reports/quarterly-tasks?{urlencode(asked)}", headers=headers)
    return Operation(name, [ours], [Ask(f"/report?quarter={QUARTER}")])


def _tasks(name: str, headers: dict[str, str], asked: dict[str, Any]) -> Operation:
    query = urlencode({"limit": 50, **asked})
    return Operation(name, [Ask(f"/v1/quarterly-tasks?{query}", headers=headers)], [Ask(f"/tasks?{query}")])


def _deep(name: str, ours: Asker, headers: dict[str, str], path: tuple[str, str], page: int) -> Operation:
    """Ten pages of 20 one after the other, that far down; by cursors, so it is walked there."""
    found, cursor = list[Ask](), ""
    for n in range(1, page + 10):
        ask = Ask(
            f"/v1/{path[0]}?{urlencode({'limit': 20, **({'cursor': cursor} if cursor else {})})}",
            headers=headers,
        )
        found += [ask] if n >= page else []
        cursor = json.loads(ours.answer(ask)[2])["next_cursor"]
    offsets = range((page - 1) * 20, (page + 9) * 20, 20)
    plain = [Ask(f"/{path[1]}?{urlencode({'limit': 20, 'offset': offset})}") for offset in offsets]
    return Operation(name, found, plain)


def _known(ours: Asker, ask: Ask) -> Ask:
    return Ask(ask.target, headers={**ask.headers, "If-None-Match": ours.tag(ask)})


def _posts(name: str, headers: dict[str, str], office: str, lead: str) -> Operation:
    body = {
        "issuing_organization_id": office,
        "title": f"Hoàn thành giải ngân vốn đầu tư công các công trình giao thông nông thôn {ANY}",
        "description": "Rà soát từng công trình, báo cáo Đảng ủy trước ngày 25 của tháng cuối quý.",
        "expected_result": "Giải ngân đạt từ 95% kế hoạch trở lên.",
        "kind": "regular",
        "priority": "high",
        "field": "budget_finance",
        "quarter": "2026-Q4",
        "due_date": "2026-12-20",
        "assignments": [
            {"organization_id": lead, "role": "lead"},
            {"organization_id": office, "role": "coordinating"},
        ],
    }
    ours = Ask("/v1/quarterly-tasks", "POST", headers, body)
    return Operation(name, [ours], [Ask("/tasks", "POST", {}, body)], 201)


def _patches(headers: dict[str, str], tasks: Sequence[str]) -> Operation:
    body = {"title": f"Báo cáo kết quả thu ngân sách trên địa bàn {ANY}", "priority": "urgent"}
    whatever = {**headers, "If-Match": "*"}
    ours = [Ask(f"/v1/quarterly-tasks/{which}", "PATCH", whatever, body) for which in tasks]
    return Operation("PATCH a task", ours, [Ask(f"/tasks/{which}", "PATCH", {}, body) for which in tasks])


def _commune_of(db: Connection, name: str, keys: dict[str, str]) -> UUID:
    """The locality in which the caller of that name holds a grant."""
    held = select(GrantRow.organization_id).join(Key, Key.principal_id == GrantRow.principal_id)
    return db.scalars(held.where(Key.id == UUID(keys[name].split("_")[1]))).one()


def _bodies_in(db: Connection, place: UUID) -> list[str]:
    """Those that set tasks, the one with the most first."""
    counted = func.count().desc()
    found = (
        select(QuarterlyTask.issuing_organization_id)
        .join(Organization, Organization.id == QuarterlyTask.issuing_organization_id)
        .where(Organization.parent_id == place)
        .group_by(QuarterlyTask.issuing_organization_id)
        .order_by(counted)
    )
    return [str(which) for which in db.scalars(found)]


def _meetings_of(db: Connection, host: str) -> list[str]:
    theirs = (Meeting.host_organization_id == UUID(host)) & (Meeting.visibility != Visibility.RESTRICTED)
    found = select(Meeting.id).where(theirs).order_by(Meeting.id).limit(SOME)
    return [str(which) for which in db.scalars(found)]


def _tasks_of(db: Connection, issuer: str) -> list[str]:
    mine = select(QuarterlyTask.id).where(QuarterlyTask.issuing_organization_id == UUID(issuer))
    return [str(which) for which in db.scalars(mine.order_by(QuarterlyTask.id).limit(SOME))]
