"""One task for a hundred communes: each named body gets its own part of it, once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app import checking
from app.db import today
from tests.conftest import Service
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.test_statements import counted
from tests.town import Json, a_key, a_meeting, a_task, every, made, move, shown

pytestmark = pytest.mark.in_turn

FEW = ("committee", "front", "office")
COMMUNES = 100
SECONDS = 10  # for a hundred at once: a third of what a request may take


@pytest.fixture(scope="module")
def secretary(service: Service) -> Iterator[httpx.Client]:
    """Who works for the whole commune."""
    yield service.as_("secretary")
    assert list(checking.faults(service.engine)) == []


@pytest.fixture(scope="module")
def bodies(service: Service) -> dict[str, str]:
    return {name: str(id) for name, id in service.town.bodies.items()}


@pytest.fixture(scope="module")
def communes(service: Service) -> list[str]:
    """As many bodies as a province has communes."""
    return some_bodies(service, COMMUNES)


def some_bodies(service: Service, number: int) -> list[str]:
    said = {
        "parent_id": str(service.town.bodies["commune"]),
        "kind": "other",
        "line": "state",
        "level": "village",
    }
    administrator = service.as_("administrator")
    rows = [{**said, "name": f"Tổ công tác số {n}"} for n in range(number)]
    return [made(administrator.post("/v1/organizations", json=row))["id"] for row in rows]


def distributed(client: httpx.Client, task: Json, *bodies: str, dry_run: bool = False, **more: Any) -> Json:
    path = f"/v1/quarterly-tasks/{task['id']}/distribution"
    said = {"organization_ids": list(bodies), **more}
    return shown(client.post(path, params={"dry_run": dry_run}, json=said))


def refused(client: httpx.Client, task: Json, said: Json, *, dry_run: bool = False) -> httpx.Response:
    path = f"/v1/quarterly-tasks/{task['id']}/distribution"
    return client.post(path, params={"dry_run": dry_run}, json=said)


def faults(answer: httpx.Response) -> dict[str, str]:
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def parts(client: httpx.Client, task: Json) -> list[Json]:
    return every(client, "/v1/quarterly-tasks", parent_id=task["id"])


# -- what is made


def test_each_named_body_leads_a_task_like_it_in_the_order_named(
    secretary: httpx.Client, bodies: dict[str, str]
) -> None:
    meeting = a_meeting(
        secretary, bodies["party"], plan_period="2025-Q4", agenda_items=[{"title": "Kế hoạch"}]
    )
    item = every(secretary, f"/v1/meetings/{meeting['id']}/agenda-items")[0]["id"]
    task = a_task(
        secretary,
        bodies["party"],
        title="Rà soát hộ nghèo",
        description="Từng thôn",
        expected_result="Danh sách",
        measures=[{"name": "Hộ", "unit": "hộ", "target": 40, "achieved": 10}],
        kind="regular",
        priority="high",
        field="culture_society",
        source_document={"number": "01-NQ/ĐU", "date": "2025-09-01"},
        set_at_meeting_id=meeting["id"],
        agenda_item_id=item,
        start_date="2025-10-05",
        due_date="2025-12-01",
        external_refs=[{"system": "một cửa", "id": f"{uuid4()}"}],
    )
    told = distributed(secretary, task, *(bodies[name] for name in FEW))
    assert told["dry_run"] is False
    assert [(one["organization_id"], one["was_there"]) for one in told["items"]] == [
        (bodies[name], False) for name in FEW
    ]
    for line in told["items"]:
        part = shown(secretary.get(f"/v1/quarterly-tasks/{line['quarterly_task_id']}"))
        assert (part["code"], part["parent_id"], part["root_task_id"]) == (
            line["code"],
            task["id"],
            part["id"],
        )
        lead = {"organization_id": line["organization_id"], "role": "lead", "speaker_id": None}
        assert (part["assignments"], part["lead_organization_id"]) == ([lead], line["organization_id"])
        (measure,) = part["measures"]
        assert measure == {**task["measures"][0], "achieved": None, "percent": None}
        own = {
            "id",
            "code",
            "version",
            "created_at",
            "updated_at",
            "external_refs",
            "parent_id",
            "root_task_id",
        }
        own |= {"assignments", "lead_organization_id", "measures"}
        assert {n: v for n, v in part.items() if n not in own} == {
            n: v for n, v in task.items() if n not in own
        }
        assert (part["status"], part["external_refs"]) == ("draft", [])


def test_a_due_date_is_one_for_all(secretary: httpx.Client, bodies: dict[str, str]) -> None:
    task = a_task(secretary, bodies["party"], start_date="2025-10-10", due_date="2025-12-01")
    distributed(secretary, task, bodies["front"], due_date="2025-11-15")
    distributed(secretary, task, bodies["office"], due_date=None)
    assert {one["lead_organization_id"]: one["due_date"] for one in parts(secretary, task)} == {
        bodies["front"]: "2025-11-15",
        bodies["office"]: "2025-12-01",
    }
    said = {"organization_ids": [bodies["committee"]], "due_date": "2025-10-09"}
    answer = refused(secretary, task, said)
    assert (answer.status_code, faults(answer)) == (422, {"#/due_date": "ends_before_it_begins"})


def test_what_is_issued_at_once_is_seen_at_once_by_who_leads_it(
    service: Service, secretary: httpx.Client, bodies: dict[str, str]
) -> None:
    reporter = service.as_("reporter")
    task = a_task(secretary, bodies["party"])
    (draft,) = distributed(secretary, task, bodies["front"])["items"]
    assert reporter.get(f"/v1/quarterly-tasks/{draft['quarterly_task_id']}").status_code == 404
    other = a_task(secretary, bodies["party"], due_date="2025-12-05")
    (given,) = distributed(secretary, other, bodies["front"], issue=True)["items"]
    path = f"/v1/quarterly-tasks/{given['quarterly_task_id']}"
    part = shown(reporter.get(path))
    assert (part["status"], part["original_due_date"], part["root_due_date"]) == (
        "assigned",
        "2025-12-05",
        "2025-12-05",
    )
    (entry,) = every(secretary, f"{path}/entries")
    assert (entry["kind"], entry["effective_on"]) == ("issue", str(today()))
    move(reporter, part, "start")


# -- once for each body


def test_a_body_that_leads_one_already_is_told_and_gets_no_second(
    secretary: httpx.Client, bodies: dict[str, str]
) -> None:
    task = a_task(secretary, bodies["party"])
    (first,) = distributed(secretary, task, bodies["front"], issue=True)["items"]
    move(secretary, {"id": first["quarterly_task_id"]}, "cancel", comment="Giao nhầm")
    told = distributed(secretary, task, bodies["office"], bodies["front"])["items"]
    assert [one["was_there"] for one in told] == [False, True]
    assert told[1] == {**first, "was_there": True}
    again = distributed(secretary, task, bodies["office"], bodies["front"], issue=True)["items"]
    assert again == [{**one, "was_there": True} for one in told]
    assert {one["status"] for one in parts(secretary, task)} == {"cancelled", "draft"}


def test_a_dry_run_says_what_would_be_and_stores_nothing(
    secretary: httpx.Client, bodies: dict[str, str]
) -> None:
    task = a_task(secretary, bodies["party"])
    (there,) = distributed(secretary, task, bodies["front"])["items"]
    told = distributed(secretary, task, bodies["office"], bodies["front"], dry_run=True, issue=True)
    new = {"organization_id": bodies["office"], "quarterly_task_id": None, "code": None, "was_there": False}
    assert told == {"items": [new, {**there, "was_there": True}], "dry_run": True}
    assert len(parts(secretary, task)) == 1


def test_a_dry_run_is_refused_for_what_would_refuse_it(
    service: Service, secretary: httpx.Client, bodies: dict[str, str]
) -> None:
    approver, past = service.as_("approver"), {"quarter": "2013-Q2"}
    task = a_task(secretary, bodies["party"], **past)
    part = a_task(secretary, bodies["party"], bodies["front"], parent_id=task["id"], **past)
    for transition in ("issue", "report_completion", "confirm"):
        move(approver if transition == "confirm" else secretary, part, transition)
    shown(approver.put(f"/v1/organizations/{bodies['party']}/quarters/2013-Q2/closing"))
    for dry_run in (True, False):
        answer = refused(secretary, task, {"organization_ids": [bodies["office"]]}, dry_run=dry_run)
        assert (answer.status_code, answer.json()["code"]) == (409, "quarter-closed")
    assert distributed(secretary, task, bodies["front"], dry_run=True)["items"][0]["was_there"]


@pytest.mark.on_both
def test_several_at_once_make_one_for_each_body(
    service: Service, secretary: httpx.Client, bodies: dict[str, str]
) -> None:
    callers = [service.as_("secretary") for _ in range(4)]
    for _ in range(5):
        task = a_task(secretary, bodies["party"])
        wanted = [[bodies[name] for name in FEW[turn % 3 :] + FEW[: turn % 3]] for turn in range(4)]
        with ThreadPoolExecutor(4) as at_once:
            told = list(
                at_once.map(
                    lambda caller, named, task=task: distributed(caller, task, *named, issue=True)["items"],
                    callers,
                    wanted,
                )
            )
        rows = [one for items in told for one in items]
        assert [one["was_there"] for one in rows].count(False) == len(FEW)
        assert len({(one["organization_id"], one["quarterly_task_id"]) for one in rows}) == len(FEW)
        assert sorted(one["lead_organization_id"] for one in parts(secretary, task)) == sorted(
            bodies[name] for name in FEW
        )


# -- what is refused


@pytest.mark.parametrize(
    ("named", "pointer", "code"),
    [
        (("front", "office", "front"), "#/organization_ids/2", "twice"),
        ((), "#/organization_ids", "too_short"),
        (("front",) * 501, "#/organization_ids", "too_long"),
    ],
)
def test_each_body_is_named_once_and_not_too_many_are(
    secretary: httpx.Client, bodies: dict[str, str], named: tuple[str, ...], pointer: str, code: str
) -> None:
    task = a_task(secretary, bodies["party"])
    answer = refused(secretary, task, {"organization_ids": [bodies[name] for name in named]})
    assert (answer.status_code, faults(answer)) == (422, {pointer: code})


def test_every_body_is_one_of_the_tenant_and_nothing_is_made_where_one_is_not(
    secretary: httpx.Client, bodies: dict[str, str]
) -> None:
    task = a_task(secretary, bodies["party"])
    said = {"organization_ids": [bodies["front"], bodies["elsewhere"], str(uuid4())]}
    answer = refused(secretary, task, said)
    assert answer.status_code == 404
    assert set(faults(answer)) == {"#/organization_ids/1", "#/organization_ids/2"}
    assert parts(secretary, task) == []


def test_a_part_of_a_task_is_not_distributed(secretary: httpx.Client, bodies: dict[str, str]) -> None:
    task = a_task(secretary, bodies["party"])
    (part,) = distributed(secretary, task, bodies["front"])["items"]
    answer = refused(secretary, {"id": part["quarterly_task_id"]}, {"organization_ids": [bodies["office"]]})
    assert (answer.status_code, answer.json()["code"]) == (409, "blocked")
    assert answer.json()["blockers"][0]["code"] == "too-deep"


def test_a_task_that_has_ended_is_not_distributed(secretary: httpx.Client, bodies: dict[str, str]) -> None:
    task = a_task(secretary, bodies["party"])
    move(secretary, task, "cancel", comment="Thôi")
    answer = refused(secretary, task, {"organization_ids": [bodies["office"]]})
    assert (answer.status_code, answer.json()["code"], answer.json()["status_now"]) == (
        409,
        "conflict",
        "cancelled",
    )


def test_who_leads_a_task_does_not_distribute_it_for_its_issuer(
    service: Service, secretary: httpx.Client, bodies: dict[str, str]
) -> None:
    task = a_task(secretary, bodies["party"], bodies["front"])
    move(secretary, task, "issue")
    front = service.town.bodies["front"]
    _, key = a_key(service.as_("administrator"), front, ("secretary", front, None))
    said = {"organization_ids": [bodies["front"]]}
    assert refused(service.client(key["key"]), task, said).status_code == 403
    assert refused(service.as_("stranger"), task, said).status_code == 404


def test_a_key_that_may_not_move_tasks_gives_none_out(
    service: Service, secretary: httpx.Client, bodies: dict[str, str]
) -> None:
    party = UUID(bodies["party"])
    scopes = ["quarterly_tasks:read", "quarterly_tasks:write"]
    _, key = a_key(service.as_("administrator"), party, ("secretary", party, None), scopes=scopes)
    narrow, task = service.client(key["key"]), a_task(secretary, party)
    assert refused(narrow, task, {"organization_ids": [bodies["front"]], "issue": True}).status_code == 403
    assert len(distributed(narrow, task, bodies["front"])["items"]) == 1


# -- a hundred at once


def test_a_hundred_communes_get_theirs_in_one_call_well_within_its_time(
    service: Service, secretary: httpx.Client, bodies: dict[str, str], communes: list[str]
) -> None:
    task, begun = a_task(secretary, bodies["party"]), time.monotonic()
    told = distributed(secretary, task, *communes, issue=True)["items"]
    assert time.monotonic() - begun < SECONDS
    assert len({one["quarterly_task_id"] for one in told}) == COMMUNES
    again = distributed(secretary, task, *communes, issue=True)["items"]
    assert all(one["was_there"] for one in again)


def test_each_further_body_costs_the_same_few_statements(
    service: Service, secretary: httpx.Client, bodies: dict[str, str], communes: list[str]
) -> None:
    for issue, most in ((False, 12), (True, 30)):
        costs = []
        for number in (1, 11):
            task = a_task(secretary, bodies["party"])
            with counted(service) as seen:
                distributed(secretary, task, *communes[:number], issue=issue)
            costs.append(len(seen["write"]))
        assert 0 < costs[1] - costs[0] <= 10 * most
