"""The contract that every resource keeps alike, over all routes that there are: api.md, line by line."""

import http.client
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.db import new_id
from app.errors import problems
from app.http import Route
from app.settings import Settings
from tests import files
from tests.conftest import DATABASES, PROOF, SETTINGS, Service, running
from tests.town import ANY, Json, a_key, a_meeting, a_task, every, made, move, shown

NOBODY = "0199a000-0000-7000-8000-00000000dead"  # an id of nothing
NO_ID = "not-a-uuid"
QUARTER = "2025-Q1"  # closed by the organization that is there
SECRET = "bimatkhongduocnhaclai"
JSON_KIND = {"content-type": "application/json"}
Tried = TypeVar("Tried", bound=Callable[..., None])
MERGE_PATCH = {"content-type": "application/merge-patch+json"}


# -- the nouns: how each is made, and what of it can be changed


@dataclass(frozen=True)
class Noun:
    """How one noun is made over HTTP. `path` may name rows that are there: {speaker_id}."""

    name: str  # as events have it
    who: str
    path: str
    one: str  # /v1/speakers/{speaker_id}
    body: Callable[["Town"], Json]
    other: Json  # another value for one member: for a PATCH, or for a body that is not the same
    clears: str | None = None  # a member that null clears
    keeps: str | None = None  # one that cannot be null
    is_patched: bool = True
    is_deleted: bool = True
    listed: str | None = None  # where that is not where it is made


class Town:
    """The service, its callers, and one row of each noun."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.bodies = {name: str(one) for name, one in service.town.bodies.items()}
        self.people = {name: str(one) for name, one in service.town.people.items()}
        self._clients: dict[str, httpx.Client] = {}
        self.ids: dict[str, str] = {}

    def __getitem__(self, who: str) -> httpx.Client:
        if who not in self._clients:
            self._clients[who] = self.service.as_(who)
        return self._clients[who]

    def make(self, noun: Noun, more: Mapping[str, Any] | None = None, **headers: str) -> httpx.Response:
        """POST one more of it; what is one of a kind gets a row of its own to stand under."""
        body = {**noun.body(self), **(more or {})}
        return self[noun.who].post(self.path(noun), json=body, headers=headers)

    def path(self, noun: Noun) -> str:
        return noun.path.format(**{**self.ids, **self.fresh(noun)})

    def listed(self, noun: Noun) -> str:
        """Where the rows are that are there, and those that are made at `path`."""
        return (noun.listed or noun.path).format(**self.ids)

    def fresh(self, noun: Noun) -> dict[str, str]:
        """Rows that are used up by what is made below them."""
        secretary, party = self["secretary"], UUID(self.bodies["party"])
        if noun.name == "task_transition":
            return {"quarterly_task_id": a_task(secretary, party, party)["id"]}
        if noun.name in {"meeting_transition", "minutes", "conclusion_notice"}:
            return {"meeting_id": a_meeting(secretary, party)["id"]}
        if noun.name == "minutes_transition":
            return {"minutes_id": self._begun("minutes")}
        if noun.name == "conclusion_notice_transition":
            return {"conclusion_notice_id": self._begun("conclusion-notice")}
        if noun.name in {"key", "grant"}:
            home = {"name": "Hệ thống", "organization_id": self.bodies["office"]}
            return {"principal_id": made(self["administrator"].post("/v1/principals", json=home))["id"]}
        return {}

    def _begun(self, name: str) -> str:
        """Minutes or a notice of a meeting that was held, in draft."""
        meeting = a_meeting(self["secretary"], UUID(self.bodies["party"]), record="reported")
        move(self["secretary"], meeting, "hold")
        found: str = made(self["secretary"].post(f"/v1/meetings/{meeting['id']}/{name}", json={}))["id"]
        return found

    def everything(self) -> None:
        """One row of each noun, by the name that paths have for its id."""
        for noun in NOUNS:
            name = re.findall(r"\{(\w+)\}", noun.one)[-1]
            row = made(self.make(noun))
            self.ids.setdefault(name, row["id"])
            if noun.name == "quarterly_task":
                move(self["secretary"], row, "issue")
        for name in ("minutes", "conclusion-notice"):
            made(self["secretary"].post(f"/v1/meetings/{self.ids['meeting_id']}/{name}", json={}))
        self.ids["minutes_version_id"] = self._version()
        self.ids["task_review_id"] = self._review(self.ids["quarterly_task_id"])
        self.ids |= {"system": "he-thong-khac", "external_id": "15-KH/2025"}
        briefing = "/v1/briefings/{system}/{external_id}".format(**self.ids)
        made(self["secretary"].put(briefing, json={"meeting": _meeting_body(self)}))
        path = f"/v1/meetings/{self.ids['meeting_id']}/attachments"
        sent = self["secretary"].post(path, files={"file": ("a.pdf", files.PDF)})
        self.ids["attachment_id"] = made(sent)["id"]
        self.ids["quarter"] = QUARTER
        closing = f"/v1/organizations/{self.ids['organization_id']}/quarters/{QUARTER}/closing"
        shown(self["approver"].put(closing))

    def _version(self) -> str:
        """Of minutes that were signed."""
        one = f"/v1/minutes/{self._begun('minutes')}"
        made(self["secretary"].post(f"{one}/transitions", json={"transition": "submit"}))
        made(self["approver"].post(f"{one}/transitions", json={"transition": "sign"}))
        found: str = every(self["secretary"], f"{one}/versions")[0]["id"]
        return found

    def _review(self, task_id: str) -> str:
        """Of the task, at a meeting that reviews its quarter."""
        office, periods = self["secretary"], {"review_period": "2025-Q4", "plan_period": "2026-Q1"}
        meeting = a_meeting(office, UUID(self.bodies["party"]), held_on="2025-12-26", **periods)
        move(office, meeting, "schedule")
        row = {"task_id": task_id, "rating": "completed", "disposition": "continue"}
        path = f"/v1/meetings/{meeting['id']}/task-reviews"
        found: str = shown(office.put(path, json={"items": [row]}, headers=ANY))["items"][0]["id"]
        return found


def required(document: Json, path: str, method: str, ids: Mapping[str, str]) -> str:
    """The query that it cannot do without: whose, and of which quarters."""
    parts = document["components"]["parameters"]
    told = document["paths"][path][method.lower()].get("parameters", [])
    resolved = [parts[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in told]
    names = [one["name"] for one in resolved if one["in"] == "query" and one.get("required")]
    said = {name: ids.get(name, QUARTER) for name in names}
    return f"?{urlencode(said)}" if said else ""


def _meeting_body(town: Town) -> Json:
    return {"host_organization_id": town.bodies["party"], "title": "Hội nghị", "held_on": "2025-09-04"}


def _task_body(town: Town) -> Json:
    lead = {"organization_id": town.bodies["party"], "role": "lead"}
    said = {"title": "Nhiệm vụ", "quarter": "2025-Q4", "assignments": [lead]}
    return {"issuing_organization_id": town.bodies["party"], **said}


def _organization_body(town: Town) -> Json:
    kind = {"kind": "other", "line": "other", "level": "commune"}
    return {"parent_id": town.bodies["commune"], "name": "Trạm y tế", **kind}


NOUNS = (
    Noun(
        name="organization",
        who="administrator",
        path="/v1/organizations",
        one="/v1/organizations/{organization_id}",
        body=_organization_body,
        other={"name": "Trạm khác"},
        clears="short_name",
        keeps="name",
    ),
    Noun(
        name="speaker",
        who="secretary",
        path="/v1/speakers",
        one="/v1/speakers/{speaker_id}",
        body=lambda town: {"full_name": "Trần Thị Bé", "organization_id": town.bodies["office"]},
        other={"full_name": "Trần Thị Lớn"},
        clears="honorific",
        keeps="full_name",
    ),
    Noun(
        name="position",
        who="secretary",
        path="/v1/speakers/{speaker_id}/positions",
        one="/v1/positions/{position_id}",
        body=lambda town: {"organization_id": town.bodies["office"], "title": "Chánh Văn phòng"},
        other={"title": "Phó Chánh Văn phòng"},
        clears="started_on",
        keeps="title",
    ),
    Noun(
        name="meeting",
        who="secretary",
        path="/v1/meetings",
        one="/v1/meetings/{meeting_id}",
        body=_meeting_body,
        other={"title": "Hội nghị khác"},
        clears="location",
        keeps="title",
    ),
    Noun(
        name="agenda_item",
        who="secretary",
        path="/v1/meetings/{meeting_id}/agenda-items",
        one="/v1/agenda-items/{agenda_item_id}",
        body=lambda _: {"title": "Khai mạc"},
        other={"title": "Bế mạc"},
        clears="description",
        keeps="title",
    ),
    Noun(
        name="participation",
        who="secretary",
        path="/v1/meetings/{meeting_id}/participations",
        one="/v1/participations/{participation_id}",
        body=lambda town: {"organization_id": town.bodies["front"]},
        other={"headcount": 3},
        clears="absence_reason",
        keeps="attendance",
    ),
    Noun(
        name="meeting_transition",
        who="secretary",
        path="/v1/meetings/{meeting_id}/transitions",
        one="/v1/meeting-transitions/{meeting_transition_id}",
        body=lambda _: {"transition": "schedule"},
        other={"comment": "Khác"},
        is_patched=False,
        is_deleted=False,
    ),
    Noun(
        name="quarterly_task",
        who="secretary",
        path="/v1/quarterly-tasks",
        one="/v1/quarterly-tasks/{quarterly_task_id}",
        body=_task_body,
        other={"title": "Nhiệm vụ khác"},
        clears="description",
        keeps="title",
    ),
    Noun(
        name="task_entry",
        who="secretary",
        path="/v1/quarterly-tasks/{quarterly_task_id}/entries",
        one="/v1/task-entries/{task_entry_id}",
        body=lambda _: {"kind": "progress", "progress_percent": 40},
        other={"progress_percent": 50},
        is_patched=False,
        is_deleted=False,
    ),
    Noun(
        name="task_transition",
        who="secretary",
        path="/v1/quarterly-tasks/{quarterly_task_id}/transitions",
        one="/v1/task-entries/{task_entry_id}",
        body=lambda _: {"transition": "issue"},
        other={"comment": "Khác"},
        is_patched=False,
        is_deleted=False,
    ),
    Noun(
        name="speech",
        who="secretary",
        path="/v1/meetings/{meeting_id}/speeches",
        one="/v1/speeches/{speech_id}",
        body=lambda town: {"speaker_id": town.people["chair"], "attribution_text": "Đồng chí chủ trì"},
        other={"summary": "Đề nghị rà soát"},
        clears="full_text",
        keeps="kind",
    ),
    Noun(
        name="finding",
        who="secretary",
        path="/v1/meetings/{meeting_id}/findings",
        one="/v1/findings/{finding_id}",
        body=lambda _: {"kind": "limitation", "text": "Số hóa chậm"},
        other={"text": "Số hóa hồ sơ đất đai chậm"},
        clears="organization_id",
        keeps="text",
    ),
    Noun(
        name="directive",
        who="secretary",
        path="/v1/meetings/{meeting_id}/directives",
        one="/v1/directives/{directive_id}",
        body=lambda _: {"text": "Rà soát các việc chậm"},
        other={"text": "Rà soát xong trong tháng"},
        clears="title_snapshot",
        keeps="text",
    ),
    Noun(
        name="task_of_finding",
        who="secretary",
        path="/v1/findings/{finding_id}/quarterly-tasks",
        one="/v1/quarterly-tasks/{quarterly_task_id}",
        body=lambda _: {"quarter": "2025-Q4"},
        other={"title": "Nhiệm vụ khác"},
        is_patched=False,
        is_deleted=False,
        listed="/v1/quarterly-tasks",
    ),
    Noun(
        name="task_of_directive",
        who="secretary",
        path="/v1/directives/{directive_id}/quarterly-tasks",
        one="/v1/quarterly-tasks/{quarterly_task_id}",
        body=lambda _: {"quarter": "2025-Q4"},
        other={"title": "Nhiệm vụ khác"},
        is_patched=False,
        is_deleted=False,
        listed="/v1/quarterly-tasks",
    ),
    Noun(
        name="minutes",
        who="secretary",
        path="/v1/meetings/{meeting_id}/minutes",
        one="/v1/minutes/{minutes_id}",
        body=lambda _: {},
        other={"place": "Xã Mẫu"},
        clears="place",
        keeps="recipients",
        listed="/v1/minutes",
    ),
    Noun(
        name="conclusion_notice",
        who="secretary",
        path="/v1/meetings/{meeting_id}/conclusion-notice",
        one="/v1/conclusion-notices/{conclusion_notice_id}",
        body=lambda _: {},
        other={"place": "Xã Mẫu"},
        clears="place",
        keeps="recipients",
        listed="/v1/conclusion-notices",
    ),
    Noun(
        name="conclusion_notice_transition",
        who="secretary",
        path="/v1/conclusion-notices/{conclusion_notice_id}/transitions",
        one="/v1/conclusion-notice-transitions/{conclusion_notice_transition_id}",
        body=lambda _: {"transition": "submit"},
        other={"comment": "Khác"},
        is_patched=False,
        is_deleted=False,
    ),
    Noun(
        name="minutes_comment",
        who="secretary",
        path="/v1/minutes/{minutes_id}/comments",
        one="/v1/minutes-comments/{minutes_comment_id}",
        body=lambda _: {"text": "Rõ"},
        other={"text": "Khác"},
        is_patched=False,
        is_deleted=False,
    ),
    Noun(
        name="conclusion_notice_comment",
        who="secretary",
        path="/v1/conclusion-notices/{conclusion_notice_id}/comments",
        one="/v1/minutes-comments/{minutes_comment_id}",
        body=lambda _: {"text": "Rõ"},
        other={"text": "Khác"},
        is_patched=False,
        is_deleted=False,
    ),
    Noun(
        name="minutes_transition",
        who="secretary",
        path="/v1/minutes/{minutes_id}/transitions",
        one="/v1/minutes-transitions/{minutes_transition_id}",
        body=lambda _: {"transition": "submit"},
        other={"comment": "Khác"},
        is_patched=False,
        is_deleted=False,
    ),
    Noun(
        name="principal",
        who="administrator",
        path="/v1/principals",
        one="/v1/principals/{principal_id}",
        body=lambda town: {"name": "Phần mềm", "organization_id": town.bodies["office"]},
        other={"name": "Phần mềm khác"},
        keeps="name",
    ),
    Noun(
        name="grant",
        who="administrator",
        path="/v1/principals/{principal_id}/grants",
        one="/v1/grants/{grant_id}",
        body=lambda town: {"role": "reader", "organization_id": town.bodies["office"]},
        other={"role": "reporter"},
        is_patched=False,
    ),
    Noun(
        name="key",
        who="administrator",
        path="/v1/principals/{principal_id}/keys",
        one="/v1/keys/{key_id}",
        body=lambda _: {"label": "khóa"},
        other={"label": "khóa khác"},
        is_patched=False,
        is_deleted=False,
    ),
)
RESOURCES = [noun for noun in NOUNS if noun.is_patched]


def each(nouns: Sequence[Noun]) -> Callable[[Tried], Tried]:
    """Every one of them; what is the same for all, in the short form on one of the databases each, by turns."""
    tried = pytest.mark.parametrize("noun", nouns, ids=[one.name for one in nouns])
    return lambda test: pytest.mark.in_turn(tried(test))


every_noun = each(NOUNS)
every_patched = each(RESOURCES)
every_deleted = each([one for one in NOUNS if one.is_deleted])
a_few = pytest.mark.parametrize("noun", RESOURCES[1:7:2], ids=[one.name for one in RESOURCES[1:7:2]])


@pytest.fixture(scope="module")
def town(service: Service) -> Town:
    found = Town(service)
    found.everything()
    return found


@dataclass(frozen=True)
class Operation:
    """One method of one path, with ids that are there."""

    route: Route
    method: str
    url: str

    @property
    def takes_body(self) -> bool:
        """JSON: what takes a file is tried in tests.test_attachments."""
        return self.route.body_field is not None and not self.route.takes_file

    @property
    def said(self) -> dict[str, Any]:
        """A body of the right kind, for the request."""
        if self.route.takes_file:
            return {"files": {"file": ("a.pdf", files.PDF)}}
        return {"json": {}} if self.takes_body else {}

    @property
    def needs_if_match(self) -> bool:
        """What replaces or removes a state; a PUT without a body only states a fact."""
        return self.method in {"PATCH", "DELETE"} or (self.method == "PUT" and self.takes_body)

    def __str__(self) -> str:
        return f"{self.method} {self.route.path_format}"


@pytest.fixture(scope="module")
def operations(town: Town) -> list[Operation]:
    """A path with a name that no noun here makes fails: add the noun."""
    document = town.service.app.openapi()

    def url(path: str, method: str) -> str:
        return path.format(**town.ids) + required(document, path, method, town.ids)

    return [
        Operation(route, method, url(route.path_format, method))
        for route in town.service.app.router.routes
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
    ]


def a_share(operations: list[Operation], case: object, cases: Sequence[object]) -> list[Operation]:
    """All of them; but for a proof, of each case a quarter, of the next two cases (one a database) another one.

    So every operation is tried with a quarter of all cases, and on both databases.
    """
    return operations if PROOF else operations[cases.index(case) // len(DATABASES) % SHARES :: SHARES]


SHARES = 4


@pytest.fixture(scope="module")
def powerful(town: Town) -> httpx.Client:
    """Somebody who may do everything here, so that no rule is hidden behind another."""
    commune, province = UUID(town.bodies["commune"]), UUID(town.bodies["province"])
    grants: list[tuple[str, UUID, list[str] | None]] = [
        *((role, commune, None) for role in ("secretary", "approver", "reporter", "auditor", "reader")),
        ("admin", province, None),
    ]
    return town.service.client(a_key(town["administrator"], province, *grants)[1]["key"])


# -- what a problem looks like


def is_a_problem(answer: httpx.Response, status: int, code: str | None = None, tongue: str = "vi") -> Json:
    """RFC 9457, complete, in that language; answers the body."""
    assert answer.status_code == status, (answer.request.method, str(answer.request.url), answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == tongue
    assert answer.headers["x-content-type-options"] == "nosniff"
    told: Json = answer.json()
    kind = problems()[told["code"]]
    if code is not None:
        assert told["code"] == code
    assert (told["status"], kind.status) == (status, status)
    assert told["type"] == f"/problems/{told['code']}"
    assert told["title"] == getattr(kind.title, tongue)
    assert isinstance(told["detail"], str)
    assert told["detail"]
    assert told["instance"] == answer.request.url.raw_path.decode().partition("?")[0]
    assert told["request_id"] == answer.headers["x-request-id"]
    for fault in told.get("errors", []):
        place = {"pointer"} if "pointer" in fault else {"parameter", "in"}
        assert fault.keys() == {"code", "detail", *place}
        assert all(isinstance(value, str) for value in fault.values())
        assert fault["detail"]
    assert not re.search(r"Traceback|SELECT |INSERT |sqlite|psycopg|asyncpg", answer.text)
    return told


def _ways_to_be_refused(town: Town, powerful: httpx.Client) -> Iterator[tuple[int, str, Callable[..., Any]]]:
    """Status, code, and a request that takes headers and is refused so."""
    meeting, task = f"/v1/meetings/{town.ids['meeting_id']}", town.ids["quarterly_task_id"]
    anonymous, reader = town.service.client(), town["reader"]
    body, key = _meeting_body(town), {"idempotency-key": str(new_id())}
    made(powerful.post("/v1/meetings", json=body, headers=key))
    taken = made(powerful.post("/v1/meetings", json=body))["code"]

    def send(client: httpx.Client, method: str, url: str, **said: Any) -> Callable[..., httpx.Response]:
        own = said.pop("headers", {})
        return lambda headers: client.request(method, url, headers={**own, **headers}, **said)

    yield 400, "malformed-request", send(powerful, "GET", "/v1/meetings?titel=x")
    yield 400, "malformed-request", send(powerful, "GET", f"/v1/meetings/{NO_ID}")
    yield 400, "malformed-request", send(powerful, "POST", "/v1/meetings", content="{", headers=JSON_KIND)
    yield (
        400,
        "malformed-request",
        send(powerful, "POST", "/v1/meetings", json=body, headers={"idempotency-key": ""}),
    )
    yield 400, "invalid-cursor", send(powerful, "GET", "/v1/meetings?cursor=nonsense")
    yield 401, "unauthorized", send(anonymous, "GET", "/v1/meetings")
    yield 401, "unauthorized", send(anonymous, "GET", "/v1/meetings", headers={"x-api-key": "mm_x_y"})
    yield 403, "forbidden", send(reader, "POST", "/v1/meetings", json=body)
    yield 404, "not-found", send(powerful, "GET", f"/v1/meetings/{NOBODY}")
    yield 404, "not-found", send(anonymous, "GET", "/v1/nothing/here/á%20b")
    yield 404, "not-found", send(anonymous, "GET", "/v1/meetings/")
    yield 405, "method-not-allowed", send(anonymous, "DELETE", "/v1/meetings")
    yield 405, "method-not-allowed", send(anonymous, "TRACE", "/v1/meetings")
    yield 409, "code-taken", send(powerful, "POST", "/v1/meetings", json={**body, "code": taken})
    yield 409, "blocked", send(powerful, "DELETE", meeting, headers=ANY)
    yield (
        409,
        "invalid-transition",
        send(powerful, "POST", f"/v1/quarterly-tasks/{task}/transitions", json={"transition": "issue"}),
    )
    yield 412, "precondition-failed", send(powerful, "PATCH", meeting, json={}, headers={"if-match": '"99"'})
    yield (
        413,
        "content-too-large",
        send(powerful, "POST", "/v1/meetings", content=b" " * 1_048_577, headers=JSON_KIND),
    )
    yield 415, "unsupported-media-type", send(powerful, "POST", "/v1/meetings", content="x")
    yield 422, "validation-error", send(powerful, "POST", "/v1/meetings", json={})
    yield (
        422,
        "idempotency-key-reused",
        send(powerful, "POST", "/v1/meetings", json={**body, "title": "x"}, headers=key),
    )
    yield 428, "precondition-required", send(powerful, "PATCH", meeting, json={})


def test_every_problem_is_complete_and_in_the_language_that_is_preferred(
    town: Town, powerful: httpx.Client
) -> None:
    for status, code, ask in _ways_to_be_refused(town, powerful):
        is_a_problem(ask(headers={}), status, code)
        is_a_problem(ask(headers={"accept-language": "fr, en;q=0.8"}), status, code, "en")


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("preferred", "tongue"),
    [
        ("", "vi"),
        ("*", "vi"),
        ("fr", "vi"),
        ("en", "en"),
        ("EN-us", "en"),
        ("fr, en;q=0.8", "en"),
        ("vi, en", "vi"),
        ("en, vi", "en"),
        ("en;q=0.5, vi;q=0.6", "vi"),
        ("vi;q=0.1, en-GB;q=0.9", "en"),
        ("en;q=0", "vi"),
        ("en;q=x", "vi"),
        (";;,,q=", "vi"),
    ],
)
def test_the_language_is_chosen_between_the_two(town: Town, preferred: str, tongue: str) -> None:
    is_a_problem(town["reader"].get("/v1/nothing", headers={"accept-language": preferred}), 404, None, tongue)


def test_every_kind_of_problem_has_a_page_that_explains_it(town: Town) -> None:
    wrong = [code for code in problems() if town["reader"].get(f"/problems/{code}").status_code != 200]
    assert wrong == []


def test_a_failure_of_the_service_is_a_problem_without_a_word_of_sql(town: Town) -> None:
    """The journal is taken away for a moment, so that no write can be recorded."""
    meeting = a_meeting(town["secretary"], UUID(town.bodies["party"]))
    try:
        with town.service.engine.begin() as connection:
            connection.execute(text("ALTER TABLE events RENAME TO events_elsewhere"))
        url = f"/v1/meetings/{meeting['id']}"
        answer = town["secretary"].patch(url, json={"title": "x"}, headers=ANY)
        assert answer.status_code in {500, 503}
        is_a_problem(answer, answer.status_code)
        assert "events" not in answer.text
    finally:
        with town.service.engine.begin() as connection:
            connection.execute(text("ALTER TABLE events_elsewhere RENAME TO events"))
    assert shown(town["secretary"].get(url))["title"] == meeting["title"]


def test_no_answer_echoes_a_value_that_was_wrong(town: Town, powerful: httpx.Client) -> None:
    said = [
        powerful.get(f"/v1/meetings?sort={SECRET}&limit={SECRET}&status={SECRET}&cursor={SECRET}"),
        powerful.get("/v1/meetings", params={"held_on_gte": SECRET, "within": SECRET}),
        powerful.post("/v1/meetings", json={**_meeting_body(town), "kind": SECRET, "held_on": SECRET}),
        powerful.post("/v1/meetings", json={**_meeting_body(town), "host_organization_id": [SECRET]}),
        powerful.post("/v1/meetings", json=SECRET),
        powerful.post("/v1/meetings", content=f'{{"a": {SECRET}', headers=JSON_KIND),
        powerful.post("/v1/meetings", json={}, headers={"idempotency-key": SECRET * 20}),
        town.service.client(SECRET).get("/v1/meetings"),
    ]
    for answer in said:
        is_a_problem(answer, answer.status_code)
        assert SECRET not in answer.text


# -- who may come in, over all operations


@pytest.mark.in_turn
def test_every_operation_asks_who_is_calling(town: Town, operations: list[Operation]) -> None:
    anonymous = town.service.client()
    for one in operations:
        answer = anonymous.request(one.method, one.url, **one.said)
        is_a_problem(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"]


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "key",
    [
        "x",
        "mm__",
        "mm_0_0",
        f"mm_{'0' * 32}_{'0' * 64}",
        f"mm_{'z' * 32}_{'0' * 64}",
        "Bearer x",
        "٣" * 32,
        "mm_" + "a" * 5000,
    ],
)
def test_no_key_that_is_not_known_is_let_in(town: Town, key: str) -> None:
    headers = [(b"x-api-key", key.encode())]
    is_a_problem(town.service.client().get("/v1/meetings", headers=headers), 401, "unauthorized")


@pytest.mark.in_turn
def test_who_only_reads_may_write_nothing_anywhere(town: Town, operations: list[Operation]) -> None:
    for one in operations:
        if one.method != "GET":
            answer = town["reader"].request(one.method, one.url, **one.said, headers=ANY)
            is_a_problem(answer, 403, "forbidden")


@pytest.mark.in_turn
def test_what_is_not_there_is_a_404_for_every_path_with_an_id(
    powerful: httpx.Client, operations: list[Operation]
) -> None:
    tried = 0
    for one in operations:
        nowhere = re.sub(r"\{\w+_id\}|\{system\}", NOBODY, one.route.path_format)
        named, nowhere = nowhere != one.route.path_format, nowhere.replace("{quarter}", QUARTER)
        if named and not (one.takes_body and one.method != "PATCH"):
            answer = powerful.request(one.method, nowhere, **one.said, headers=ANY)
            is_a_problem(answer, 404, "not-found")
            tried += 1
    assert tried > 30


def test_what_cannot_stand_under_a_row_that_is_not_there_is_a_404(town: Town, powerful: httpx.Client) -> None:
    for noun in NOUNS:
        path = re.sub(r"\{\w+\}", NOBODY, noun.path)
        if path != noun.path:
            is_a_problem(powerful.post(path, json=noun.body(town)), 404, "not-found")
    is_a_problem(powerful.put(f"/v1/meetings/{NOBODY}/agenda", json={"items": []}, headers=ANY), 404)


MALFORMED = [NO_ID, "0", "null", "%20", "'", "1%00", "é", "0199a000-0000-7000-8000-00000000000g"]


@pytest.mark.in_turn
@pytest.mark.parametrize("wrong", MALFORMED)
def test_a_malformed_id_in_a_path_is_a_400_that_names_it(
    powerful: httpx.Client, operations: list[Operation], wrong: str
) -> None:
    for one in a_share(operations, wrong, MALFORMED):
        names = re.findall(r"\{(\w+)\}", one.route.path_format)
        if names and "external_id" not in names:  # which may be any text
            url = re.sub(r"\{\w+\}", wrong, one.route.path_format)
            url = "?".join([url, *one.url.split("?")[1:]])
            answer = powerful.request(one.method, url, **one.said, headers=ANY)
            told = is_a_problem(answer, 400, "malformed-request")
            named = {fault["parameter"] for fault in told["errors"] if fault.get("in") == "path"}
            assert named == set(names)


@pytest.mark.in_turn
def test_an_unknown_query_parameter_is_a_400_that_names_it_on_every_operation(
    powerful: httpx.Client, operations: list[Operation]
) -> None:
    """Reads and writes: `?dry_rum=true` on a write would store what was meant to be tried."""
    passed = []
    for one in operations:
        answer = powerful.request(
            one.method,
            f"{one.url}{'&' if '?' in one.url else '?'}titel=x",
            **one.said,
            headers={"if-match": '"0"'},
        )
        named = [f.get("parameter") for f in answer.json().get("errors", [])] if answer.is_error else []
        if answer.status_code != 400 or named != ["titel"]:
            passed.append((str(one), answer.status_code))
        else:
            is_a_problem(answer, 400, "malformed-request")
    assert passed == []


# -- methods: HEAD, OPTIONS, 405


@pytest.mark.in_turn
def test_head_is_get_without_a_body_on_every_path(
    powerful: httpx.Client, operations: list[Operation]
) -> None:
    varying = {"date", "x-request-id", "ratelimit"}
    for one in operations:
        if one.method == "GET":
            for headers in ({"accept-encoding": "identity"}, {"accept-encoding": "gzip"}):
                get, head = (powerful.request(way, one.url, headers=headers) for way in ("GET", "HEAD"))
                assert (get.status_code, head.status_code, head.content) == (200, 200, b""), str(one)
                assert {name: value for name, value in head.headers.items() if name not in varying} == {
                    name: value for name, value in get.headers.items() if name not in varying
                }, str(one)
    head = powerful.head(f"/v1/meetings/{NOBODY}")
    assert (head.status_code, head.content) == (404, b"")
    assert head.headers["content-type"] == "application/problem+json"


@pytest.mark.in_turn
def test_options_and_405_tell_all_methods_of_every_path(town: Town, operations: list[Operation]) -> None:
    anonymous = town.service.client()
    methods: dict[str, set[str]] = {}
    for one in operations:
        methods.setdefault(one.url, set()).add(one.method)
    for url, known in methods.items():
        allowed = known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())
        options = anonymous.options(url)
        assert (options.status_code, options.content) == (204, b"")
        assert set(options.headers["allow"].split(", ")) == allowed
        if "PATCH" in known:
            assert set(options.headers["accept-patch"].split(", ")) == {
                "application/json",
                "application/merge-patch+json",
            }
        else:
            assert "accept-patch" not in options.headers
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
            answer = anonymous.request(method, url)
            is_a_problem(answer, 405, "method-not-allowed")
            assert set(answer.headers["allow"].split(", ")) == allowed
    is_a_problem(anonymous.options("/v1/nothing"), 404, "not-found")


# -- headers of every answer


@pytest.mark.in_turn
@pytest.mark.parametrize("given", ["a", "abc-123_X.y:z", "0" * 100])
def test_a_request_id_that_is_well_formed_is_echoed(town: Town, given: str) -> None:
    for url in ("/v1/meetings", "/v1/nothing", "/healthz"):
        answer = town["reader"].get(url, headers={"x-request-id": given})
        assert answer.headers["x-request-id"] == given


A_KEY = f"mm_{'0' * 32}_{'f' * 64}"  # sent in the wrong header; it would be kept for good


@pytest.mark.in_turn
@pytest.mark.parametrize("given", [None, "", "a b", "0" * 101, "<script>", 'a"b', "Ã©", "a,b", A_KEY])
def test_any_other_request_id_is_made_anew(town: Town, given: str | None) -> None:
    headers = [(b"x-request-id", given.encode("latin-1"))] if given is not None else []
    first, second = (
        town["reader"].get("/v1/meetings", headers=headers).headers["x-request-id"] for _ in range(2)
    )
    assert first != second
    assert re.fullmatch(r"[A-Za-z0-9_.:-]{1,100}", first)


def test_the_request_id_of_a_write_is_in_the_journal(town: Town) -> None:
    given = f"req-{new_id().hex}"
    made(town.make(NOUNS[3], None, **{"x-request-id": given}))
    with town.service.engine.connect() as connection:
        found = connection.execute(text("SELECT name FROM events WHERE request_id = :id"), {"id": given})
        assert found.scalars().all() == ["meeting.created"]


RATE = re.compile(r'"principal";r=\d+;t=\d+')


@pytest.mark.in_turn
def test_an_answer_to_a_known_caller_tells_what_is_left(
    town: Town, powerful: httpx.Client, operations: list[Operation]
) -> None:
    answers = [powerful.get(one.url) for one in operations if one.method == "GET"]
    meeting = f"/v1/meetings/{town.ids['meeting_id']}"
    answers += [
        powerful.head(meeting),
        powerful.get(meeting, headers={"if-none-match": "*"}),
        powerful.get("/v1/meetings?titel=x"),
        powerful.get(f"/v1/meetings/{NOBODY}"),
        powerful.patch(meeting, json={}),
        powerful.post("/v1/meetings", content="{", headers=JSON_KIND),
        powerful.post("/v1/meetings", json={}),
        town["reader"].post("/v1/meetings", json={}),
        town.make(NOUNS[3]),
    ]
    for answer in answers:
        assert RATE.fullmatch(answer.headers["ratelimit"]), str(answer.request.url)
        assert re.match(r'"principal";q=\d+;w=60', answer.headers["ratelimit-policy"])


def test_every_answer_under_v1_tells_the_policy_and_what_is_left(town: Town) -> None:
    """api.md: `RateLimit-Policy` / `RateLimit` on every `/v1` answer, so also where nobody is known yet."""
    anonymous = town.service.client()
    answers = [
        anonymous.get("/v1/meetings"),
        anonymous.get("/v1/nothing"),
        anonymous.delete("/v1/meetings"),
        anonymous.options("/v1/meetings"),
    ]
    assert [one.headers["ratelimit-policy"] for one in answers]
    assert [one.status_code for one in answers if "ratelimit" not in one.headers] == []


@pytest.mark.in_turn
def test_every_answer_is_json_that_a_browser_does_not_guess_at_and_no_proxy_keeps(
    powerful: httpx.Client, operations: list[Operation]
) -> None:
    for one in operations:
        if one.method == "GET":
            answer = powerful.get(one.url)
            kind = "application/pdf" if one.url.endswith("/content") else "application/json"
            assert answer.headers["content-type"] == kind
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "private, no-cache"


# -- bodies: what cannot be read

UNREADABLE: dict[str, bytes] = {
    "broken": b'{"title": "x"',
    "no JSON": b"title=x",
    "two values": b"{} {}",
    "duplicate members": b'{"title": "x", "title": "y"}',
    "duplicate after unescaping": b'{"title": "x", "t\\u0069tle": "y"}',
    "duplicate deep inside": b'{"external_refs": [{"system": "x", "system": "y"}]}',
    "NaN": b'{"title": NaN}',
    "Infinity": b'{"title": -Infinity}',
    "1e999": b'{"title": 1e999}',
    "a huge whole number": b'{"title": ' + b"9" * 4000 + b"}",
    "nested 51 deep": b'{"title": ' + b"[" * 50 + b"]" * 50 + b"}",
    "nested 900 deep": b"[" * 900 + b"]" * 900,
    "nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "nested and never closed": b'{"a":' * 50_000,
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"title": "x"}'.encode("utf-16-le"),
    "UTF-32": '{"title": "x"}'.encode("utf-32"),
    "a byte order mark": b'\xef\xbb\xbf{"title": "x"}',
    "Latin-1": '{"title": "é"}'.encode("latin-1"),
    "a lone surrogate": b'{"title": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\udfff": 1}',
    "surrogates as bytes": b'{"title": "\xed\xa0\x80"}',
    "a raw line break": b'{"title": "a\nb"}',
    "a comment": b'{"title": "x"} // so',
    "a trailing comma": b'{"title": "x",}',
    "single quotes": b"{'title': 'x'}",
    "only spaces": b"  ",
    "a zero byte": b"\x00",
}


@pytest.mark.in_turn
@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE)
def test_json_that_cannot_be_read_is_a_400_on_every_operation_with_a_body(
    powerful: httpx.Client, operations: list[Operation], raw: bytes
) -> None:
    for one in a_share(operations, raw, [*UNREADABLE.values()]):
        if one.takes_body:
            answer = powerful.request(one.method, one.url, content=raw, headers={**JSON_KIND, **ANY})
            told = is_a_problem(answer, 400, "malformed-request")
            assert [fault["pointer"] for fault in told["errors"]] == ["#"]


WRONG: dict[str, bytes] = {
    "null": b"null",
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"1",
    "nested 50 deep": b'{"title": ' + b"[" * 49 + b"]" * 49 + b"}",
    "a zero character": b'{"title": "a\\u0000b"}',
    "a control character": b'{"title": "a\\u001bb"}',
    "a number of forty digits": b'{"title": ' + b"9" * 40 + b"}",
    "members with odd names": json.dumps({"": 1, "a/b~c": 1, "__proto__": {}, "é": 1}).encode(),
}


@pytest.mark.in_turn
@pytest.mark.parametrize("raw", WRONG.values(), ids=WRONG)
def test_json_that_can_be_read_and_is_wrong_is_a_422_on_every_operation_with_a_body(
    powerful: httpx.Client, operations: list[Operation], raw: bytes
) -> None:
    for one in a_share(operations, raw, [*WRONG.values()]):
        if one.takes_body:
            answer = powerful.request(one.method, one.url, content=raw, headers={**JSON_KIND, **ANY})
            is_a_problem(answer, 422, "validation-error")


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "body",
    [
        json.dumps({f"m{n}": n for n in range(20_000)}).encode(),
        b'{"title": [' + b"1," * 20_000 + b"1]}",
        json.dumps({"title": "x" * 1_000_000}).encode(),
        json.dumps({"external_refs": [{}] * 10_000}).encode(),
    ],
    ids=["many members", "a long list", "a long text", "many faults"],
)
def test_a_large_body_full_of_faults_is_told_a_hundred_of_them(powerful: httpx.Client, body: bytes) -> None:
    answer = powerful.post("/v1/meetings", content=body, headers=JSON_KIND)
    told = is_a_problem(answer, 422, "validation-error")
    assert 0 < len(told["errors"]) <= 100
    assert len(answer.content) < 100_000


@pytest.mark.in_turn
def test_a_body_that_is_missing_is_refused_in_words(
    powerful: httpx.Client, operations: list[Operation]
) -> None:
    for one in operations:
        if one.takes_body:
            answer = powerful.request(one.method, one.url, headers={**ANY, **JSON_KIND})
            assert answer.status_code in {400, 422}
            told = is_a_problem(answer, answer.status_code)
            assert [fault["pointer"] for fault in told["errors"]] == ["#"], str(one)


@pytest.mark.in_turn
def test_an_unknown_member_is_a_422_that_points_at_it_on_every_operation_with_a_body(
    powerful: httpx.Client, operations: list[Operation]
) -> None:
    for one in operations:
        if one.takes_body:
            answer = powerful.request(one.method, one.url, json={"tiêu/đề~": 1}, headers=ANY)
            pointers = [fault["pointer"] for fault in is_a_problem(answer, 422)["errors"]]
            assert "#/tiêu~1đề~0" in pointers, str(one)


def test_all_that_is_wrong_is_told_at_once_with_raw_pointers(town: Town, powerful: httpx.Client) -> None:
    body = {
        "host_organization_id": "x",
        "title": "",
        "kind": "party",
        "held_on": "4/9/2025",
        "starts_at": "2025-09-04T08:00:00",
        "review_period": "Q3",
        "agenda_items": [{"title": "a"}, {"duration_minutes": True, "titel": "b"}],
        "participations": [{"organization_id": town.bodies["front"], "headcount": "3"}],
        "external_refs": [{"system": "x"}],
        "extra": 1,
    }
    told = is_a_problem(powerful.post("/v1/meetings", json=body), 422, "validation-error")
    assert {fault["pointer"] for fault in told["errors"]} == {
        "#/host_organization_id",
        "#/title",
        "#/kind",
        "#/held_on",
        "#/starts_at",
        "#/review_period",
        "#/agenda_items/1/title",
        "#/agenda_items/1/duration_minutes",
        "#/agenda_items/1/titel",
        "#/participations/0/headcount",
        "#/external_refs/0/id",
        "#/extra",
    }
    told = is_a_problem(powerful.get("/v1/meetings?limit=0&sort=x&titel=y&status=z&held_on_gte=1"), 400)
    assert {fault["parameter"] for fault in told["errors"]} == {
        "limit",
        "sort",
        "titel",
        "status",
        "held_on_gte",
    }


def test_an_entry_that_lacks_two_things_is_told_both(town: Town, powerful: httpx.Client) -> None:
    """api.md: 422 … all errors at once."""
    url = f"/v1/quarterly-tasks/{town.ids['quarterly_task_id']}/entries"
    told = is_a_problem(powerful.post(url, json={"kind": "due_date_changed", "progress_percent": 3}), 422)
    assert {fault["pointer"] for fault in told["errors"]} == {"#/due_date", "#/text", "#/progress_percent"}


def test_a_meeting_whose_members_disagree_twice_is_told_both(town: Town, powerful: httpx.Client) -> None:
    body = {
        **_meeting_body(town),
        "starts_at": "2025-09-05T08:00:00+07:00",
        "review_period": "2025-Q3",
        "plan_period": "2026-Q1",
    }
    told = is_a_problem(powerful.post("/v1/meetings", json=body), 422)
    assert {fault["pointer"] for fault in told["errors"]} == {"#/starts_at", "#/plan_period"}


NO_JSON = [
    None,
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/jsonp",
    "application/vnd.api+json",
    "application/json; charset=utf-16",
    'application/json; charset="iso-8859-1"',
    "text/json",
]


@pytest.mark.in_turn
@pytest.mark.parametrize("kind", NO_JSON)
def test_a_body_that_is_not_said_to_be_json_is_a_415_on_every_operation(
    powerful: httpx.Client, operations: list[Operation], kind: str | None
) -> None:
    for one in a_share(operations, kind, NO_JSON):
        if one.takes_body:
            headers = {**ANY, **({"content-type": kind} if kind is not None else {})}
            answer = powerful.request(one.method, one.url, content=b'{"title": "x"}', headers=headers)
            is_a_problem(answer, 415, "unsupported-media-type")
            if one.method == "PATCH":
                assert set(answer.headers["accept-patch"].split(", ")) == {
                    "application/json",
                    "application/merge-patch+json",
                }
            if one.method == "POST":
                assert answer.headers["accept-post"] == "application/json"


def test_a_merge_patch_makes_nothing_new(town: Town, powerful: httpx.Client) -> None:
    answer = powerful.post("/v1/meetings", content=json.dumps(_meeting_body(town)), headers=MERGE_PATCH)
    is_a_problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_in_utf_8_is_read_however_it_is_said(town: Town, powerful: httpx.Client, kind: str) -> None:
    body = json.dumps(_meeting_body(town), ensure_ascii=False).encode()
    assert (
        made(powerful.post("/v1/meetings", content=body, headers={"content-type": kind}))["title"]
        == "Hội nghị"
    )


# -- bodies: too large


def test_a_body_over_the_limit_is_refused_before_it_is_sent(town: Town) -> None:
    """Its length alone is enough: not one byte of it follows."""
    told = raw(town, "POST", "/v1/meetings", {"content-length": "99999999999", **JSON_KIND}, [])
    assert told == (413, "content-too-large")


def test_a_body_over_the_limit_in_parts_is_refused_as_soon_as_it_is(town: Town) -> None:
    parts = [b" " * 65_536] * 16 + [b" "]
    told = raw(town, "POST", "/v1/meetings", {"transfer-encoding": "chunked", **JSON_KIND}, parts)
    assert told == (413, "content-too-large")


def test_a_body_of_just_the_limit_is_read(town: Town, powerful: httpx.Client) -> None:
    body = json.dumps(_meeting_body(town)).encode()
    made(powerful.post("/v1/meetings", content=body + b" " * (1_048_576 - len(body)), headers=JSON_KIND))


@pytest.mark.in_turn
@pytest.mark.parametrize("length", ["-1", "x", "1, 2"])
def test_a_length_that_is_none_is_no_failure_of_the_service(town: Town, length: str) -> None:
    status, *_ = raw(town, "POST", "/v1/meetings", {"content-length": length, **JSON_KIND}, [])
    assert status == 400


def raw(
    town: Town, method: str, url: str, headers: dict[str, str], parts: list[bytes]
) -> tuple[int, str | None]:
    """What is answered to a request that no client would send."""
    host = httpx.URL(town.service.url)
    connection = http.client.HTTPConnection(host.host, host.port, timeout=20)
    connection.putrequest(method, url)
    for name, value in {"x-api-key": town.service.town.keys["secretary"], **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    try:
        for part in parts:
            connection.send(b"%x\r\n%s\r\n" % (len(part), part))
        connection.send(b"0\r\n\r\n" if parts else b"")
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has answered already
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    is_told = answer.headers["content-type"] == "application/problem+json"
    return answer.status, json.loads(body)["code"] if is_told else None


# -- values: whole numbers, instants, days, texts


@pytest.mark.in_turn
@pytest.mark.parametrize("value", [True, "3", 3.5, "", [], {}, -1, 10**39, 1e30])
def test_a_whole_number_is_refused_in_any_other_form(
    town: Town, powerful: httpx.Client, value: object
) -> None:
    task, meeting = town.ids["quarterly_task_id"], town.ids["meeting_id"]
    for url, body, pointer in (
        (
            f"/v1/meetings/{meeting}/agenda-items",
            {"title": "a", "duration_minutes": value},
            "duration_minutes",
        ),
        (
            f"/v1/meetings/{meeting}/participations",
            {"organization_id": town.bodies["front"], "headcount": value},
            "headcount",
        ),
        (
            f"/v1/quarterly-tasks/{task}/entries",
            {"kind": "progress", "progress_percent": value},
            "progress_percent",
        ),
    ):
        told = is_a_problem(powerful.post(url, json=body), 422, "validation-error")
        assert [fault["pointer"] for fault in told["errors"]] == [f"#/{pointer}"]


@pytest.mark.in_turn
@pytest.mark.parametrize("value", [True, "3", "", [], 1e300, 10**39])
def test_an_amount_is_refused_in_any_other_form(town: Town, powerful: httpx.Client, value: object) -> None:
    body = {**_task_body(town), "measures": [{"name": "Hộ nghèo", "target": value}]}
    told = is_a_problem(powerful.post("/v1/quarterly-tasks", json=body), 422, "validation-error")
    assert [fault["pointer"] for fault in told["errors"]] == ["#/measures/0/target"]


@pytest.mark.in_turn
@pytest.mark.parametrize("value", [1, 0, "true", "yes", [], {}])
def test_a_truth_is_refused_in_any_other_form(town: Town, powerful: httpx.Client, value: object) -> None:
    body = {"organization_id": town.bodies["office"], "title": "T", "is_primary": value}
    answer = powerful.post(f"/v1/speakers/{town.ids['speaker_id']}/positions", json=body)
    assert [fault["pointer"] for fault in is_a_problem(answer, 422)["errors"]] == ["#/is_primary"]


INSTANTS = [
    "2025-09-04T08:00:00",
    "2025-09-04",
    "0.5",
    "0",
    0,
    1_756_944_000,
    1.5,
    True,
    "",
    "2025-09-04T08:00:00+7",
    "2025-09-04T08:00:00+07",
    "2025-02-30T08:00:00Z",
    "2025-09-04T24:30:00Z",
    "2025-09-04T08:60:00Z",
    "2025-09-04T08:00:00 Z",
    "20250904T080000Z",
    "2025-W36-4T08:00:00Z",
    "٢٠٢٥-09-04T08:00:00Z",
    "now",
]


@pytest.mark.in_turn
@pytest.mark.parametrize("value", INSTANTS)
def test_an_instant_without_its_offset_or_in_any_other_form_is_refused(
    town: Town, powerful: httpx.Client, value: object
) -> None:
    answer = powerful.post("/v1/meetings", json={**_meeting_body(town), "starts_at": value})
    assert [fault["pointer"] for fault in is_a_problem(answer, 422)["errors"]] == ["#/starts_at"]
    answer = powerful.get("/v1/meetings", params={"updated_at_gte": str(value)})
    assert [fault["parameter"] for fault in is_a_problem(answer, 400)["errors"]] == ["updated_at_gte"]


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ("2025-09-04T08:00:00.123999+07:00", "2025-09-04T01:00:00.123Z"),
        ("2025-09-04T08:00:00Z", "2025-09-04T08:00:00.000Z"),
        ("2025-09-04t08:00:00z", "2025-09-04T08:00:00.000Z"),
        ("2025-09-04T08:00+07:00", "2025-09-04T01:00:00.000Z"),
        ("2025-09-03T20:30:00-03:30", "2025-09-04T00:00:00.000Z"),
        ("2025-09-04T23:59:59.999999999+07:00", "2025-09-04T16:59:59.999Z"),
    ],
)
def test_an_instant_is_answered_in_utc_to_the_millisecond(
    town: Town, powerful: httpx.Client, given: str, answered: str
) -> None:
    row = made(powerful.post("/v1/meetings", json={**_meeting_body(town), "starts_at": given}))
    assert row["starts_at"] == answered
    for name in ("created_at", "updated_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row[name])


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "value",
    [
        0,
        20250904,
        True,
        "",
        "20250904",
        "2025-9-4",
        "2025-02-30",
        "2025-09-04T00:00:00Z",
        "4/9/2025",
        "٢٠٢٥-09-04",
    ],
)
def test_a_day_in_any_other_form_is_refused(town: Town, powerful: httpx.Client, value: object) -> None:
    answer = powerful.post("/v1/meetings", json={**_meeting_body(town), "held_on": value})
    assert [fault["pointer"] for fault in is_a_problem(answer, 422)["errors"]] == ["#/held_on"]
    answer = powerful.get("/v1/meetings", params={"held_on_gte": str(value)})
    assert [fault["parameter"] for fault in is_a_problem(answer, 400)["errors"]] == ["held_on_gte"]


@pytest.mark.parametrize(
    ("held_on", "starts_at"),
    [
        ("9999-12-31", "9999-12-31T23:00:00Z"),
        ("9999-12-31", "9999-12-31T23:59:59-12:00"),
        ("0001-01-01", "0001-01-01T00:00:00Z"),
        ("0001-01-01", "0001-01-01T00:00:00+14:00"),
        ("9999-12-31", "9999-12-31T17:00:00Z"),
    ],
)
def test_the_ends_of_the_calendar_are_no_failure_of_the_service(
    town: Town, powerful: httpx.Client, held_on: str, starts_at: str
) -> None:
    body = {**_meeting_body(town), "held_on": held_on, "starts_at": starts_at}
    assert powerful.post("/v1/meetings", json=body).status_code in {201, 422}
    for noun in ("meetings", "quarterly-tasks", "speakers"):
        assert powerful.get(f"/v1/{noun}", params={"updated_at_gte": starts_at}).status_code in {200, 400}
    for day in ("0001-01-01", "9999-12-31"):
        for asked in ("quarterly-tasks?as_of", "quarterly-tasks?due_date_lte", "speakers?as_of"):
            assert powerful.get(f"/v1/{asked}={day}").status_code == 200


@pytest.mark.parametrize("name", ["code", "q", "review_period", "cursor", "sort"])
def test_a_zero_character_in_a_query_is_no_failure_of_the_service(powerful: httpx.Client, name: str) -> None:
    for noun in ("meetings", "quarterly-tasks", "organizations"):
        assert powerful.get(f"/v1/{noun}?{name}=a%00b").status_code in {200, 400}


def test_texts_come_back_trimmed_and_in_one_form(town: Town, powerful: httpx.Client) -> None:
    decomposed = "  Ho\u0323\u0302i nghi\u0323\r\nu\u031by\u0309 \t"
    row = made(powerful.post("/v1/meetings", json={**_meeting_body(town), "title": decomposed}))
    assert row["title"] == "H\u1ed9i ngh\u1ecb\n\u01b0\u1ef7"
    row = made(
        powerful.post("/v1/meetings", json={**_meeting_body(town), "summary": 'a "b" \\ 👩🏽‍🌾 </script>'})
    )
    assert shown(powerful.get(f"/v1/meetings/{row['id']}"))["summary"] == 'a "b" \\ 👩🏽‍🌾 </script>'


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "text", ["", "   ", "a\u0000b", "a\u0007", "a\tb", "a\u007f", "a\u0085b", "\ufffe", "x" * 501]
)
def test_texts_that_say_nothing_or_hide_something_are_refused(
    town: Town, powerful: httpx.Client, text: str
) -> None:
    answer = powerful.post("/v1/meetings", json={**_meeting_body(town), "title": text})
    assert [fault["pointer"] for fault in is_a_problem(answer, 422)["errors"]] == ["#/title"]


def test_ids_are_version_7_in_lower_case_however_they_are_sent(town: Town, powerful: httpx.Client) -> None:
    body = {**_meeting_body(town), "host_organization_id": town.bodies["party"].upper()}
    row = made(powerful.post("/v1/meetings", json=body))
    assert row["host_organization_id"] == town.bodies["party"]
    assert (UUID(row["id"]).version, row["id"]) == (7, str(UUID(row["id"])))
    assert shown(powerful.get(f"/v1/meetings/{row['id'].upper()}"))["id"] == row["id"]


# -- making: 201, Location, ETag, the same bytes as the next GET


@every_noun
def test_what_is_made_is_answered_whole_with_its_place_and_tag(town: Town, noun: Noun) -> None:
    answer = town.make(noun, None, **{"accept-encoding": "identity"})
    row = made(answer)
    assert answer.headers["location"] == re.sub(r"\{\w+\}", row["id"], noun.one)
    read = town[noun.who].get(answer.headers["location"], headers={"accept-encoding": "identity"})
    assert read.status_code == 200
    if noun.name == "key":  # which is shown with its secret, this once
        secret = row.pop("key")
        assert re.fullmatch(r"mm_[0-9a-f]{32}_[0-9a-f]{64}", secret)
        assert secret not in read.text
        assert read.json() == row
    else:
        assert read.content == answer.content
    if noun.name.endswith(
        ("_transition", "_entry", "_comment")
    ):  # whose ETag is that of the thing that moved
        subject = town[noun.who].get(str(answer.request.url).rpartition("/")[0])
        assert version_of(answer) == version_of(subject) == str(subject.json()["version"])
    else:
        assert read.headers["etag"] == answer.headers["etag"]
        assert version_of(answer) == str(row["version"])
    assert answer.headers["content-type"] == "application/json"


@every_noun
def test_every_member_is_always_there_in_the_one_and_in_the_list(town: Town, noun: Noun) -> None:
    row = made(town.make(noun))
    row.pop("key", None)
    route = next(r for r in _routes(town) if r.path == noun.one and "GET" in (r.methods or ()))
    shows = route.response_model.model_fields
    assert [name for name in shows if shows[name].is_required()] == list(row)
    listed = next((one for one in _lists_of(town, noun) if one["id"] == row["id"]), None)
    assert listed is None or list(listed) == list(row)


def _routes(town: Town) -> list[Route]:
    return [route for route in town.service.app.router.routes if isinstance(route, Route)]


def _lists_of(town: Town, noun: Noun) -> list[Json]:
    answer = town[noun.who].get(town.listed(noun), params={"sort": "-created_at"})
    return list(shown(answer)["items"])


def version_of(answer: httpx.Response) -> str:
    """The part before the dash."""
    return answer.headers["etag"].removeprefix("W/").strip('"').partition("-")[0]


# -- changing: JSON Merge Patch


@every_patched
@pytest.mark.parametrize("kind", ["application/json", "application/merge-patch+json"])
def test_a_patch_changes_what_it_names_and_nothing_else(town: Town, noun: Noun, kind: str) -> None:
    url, client = town.make(noun).headers["location"], town[noun.who]
    before = client.get(url)
    headers = {"if-match": before.headers["etag"], "content-type": kind, "accept-encoding": "identity"}
    answer = client.patch(url, content=json.dumps(noun.other), headers=headers)
    after = shown(answer)
    changed = {name for name, value in after.items() if before.json()[name] != value}
    assert changed - {"updated_at"} == {"version", *noun.other}
    assert {name: after[name] for name in noun.other} == noun.other
    assert after["version"] == before.json()["version"] + 1
    read = client.get(url, headers={"accept-encoding": "identity"})
    assert (read.content, read.headers["etag"]) == (answer.content, answer.headers["etag"])


@every_patched
def test_a_patch_that_changes_nothing_makes_no_new_version(town: Town, noun: Noun) -> None:
    url, client = town.make(noun).headers["location"], town[noun.who]
    before = client.get(url)
    same = {name: before.json()[name] for name in noun.other}
    for body in ({}, same):
        answer = client.patch(url, json=body, headers={"if-match": before.headers["etag"]})
        assert shown(answer) == before.json()
        assert answer.headers["etag"] == before.headers["etag"]


@every_patched
def test_null_clears_what_may_be_null_and_is_refused_elsewhere(town: Town, noun: Noun) -> None:
    url, client = town.make(noun).headers["location"], town[noun.who]
    assert noun.keeps
    told = is_a_problem(client.patch(url, json={noun.keeps: None}, headers=ANY), 422, "validation-error")
    assert [fault["pointer"] for fault in told["errors"]] == [f"#/{noun.keeps}"]
    if noun.clears is None:
        return
    known = {"honorific": "mr", "started_on": "2025-01-01", "organization_id": town.bodies["front"]}
    value = known.get(noun.clears, "Có")
    assert shown(client.patch(url, json={noun.clears: value}, headers=ANY))[noun.clears] == value
    assert shown(client.patch(url, json={}, headers=ANY))[noun.clears] == value
    assert shown(client.patch(url, json={noun.clears: None}, headers=ANY))[noun.clears] is None


@every_patched
def test_members_that_a_model_may_not_clear_refuse_null_and_the_others_take_it(
    town: Town, noun: Noun
) -> None:
    """For each member of the PATCH model, as it is declared."""
    route = next(r for r in _routes(town) if r.path == noun.one and "PATCH" in (r.methods or ()))
    assert route.body_field is not None
    model: Any = route.body_field.field_info.annotation
    client = town[noun.who]
    for name, member in model.model_fields.items():
        url = town.make(noun).headers["location"]  # anew: of some members, one must stay
        answer = client.patch(url, json={name: None}, headers=ANY)
        if type(None) in _kinds(member.annotation):
            assert shown(answer)[name] is None, name
        else:
            told = is_a_problem(answer, 422, "validation-error")
            assert {fault["pointer"] for fault in told["errors"]} == {f"#/{name}"}


def _kinds(annotation: Any) -> set[Any]:
    parts = getattr(annotation, "__args__", ())
    return {annotation, *(kind for part in parts for kind in _kinds(part))} if parts else {annotation}


@every_patched
def test_a_patch_refuses_what_it_does_not_know_and_what_is_not_for_it(town: Town, noun: Noun) -> None:
    url, client = town.make(noun).headers["location"], town[noun.who]
    for name in ("titel", "id", "version", "created_at", "tenant_id", "status", "name_key", "folded"):
        if name == "status" and noun.name == "agenda_item":
            continue
        told = is_a_problem(client.patch(url, json={name: "x"}, headers=ANY), 422, "validation-error")
        assert {fault["pointer"] for fault in told["errors"]} == {f"#/{name}"}


@every_patched
def test_lists_are_replaced_whole(town: Town, noun: Noun) -> None:
    client = town[noun.who]
    first, second = ({"system": "cũ", "id": new_id().hex}, {"system": "mới", "id": new_id().hex})
    url = town.make(noun, {"external_refs": [first]}).headers["location"]
    assert shown(client.get(url))["external_refs"] == [first]
    assert shown(client.patch(url, json={"external_refs": [second]}, headers=ANY))["external_refs"] == [
        second
    ]
    taken = town.make(noun, {"external_refs": [second]})
    is_a_problem(taken, 409, "external-ref-taken")
    made(town.make(noun, {"external_refs": [first]}))
    assert shown(client.patch(url, json={"external_refs": []}, headers=ANY))["external_refs"] == []


# -- If-Match


@every_patched
def test_a_patch_needs_the_present_version(town: Town, noun: Noun) -> None:
    url, client = town.make(noun).headers["location"], town[noun.who]

    def change(if_match: str | None) -> httpx.Response:
        headers = {"if-match": if_match} if if_match is not None else {}
        return client.patch(url, json={}, headers=headers)

    needs_the_version(change, client.get(url))
    first = client.get(url).headers["etag"]
    shown(client.patch(url, json=noun.other, headers={"if-match": first}))
    stale = is_a_problem(change(first), 412, "precondition-failed")
    assert stale["current_version"] == 2
    assert version_of(change(first)) == "2"


@every_deleted
def test_a_deletion_needs_the_present_version(town: Town, noun: Noun) -> None:
    url, client = town.make(noun).headers["location"], town[noun.who]
    is_a_problem(client.delete(url), 428, "precondition-required")
    told = client.delete(url, headers={"if-match": '"99"'})
    assert is_a_problem(told, 412, "precondition-failed")["current_version"] == 1
    assert client.delete(url, headers={"if-match": f'W/"{version_of(told)}"'}).status_code == 204


def test_every_operation_that_replaces_or_removes_is_among_those_tried_here(
    operations: list[Operation],
) -> None:
    tried = {("PATCH", noun.one) for noun in NOUNS if noun.is_patched}
    tried |= {("DELETE", noun.one) for noun in NOUNS if noun.is_deleted}
    tried |= {(way, "/v1/attachments/{attachment_id}") for way in ("PATCH", "DELETE")}  # by its own tests
    tried |= {("PUT", "/v1/meetings/{meeting_id}/agenda")}
    tried |= {("PUT", "/v1/meetings/{meeting_id}/task-reviews")}  # by tests.test_reviews
    tried |= {("PUT", "/v1/briefings/{system}/{external_id}")}  # by tests.test_briefings
    assert {(one.method, one.route.path_format) for one in operations if one.needs_if_match} == tried


def needs_the_version(change: Callable[[str | None], httpx.Response], present: httpx.Response) -> None:
    """428, 412 with what to do about it, and every way to name the version that is there."""
    is_a_problem(change(None), 428, "precondition-required")
    for wrong in ('"99"', 'W/"99-x"', '""', "", "x", '"-1"', '"01"', "W/"):
        answer = change(wrong)
        told = is_a_problem(answer, 412, "precondition-failed")
        assert told["current_version"] == present.json()["version"]
        assert version_of(answer) == version_of(present)
    tag, version = present.headers["etag"], version_of(present)
    weak = tag if tag.startswith("W/") else f"W/{tag}"
    for right in ("*", tag, weak, f'"{version}"', f'"98", {weak}', f'"{version}" , "x"'):
        assert shown(change(right))["version"] == present.json()["version"]


def test_the_agenda_is_replaced_by_who_has_seen_it(town: Town) -> None:
    secretary = town["secretary"]
    meeting = a_meeting(secretary, UUID(town.bodies["party"]), agenda_items=[{"title": "a"}, {"title": "b"}])
    url = f"/v1/meetings/{meeting['id']}/agenda"
    present = secretary.get(url)
    order = {"items": [{"id": one["id"]} for one in present.json()["items"]]}

    def change(if_match: str | None) -> httpx.Response:
        return secretary.put(url, json=order, headers={"if-match": if_match} if if_match is not None else {})

    is_a_problem(change(None), 428, "precondition-required")
    for wrong in ('"99"', '""', "x", 'W/"1-0123456789abcdef"'):
        answer = change(wrong)
        is_a_problem(answer, 412, "precondition-failed")
        assert answer.headers["etag"] == present.headers["etag"]
    tag = present.headers["etag"]
    for right in ("*", tag, tag.removeprefix("W/"), f'"x", {tag}'):
        assert shown(change(right)) == present.json()
    order["items"].reverse()
    answer = change(tag)
    assert [one["title"] for one in shown(answer)["items"]] == ["b", "a"]
    read = secretary.get(url)
    assert (read.content, read.headers["etag"]) == (answer.content, answer.headers["etag"])
    assert read.headers["etag"] != tag
    is_a_problem(change(tag), 412, "precondition-failed")


def test_idempotent_facts_need_no_version(town: Town) -> None:
    administrator = town["administrator"]
    url = town.make(NOUNS[-1]).headers["location"]
    first = administrator.put(f"{url}/revocation")
    assert shown(first)["revoked_at"]
    again = administrator.put(f"{url}/revocation")
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])


@a_few
def test_of_eight_who_change_the_same_version_at_once_one_succeeds(town: Town, noun: Noun) -> None:
    url = town.make(noun).headers["location"]
    tag = town[noun.who].get(url).headers["etag"]
    callers = [town.service.as_(noun.who) for _ in range(8)]

    def change(client: httpx.Client) -> int:
        return client.patch(url, json=noun.other, headers={"if-match": tag}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(change, callers)) == [200] + [412] * 7
    assert shown(town[noun.who].get(url))["version"] == 2


# -- deleting


@every_deleted
def test_what_is_deleted_is_gone_and_its_going_is_among_the_changes(town: Town, noun: Noun) -> None:
    answer, client = town.make(noun), town[noun.who]
    row, url = made(answer), answer.headers["location"]
    since = shown(client.get("/v1/changes?cursor=latest"))["next_cursor"]
    gone = client.delete(url, headers={"if-match": answer.headers["etag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    for method in ("GET", "HEAD", "DELETE", "PATCH" if noun.is_patched else "GET"):
        assert (
            client.request(method, url, json=None if method != "PATCH" else {}, headers=ANY).status_code
            == 404
        )
    assert row["id"] not in {one["id"] for one in _lists_of(town, noun)}
    changes = shown(client.get("/v1/changes", params={"cursor": since, "wait": 5}))["items"]
    assert [(one["name"], one["subject_id"]) for one in changes if one["name"].endswith("deleted")] == [
        (f"{noun.name}.deleted", row["id"])
    ]


def _stood_on(town: Town) -> Iterator[tuple[str, str, str, str]]:
    """Who may delete it, the row, what stands on it, and the code of the blocker that says so."""
    secretary, administrator = town["secretary"], town["administrator"]
    party = UUID(town.bodies["party"])
    made_by = {noun.name: noun for noun in NOUNS}

    body = made(town.make(made_by["organization"]))
    below = made(town.make(made_by["organization"], {"parent_id": body["id"]}))
    yield "administrator", f"/v1/organizations/{body['id']}", below["id"], "used-by-organizations"
    body = made(town.make(made_by["organization"]))
    meeting = a_meeting(secretary, UUID(body["id"]))
    yield "administrator", f"/v1/organizations/{body['id']}", meeting["id"], "used-by-meetings"
    body = made(town.make(made_by["organization"]))
    task = a_task(secretary, UUID(body["id"]))
    yield "administrator", f"/v1/organizations/{body['id']}", task["id"], "used-by-quarterly-tasks"
    body = made(town.make(made_by["organization"]))
    task = a_task(secretary, party, UUID(body["id"]))
    yield "administrator", f"/v1/organizations/{body['id']}", task["id"], "used-by-quarterly-tasks"
    body = made(town.make(made_by["organization"]))
    person = made(town.make(made_by["speaker"], {"organization_id": body["id"]}))
    yield "administrator", f"/v1/organizations/{body['id']}", person["id"], "used-by-speakers"
    position = {"organization_id": town.bodies["office"], "title": "T"}
    held = made(secretary.post(f"/v1/speakers/{person['id']}/positions", json=position))
    yield "secretary", f"/v1/speakers/{person['id']}", held["id"], "used-by-positions"
    meeting = a_meeting(secretary, party, agenda_items=[{"title": "a"}])
    (item,) = shown(secretary.get(f"/v1/meetings/{meeting['id']}/agenda"))["items"]
    yield "secretary", f"/v1/meetings/{meeting['id']}", item["id"], "used-by-agenda-items"
    items = f"/v1/meetings/{meeting['id']}/agenda-items"
    part = made(secretary.post(items, json={"title": "b", "parent_id": item["id"]}))
    yield "secretary", f"/v1/agenda-items/{item['id']}", part["id"], "used-by-agenda-items"
    meeting = a_meeting(secretary, party)
    guest = {"organization_id": town.bodies["front"], "speaker_id": town.people["fronter"]}
    present = made(secretary.post(f"/v1/meetings/{meeting['id']}/participations", json=guest))
    yield "secretary", f"/v1/meetings/{meeting['id']}", present["id"], "used-by-participations"
    yield "secretary", f"/v1/speakers/{town.people['fronter']}", present["id"], "used-by-participations"
    meeting = a_meeting(secretary, party)
    task = a_task(secretary, party, set_at_meeting_id=meeting["id"])
    yield "secretary", f"/v1/meetings/{meeting['id']}", task["id"], "used-by-quarterly-tasks"
    meeting = a_meeting(secretary, party)
    moved = move(secretary, meeting, "schedule")
    yield "secretary", f"/v1/meetings/{meeting['id']}", moved["id"], "used-by-meeting-transitions"
    minutes = made(secretary.post(f"/v1/meetings/{meeting['id']}/minutes", json={}))
    yield "secretary", f"/v1/meetings/{meeting['id']}", minutes["id"], "used-by-minutes"
    task = a_task(secretary, party)
    part = a_task(secretary, party, parent_id=task["id"])
    yield "secretary", f"/v1/quarterly-tasks/{task['id']}", part["id"], "used-by-quarterly-tasks"
    yield from _said_on(town, made_by)
    key = made(town.make(made_by["key"]))
    yield "administrator", f"/v1/principals/{key['principal_id']}", key["id"], "used-by-keys"
    grant = made(town.make(made_by["grant"]))
    yield "administrator", f"/v1/principals/{grant['principal_id']}", grant["id"], "used-by-grants"
    del administrator


def _said_on(town: Town, made_by: Mapping[str, Noun]) -> Iterator[tuple[str, str, str, str]]:
    """The same for what was said, found and directed at a meeting."""
    secretary, party = town["secretary"], UUID(town.bodies["party"])
    meeting = a_meeting(secretary, party, agenda_items=[{"title": "a"}], plan_period="2025-Q4")
    path = f"/v1/meetings/{meeting['id']}"
    (item,) = shown(secretary.get(f"{path}/agenda"))["items"]
    body = made(town.make(made_by["organization"]))
    person = made(town.make(made_by["speaker"], {"organization_id": body["id"]}))
    who = {"speaker_id": person["id"], "organization_id": body["id"], "agenda_item_id": item["id"]}
    speech = made(secretary.post(f"{path}/speeches", json=who))
    yield "secretary", path, speech["id"], "used-by-speeches"
    yield "secretary", f"/v1/agenda-items/{item['id']}", speech["id"], "used-by-speeches"
    yield "secretary", f"/v1/speakers/{person['id']}", speech["id"], "used-by-speeches"
    yield "administrator", f"/v1/organizations/{body['id']}", speech["id"], "used-by-speeches"
    other = made(town.make(made_by["organization"]))
    about = {"speech_id": speech["id"], "agenda_item_id": item["id"], "text": "x"}
    finding = {**about, "kind": "limitation", "organization_id": other["id"]}
    found = made(secretary.post(f"{path}/findings", json=finding))
    yield "secretary", path, found["id"], "used-by-findings"
    yield "secretary", f"/v1/agenda-items/{item['id']}", found["id"], "used-by-findings"
    yield "secretary", f"/v1/speeches/{speech['id']}", found["id"], "used-by-findings"
    yield "administrator", f"/v1/organizations/{other['id']}", found["id"], "used-by-findings"
    cause = {"kind": "cause", "text": "x", "cause_of_id": found["id"]}
    why = made(secretary.post(f"{path}/findings", json=cause))
    yield "secretary", f"/v1/findings/{found['id']}", why["id"], "used-by-findings"
    directive = made(secretary.post(f"{path}/directives", json=about))
    yield "secretary", path, directive["id"], "used-by-directives"
    yield "secretary", f"/v1/agenda-items/{item['id']}", directive["id"], "used-by-directives"
    yield "secretary", f"/v1/speeches/{speech['id']}", directive["id"], "used-by-directives"
    yield "secretary", f"/v1/speakers/{person['id']}", directive["id"], "used-by-directives"
    answering = made(secretary.post(f"/v1/findings/{why['id']}/quarterly-tasks", json={}))
    yield "secretary", f"/v1/findings/{why['id']}", answering["id"], "used-by-quarterly-tasks"
    asked = made(secretary.post(f"/v1/directives/{directive['id']}/quarterly-tasks", json={}))
    yield "secretary", f"/v1/directives/{directive['id']}", asked["id"], "used-by-quarterly-tasks"
    yield "secretary", f"/v1/agenda-items/{item['id']}", asked["id"], "used-by-quarterly-tasks"


@pytest.mark.in_turn
def test_what_others_stand_on_is_not_deleted_and_the_blockers_say_what_does(town: Town) -> None:
    for who, url, _, code in _stood_on(town):
        told = is_a_problem(town[who].delete(url, headers=ANY), 409, "blocked")
        assert code in {one["code"] for one in told["blockers"]}, told
        for blocker in told["blockers"]:
            assert blocker.keys() == {"code", "detail", "pointer"}
        assert town[who].get(url).status_code == 200


@pytest.mark.in_turn
def test_the_pointer_of_a_blocker_leads_to_the_thing_to_mend(town: Town) -> None:
    """domain.md: `pointer` to the thing to mend. So a GET of it shows that thing."""
    astray = []
    for who, url, thing, code in _stood_on(town):
        told = is_a_problem(town[who].delete(url, headers=ANY), 409, "blocked")
        for blocker in told["blockers"]:
            answer = town[who].get(blocker["pointer"])
            if blocker["code"] == code and (answer.status_code != 200 or thing not in answer.text):
                astray.append((blocker["pointer"], answer.status_code))
    assert astray == []


# -- conditional reads

# The feed's cursor says what is new; a key's last use is bookkeeping, which no tag could follow.
UNTAGGED = {
    *("/v1/changes", "/v1/principals/{principal_id}/keys"),
    "/v1/organizations/{organization_id}/minutes-links",
}


def test_the_document_says_of_every_get_whether_it_has_a_tag(
    town: Town, powerful: httpx.Client, operations: list[Operation]
) -> None:
    paths = town.service.app.openapi()["paths"]
    wrong = []
    for one in operations:
        if one.method == "GET":
            said = paths[one.route.path_format]["get"]["responses"]
            has_tag = "etag" in powerful.get(one.url).headers
            if ("ETag" in said["200"]["headers"], "304" in said) != (has_tag, has_tag):
                wrong.append(one.route.path_format)
    assert wrong == []


def test_every_get_answers_304_to_who_has_it_already(
    powerful: httpx.Client, operations: list[Operation]
) -> None:
    at_rest(powerful)
    for one in operations:
        if one.method == "GET" and one.route.path_format not in UNTAGGED:
            first = powerful.get(one.url)
            tag = first.headers["etag"]
            assert re.fullmatch(r'(W/)?"[0-9a-z-]+"', tag)
            weak, strong = f"W/{tag.removeprefix('W/')}", tag.removeprefix("W/")
            for known in (tag, weak, strong, "*", f'"x", {tag}'):
                same = powerful.get(one.url, headers={"if-none-match": known})
                assert (same.status_code, same.content) == (304, b""), (str(one), known)
                assert same.headers["etag"].removeprefix("W/") == strong
                assert same.headers["cache-control"] == first.headers["cache-control"]
            assert powerful.head(one.url, headers={"if-none-match": tag}).status_code == 304
            assert powerful.get(one.url, headers={"if-none-match": '"x"'}).status_code == 200


@every_patched
def test_a_resource_is_sent_again_once_it_changed(town: Town, noun: Noun) -> None:
    url, client = town.make(noun).headers["location"], town[noun.who]
    tag = {"if-none-match": client.get(url).headers["etag"]}
    assert client.get(url, headers=tag).status_code == 304
    shown(client.patch(url, json=noun.other, headers=ANY))
    assert client.get(url, headers=tag).status_code == 200


@each(NOUNS[:-1])
def test_a_list_is_sent_again_once_something_is_made_in_it(town: Town, noun: Noun) -> None:
    client, url = town[noun.who], town.path(noun)
    listed = f"{noun.listed or url}?sort=-created_at"
    at_rest(client)
    tag = {"if-none-match": client.get(listed).headers["etag"]}
    assert client.get(listed, headers=tag).status_code == 304
    row = made(client.post(url, json=noun.body(town)))
    again = client.get(listed, headers=tag)
    assert row["id"] in {one["id"] for one in shown(again)["items"]}


def test_a_list_of_entries_is_sent_again_although_the_task_did_not_change(town: Town) -> None:
    """The same progress reported twice is two entries."""
    secretary, party = town["secretary"], UUID(town.bodies["party"])
    task = a_task(secretary, party, party)
    move(secretary, task, "issue")
    url = f"/v1/quarterly-tasks/{task['id']}/entries"
    for number in (2, 3):
        tag = {"if-none-match": secretary.get(url).headers["etag"]}
        made(secretary.post(url, json={"kind": "progress", "progress_percent": 40}))
        assert len(shown(secretary.get(url, headers=tag))["items"]) == number


def test_a_list_stays_what_it_was_while_only_others_see_a_change(town: Town) -> None:
    watched = [
        ("secretary", "/v1/meetings"),
        ("secretary", "/v1/quarterly-tasks?sort=code"),
        ("reporter", "/v1/meetings"),
    ]
    for who, _ in watched:
        at_rest(town[who])
    tags = [town[who].get(url).headers["etag"] for who, url in watched]
    neighbour = town["neighbour"]
    theirs = UUID(town.bodies["neighbour_party"])
    at_rest(neighbour)
    tags = [town[who].get(url).headers["etag"] for who, url in watched]
    meeting = a_meeting(neighbour, theirs)
    move(neighbour, meeting, "schedule")
    a_task(neighbour, theirs, theirs)
    stranger = {"full_name": "Ai đó", "organization_id": town.bodies["elsewhere"]}
    made(town["stranger"].post("/v1/speakers", json=stranger))
    for (who, url), tag in zip(watched, tags, strict=True):
        assert town[who].get(url, headers={"if-none-match": tag}).status_code == 304, url
    draft = a_meeting(
        town["secretary"],
        UUID(town.bodies["party"]),
        participations=[{"organization_id": town.bodies["front"]}],
    )
    statuses = [
        town[who].get(url, headers={"if-none-match": tag}).status_code
        for (who, url), tag in zip(watched, tags, strict=True)
    ]
    assert statuses == [200, 200, 304], "the Front does not see a draft"
    move(town["secretary"], draft, "schedule")
    assert town["reporter"].get("/v1/meetings", headers={"if-none-match": tags[2]}).status_code == 200


def test_two_callers_and_two_questions_have_different_tags(town: Town) -> None:
    tags = [
        town[who].get(url).headers["etag"]
        for who in ("secretary", "provincial", "neighbour")
        for url in ("/v1/speakers", "/v1/speakers?limit=10", "/v1/speakers?sort=-full_name", "/v1/meetings")
    ]
    assert len(set(tags)) == len(tags)


def test_what_shows_more_than_its_row_has_a_weak_tag_that_follows_what_it_shows(town: Town) -> None:
    secretary = town["secretary"]
    meeting = a_meeting(secretary, UUID(town.bodies["party"]))
    plain, url = f"/v1/meetings/{meeting['id']}", f"/v1/meetings/{meeting['id']}?include=agenda_items"
    assert secretary.get(plain).headers["etag"] == '"1"'
    tag = secretary.get(url).headers["etag"]
    assert re.fullmatch(r'W/"1-[0-9a-f]+"', tag)
    made(secretary.post(f"{plain}/agenda-items", json={"title": "a"}))
    assert secretary.get(url, headers={"if-none-match": tag}).status_code == 200
    assert secretary.get(plain, headers={"if-none-match": '"1"'}).status_code == 304
    assert shown(secretary.patch(plain, json={"title": "x"}, headers={"if-match": tag}))["version"] == 2
    person = f"/v1/speakers/{town.people['clerk']}"  # whose address not everybody is shown
    assert town["secretary"].get(person).headers["etag"] != town["provincial"].get(person).headers["etag"]


def at_rest(client: httpx.Client) -> None:
    """The first use of a key is noted beside the request; until it is, PostgreSQL has an open transaction."""
    for _ in range(3):
        shown(client.get("/v1/vocabularies"))
    previous = ""
    for _ in range(200):
        tag = client.get("/v1/organizations?limit=1").headers["etag"]
        if tag == previous:
            return
        previous = tag


# -- gzip


def test_long_answers_are_packed_and_then_their_tag_is_weak(town: Town) -> None:
    secretary = town["secretary"]
    meeting = a_meeting(secretary, UUID(town.bodies["party"]), summary="dài " * 1000)
    url = f"/v1/meetings/{meeting['id']}"
    plain = secretary.get(url, headers={"accept-encoding": "identity"})
    packed = secretary.get(url, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert packed.content == plain.content
    assert (plain.headers["etag"], packed.headers["etag"]) == ('"1"', 'W/"1"')
    assert "accept-encoding" in packed.headers["vary"].lower()
    same = secretary.get(url, headers={"if-none-match": packed.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    changed = secretary.patch(url, json={"title": "x"}, headers={"if-match": packed.headers["etag"]})
    assert shown(changed)["version"] == 2
    short = secretary.get(
        f"/v1/agenda-items/{town.ids['agenda_item_id']}", headers={"accept-encoding": "gzip"}
    )
    assert len(short.content) < 1024
    assert "content-encoding" not in short.headers


# -- Idempotency-Key


@every_noun
def test_a_replay_gives_the_same_answer_and_makes_nothing_more(town: Town, noun: Noun) -> None:
    path, body, key = town.path(noun), noun.body(town), {"idempotency-key": f"k {new_id().hex}"}
    client, listed = town[noun.who], noun.listed or path
    first = client.post(path, json=body, headers=key)
    row = made(first)
    number = len(_all(client, listed))
    again = client.post(
        path, content=json.dumps(body, indent=3, sort_keys=True), headers={**key, **JSON_KIND}
    )
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert "idempotency-replayed" not in first.headers
    for name in ("location", "etag", "content-type"):
        assert again.headers[name] == first.headers[name], name
    if noun.name == "key":  # its secret is not kept
        assert row["key"] not in again.text
        assert again.json() == {name: value for name, value in row.items() if name != "key"}
    else:
        assert again.content == first.content
    assert len(_all(client, listed)) == number
    other = client.post(path, json={**body, **noun.other}, headers=key)
    is_a_problem(other, 422, "idempotency-key-reused")
    assert len(_all(client, listed)) == number


def _all(client: httpx.Client, path: str) -> list[Json]:
    return every(client, path, sort="created_at")


def test_a_key_belongs_to_its_principal_and_its_path(town: Town) -> None:
    key, body = {"idempotency-key": new_id().hex}, _meeting_body(town)
    ours = made(town["secretary"].post("/v1/meetings", json=body, headers=key))
    theirs = {**body, "host_organization_id": town.bodies["neighbour_party"]}
    assert made(town["neighbour"].post("/v1/meetings", json=theirs, headers=key))["id"] != ours["id"]
    elsewhere = town["secretary"].post(
        f"/v1/meetings/{ours['id']}/agenda-items", json={"title": "a"}, headers=key
    )
    assert "idempotency-replayed" not in elsewhere.headers
    made(elsewhere)


def test_a_refusal_is_not_kept(town: Town) -> None:
    secretary, party = town["secretary"], UUID(town.bodies["party"])
    code = f"M {new_id().hex}"
    standing = a_meeting(secretary, party, code=code)
    key, body = {"idempotency-key": new_id().hex}, {**_meeting_body(town), "code": code}
    is_a_problem(secretary.post("/v1/meetings", json={**body, "title": ""}, headers=key), 422)
    is_a_problem(secretary.post("/v1/meetings", json=body, headers=key), 409, "code-taken")
    assert secretary.delete(f"/v1/meetings/{standing['id']}", headers=ANY).status_code == 204
    answer = secretary.post("/v1/meetings", json=body, headers=key)
    assert "idempotency-replayed" not in answer.headers
    assert made(answer)["code"] == code


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"a\tb", b"\x80", "đ".encode()])
def test_a_key_that_is_none_is_a_400_that_names_the_header(town: Town, key: bytes) -> None:
    client = town["secretary"]
    request = client.build_request("POST", "/v1/meetings", json=_meeting_body(town))
    request.headers.raw.append((b"idempotency-key", key))
    answer = client.send(
        httpx.Request(
            request.method,
            request.url,
            headers=[*request.headers.raw, (b"idempotency-key", key)],
            content=request.content,
        )
    )
    if answer.status_code == 201 and key not in {b"", b"x" * 256, b"a\tb"}:
        return  # other letters may serve
    told = is_a_problem(answer, 400, "malformed-request")
    assert [(fault["parameter"], fault["in"]) for fault in told["errors"]] == [("Idempotency-Key", "header")]


@pytest.mark.parametrize("noun", [NOUNS[3], NOUNS[4], NOUNS[7], NOUNS[-1]], ids=lambda one: one.name)
def test_of_five_duplicates_at_once_one_takes_effect(town: Town, noun: Noun) -> None:
    path, body = town.path(noun), noun.body(town)
    callers = [town.service.as_(noun.who) for _ in range(5)]
    key = {"idempotency-key": new_id().hex}
    number = len(_all(callers[0], path))

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda client: client.post(path, json=body, headers=key), callers))
    assert {answer.status_code for answer in answers} <= {201, 409}
    for answer in answers:
        if answer.status_code == 409:
            is_a_problem(answer, 409, "idempotency-in-progress")
            assert int(answer.headers["retry-after"]) > 0
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.json()["id"] for answer in done}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in done) == 1
    assert len(_all(callers[0], path)) == number + 1
    later = callers[0].post(path, json=body, headers=key)
    assert later.headers["idempotency-replayed"] == "true"
    assert later.json()["id"] == done[0].json()["id"]


# -- services with other settings


@contextmanager
def set_otherwise(town: Town, **settings: Any) -> Iterator[Service]:
    """Another service on the same database."""
    known = {**SETTINGS, "allow_weak_durability": True, "database_url": town.service.database_url}
    with running(Settings(**{**known, **settings})) as other:
        other.town = town.service.town
        yield other


def test_who_asks_too_often_is_told_to_wait(town: Town) -> None:
    with set_otherwise(town, requests_a_minute=3) as service:
        client, other = service.as_("reader"), service.as_("secretary")
        answers = [client.get("/v1/vocabularies") for _ in range(8)]
        refused = [one for one in answers if one.status_code == 429]
        assert len(refused) >= 2, "a minute may turn in between, once"
        for one in refused:
            is_a_problem(one, 429, "too-many-requests")
            assert 0 < int(one.headers["retry-after"]) <= 60
            assert re.match(r'"principal";r=0;t=\d+', one.headers["ratelimit"])
            assert one.headers["ratelimit-policy"].startswith('"principal";q=3;w=60')
        left = [int(re.findall(r"r=(\d+)", one.headers["ratelimit"])[0]) for one in answers[:2]]
        assert all(number <= 2 for number in left)
        assert other.get("/v1/vocabularies").status_code == 200, "each principal has its own"
        assert client.get("/healthz").status_code == 200


def test_an_address_that_is_refused_too_often_is_told_to_wait(town: Town) -> None:
    with set_otherwise(town, refusals_a_minute=3) as service:
        answers = [service.client("mm_x_y").get("/v1/meetings") for _ in range(8)]
        assert {one.status_code for one in answers} == {401, 429}
        assert answers[-1].headers["retry-after"]
        is_a_problem(next(one for one in answers if one.status_code == 429), 429, "too-many-requests")


def test_who_shows_a_good_key_is_served_whatever_others_of_its_address_do(town: Town) -> None:
    """A whole office calls from one address: one program with an old key must not shut the others out."""
    with set_otherwise(town, refusals_a_minute=3) as service:
        unknown, known = service.client(f"mm_{'0' * 32}_{'0' * 64}"), service.as_("reader")
        refused = [unknown.get("/v1/meetings").status_code for _ in range(8)]
        assert {*refused} == {401, 429}
        assert known.get("/v1/meetings").status_code == 200


def test_the_limit_of_a_body_is_a_setting(town: Town) -> None:
    with set_otherwise(town, body_bytes=2048) as service:
        client = service.as_("secretary")
        is_a_problem(client.post("/v1/meetings", content=b" " * 2049, headers=JSON_KIND), 413)
        chunks = (b" " * 100 for _ in range(30))
        is_a_problem(client.post("/v1/meetings", content=chunks, headers=JSON_KIND), 413, "content-too-large")
        made(client.post("/v1/meetings", json=_meeting_body(town)))


ORIGIN = "https://van-phong.example"
ASKS = {
    "origin": ORIGIN,
    "access-control-request-method": "PATCH",
    "access-control-request-headers": "x-api-key,if-match,content-type,idempotency-key",
}
EXPOSED = {
    "etag",
    "location",
    "link",
    "x-request-id",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "idempotency-replayed",
}


def test_no_other_origin_may_call_unless_it_is_configured(town: Town) -> None:
    answers = [
        town["reader"].get("/v1/meetings", headers={"origin": ORIGIN}),
        town["reader"].options("/v1/meetings", headers=ASKS),
        town["reader"].get("/v1/nothing", headers={"origin": ORIGIN}),
    ]
    assert [one.status_code for one in answers] == [200, 204, 404]
    assert [name for one in answers for name in one.headers if name.startswith("access-control")] == []


def test_a_configured_origin_may_call_and_read_the_headers_that_it_needs(town: Town) -> None:
    with set_otherwise(town, cors_origins=f"https://a.example, {ORIGIN}") as service:
        client = service.as_("secretary")
        for url in ("/v1/meetings", "/v1/nothing", f"/v1/meetings/{NOBODY}", "/v1/meetings?titel=x"):
            answer = client.get(url, headers={"origin": ORIGIN})
            assert answer.headers["access-control-allow-origin"] == ORIGIN
            assert "origin" in answer.headers["vary"].lower()
            exposed = answer.headers["access-control-expose-headers"].lower().replace(" ", "")
            assert set(exposed.split(",")) >= EXPOSED
        before = client.options("/v1/meetings", headers=ASKS)
        assert before.status_code in {200, 204}
        assert before.headers["access-control-allow-origin"] == ORIGIN
        assert "PATCH" in before.headers["access-control-allow-methods"]
        allowed = set(before.headers["access-control-allow-headers"].lower().replace(" ", "").split(","))
        assert "*" in allowed or allowed >= set(ASKS["access-control-request-headers"].split(","))
        for asked in ({"origin": "https://evil.example"}, {**ASKS, "origin": "https://evil.example"}):
            method = "OPTIONS" if len(asked) > 1 else "GET"
            answer = client.request(method, "/v1/meetings", headers=asked)
            assert "access-control-allow-origin" not in answer.headers
        assert client.options("/v1/meetings", headers={"origin": ORIGIN}).headers["allow"]
