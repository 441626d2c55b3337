"""The loop when two act on it at once, on PostgreSQL: one successor, one next meeting, and no task forgotten.

What closing promises, exactly: of a close and of what brings a task under review at the same moment, the one
comes before the other. Either the close finds the task and is refused, or the task comes after the close.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events import Event
from tests.conftest import Service, Tell
from tests.faults.accounts import journal_faults
from tests.faults.at_once import Call, Callers, callers, codes, each, patch, post, put
from tests.faults.counts import many
from tests.town import ANY, Json, a_meeting, a_task, every, made, move, shown

# SQLite has one writer: there, nothing here can meet.
pytestmark = pytest.mark.parametrize("service", ["postgresql"], indirect=True, scope="module")
ROUNDS = range(many(4, 100))
DAY = "2024-06-26"
years = itertools.count(1000)  # each round has a quarter in which nothing else is set


@dataclass
class Hall:
    """A held meeting that reviews a quarter of its own and plans the next."""

    secretary: httpx.Client
    party: str
    front: str
    meeting: Json

    @property
    def path(self) -> str:
        return f"/v1/meetings/{self.meeting['id']}"

    @property
    def quarter(self) -> str:
        return str(self.meeting["review_period"])

    def another(self) -> "Hall":
        """A second meeting that reviews the same quarter."""
        periods = {name: self.meeting[name] for name in ("review_period", "plan_period", "record")}
        meeting = a_meeting(self.secretary, self.party, held_on=DAY, **periods)
        move(self.secretary, meeting, "hold", effective_on=DAY)
        return Hall(self.secretary, self.party, self.front, meeting)

    def draft(self, **more: object) -> Json:
        return a_task(self.secretary, self.party, self.front, **{"quarter": self.quarter, **more})

    def task(self, **more: object) -> Json:
        task = self.draft(**more)
        move(self.secretary, task, "issue")
        return task

    def review(self, *tasks: Json, disposition: str = "carry_over", comment: str = "Đánh giá") -> Json:
        row = {"rating": "not_completed", "disposition": disposition, "comment": comment}
        return {"items": [{"task_id": one["id"], **row} for one in tasks]}


@pytest.fixture(scope="module")
def secretaries(service: Service) -> Iterator[Callers]:
    with callers(service, "secretary", 4) as made:
        yield made


@pytest.fixture(scope="module")
def approvers(service: Service) -> Iterator[Callers]:
    with callers(service, "approver", 2) as made:
        yield made


@pytest.fixture
def open_hall(service: Service, secretaries: Callers) -> Callable[[], Hall]:
    secretary, bodies = secretaries.clients[0], service.town.bodies

    def opened() -> Hall:
        year = next(years)
        periods = {"review_period": f"{year}-Q2", "plan_period": f"{year}-Q3", "record": "reported"}
        meeting = a_meeting(secretary, bodies["party"], held_on=DAY, **periods)
        move(secretary, meeting, "hold", effective_on=DAY)
        return Hall(secretary, str(bodies["party"]), str(bodies["front"]), meeting)

    return opened


@pytest.fixture(scope="module", autouse=True)
def _the_journal_adds_up(service: Service) -> Iterator[None]:
    yield
    assert journal_faults(service.engine) == []


def test_two_who_carry_over_make_one_successor_of_each_task(
    secretaries: Callers, open_hall: Callable[[], Hall], tell: Tell
) -> None:
    """At one meeting, or at two that review the same quarter: there the tasks' own locks decide."""
    found = Counter[str]()
    for turn in ROUNDS:
        hall = open_hall()
        tasks = [hall.task() for _ in range(3)]
        paths = [hall.path, hall.another().path if turn % 2 else hall.path]
        for path in set(paths):
            shown(hall.secretary.put(f"{path}/task-reviews", json=hall.review(*tasks), headers=ANY))
        answers = secretaries.at_once(*[post(f"{path}/carry-over", None) for path in paths])
        told = [row for answer in answers for row in shown(answer)["items"]]
        assert Counter(row["was_carried_before"] for row in told) == {False: 3, True: 3}
        planned = {"quarter": hall.meeting["plan_period"], "issuing_organization_id": hall.party}
        successors = every(hall.secretary, "/v1/quarterly-tasks", **planned)
        assert sorted(one["carried_from_id"] for one in successors) == sorted(one["id"] for one in tasks)
        pairs = {(one["carried_from_id"], one["id"]) for one in successors}
        assert {(row["task_id"], row["successor_id"]) for row in told} == pairs
        found[f"{len(set(paths))} meeting(s)"] += len(successors)
    tell(f"two carry-overs: {len(ROUNDS)} rounds, successors: {dict(found)}")


def test_what_is_carried_over_is_what_the_meeting_says_of_it(
    secretaries: Callers, open_hall: Callable[[], Hall], tell: Tell
) -> None:
    """While one carries over, another says that the task goes on: the later of the two finds the other's word."""
    found = Counter[str]()
    for _ in ROUNDS:
        hall = open_hall()
        task, path = hall.task(), f"{hall.path}/task-reviews"
        shown(hall.secretary.put(path, json=hall.review(task), headers=ANY))
        carried, changed = secretaries.at_once(
            post(f"{hall.path}/carry-over", None), put(path, hall.review(task, disposition="continue"))
        )
        rows, now = shown(carried)["items"], shown(hall.secretary.get(f"/v1/quarterly-tasks/{task['id']}"))
        (review,) = shown(hall.secretary.get(path))["items"]
        ended = (len(rows), changed.status_code, now["status"], review["disposition"])
        assert ended in {(1, 422, "carried_over", "carry_over"), (0, 200, "assigned", "continue")}
        found["carried over" if rows else "goes on"] += 1
    tell(f"carry-over and a review that changes: {dict(found)}")


def test_two_who_call_the_next_meeting_call_one(
    secretaries: Callers, open_hall: Callable[[], Hall], tell: Tell
) -> None:
    found = Counter[str]()
    for _ in ROUNDS:
        hall = open_hall()
        answers = secretaries.at_once(*[post(f"{hall.path}/next", {"held_on": "2024-09-26"})] * 2)
        assert codes(answers) == {"201": 1, "blocked": 1}
        (there,) = every(hall.secretary, "/v1/meetings", previous_meeting_id=hall.meeting["id"])
        for answer in answers:
            if answer.status_code == 201:
                assert answer.json()["id"] == there["id"]
            else:
                assert answer.json()["blockers"][0]["pointer"] == f"/v1/meetings/{there['id']}"
        found += codes(answers)
    tell(f"two next: {dict(found)}")


def test_two_who_confirm_write_one_entry(
    secretaries: Callers,
    approvers: Callers,
    open_hall: Callable[[], Hall],
    tell: Tell,
) -> None:
    found, hall = Counter[str](), open_hall()
    for _ in ROUNDS:
        task = hall.task()
        move(hall.secretary, task, "report_completion")
        path = f"/v1/quarterly-tasks/{task['id']}"
        answers = approvers.at_once(*[post(f"{path}/transitions", {"transition": "confirm"})] * 2)
        assert codes(answers) == {"201": 1, "invalid-transition": 1}
        kinds = [one["kind"] for one in every(hall.secretary, f"{path}/entries")]
        assert kinds == ["issue", "report_completion", "confirm"]
        assert shown(hall.secretary.get(path))["status"] == "completed"
        found += codes(answers)
    tell(f"two confirms: {dict(found)}")


def test_of_four_who_review_by_one_sheet_one_is_heard(
    secretaries: Callers, open_hall: Callable[[], Hall], tell: Tell
) -> None:
    found = Counter[str]()
    for _ in ROUNDS:
        hall = open_hall()
        path, tasks = f"{hall.path}/task-reviews", [hall.task(), hall.task()]
        tag = hall.secretary.get(f"{hall.path}/review-sheet").headers["etag"]
        answers = secretaries.at_once(
            *each(4, lambda n: put(path, hall.review(*tasks, comment=f"Người thứ {n}"), tag))  # noqa: B023  all are called within the round
        )
        assert codes(answers) == {"200": 1, "precondition-failed": 3}
        (heard,) = (n for n, answer in enumerate(answers) if answer.status_code == 200)
        reviews = shown(hall.secretary.get(path))["items"]
        assert [(one["comment"], one["version"]) for one in reviews] == [(f"Người thứ {heard}", 1)] * 2
        found += codes(answers)
    tell(f"four who review: {dict(found)}")


# -- closing against what brings a task under review


def _issued(hall: Hall) -> tuple[Json, Call]:
    task = hall.draft()
    return task, post(f"/v1/quarterly-tasks/{task['id']}/transitions", {"transition": "issue"})


def _reopened(hall: Hall) -> tuple[Json, Call]:
    task = hall.task()
    move(hall.secretary, task, "cancel", comment="Thôi")
    return task, post(f"/v1/quarterly-tasks/{task['id']}/transitions", {"transition": "reopen"})


def _reclassified(hall: Hall) -> tuple[Json, Call]:
    task = hall.task(quarter=hall.meeting["plan_period"])
    said = {"kind": "reclassified", "quarter": hall.quarter, "text": "Nhầm quý"}
    return task, post(f"/v1/quarterly-tasks/{task['id']}/entries", said)


def _recalled(hall: Hall) -> tuple[Json, Call]:
    task = hall.task()
    shown(hall.secretary.put(f"{hall.path}/task-reviews", json=hall.review(task), headers=ANY))
    shown(hall.secretary.post(f"{hall.path}/carry-over"))
    return task, post(f"/v1/quarterly-tasks/{task['id']}/transitions", {"transition": "recall"})


def _of_another(hall: Hall, lead: str, **more: object) -> Json:
    """The Front issued it; it is the host's business if the host sees it and set it."""
    task = a_task(hall.secretary, hall.front, lead, quarter=hall.quarter, kind="ad_hoc", **more)
    move(hall.secretary, task, "issue")
    return task


def _meeting_before(hall: Hall) -> str:
    before = a_meeting(hall.secretary, hall.party, held_on="2024-03-26", kind="thematic")
    said = {"previous_meeting_id": before["id"]}
    shown(hall.secretary.patch(hall.path, json=said, headers=ANY))
    return str(before["id"])


def _set_by_the_line(hall: Hall) -> tuple[Json, Call]:
    before, task = _meeting_before(hall), _of_another(hall, hall.party)
    return task, patch(f"/v1/quarterly-tasks/{task['id']}", {"set_at_meeting_id": before})


def _given_to_the_host(hall: Hall) -> tuple[Json, Call]:
    task = _of_another(hall, hall.front, set_at_meeting_id=_meeting_before(hall))
    line = {"organization_id": hall.party, "role": "lead"}
    said = {"kind": "reassigned", "assignments": [line], "text": "Đúng thẩm quyền"}
    return task, post(f"/v1/quarterly-tasks/{task['id']}/entries", said)


COMING = {
    "assigned": _issued,
    "reopened": _reopened,
    "recalled": _recalled,
    "reclassified": _reclassified,
    "updated": _set_by_the_line,
    "reassigned": _given_to_the_host,
}


@pytest.mark.parametrize("verb", COMING)
def test_a_meeting_is_not_closed_past_a_task_that_comes_at_the_same_moment(
    service: Service,
    secretaries: Callers,
    open_hall: Callable[[], Hall],
    tell: Tell,
    verb: str,
) -> None:
    found = Counter[str]()
    for _ in ROUNDS:
        hall = open_hall()
        task, comes = COMING[verb](hall)
        closed, came = secretaries.at_once(post(f"{hall.path}/transitions", {"transition": "close"}), comes)
        assert came.is_success, came.text
        if closed.status_code == 409:
            blockers = [(one["code"], one["pointer"]) for one in closed.json()["blockers"]]
            code = "dispositions_not_carried_out" if verb == "recalled" else "tasks_unreviewed"
            assert blockers == [(code, f"/v1/quarterly-tasks/{task['id']}")]
            found["the task came first"] += 1
            continue
        assert made(closed)["to_status"] == "closed"
        after = _place(service, task["id"], f"quarterly_task.{verb}")
        is_right = _place(service, hall.meeting["id"], "meeting.closed") < after
        found["the close came first" if is_right else "closed past it"] += 1
    tell(f"close and {verb}: {dict(found)}")
    assert found["closed past it"] == 0, found


def _place(service: Service, subject: str, name: str) -> int:
    """Where the event stands in the journal."""
    with Session(service.engine) as db:
        last = select(Event.seq).where(Event.subject_id == UUID(subject), Event.name == name)
        return db.scalars(last.order_by(Event.seq.desc())).first() or 0
