import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import example_ids as ids
from app import openapi
from app.actor import SYSTEM
from app.attachments.storing import Store
from app.db import connect, today
from app.demo.loading import load
from app.events import Event
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.vocabulary import TaskStatus, Timeliness
from app.settings import Settings
from app.types import Json
from app.work import at_the_desk
from tests import files
from tests.conftest import PROOF, SETTINGS, Service, _database, running, serving_examples
from tests.town import build

# What succeeds only so many times on the same rows: a transition leaves its state, a grant is unique,
# and a principal has two live keys at most.
TIMES = {
    "create_next_meeting": 1,  # a meeting has one successor
    "create_meeting_transition": 1,
    "create_minutes": 1,  # a meeting has them once
    "create_minutes_transition": 1,
    "create_conclusion_notice": 1,
    "create_conclusion_notice_transition": 1,
    "create_quarterly_task_transition": 1,
    "create_grant": 1,
    "create_key": 2,
}
CUT_SHORT = {"get_minutes_version"}  # whole, what it records would fill pages
FORM = "multipart/form-data"
FILE = {"file": ("Bản chụp.pdf", files.PDF, "application/pdf")}
REMOVED = {"delete_attachment": 410}  # what is known of it stays
ROUNDS = 3
DAYS = ("2026-01-01", "2028-02-29")
ORDERS = ((3, "2031-05-14"),)
SHOWN_ON = "2026-11-24T02:00:00+00:00"  # when the answers in the documentation were given


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A caller with the demo's key, on data that nobody changes."""
    with serving_examples(request, tmp_path_factory.mktemp("data")) as service:
        yield service.client(service.key)


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """A service on data that the test may change."""
    with serving_examples(request, tmp_path) as service:
        yield service


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """A service on an empty database of its own."""
    url, drop = _database(request, tmp_path)
    with running(Settings(database_url=url, allow_weak_durability=True, **SETTINGS)) as service:
        yield service
    drop()


def _loaded(service: Service) -> str:
    key = load(service.app.state.store, work=at_the_desk(service.engine, SYSTEM))
    assert key is not None
    return key


def _on(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Let it be that moment."""
    then = datetime.fromisoformat(moment)

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one
            return then.astimezone(tz)

    monkeypatch.setattr("app.db.datetime", Stopped)


# -- loading


def test_a_second_load_changes_nothing(filled: Service) -> None:
    before = _events(filled.engine)
    assert load(filled.app.state.store, work=at_the_desk(filled.engine, SYSTEM)) is None
    assert _events(filled.engine) == before > 0


def test_nothing_is_loaded_beside_data_of_ones_own(fresh: Service) -> None:
    build(fresh.engine)
    before = _events(fresh.engine)
    assert load(fresh.app.state.store, work=at_the_desk(fresh.engine, SYSTEM)) is None
    assert _events(fresh.engine) == before


def _events(engine: Engine) -> int:
    with Session(engine) as db:
        return db.scalar(select(func.count()).select_from(Event)) or 0


def test_today_there_are_several_tasks_in_every_cell(demo: httpx.Client) -> None:
    for cell in Timeliness:
        found = demo.get("/v1/quarterly-tasks", params={"timeliness": cell, "include_total": True}).json()
        assert found["total"] >= 2, cell
    for status in TaskStatus:
        assert demo.get("/v1/quarterly-tasks", params={"status": status}).json()["items"], status


@pytest.mark.parametrize(
    "day", [*DAYS, "2026-03-31", "2026-10-02", "2027-12-31", "2028-05-14"] if PROOF else DAYS
)
def test_on_any_day_there_is_a_task_in_every_cell(
    day: str, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "minutes.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = connect(f"sqlite:///{path}", durable=False)
    _on(monkeypatch, f"{day}T09:00:00+07:00")
    assert str(today()) == day
    load(Store((tmp_path / "files").as_uri()), work=at_the_desk(engine, SYSTEM))
    with Session(engine) as db:
        tasks = db.scalars(select(QuarterlyTask)).all()
    engine.dispose()
    assert {task.timeliness_on(today()) for task in tasks} == {*Timeliness, None}
    assert {task.status for task in tasks} == set(TaskStatus)


def test_what_is_made_up_says_so(demo: httpx.Client) -> None:
    places = demo.get("/v1/organizations", params={"kind": "locality"}).json()["items"]
    assert Counter("(dữ liệu mẫu)" in place["name"] for place in places) == {True: 4, False: 1}


# -- the real conference


def test_one_request_shows_all_that_is_known_of_the_conference(demo: httpx.Client) -> None:
    beside = ("agenda_items", "participations", "speeches", "findings", "directives", "quarterly_tasks")
    meeting = demo.get(f"/v1/meetings/{ids.CONFERENCE}", params={"include": beside}).json()
    assert meeting["host_organization_id"] == ids.PHU_TRUNG_PARTY
    assert meeting["title"] == "Hội nghị giao ban Quý III/2025"
    assert meeting["kind"] == "quarterly_briefing"
    assert (meeting["review_period"], meeting["plan_period"]) == ("2025-Q3", "2025-Q4")
    assert meeting["held_on"] == "2025-09-04"
    assert (meeting["record"], meeting["status"]) == ("reported", "held")
    for body in ("cơ quan tham mưu, giúp việc", "Ủy ban MTTQ", "tổ chức chính trị - xã hội"):
        assert body.casefold() in meeting["audience"].casefold()

    official, front = meeting["participations"]
    assert (official["role"], official["attendance"]) == ("directing_official", "present")
    assert official["speaker_id"] == ids.TRAN_CONG_THANH
    assert official["organization_id"] == ids.PHU_TRUNG_PARTY
    assert official["title_snapshot"] == "Phó Bí thư Thường trực Đảng ủy xã"
    assert (front["organization_id"], front["attendance"]) == (ids.PHU_TRUNG_FRONT, "present")

    items = {item["kind"]: item for item in meeting["agenda_items"]}
    assert list(items) == ["review", "discussion", "plan", "directive", "closing"]
    assert {item["status"] for item in items.values()} == {"done"}
    _says(items["review"], "chính quyền địa phương hai cấp", "chương trình công tác năm", "nghị quyết")
    _says(items["review"], "kinh tế - xã hội", "an ninh, trật tự", "phong trào, cuộc vận động")
    _says(items["review"], "xây dựng Đảng", "đời sống nhân dân", "nông thôn mới")
    _says(items["discussion"], "tồn tại", "hạn chế", "khó khăn", "không liệt kê")
    _says(
        items["directive"], "trách nhiệm", "cơ sở", "thôn", "khu dân cư", "phối hợp", "thống nhất", "Ghi nhận"
    )
    assert items["directive"]["presenter_id"] == ids.TRAN_CONG_THANH
    _says(items["closing"], "nghiêm túc", "dân chủ", "trách nhiệm")

    _speaks(meeting, items)
    _finds(meeting["findings"], items)

    tasks = meeting["quarterly_tasks"]
    assert [task["field"] for task in tasks] == [None, "front_mass", "party_building", None]
    assert {(task["quarter"], task["kind"], task["status"]) for task in tasks} == {
        ("2025-Q4", "key", "draft")
    }
    assert {task["agenda_item_id"] for task in tasks} == {items["plan"]["id"]}
    assert {task["issuing_organization_id"] for task in tasks} == {ids.PHU_TRUNG_PARTY}
    for task, words in zip(
        tasks,
        (
            ("tuyên truyền", "vận động nhân dân", "Đảng", "pháp luật"),
            ("Mặt trận", "đoàn thể", "giám sát", "phản biện xã hội"),
            ("xây dựng Đảng", "hệ thống chính trị", "trong sạch, vững mạnh"),
            ("chỉ tiêu, nhiệm vụ năm 2025",),
        ),
        strict=True,
    ):
        assert [word for word in words if word not in task["title"]] == []


def _speaks(meeting: Json, items: Json) -> None:
    """The one speech that the report tells of, and the three things that it asked for."""
    (speech,) = meeting["speeches"]
    assert (speech["kind"], speech["speaker_id"]) == ("directive", ids.TRAN_CONG_THANH)
    assert speech["organization_id"] == ids.PHU_TRUNG_PARTY
    assert speech["title_snapshot"] == "Phó Bí thư Thường trực Đảng ủy xã"
    assert speech["agenda_item_id"] == items["directive"]["id"]
    directives = meeting["directives"]
    for directive, words in zip(
        directives,
        (("tinh thần trách nhiệm",), ("cơ sở", "thôn", "khu dân cư"), ("phối hợp", "thống nhất")),
        strict=True,
    ):
        assert [word for word in words if word not in directive["text"]] == []
        taken = {
            "speech_id": speech["id"],
            "issued_by_id": ids.TRAN_CONG_THANH,
            "title_snapshot": speech["title_snapshot"],
            "agenda_item_id": items["directive"]["id"],
        }
        assert {name: directive[name] for name in taken} == taken
    assert [one["position"] for one in directives] == [0, 1, 2]


def _finds(findings: list[Json], items: Json) -> None:
    """Five results. Limitations were discussed and are not listed: none is made up, nor a cause of one."""
    for finding, words in zip(
        findings,
        (
            ("khởi đầu", "chính quyền địa phương hai cấp"),
            ("chủ động", "chương trình công tác", "nghị quyết"),
            ("kinh tế - xã hội",),
            ("an ninh, trật tự",),
            ("Phong trào, cuộc vận động", "xây dựng Đảng", "đời sống", "nông thôn mới"),
        ),
        strict=True,
    ):
        assert [word for word in words if word not in finding["text"]] == []
    assert {(one["kind"], one["period"], one["agenda_item_id"]) for one in findings} == {
        ("result", "2025-Q3", items["review"]["id"])
    }


def test_what_the_report_does_not_say_is_empty(demo: httpx.Client) -> None:
    beside = ("agenda_items", "participations", "speeches", "findings", "directives", "quarterly_tasks")
    meeting = demo.get(f"/v1/meetings/{ids.CONFERENCE}", params={"include": beside}).json()
    for unknown in (
        "starts_at",
        "ends_at",
        "location",
        "online_url",
        "data_cutoff_on",
        "previous_meeting_id",
    ):
        assert meeting[unknown] is None, unknown
    assert {one["role"] for one in meeting["participations"]} == {"directing_official", "delegate"}
    (speech,) = meeting["speeches"]
    for unknown in ("full_text", "started_at", "ended_at", "attribution_text"):
        assert speech[unknown] is None, unknown
    for finding in meeting["findings"]:
        for unknown in ("organization_id", "speech_id", "cause_of_id", "response_status", "response_text"):
            assert finding[unknown] is None, unknown
    for task in meeting["quarterly_tasks"]:
        assert (task["directive_id"], task["answers_finding_id"]) == (None, None)
        assert task["assignments"] == []
        assert [task[name] for name in ("due_date", "issued_by_id", "expected_result")] == [None] * 3
    (moved,) = demo.get(f"/v1/meetings/{ids.CONFERENCE}/transitions").json()["items"]
    assert [one["code"] for one in moved["warnings"]] == ["chair-missing", "secretary-missing"]
    speaker = demo.get(f"/v1/speakers/{ids.TRAN_CONG_THANH}", params={"include": "positions"}).json()
    (position,) = speaker["positions"]
    assert [position["started_on"], position["ended_on"], speaker["honorific"]] == [None] * 3
    root = demo.get(f"/v1/organizations/{ids.PHU_TRUNG}").json()
    assert (root["parent_id"], root["level"]) == (None, "commune")


def _says(item: Json, *words: str) -> None:
    assert [word for word in words if word not in item["minutes_text"]] == []


def test_the_made_up_briefing_shows_each_kind_of_what_is_said(demo: httpx.Client) -> None:
    beside = ("speeches", "findings", "directives")
    briefing = demo.get(f"/v1/meetings/{ids.BRIEFING}", params={"include": beside}).json()
    for noun in beside:
        assert [one["position"] for one in briefing[noun]] == list(range(len(briefing[noun]))), noun
    assert any(one["speaker_id"] is None and one["attribution_text"] for one in briefing["speeches"])
    (cause,) = [one for one in briefing["findings"] if one["kind"] == "cause"]
    (limitation,) = [one for one in briefing["findings"] if one["kind"] == "limitation"]
    assert cause["cause_of_id"] == limitation["id"]
    asked = {one["response_status"] for one in briefing["findings"] if one["kind"] == "recommendation"}
    assert asked == {"open", "referred"}
    given = {one["id"]: one for one in briefing["speeches"]}
    said = [one for one in briefing["directives"] if one["speech_id"]]
    assert {one["issued_by_id"] for one in said} == {given[one["speech_id"]]["speaker_id"] for one in said}


# -- the documentation, tried out


@dataclass
class Try:
    """One operation, as Swagger UI sends it untouched."""

    name: str
    method: str
    path: str
    query: Json
    headers: dict[str, str]
    body: Any
    expected: int
    at_first: int = 0  # what is put there the first time is made

    @property
    def takes_file(self) -> bool:
        """Whether the visitor chooses one."""
        return self.headers.get("content-type") == FORM

    def send(self, client: httpx.Client) -> httpx.Response:
        sent: dict[str, Any] = {"json": self.body} if self.body is not None else {}
        headers = dict(self.headers)
        if self.takes_file:
            del headers["content-type"]  # the client writes it, with the boundary
            sent = {"data": self.body, "files": FILE}
        return client.request(self.method, self.path, params=self.query, headers=headers, **sent)


def tries(document: Json) -> Iterator[Try]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            filled: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
            for parameter in operation["parameters"]:
                known = _resolved(document, parameter)
                value = _prefilled(known)
                if value is not None:
                    filled[known["in"]][known["name"]] = value
            kind, body = _body(operation)
            yield Try(
                operation["operationId"],
                method.upper(),
                path.format(**filled["path"]),
                filled["query"],
                {**filled["header"], **({"content-type": kind} if kind else {})},
                body,
                *(int(status) for status in operation["responses"] if status.startswith("2")),
            )


def _prefilled(parameter: Json) -> Any:
    return parameter.get("example", parameter["schema"].get("default"))


def _body(operation: Json) -> tuple[str | None, Any]:
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        return kind, content["example"]
    return None, None


def _resolved(document: Json, one: Json) -> Json:
    found: Any = one
    for name in one.get("$ref", "").removeprefix("#/").split("/") if "$ref" in one else ():
        found = (document if found is one else found)[name]
    return dict(found)


@pytest.mark.in_turn
def test_every_operation_succeeds_as_it_is_shown_again_and_again(filled: Service) -> None:
    client, document = filled.client(filled.key), filled.app.openapi()
    failed = []
    for round_ in range(ROUNDS):
        for each in tries(document):
            if each.method != "DELETE" and round_ < TIMES.get(each.name, ROUNDS):
                failed += _failure(each, round_, each.send(client))
    failed += [
        one
        for each in tries(document)
        if each.method == "DELETE"
        for one in _failure(each, 0, each.send(client))
    ]
    for each in tries(document):
        if each.method in {"GET", "PATCH", "PUT"}:
            failed += _failure(each, ROUNDS, each.send(client))
    assert failed == []


@contextmanager
def loading(request: pytest.FixtureRequest, folder: Path) -> Iterator[Service]:
    """Another, where the kind of database is of no matter but the day of loading is."""
    path = folder / "minutes.db"
    path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
    with running(Settings(database_url=f"sqlite:///{path}", allow_weak_durability=True, **SETTINGS)) as made:
        made.key = _loaded(made)
        yield made


@pytest.mark.parametrize(("seed", "day"), [*ORDERS, (1, None), (2, "2026-01-01")] if PROOF else ORDERS)
def test_operations_succeed_in_whatever_order_they_are_tried_and_on_whatever_day(
    seed: int,
    day: str | None,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if day:
        _on(monkeypatch, f"{day}T09:00:00+07:00")
    with loading(request, tmp_path) if day else serving_examples(request, tmp_path, "sqlite") as service:
        client, every = service.client(service.key), list(tries(service.app.openapi()))
        random.Random(seed).shuffle(every)
        assert [one for each in every for one in _failure(each, 0, each.send(client))] == []


def test_what_succeeds_only_so_often_says_so_and_is_refused_then(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with serving_examples(request, tmp_path, "sqlite") as service:
        _is_refused_in_the_end(service.client(service.key), service.app.openapi())


def _is_refused_in_the_end(client: httpx.Client, document: Json) -> None:
    told = {
        one["operationId"]: one["description"]
        for methods in document["paths"].values()
        for one in methods.values()
    }
    for each in tries(document):
        if each.name in TIMES:
            answers = [each.send(client).status_code for _ in range(TIMES[each.name] + 1)]
            assert answers == [*[each.expected] * TIMES[each.name], 409], each.name
            assert re.search(r"\bexample\b", told[each.name]), each.name
        elif each.method == "DELETE":
            assert [each.send(client).status_code for _ in range(2)] == [204, REMOVED.get(each.name, 404)], (
                each.name
            )


def test_the_three_calls_to_begin_with_show_something(demo: httpx.Client) -> None:
    calls = re.findall(
        r'"http://localhost:8000(/v1/\S+)"', demo.get("/openapi.json").json()["info"]["description"]
    )
    meetings, tasks, changes = (demo.get(call.replace("wait=30", "wait=0")) for call in calls)
    assert len(meetings.json()["items"]) == 5
    assert [task["set_at_meeting_id"] for task in tasks.json()["items"]] == [ids.CONFERENCE] * 4
    assert changes.json()["items"] == []


def _failure(each: Try, round_: int, answer: httpx.Response) -> list[str]:
    if answer.status_code in {each.expected, each.at_first}:
        return []
    return [f"{each.name} ({round_ + 1}): {each.method} {each.path} {answer.status_code} {answer.text}"]


def test_answers_are_shown_as_fresh_data_give_them(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    _on(monkeypatch, SHOWN_ON)
    client = fresh.client(_loaded(fresh))
    operations = {one.route.name: one for one in openapi.operations_of(fresh.app)}
    seen = 0
    for each in tries(fresh.app.openapi()):
        shown = openapi.example_of(operations[each.name].route.response_model).get("example")
        named = shown and each.path.endswith((shown.get("id", " "), "/closing"))
        if each.method == "GET" and named and each.name not in CUT_SHORT:
            assert each.send(client).json() == shown, each.name
            seen += 1
    assert seen >= len(ids.Noun) - len(CUT_SHORT)
