"""The loop: a briefing reviews each task of its quarter, sends on what is not done, and closes with none forgotten."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app import checking
from app.db import new_id
from tests.conftest import PROOF, Service
from tests.town import ANY, Json, a_key, a_meeting, a_task, every, made, move, shown

pytestmark = pytest.mark.in_turn

PERIODS = {"review_period": "2025-Q4", "plan_period": "2026-Q1", "record": "reported"}
STATES = ("assigned", "in_progress", "submitted", "completed")


@dataclass
class Hall:
    """A briefing that reviews the fourth quarter of 2025, and who works at it."""

    service: Service
    secretary: httpx.Client
    approver: httpx.Client
    meeting: Json

    @property
    def path(self) -> str:
        return f"/v1/meetings/{self.meeting['id']}"

    @property
    def body(self) -> dict[str, Any]:
        return {name: str(one) for name, one in self.service.town.bodies.items()}

    def task(self, state: str = "in_progress", **more: Any) -> Json:
        """One that the host issued, led by the Front, in this state."""
        task = a_task(self.secretary, self.body["party"], self.body["front"], **more)
        for transition in ("issue", "start", "report_completion", "confirm")[: STATES.index(state) + 1]:
            move(self.approver if transition == "confirm" else self.secretary, task, transition)
        return shown(self.secretary.get(f"/v1/quarterly-tasks/{task['id']}"))

    def sheet(self) -> dict[str, Json]:
        items = shown(self.secretary.get(f"{self.path}/review-sheet"))["items"]
        return {one["task"]["id"]: one for one in items}

    def review(self, *rows: Json, **headers: str) -> httpx.Response:
        return self.secretary.put(
            f"{self.path}/task-reviews", json={"items": list(rows)}, headers=headers or ANY
        )

    def checks(self) -> list[str]:
        return [one["code"] for one in shown(self.secretary.get(f"{self.path}/closing-checks"))["blockers"]]

    def now(self, task: Json) -> Json:
        return shown(self.secretary.get(f"/v1/quarterly-tasks/{task['id']}"))

    def events(self) -> int:
        with self.service.engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM events")).scalar_one())

    def entries(self, task: Json) -> list[str]:
        return [one["kind"] for one in every(self.secretary, f"/v1/quarterly-tasks/{task['id']}/entries")]


@pytest.fixture(scope="module")
def in_balance(service: Service) -> Iterator[None]:
    yield
    assert list(checking.faults(service.engine)) == []


@pytest.fixture
def hall(service: Service, in_balance: None) -> Iterator[Hall]:
    """Each test empties the quarter for the next."""
    secretary, approver = service.as_("secretary"), service.as_("approver")
    party = service.town.bodies["party"]
    meeting = a_meeting(secretary, party, held_on="2025-12-26", **PERIODS)
    move(secretary, meeting, "hold", effective_on="2025-12-26")
    made_here = Hall(service, secretary, approver, meeting)
    yield made_here
    for one in every(secretary, "/v1/quarterly-tasks", issuing_organization_id=str(party)):
        if "cancel" in one["allowed_transitions"]:
            move(secretary, one, "cancel", comment="Hết phép thử")
        if one["status"] == "completed":
            move(secretary, one, "reopen")
            move(secretary, one, "cancel", comment="Hết phép thử")
    if PROOF:
        assert list(checking.faults(service.engine)) == []


def row(task: Json, disposition: str = "continue", **more: Any) -> Json:
    return {"task_id": task["id"], "rating": "partially_completed", "disposition": disposition, **more}


def faults(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


# -- the sheet


def test_the_sheet_names_what_the_host_issued_for_the_quarter_and_nothing_of_others(hall: Hall) -> None:
    ours = [hall.task(state) for state in STATES]
    draft = a_task(hall.secretary, hall.body["party"])
    other_quarter = hall.task(quarter="2026-Q1")
    below = a_task(hall.secretary, hall.body["office"], hall.body["office"])
    move(hall.secretary, below, "issue")
    cancelled = hall.task()
    move(hall.secretary, cancelled, "cancel", comment="Thôi")
    assert set(hall.sheet()) == {one["id"] for one in ours}
    assert not {draft["id"], other_quarter["id"], below["id"], cancelled["id"]} & set(hall.sheet())


def test_the_sheet_shows_the_task_as_it_is_everywhere_with_its_last_progress(hall: Hall) -> None:
    task = hall.task()
    for percent in (20, 45):
        said = {"kind": "progress", "progress_percent": percent, "text": f"{percent} phần trăm"}
        made(hall.secretary.post(f"/v1/quarterly-tasks/{task['id']}/entries", json=said))
    found = hall.sheet()[task["id"]]
    assert found["task"] == hall.now(task)
    assert found["last_progress"]["progress_percent"] == 45
    assert found["review"] is None


def test_a_task_set_at_a_meeting_of_the_line_is_reviewed_whoever_issued_it(hall: Hall) -> None:
    first = a_meeting(
        hall.secretary,
        hall.body["party"],
        held_on="2025-09-25",
        review_period="2025-Q3",
        plan_period="2025-Q4",
    )
    middle = a_meeting(
        hall.secretary, hall.body["party"], held_on="2025-10-20", previous_meeting_id=first["id"]
    )
    hall.secretary.patch(hall.path, json={"previous_meeting_id": middle["id"]}, headers=ANY)
    task = a_task(hall.secretary, hall.body["committee"], hall.body["party"], set_at_meeting_id=first["id"])
    move(hall.secretary, task, "issue")
    assert task["id"] in hall.sheet()
    move(hall.secretary, task, "cancel", comment="Thôi")


def test_a_meeting_that_reviews_no_period_has_an_empty_sheet(hall: Hall) -> None:
    hall.task()
    plain = a_meeting(hall.secretary, hall.body["party"], kind="thematic")
    assert shown(hall.secretary.get(f"/v1/meetings/{plain['id']}/review-sheet")) == {"items": []}


# -- reviewing


def test_reviews_are_put_all_at_once_and_shown_on_the_sheet_and_at_the_task(hall: Hall) -> None:
    tasks = [hall.task(), hall.task("completed")]
    rows = [row(tasks[0], assessed_progress=60, comment="Đúng tiến độ"), row(tasks[1], "close")]
    answer = shown(hall.review(*rows))
    assert {one["task_id"] for one in answer["items"]} == {one["id"] for one in tasks}
    assert hall.sheet()[tasks[0]["id"]]["review"]["comment"] == "Đúng tiến độ"
    (listed,) = every(hall.secretary, f"/v1/quarterly-tasks/{tasks[0]['id']}/reviews")
    assert shown(hall.secretary.get(f"/v1/task-reviews/{listed['id']}")) == listed
    again = shown(hall.review(*rows))
    assert [one["version"] for one in again["items"]] == [1, 1]


def test_what_is_wrong_with_any_row_is_told_at_that_row_and_nothing_is_done(hall: Hall) -> None:
    good, done, submitted = hall.task(), hall.task("completed"), hall.task("submitted")
    stranger = a_task(hall.secretary, hall.body["committee"])
    rows = [
        row(good, "extend", due_date="2026-02-01", comment="Chờ vốn"),
        row(good),
        row(stranger),
        row(done, "cancel", comment="Thôi"),
        row(hall.task(), "close"),
        row(submitted, "close"),
    ]
    assert faults(hall.review(*rows)) == {
        "#/items/1/task_id": "twice",
        "#/items/2/task_id": "not_on_the_sheet",
        "#/items/3/disposition": "conflict",
        "#/items/4/disposition": "forbidden",
        "#/items/5/disposition": "forbidden",
    }
    assert hall.now(good)["due_date"] is None
    assert shown(hall.secretary.get(f"{hall.path}/task-reviews")) == {"items": []}


@pytest.mark.parametrize(
    ("disposition", "more", "pointer", "code"),
    [
        ("extend", {"comment": "Chờ"}, "due_date", "missing"),
        ("extend", {"due_date": "2026-02-01"}, "comment", "missing"),
        ("reassign", {"comment": "Chờ"}, "lead_organization_id", "missing"),
        ("cancel", {}, "comment", "missing"),
        ("continue", {"due_date": "2026-02-01"}, "due_date", "extra_forbidden"),
    ],
)
def test_each_disposition_says_what_it_needs_and_no_more(
    hall: Hall, disposition: str, more: Json, pointer: str, code: str
) -> None:
    wrong = row(hall.task(), disposition, **more)
    found = faults(hall.review(row(hall.task()), wrong, {**wrong, "rating": "so-so"}, wrong))
    expected = {f"#/items/{n}/{pointer}": code for n in (1, 3)}
    assert found == {**expected, "#/items/2/rating": "enum"}


def test_what_a_review_decides_is_done_once_on_the_day_of_the_meeting(hall: Hall) -> None:
    extended, given, ended = hall.task(), hall.task(), hall.task()
    rows = [
        row(extended, "extend", due_date="2026-02-01", comment="Chờ vốn"),
        row(given, "reassign", lead_organization_id=hall.body["committee"], comment="Đúng thẩm quyền"),
        row(ended, "cancel", comment="Không còn phù hợp"),
    ]
    for _ in range(2):
        shown(hall.review(*rows))
    assert hall.now(extended)["due_date"] == "2026-02-01"
    assert hall.entries(extended).count("due_date_changed") == 1
    assert hall.now(given)["lead_organization_id"] == hall.body["committee"]
    assert [one["role"] for one in hall.now(given)["assignments"]] == ["lead"]
    assert hall.now(ended)["status"] == "cancelled"


def test_an_extension_goes_forward(hall: Hall) -> None:
    """From the due date, or the quarter's last day; one that is corrected, from what was due before it."""
    dated, undated = hall.task(due_date="2026-01-15"), hall.task()
    for day in ("2025-12-31", "2025-12-01"):
        rows = [row(one, "extend", due_date=day, comment="Chờ vốn") for one in (dated, undated)]
        assert faults(hall.review(*rows)) == {f"#/items/{n}/due_date": "not_later" for n in (0, 1)}
    assert [hall.now(one)["due_date"] for one in (dated, undated)] == ["2026-01-15", None]
    for day in ("2026-03-31", "2026-02-01", "2026-02-28"):
        shown(hall.review(*(row(one, "extend", due_date=day, comment="Chờ vốn") for one in (dated, undated))))
        assert [hall.now(one)["due_date"] for one in (dated, undated)] == [day, day]
    assert faults(hall.review(row(dated, "extend", due_date="2026-01-15", comment="Sửa"))) == {
        "#/items/0/due_date": "not_later"
    }
    said = {"kind": "due_date_changed", "due_date": "2026-01-10", "text": "Cần sớm hơn"}
    made(hall.secretary.post(f"/v1/quarterly-tasks/{dated['id']}/entries", json=said))
    shown(hall.review(row(dated, "extend", due_date="2026-02-28", comment="Chờ vốn")))
    assert hall.now(dated)["due_date"] == "2026-01-10"


def test_a_submitted_task_is_closed_by_who_may_confirm(hall: Hall) -> None:
    task = hall.task("submitted")
    both = hall.service.as_("administrator").get("/v1/principals")
    assert both.status_code == 200
    assert faults(hall.review(row(task, "close"))) == {"#/items/0/disposition": "forbidden"}
    move(hall.approver, task, "confirm")
    shown(hall.review(row(task, "close")))


def test_reviews_that_are_left_out_are_taken_back(hall: Hall) -> None:
    tasks = [hall.task(), hall.task()]
    shown(hall.review(*map(row, tasks)))
    assert [one["task_id"] for one in shown(hall.review(row(tasks[1])))["items"]] == [tasks[1]["id"]]
    assert hall.sheet()[tasks[0]["id"]]["review"] is None


def test_reviews_are_compared_with_what_the_caller_has_seen(hall: Hall) -> None:
    task = hall.task()
    assert hall.review(row(task), **{"x-none": "1"}).status_code == 428
    sheet = hall.secretary.get(f"{hall.path}/review-sheet").headers["etag"]
    hall.task()  # comes onto the sheet meanwhile
    stale = hall.review(row(task), **{"if-match": sheet})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition-failed")
    seen = hall.secretary.get(f"{hall.path}/task-reviews").headers["etag"]
    assert stale.headers["etag"] == seen
    shown(hall.review(row(task), **{"if-match": seen}))
    fresh = hall.secretary.get(f"{hall.path}/review-sheet").headers["etag"]
    shown(hall.review(row(task), **{"if-match": fresh}))


def test_a_key_without_the_tasks_reviews_and_carries_none(hall: Hall) -> None:
    task, home = hall.task(), hall.service.town.bodies["party"]
    shown(hall.review(row(task, "carry_over")))
    scopes = ["meetings:read", "meetings:write"]
    _, key = a_key(hall.service.as_("administrator"), home, ("secretary", home, None), scopes=scopes)
    narrow = hall.service.client(key["key"])
    body = {"items": [row(task)]}
    assert narrow.put(f"{hall.path}/task-reviews", json=body, headers=ANY).status_code == 403
    assert narrow.post(f"{hall.path}/carry-over?dry_run=true").status_code == 403
    assert hall.sheet()[task["id"]]["review"]["disposition"] == "carry_over"


@pytest.mark.on_both
def test_a_key_without_the_tasks_is_not_told_which_of_them_stand_in_the_way(hall: Hall) -> None:
    task, home = hall.task(title="Kín với khóa này"), hall.service.town.bodies["party"]
    minutes = made(hall.secretary.post(f"{hall.path}/minutes", json={}))
    scopes = ["meetings:write", "minutes:move"]
    _, key = a_key(hall.service.as_("administrator"), home, ("secretary", home, None), scopes=scopes)
    narrow, ways = (
        hall.service.client(key["key"]),
        ((hall.path, "close"), (f"/v1/minutes/{minutes['id']}", "submit")),
    )
    for path, transition in ways:
        told = narrow.post(f"{path}/transitions", json={"transition": transition})
        assert (told.status_code, told.json()["blockers"]) == (409, []), told.text
    item = made(hall.secretary.post(f"{hall.path}/agenda-items", json={"title": "Bế mạc"}))
    for path, transition in ways:
        told = narrow.post(f"{path}/transitions", json={"transition": transition})
        assert [one["pointer"] for one in told.json()["blockers"]] == [f"/v1/agenda-items/{item['id']}"]
        named = hall.secretary.post(f"{path}/transitions", json={"transition": transition})
        assert task["id"] in named.text


# -- carrying over


def test_carrying_over_makes_one_successor_with_its_lineage(hall: Hall) -> None:
    task = hall.task(title="Số hóa hồ sơ", field="digital_transformation")
    shown(hall.review(row(task, "carry_over", comment="Thiếu thiết bị")))
    would = shown(hall.secretary.post(f"{hall.path}/carry-over?dry_run=true"))
    assert (would["dry_run"], would["items"][0]["successor_id"], would["items"][0]["quarter"]) == (
        True,
        None,
        "2026-Q1",
    )
    assert hall.now(task)["status"] == "in_progress"
    (done,) = shown(hall.secretary.post(f"{hall.path}/carry-over"))["items"]
    (again,) = shown(hall.secretary.post(f"{hall.path}/carry-over"))["items"]
    assert (done["was_carried_before"], again["was_carried_before"]) == (False, True)
    assert done["successor_id"] == again["successor_id"]
    old, new = hall.now(task), hall.now({"id": done["successor_id"]})
    assert (old["status"], hall.entries(task)[-1]) == ("carried_over", "carry_over")
    assert {name: new[name] for name in ("quarter", "status", "title", "field", "carry_count")} == {
        "quarter": "2026-Q1",
        "status": "assigned",
        "title": "Số hóa hồ sơ",
        "field": "digital_transformation",
        "carry_count": 1,
    }
    assert (new["carried_from_id"], new["root_task_id"]) == (old["id"], old["root_task_id"])
    assert (new["root_due_date"], new["original_due_date"]) == (old["root_due_date"], "2026-03-31")
    assert new["carry_reason"] == "Thiếu thiết bị"
    assert new["assignments"] == old["assignments"]
    assert hall.sheet()[task["id"]]["review"]["resulting_task_id"] == new["id"]


def test_what_was_reported_done_and_goes_on_all_the_same_counts_as_not_done_wherever_it_is_shown(
    hall: Hall,
) -> None:
    asked = {"quarter": "2025-Q4", "organization_id": hall.body["party"], "as": "issuer"}
    before = shown(hall.secretary.get("/v1/reports/quarterly-tasks", params=asked))["total"]
    task = hall.task("submitted")
    shown(hall.review(row(task, "carry_over", comment="Chưa đạt")))
    shown(hall.secretary.post(f"{hall.path}/carry-over"))
    old = hall.now(task)
    assert (old["status"], old["completed_on"], old["timeliness"]) == ("carried_over", None, "open_overdue")
    total = shown(hall.secretary.get("/v1/reports/quarterly-tasks", params=asked))["total"]
    cells = {"completed_late": 0, "open_overdue": 1, "of_which_carried_over": 1}
    assert {name: total[name] - before[name] for name in cells} == cells
    last = every(hall.secretary, f"/v1/quarterly-tasks/{task['id']}/entries")[-1]
    assert last["old_values"] == {"status": "submitted", "completed_on": task["completed_on"]}
    assert last["new_values"]["completed_on"] is None
    move(hall.secretary, task, "recall")
    assert (hall.now(task)["status"], hall.now(task)["timeliness"]) == ("in_progress", "open_overdue")


def test_nothing_is_carried_over_while_one_cannot_go(hall: Hall) -> None:
    tasks = [hall.task(), hall.task()]
    shown(hall.review(*(row(one, "carry_over") for one in tasks)))
    move(hall.secretary, tasks[1], "report_completion")
    move(hall.approver, tasks[1], "confirm")
    answer = hall.secretary.post(f"{hall.path}/carry-over")
    assert (answer.status_code, answer.json()["code"]) == (409, "blocked")
    (blocker,) = answer.json()["blockers"]
    assert (blocker["code"], blocker["pointer"]) == (
        "task-not-open",
        f"/v1/quarterly-tasks/{tasks[1]['id']}",
    )
    assert hall.now(tasks[0])["status"] == "in_progress"


def test_a_rehearsal_is_refused_for_all_that_would_refuse_it_and_leaves_nothing(hall: Hall) -> None:
    body = hall.body
    earlier = a_meeting(hall.secretary, body["party"], held_on="2025-09-26", plan_period="2025-Q4")
    line = {"previous_meeting_id": earlier["id"]}
    shown(hall.secretary.patch(hall.path, json=line, headers=ANY))
    there = {"set_at_meeting_id": earlier["id"]}
    tasks = [hall.task(), a_task(hall.secretary, body["committee"], body["party"], **there)]
    move(hall.secretary, tasks[1], "issue")
    shown(hall.review(*(row(one, "carry_over") for one in tasks)))
    lead = {"organization_id": body["front"], "role": "lead"}
    away = {"kind": "reassigned", "assignments": [lead], "text": "Đúng thẩm quyền"}
    made(hall.secretary.post(f"/v1/quarterly-tasks/{tasks[1]['id']}/entries", json=away))
    _, key = a_key(hall.service.as_("administrator"), body["party"], ("secretary", body["party"], None))
    narrow = hall.service.client(key["key"])
    events = hall.events()
    for way in ("carry-over?dry_run=true", "carry-over"):
        answer = narrow.post(f"{hall.path}/{way}")
        assert (answer.status_code, answer.json()["code"]) == (409, "blocked"), answer.text
        told = [(one["code"], one["pointer"]) for one in answer.json()["blockers"]]
        assert told == [("task-not-seen", f"{hall.path}/task-reviews")]
    assert hall.now(tasks[0])["status"] == "in_progress"
    would = shown(hall.secretary.post(f"{hall.path}/carry-over?dry_run=true"))
    assert [one["successor_id"] for one in would["items"]] == [None, None]
    assert hall.events() == events
    move(hall.secretary, tasks[1], "cancel", comment="Hết phép thử")


def test_what_a_closed_quarter_forbids_a_review_tells_at_its_disposition(hall: Hall) -> None:
    office = hall.body["office"]
    meeting = a_meeting(
        hall.secretary,
        office,
        record="reported",
        held_on="2022-03-30",
        review_period="2021-Q4",
        plan_period="2022-Q1",
    )
    move(hall.secretary, meeting, "hold", effective_on="2022-03-30")
    task, late = (a_task(hall.secretary, office, hall.body["front"], quarter="2021-Q4") for _ in range(2))
    for one in (task, late):
        move(hall.secretary, one, "issue", effective_on="2021-10-05")
    path = f"/v1/meetings/{meeting['id']}"
    rows = {"items": [row(late), row(task, "carry_over")]}
    shown(hall.secretary.put(f"{path}/task-reviews", json=rows, headers=ANY))
    shown(hall.approver.put(f"/v1/organizations/{office}/quarters/2022-Q1/closing"))
    for way in ("carry-over?dry_run=true", "carry-over"):
        (blocker,) = hall.secretary.post(f"{path}/{way}").json()["blockers"]
        closing = f"/v1/organizations/{office}/quarters/2022-Q1/closing"
        assert (blocker["code"], blocker["pointer"]) == ("quarter-closed", closing)
    rows["items"][0] = row(late, "extend", due_date="2022-06-30", comment="Chờ vốn")
    told = faults(hall.secretary.put(f"{path}/task-reviews", json=rows, headers=ANY))
    assert told == {"#/items/0/disposition": "in_a_closed_quarter"}
    for one in (task, late):
        move(hall.secretary, one, "cancel", comment="Hết phép thử")


def test_where_nothing_is_planned_any_more_the_meeting_is_what_to_mend(hall: Hall) -> None:
    task = hall.task()
    shown(hall.review(row(task, "carry_over")))
    shown(hall.secretary.patch(hall.path, json={"plan_period": None}, headers=ANY))
    (blocker,) = hall.secretary.post(f"{hall.path}/carry-over").json()["blockers"]
    assert (blocker["code"], blocker["pointer"]) == ("no-quarter-after", f"{hall.path}#/plan_period")


@pytest.mark.on_both
def test_two_carry_overs_at_once_make_one_successor(hall: Hall) -> None:
    task = hall.task()
    shown(hall.review(row(task, "carry_over")))
    answers: list[httpx.Response] = []

    def carry() -> None:
        answers.append(hall.service.as_("secretary").post(f"{hall.path}/carry-over"))

    threads = [threading.Thread(target=carry) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len({shown(one)["items"][0]["successor_id"] for one in answers}) == 1


def test_a_recalled_task_goes_on_and_its_untouched_successor_is_withdrawn(hall: Hall) -> None:
    task = hall.task()
    shown(hall.review(row(task, "carry_over")))
    (first,) = shown(hall.secretary.post(f"{hall.path}/carry-over"))["items"]
    move(hall.secretary, task, "recall")
    gone = hall.now({"id": first["successor_id"]})
    assert (gone["status"], gone["carried_from_id"], gone["root_task_id"]) == ("cancelled", None, gone["id"])
    assert hall.now(task)["status"] == "in_progress"
    again = hall.secretary.post(
        f"/v1/quarterly-tasks/{gone['id']}/transitions", json={"transition": "reopen"}
    ).json()
    assert [(one["code"], one["pointer"]) for one in again["blockers"]] == [
        ("withdrawn", f"/v1/quarterly-tasks/{task['id']}")
    ]
    assert hall.checks() == ["dispositions_not_carried_out"]
    (second,) = shown(hall.secretary.post(f"{hall.path}/carry-over"))["items"]
    assert second["successor_id"] != first["successor_id"]
    move(hall.secretary, {"id": second["successor_id"]}, "start")
    refused = hall.secretary.post(
        f"/v1/quarterly-tasks/{task['id']}/transitions", json={"transition": "recall"}
    )
    assert refused.json()["blockers"][0]["code"] == "successor-touched"


def test_a_successor_that_somebody_changed_is_not_withdrawn(hall: Hall) -> None:
    task = hall.task()
    shown(hall.review(row(task, "carry_over")))
    (done,) = shown(hall.secretary.post(f"{hall.path}/carry-over"))["items"]
    path = f"/v1/quarterly-tasks/{done['successor_id']}"
    known = {"external_refs": [{"system": "qlvb", "id": done["successor_id"]}]}
    shown(hall.secretary.patch(path, json=known, headers=ANY))
    before = hall.now({"id": done["successor_id"]})
    shown(hall.secretary.patch(path, json={"expected_result": "Có báo cáo"}, headers=ANY))
    asked = f"/v1/quarterly-tasks/{task['id']}/transitions", {"transition": "recall"}
    told = hall.secretary.post(asked[0], json=asked[1]).json()
    assert [(one["code"], one["pointer"]) for one in told["blockers"]] == [("successor-touched", path)]
    assert hall.now(before)["status"] == "assigned"


def test_a_successor_that_a_meeting_has_reviewed_is_not_withdrawn(hall: Hall) -> None:
    task = hall.task()
    shown(hall.review(row(task, "carry_over")))
    (done,) = shown(hall.secretary.post(f"{hall.path}/carry-over"))["items"]
    periods = {**PERIODS, "review_period": "2026-Q1", "plan_period": "2026-Q2"}
    later = a_meeting(hall.secretary, hall.body["party"], held_on="2026-03-26", **periods)
    move(hall.secretary, later, "hold", effective_on="2026-03-26")
    path = f"/v1/meetings/{later['id']}/task-reviews"
    reviewed = {"items": [row({"id": done["successor_id"]}, "continue")]}
    shown(hall.secretary.put(path, json=reviewed, headers=ANY))
    recall = f"/v1/quarterly-tasks/{task['id']}/transitions"
    refused = hall.secretary.post(recall, json={"transition": "recall"}).json()
    assert [(one["code"], one["pointer"]) for one in refused["blockers"]] == [
        ("successor-touched", f"/v1/quarterly-tasks/{done['successor_id']}/reviews")
    ]
    shown(hall.secretary.put(path, json={"items": []}, headers=ANY))
    move(hall.secretary, task, "recall")


def test_a_whole_goes_on_with_its_parts_and_counts_no_more_than_they(hall: Hall) -> None:
    whole = hall.task()
    parts = [hall.task(parent_id=whole["id"]) for _ in range(2)]
    shown(hall.review(*(row(one, "carry_over") for one in (*parts, whole))))
    asked = {"quarter": "2026-Q1", "organization_id": hall.body["party"], "as": "issuer"}
    before = shown(hall.secretary.get("/v1/reports/quarterly-tasks", params=asked))["total"]["total"]
    done = shown(hall.secretary.post(f"{hall.path}/carry-over"))["items"]
    onward = {one["task_id"]: one["successor_id"] for one in done}
    assert len(onward) == 3
    for one in parts:
        assert hall.now({"id": onward[one["id"]]})["parent_id"] == onward[whole["id"]]
    after = shown(hall.secretary.get("/v1/reports/quarterly-tasks", params=asked))["total"]["total"]
    assert after - before == len(parts)
    path = f"/v1/quarterly-tasks/{whole['id']}/transitions"
    refused = hall.secretary.post(path, json={"transition": "recall"})
    assert refused.json()["blockers"][0]["code"] == "successor-touched"
    for one in (*parts, whole):
        move(hall.secretary, one, "recall")
    assert hall.now({"id": onward[whole["id"]]})["status"] == "cancelled"


def test_a_whole_that_goes_on_after_its_part_counts_no_more_than_that(hall: Hall) -> None:
    whole = hall.task()
    part = hall.task(parent_id=whole["id"])
    later = a_meeting(hall.secretary, hall.body["party"], held_on="2025-12-27", **PERIODS)
    move(hall.secretary, later, "hold", effective_on="2025-12-27")
    asked = {"quarter": "2026-Q1", "organization_id": hall.body["party"], "as": "issuer"}
    before = shown(hall.secretary.get("/v1/reports/quarterly-tasks", params=asked))["total"]["total"]
    onward = []
    for meeting, one in ((hall.meeting, part), (later, whole)):
        path = f"/v1/meetings/{meeting['id']}"
        shown(
            hall.secretary.put(f"{path}/task-reviews", json={"items": [row(one, "carry_over")]}, headers=ANY)
        )
        (done,) = shown(hall.secretary.post(f"{path}/carry-over"))["items"]
        onward.append({"id": done["successor_id"]})
    after = shown(hall.secretary.get("/v1/reports/quarterly-tasks", params=asked))["total"]["total"]
    assert after - before == 1
    assert hall.now(onward[0])["parent_id"] == onward[1]["id"]
    for one in (part, whole):
        move(hall.secretary, one, "recall")
    assert hall.now(whole)["status"] == "in_progress"


def test_what_was_carried_over_stays_after_what_it_comes_from(hall: Hall) -> None:
    task = hall.task()
    shown(hall.review(row(task, "carry_over")))
    (done,) = shown(hall.secretary.post(f"{hall.path}/carry-over"))["items"]
    path = f"/v1/quarterly-tasks/{done['successor_id']}/entries"
    said = {"kind": "reclassified", "task_kind": "ad_hoc", "text": "Xếp lại"}
    for quarter in ("2025-Q1", "2025-Q4"):
        answer = hall.secretary.post(path, json={**said, "quarter": quarter})
        assert faults(answer) == {"#/quarter": "not_after_its_predecessor"}
    made(hall.secretary.post(path, json={**said, "quarter": "2026-Q2"}))


def test_after_a_meeting_that_was_called_off_nothing_is_forgotten(hall: Hall) -> None:
    task = a_task(hall.secretary, hall.body["party"], hall.body["front"])
    for transition in ("issue", "start", "report_completion", "confirm"):
        by = hall.approver if transition == "confirm" else hall.secretary
        move(by, task, transition, effective_on="2025-12-27")
    off = a_meeting(
        hall.secretary, hall.body["party"], held_on="2025-12-28", previous_meeting_id=hall.meeting["id"]
    )
    move(hall.secretary, off, "cancel", comment="Bão")
    after = a_meeting(
        hall.secretary, hall.body["party"], held_on="2025-12-30", previous_meeting_id=off["id"], **PERIODS
    )
    sheet = shown(hall.secretary.get(f"/v1/meetings/{after['id']}/review-sheet"))["items"]
    assert task["id"] in {one["task"]["id"] for one in sheet}


# -- closing


def test_a_meeting_is_closed_when_nothing_is_left_open_and_no_task_forgotten(hall: Hall) -> None:
    task, item = (
        hall.task(),
        made(hall.secretary.post(f"{hall.path}/agenda-items", json={"title": "Thảo luận"})),
    )
    asked = {"kind": "recommendation", "text": "Bổ sung thiết bị"}
    made(hall.secretary.post(f"{hall.path}/findings", json=asked))
    refused = hall.secretary.post(f"{hall.path}/transitions", json={"transition": "close"})
    assert (refused.status_code, refused.json()["code"]) == (409, "blocked")
    assert {one["code"]: one["pointer"] for one in refused.json()["blockers"]} == {
        "agenda_items_pending": f"/v1/agenda-items/{item['id']}",
        "tasks_unreviewed": f"/v1/quarterly-tasks/{task['id']}",
    }
    hall.secretary.patch(f"/v1/agenda-items/{item['id']}", json={"status": "done"}, headers=ANY)
    shown(hall.review(row(task, "carry_over")))
    assert hall.checks() == ["dispositions_not_carried_out"]
    shown(hall.secretary.post(f"{hall.path}/carry-over"))
    closed = move(hall.secretary, hall.meeting, "close")
    assert [one["code"] for one in closed["warnings"]] == ["recommendations_unanswered"]
    assert hall.review(row(task, "carry_over")).status_code == 409


def test_a_meeting_that_has_decided_about_tasks_is_not_called_off(hall: Hall) -> None:
    task = hall.task()
    meeting = a_meeting(hall.secretary, hall.body["party"], held_on="2025-12-29", **PERIODS)
    move(hall.secretary, meeting, "schedule")
    path = f"/v1/meetings/{meeting['id']}"
    shown(hall.secretary.put(f"{path}/task-reviews", json={"items": [row(task, "carry_over")]}, headers=ANY))
    shown(hall.secretary.post(f"{path}/carry-over"))
    said = {"transition": "cancel", "comment": "Bão"}
    refused = hall.secretary.post(f"{path}/transitions", json=said)
    assert (refused.status_code, refused.json()["code"]) == (409, "blocked")
    assert [(one["code"], one["pointer"]) for one in refused.json()["blockers"]] == [
        ("tasks-reviewed", f"{path}/task-reviews")
    ]
    move(hall.secretary, task, "recall")
    shown(hall.secretary.put(f"{path}/task-reviews", json={"items": []}, headers=ANY))
    move(hall.secretary, meeting, "cancel", comment="Bão")


def test_nothing_is_left_pending_in_a_meeting_that_was_closed(hall: Hall) -> None:
    item = made(hall.secretary.post(f"{hall.path}/agenda-items", json={"title": "Bàn", "status": "done"}))
    one, more = f"/v1/agenda-items/{item['id']}", {"title": "Thêm"}
    move(hall.secretary, hall.meeting, "close")
    for answer in (
        hall.secretary.patch(one, json={"status": "pending"}, headers=ANY),
        hall.secretary.post(f"{hall.path}/agenda-items", json=more),
    ):
        assert (answer.status_code, answer.json()["status_now"]) == (409, "closed")
        assert [each["pointer"] for each in answer.json()["errors"]] == ["#/status"]
    shown(hall.secretary.patch(one, json={"minutes_text": "Đã bàn"}, headers=ANY))
    made(hall.secretary.post(f"{hall.path}/agenda-items", json={**more, "status": "withdrawn"}))
    assert hall.checks() == []
    move(hall.secretary, hall.meeting, "reopen", comment="Bàn thêm")
    shown(hall.secretary.patch(one, json={"status": "pending"}, headers=ANY))


def test_a_closed_meeting_is_opened_again_with_a_reason_until_the_next_is_held(hall: Hall) -> None:
    move(hall.secretary, hall.meeting, "close")
    said = {"transition": "reopen"}
    assert faults(hall.secretary.post(f"{hall.path}/transitions", json=said)) == {"#/comment": "missing"}
    move(hall.secretary, hall.meeting, "reopen", comment="Bổ sung đánh giá")
    move(hall.secretary, hall.meeting, "close")
    after = made(hall.secretary.post(f"{hall.path}/next", json={"held_on": "2026-03-26"}))
    move(hall.secretary, after, "hold", effective_on="2026-03-26")
    refused = hall.secretary.post(f"{hall.path}/transitions", json={**said, "comment": "Sửa"})
    assert refused.json()["blockers"][0]["code"] == "successor-held"


def test_a_meeting_that_was_held_keeps_the_one_that_it_looked_back_on(hall: Hall) -> None:
    """Else that could be opened again meanwhile, and linked as before."""
    after = made(hall.secretary.post(f"{hall.path}/next", json={"held_on": "2026-03-26"}))
    path, line = f"/v1/meetings/{after['id']}", {"previous_meeting_id": hall.meeting["id"]}
    other = a_meeting(hall.secretary, hall.body["party"], held_on="2025-12-27")
    for before in (None, other["id"], hall.meeting["id"]):  # while it is a draft, any
        shown(hall.secretary.patch(path, json={"previous_meeting_id": before}, headers=ANY))
    move(hall.secretary, hall.meeting, "close")
    move(hall.secretary, after, "hold", effective_on="2026-03-26")
    for wrong in (None, other["id"]):
        answer = hall.secretary.patch(path, json={"previous_meeting_id": wrong}, headers=ANY)
        assert faults(answer) == {"#/previous_meeting_id": "fixed"}
    shown(hall.secretary.patch(path, json={**line, "summary": "Đã họp"}, headers=ANY))


# -- the next meeting


@pytest.mark.parametrize("way", ["carry-over", "next"])
def test_the_answer_to_a_rehearsal_is_never_taken_for_that_of_the_thing_itself(hall: Hall, way: str) -> None:
    """Not even where the caller sends one Idempotency-Key with both: it would believe that it was done."""
    said: Json = {"json": {}} if way == "next" else {}
    said["headers"] = {"idempotency-key": f"k {new_id().hex}"}
    would = shown(hall.secretary.post(f"{hall.path}/{way}?dry_run=true", **said))
    refused = hall.secretary.post(f"{hall.path}/{way}", **said)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused")
    again = hall.secretary.post(f"{hall.path}/{way}?dry_run=true", **said)
    assert (again.headers["idempotency-replayed"], shown(again)) == ("true", would)


@pytest.mark.parametrize(
    ("title", "onward"),
    [
        ("Giao ban Quý IV/2025, nhiệm vụ Quý I/2026", "Giao ban Quý I/2026, nhiệm vụ Quý II/2026"),
        ("Giao ban quý IV/2025", "Giao ban quý I/2026"),
        ("Quý IV năm 2025 và quý I năm 2026", "Quý I năm 2026 và quý II năm 2026"),
        ("HỘI NGHỊ GIAO BAN QUÝ IV/2025", "HỘI NGHỊ GIAO BAN QUÝ I/2026"),
        ("Giao ban quý III/2025", "Giao ban quý III/2025"),
    ],
)
def test_the_next_meeting_is_called_by_its_own_periods_however_they_are_written(
    hall: Hall, title: str, onward: str
) -> None:
    meeting = a_meeting(hall.secretary, hall.body["party"], **{**PERIODS, "title": title})
    path = f"/v1/meetings/{meeting['id']}"
    made(hall.secretary.post(f"{path}/agenda-items", json={"title": title}))
    after = made(hall.secretary.post(f"{path}/next", json={}))
    items = every(hall.secretary, f"/v1/meetings/{after['id']}/agenda-items")
    assert [after["title"], items[1]["title"]] == [onward, onward]


def test_the_next_meeting_follows_with_periods_agenda_and_what_was_postponed(hall: Hall) -> None:
    for title, kind, status in (
        ("Khai mạc", "opening", "done"),
        ("Báo cáo", "report", "done"),
        ("Quy chế", "discussion", "postponed"),
    ):
        item = {"title": title, "kind": kind, "status": status}
        made(hall.secretary.post(f"{hall.path}/agenda-items", json=item))
    whole = every(hall.secretary, f"{hall.path}/agenda-items")[-1]["id"]
    part = {"title": "Quy chế, phần hai", "kind": "discussion", "status": "postponed", "parent_id": whole}
    made(hall.secretary.post(f"{hall.path}/agenda-items", json=part))
    before = len(every(hall.secretary, "/v1/meetings"))
    would = shown(hall.secretary.post(f"{hall.path}/next?dry_run=true", json={}))
    assert (would["review_period"], would["plan_period"], would["held_on"]) == (
        "2026-Q1",
        "2026-Q2",
        "2026-03-26",
    )
    assert len(every(hall.secretary, "/v1/meetings")) == before
    after = made(hall.secretary.post(f"{hall.path}/next", json={}))
    assert (after["status"], after["previous_meeting_id"]) == ("draft", hall.meeting["id"])
    items = every(hall.secretary, f"/v1/meetings/{after['id']}/agenda-items")
    assert [(one["title"], one["kind"]) for one in items] == [
        ("Việc thực hiện kết luận hội nghị trước", "previous_conclusions"),
        ("Khai mạc", "opening"),
        ("Báo cáo", "report"),
        ("Quy chế", "discussion"),
        ("Quy chế, phần hai", "discussion"),
    ]
    assert [one["carried_from_id"] is not None for one in items] == [False, False, False, True, True]
    again = hall.secretary.post(f"{hall.path}/next", json={})
    assert again.json()["blockers"] == [
        {
            "code": "successor-there",
            "detail": "Đã có hội nghị kế tiếp",
            "pointer": f"/v1/meetings/{after['id']}",
        }
    ]
