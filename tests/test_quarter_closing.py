"""Closing a quarter: nothing is left open, what was counted is kept, and no task of it changes any more."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from tests.conftest import PROOF, Service
from tests.test_reports import asked, bodies, clerk, issued
from tests.town import ANY, Json, a_meeting, a_task, every, made, move, shown

__all__ = ["bodies", "clerk"]
ROUNDS = 100 * PROOF or 8
FINAL = {"completed", "cancelled", "carried_over"}


def closing(body: str, quarter: str) -> str:
    return f"/v1/organizations/{body}/quarters/{quarter}/closing"


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_every_task_that_is_not_final_stands_in_the_way(clerk: httpx.Client, bodies: dict[str, str]) -> None:
    party, front = bodies["party"], bodies["front"]
    quarter = {"quarter": "2019-Q1"}
    left = [
        a_task(clerk, party, front, **quarter),
        issued(clerk, party, front, **quarter),
        issued(clerk, party, front, "start", "suspend", **quarter),
        issued(clerk, party, front, "report_completion", **quarter),
    ]
    issued(clerk, party, front, "report_completion", "confirm", **quarter)
    whole = issued(clerk, party, front, **quarter)
    left.append(
        issued(clerk, party, front, parent_id=whole["id"], **quarter)
    )  # which is counted in its place
    later = issued(clerk, party, front, **quarter)
    issued(clerk, party, front, parent_id=later["id"], quarter="2019-Q2")  # another quarter counts this one
    left.append(later)
    issued(clerk, bodies["office"], front, **quarter)  # of another issuer
    issued(clerk, party, front, quarter="2019-Q2")
    answer = clerk.put(closing(party, "2019-Q1"))
    assert code(answer) == (409, "blocked")
    found = {one["pointer"]: one["code"] for one in answer.json()["blockers"]}
    assert found == {f"/v1/quarterly-tasks/{one['id']}": "task-not-final" for one in left}
    assert clerk.get(closing(party, "2019-Q1")).status_code == 404


def test_a_quarter_is_closed_once_it_is_over(clerk: httpx.Client, bodies: dict[str, str]) -> None:
    answer = clerk.put(closing(bodies["front"], "2090-Q1"))
    assert code(answer) == (409, "blocked")
    assert [one["code"] for one in answer.json()["blockers"]] == ["quarter-not-over"]


def test_a_closing_stays_as_it_was_whoever_asks_again_and_is_the_approvers(
    service: Service, clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    path = closing(bodies["front"], "2019-Q3")
    done = issued(
        clerk,
        bodies["front"],
        bodies["office"],
        "report_completion",
        "confirm",
        quarter="2019-Q3",
        field="health",
    )
    before = asked(clerk, bodies["front"], "2019-Q3")["total"]
    for who in ("secretary", "reader", "reporter", "auditor", "administrator"):
        assert service.as_(who).put(path).status_code in {403, 404}, who
    assert service.as_("stranger").put(path).status_code == 404
    first = shown(service.as_("approver").put(path))
    again = clerk.put(path)
    assert (shown(again), shown(clerk.get(path))) == (first, first)
    assert again.headers["etag"] == clerk.get(path).headers["etag"]
    assert (first["closed_by"], first["report"]["total"]) == ("approver", before)
    by_field = {one["field"]: one["cells"]["total"] for one in first["report"]["by_field"]}
    assert {name: number for name, number in by_field.items() if number} == {"health": 1}
    assert sum(one["cells"]["total"] for one in first["report"]["by_kind"]) == 1
    view = shown(clerk.get("/v1/quarters/2019-Q3", params={"organization_id": bodies["front"]}))
    assert view["closed_at"] == first["created_at"]
    assert done


def changes(clerk: httpx.Client, bodies: dict[str, str]) -> dict[str, Callable[[], httpx.Response]]:
    """Every way to change a task of a quarter that is then closed, or to bring one into it."""
    party, front = bodies["party"], bodies["front"]
    quarter, onward = {"quarter": "2020-Q1"}, {"review_period": "2020-Q1", "plan_period": "2020-Q2"}
    done = issued(clerk, party, front, "report_completion", "confirm", **quarter)
    ended = issued(clerk, party, front, **quarter)
    move(clerk, ended, "cancel", comment="Thôi")
    carried = issued(clerk, party, front, **quarter)
    meeting = a_meeting(clerk, party, held_on="2020-03-30", **onward)
    move(clerk, meeting, "schedule")
    row = {"task_id": carried["id"], "rating": "not_completed", "disposition": "carry_over"}
    shown(clerk.put(f"/v1/meetings/{meeting['id']}/task-reviews", json={"items": [row]}, headers=ANY))
    shown(clerk.post(f"/v1/meetings/{meeting['id']}/carry-over"))
    later = issued(clerk, party, front, quarter="2020-Q3")
    draft = a_task(clerk, party, front, quarter="2020-Q3")
    whole = issued(clerk, party, front, **quarter)
    part = a_task(clerk, party, front, quarter="2020-Q3", parent_id=whole["id"])
    for transition in ("report_completion", "confirm"):
        move(clerk, whole, transition)
    shown(clerk.put(closing(party, "2020-Q1")))

    def post(task: Json, way: str, **said: Any) -> Callable[[], httpx.Response]:
        return lambda: clerk.post(f"/v1/quarterly-tasks/{task['id']}/{way}", json=said)

    def patch(task: Json, **said: Any) -> Callable[[], httpx.Response]:
        return lambda: clerk.patch(f"/v1/quarterly-tasks/{task['id']}", json=said, headers=ANY)

    new = {"issuing_organization_id": party, "title": "Muộn", **quarter}
    return {
        "patch": patch(done, title="Khác"),
        "patch a draft into it": patch(draft, quarter="2020-Q1"),
        "reopen": post(done, "transitions", transition="reopen"),
        "reopen what was cancelled": post(ended, "transitions", transition="reopen"),
        "recall": post(carried, "transitions", transition="recall"),
        "a new task": lambda: clerk.post("/v1/quarterly-tasks", json=new),
        "reclassify into it": post(later, "entries", kind="reclassified", quarter="2020-Q1", text="Sửa"),
        "its only part elsewhere": patch(part, parent_id=None),
        "its only part gone": lambda: clerk.delete(f"/v1/quarterly-tasks/{part['id']}", headers=ANY),
    }


def test_no_task_of_a_closed_quarter_changes_comes_or_goes(
    clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    ways = changes(clerk, bodies)
    kept = clerk.get(closing(bodies["party"], "2020-Q1"))
    report = asked(clerk, bodies["party"], "2020-Q1", roll_up="false")
    for name, way in ways.items():
        answer = way()
        assert code(answer) == (409, "quarter-closed"), (name, answer.text)
        assert answer.json()["quarter"] == "2020-Q1"
    assert asked(clerk, bodies["party"], "2020-Q1", roll_up="false") == report
    assert clerk.get(closing(bodies["party"], "2020-Q1")).content == kept.content


def test_nothing_new_takes_effect_in_a_closed_quarter(clerk: httpx.Client, bodies: dict[str, str]) -> None:
    office = bodies["office"]
    shown(clerk.put(closing(office, "2021-Q2")))
    for way, said in (
        ("transitions", {"transition": "start"}),
        ("entries", {"kind": "progress", "progress_percent": 5}),
        ("entries", {"kind": "due_date_changed", "due_date": "2021-12-01", "text": "Chờ"}),
    ):
        task = a_task(clerk, office, bodies["front"], quarter="2021-Q3")
        move(clerk, task, "issue", effective_on="2021-01-05")
        path = f"/v1/quarterly-tasks/{task['id']}"
        answer = clerk.post(f"{path}/{way}", json={**said, "effective_on": "2021-05-05"})
        assert answer.status_code == 422, answer.text
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
            ("#/effective_on", "in_a_closed_quarter")
        ]
        made(clerk.post(f"{path}/{way}", json={**said, "effective_on": "2021-07-05"}))
    elsewhere = a_task(clerk, bodies["front"], office, quarter="2021-Q3")
    move(clerk, elsewhere, "issue", effective_on="2021-05-05")  # another issuer has not closed it


@pytest.mark.parametrize("against", ["a new task", "a reopening", "a reclassification"])
def test_a_quarter_is_never_closed_with_a_task_that_is_not_final(
    service: Service, clerk: httpx.Client, bodies: dict[str, str], against: str
) -> None:
    rounds = ROUNDS if service.database == "postgresql" else 2  # where there is one writer at a time
    committee, front = bodies["committee"], bodies["front"]
    first = {"a new task": 2200, "a reopening": 2300, "a reclassification": 2400}[against] - 600
    outcomes = set[tuple[int, int]]()
    closer, other = service.client(clerk.headers["x-api-key"]), service.client(clerk.headers["x-api-key"])
    for n in range(rounds):
        quarter = f"{first + n // 4}-Q{n % 4 + 1}"
        if against == "a new task":
            said = {"issuing_organization_id": committee, "title": "Việc", "quarter": quarter}
            path = "/v1/quarterly-tasks"
        elif against == "a reopening":
            task = issued(clerk, committee, front, quarter=quarter)
            move(clerk, task, "cancel", comment="Thôi")
            path, said = f"/v1/quarterly-tasks/{task['id']}/transitions", {"transition": "reopen"}
        else:
            task = issued(clerk, committee, front, quarter="2026-Q4")
            path = f"/v1/quarterly-tasks/{task['id']}/entries"
            said = {"kind": "reclassified", "quarter": quarter, "text": "Sửa"}
        closed, changed = together(
            partial(closer.put, closing(committee, quarter)), partial(other.post, path, json=said)
        )
        outcomes.add((closed.status_code, changed.status_code))
        states = {
            one["status"]
            for one in every(clerk, "/v1/quarterly-tasks", quarter=quarter, issuing_organization_id=committee)
        }
        assert closed.status_code in {200, 409}, closed.text
        assert changed.status_code in {201, 409}, changed.text
        assert (closed.status_code == 200) == (changed.status_code == 409), (closed.text, changed.text)
        assert (closed.status_code == 200) <= (states <= FINAL)
    assert outcomes <= {(200, 409), (409, 201)}


def together(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """At the same moment."""
    ready, answers = threading.Barrier(len(calls)), dict[int, httpx.Response]()

    def go(n: int) -> None:
        ready.wait(10)
        answers[n] = calls[n]()

    threads = [threading.Thread(target=go, args=[n]) for n in range(len(calls))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return [answers[n] for n in range(len(calls))]
