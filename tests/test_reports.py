"""Reports: the four cells add up, for every body, day and moment, and what was told of one never changes."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import connect
from app.quarterly_tasks.counts import NEVER, TaskState, TaskTally
from app.quarterly_tasks.models import QuarterlyTask
from tests.conftest import PROOF, Service
from tests.histories import History, Oracle, above, instant
from tests.town import ANY, Json, a_key, a_meeting, a_task, every, move, shown

FEW = settings(
    max_examples=6 * PROOF or 2,
    deadline=None,
    derandomize=not PROOF,
    phases=[Phase.explicit, Phase.generate],  # a history is named by its seed: there is nothing to shrink
    suppress_health_check=list(HealthCheck),
)
CELLS = ("completed_on_time", "completed_late", "open_within_deadline", "open_overdue")
NUMBERS = (
    *("total", *CELLS, "of_which_unconfirmed", "of_which_carried_over", "late_by_root_due_date"),
    *("drafts", "cancelled"),
)
YEARS = itertools.count(1000)  # a history has a year of its own
WAYS = [("organization", True), ("organization", False), ("field", True), ("kind", True)]


@pytest.fixture(scope="module")
def clerk(service: Service) -> httpx.Client:
    """May do everything in the province."""
    province = service.town.bodies["province"]
    grants = [(role, province, None) for role in ("secretary", "approver", "reporter")]
    return service.client(a_key(service.as_("administrator"), province, *grants)[1]["key"])


@pytest.fixture(scope="module")
def bodies(service: Service) -> dict[str, str]:
    return {name: str(one) for name, one in service.town.bodies.items()}


def asked(client: httpx.Client, body: str, quarter: str, **more: Any) -> Json:
    said = {"quarter": quarter, "organization_id": body, **more}
    return shown(client.get("/v1/reports/quarterly-tasks", params=said))


def numbers(cells: Json) -> Counter[str]:
    """The cells as they are counted; with none of them missing, and the rate that follows from them."""
    assert cells.keys() == {*NUMBERS, "completion_rate"}
    assert cells["total"] == sum(cells[name] for name in CELLS)
    done = cells["completed_on_time"] + cells["completed_late"]
    whole = done + cells["open_overdue"]
    rate = cells["completion_rate"]
    assert (rate is None) == (whole == 0)
    assert rate is None or abs(rate - 100 * done / whole) <= 0.005 + 1e-9
    return +Counter({name: cells[name] for name in NUMBERS})


# -- the property: whatever happened, and whatever is asked


@FEW
@given(seed=st.integers(0, 2**32), steps=st.integers(10, 60 if PROOF else 28))
def test_reports_equal_what_the_entries_of_each_task_say(
    service: Service, clerk: httpx.Client, bodies: dict[str, str], seed: int, steps: int
) -> None:
    history = History(clerk, bodies, next(YEARS), random.Random(seed))
    history.live(steps)
    oracle, draw, today = Oracle(history), random.Random(seed), date.today()  # noqa: DTZ011  of a year long past
    days = [today, today + timedelta(30), *(history.day() for _ in range(4 if PROOF else 2))]
    moments = [None, history.moments[-1], *draw.sample(history.moments, 3 if PROOF else 2)]
    asks = draw.sample([*itertools.product(days, moments)], 12 if PROOF else 4)
    quarters = history.quarters if PROOF else draw.sample(history.quarters, 2)
    about = [("province", *bodies)[draw.randrange(len(bodies))] for _ in range(2)]
    about = [one for one in ("province", "commune", *about) if one != "elsewhere"]
    for quarter, side, body in itertools.product(quarters, ("issuer", "lead"), dict.fromkeys(about)):
        for day, moment in asks:
            known_at = (
                instant(moment) if moment else datetime.max.replace(tzinfo=instant(history.moments[0]).tzinfo)
            )
            tasks = oracle.cells(quarter, side, day, known_at)
            covered = {n: one for n, one in tasks.items() if body in above(one["body"])}
            for group_by, roll_up in WAYS:
                more = {"as": side, "group_by": group_by, "roll_up": str(roll_up).lower(), "as_of": str(day)}
                told = asked(clerk, bodies[body], quarter, **more, **({"known_at": moment} if moment else {}))
                agree(told, covered, oracle, group_by, roll_up=roll_up)
    agree_with_a_recount(service)


def agree(told: Json, tasks: dict[str, Json], oracle: Oracle, group_by: str, *, roll_up: bool) -> None:
    """The whole and each row are what the tasks come to."""
    about = {name: value for name, value in told.items() if name not in {"items", "total"}}
    whole = sum((one["cells"] for one in tasks.values()), Counter[str]())
    assert numbers(told["total"]) == whole, about
    rows = Counter[str]()
    for row in told["items"]:
        if group_by == "organization":
            name = oracle.names[row["organization_id"]]
            mine = [
                one for one in tasks.values() if name in (above(one["body"]) if roll_up else [one["body"]])
            ]
        else:
            mine = [one for one in tasks.values() if one[group_by] == row[group_by]]
        found = numbers(row["cells"])
        assert found == sum((one["cells"] for one in mine), Counter[str]()), (about, row)
        rows += found
    if group_by != "organization" or not roll_up:
        assert rows == whole


SUMS = (
    *("drafts", "cancelled", "undone", "carried_over", "on_time"),
    *("late", "unconfirmed", "overdue", "late_by_root"),
)


def sums_of(task: TaskState) -> Iterator[tuple[date, str]]:
    """The sums that a task is in, and the day from which on it is."""
    of_the_state = {
        "draft": ["drafts"],
        "cancelled": ["cancelled"],
        "open": ["undone"],
        "carried_over": ["undone", "carried_over"],
        "submitted": ["unconfirmed"],
        "completed": [],
    }
    yield from ((date.min, name) for name in of_the_state[task.state])
    if task.state in {"open", "carried_over"}:
        yield task.late_after, "overdue"
        yield task.root_late_after, "late_by_root"
    if task.state in {"submitted", "completed"}:
        yield date.min, "on_time" if task.late_after == date.max else "late"
        yield from [(date.min, "late_by_root")] if task.root_late_after == date.min else []


def agree_with_a_recount(service: Service) -> None:
    """The sums that are kept are those of the present states; and those are what the tasks themselves say."""
    with Session(service.engine) as db:
        kept = {
            (*row[:6], name): number
            for row in db.execute(select(*TaskTally.__table__.c))
            for name, number in zip(SUMS, row[6:], strict=True)
            if number
        }
        present = db.scalars(select(TaskState).where(TaskState.superseded_at == NEVER)).all()
        tasks = {one.id: one for one in db.scalars(select(QuarterlyTask))}
        parents = {one.parent_id for one in tasks.values()}
    sums = Counter[Any]()
    for one in present:
        for side, body in (("issuer", one.issuing_organization_id), ("lead", one.lead_organization_id)):
            for facet, member in (("organization", ""), ("field", one.field), ("kind", one.kind)):
                key = (one.quarter, side, facet, body, member)
                sums.update((*key, *in_it) for in_it in sums_of(one) if body is not None)
    assert kept == sums
    assert {one.task_id for one in present} == tasks.keys() - parents
    members = QuarterlyTask.state.fget.__annotations__["return"]._fields  # type: ignore[attr-defined]
    for one in present:
        assert tuple(getattr(one, name) for name in members) == tasks[one.task_id].state


def test_a_report_of_a_day_and_a_moment_is_the_same_bytes_whatever_is_recorded_later(
    clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    history = History(clerk, bodies, next(YEARS), random.Random(7))
    history.live(30)
    moment, days = history.moments[-1], [history.day() for _ in range(3)]
    ways = [
        {
            "quarter": quarter,
            "organization_id": bodies[body],
            "as": side,
            "group_by": facet,
            "as_of": str(day),
        }
        for quarter, body, side, facet, day in itertools.product(
            history.quarters[:3], ("province", "party"), ("issuer", "lead"), ("organization", "kind"), days
        )
    ]

    def told() -> list[bytes]:
        return [
            clerk.get("/v1/reports/quarterly-tasks", params={**one, "known_at": moment}).content
            for one in ways
        ]

    before = told()
    history.live(40)  # late entries among them: their days are spread over the same year
    assert told() == before


# -- the other reports


def issued(client: httpx.Client, issuer: str, lead: str, *steps: str, **more: Any) -> Json:
    task = a_task(client, issuer, lead, **more)
    for step in ("issue", *steps):
        move(client, task, step)
    return task


def test_a_report_waits_for_what_took_an_earlier_moment_and_is_not_there_yet(
    service: Service, clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    quarter = f"{next(YEARS)}-Q1"
    task = a_task(clerk, UUID(bodies["party"]), UUID(bodies["front"]), quarter=quarter)
    held, another = threading.Event(), connect(service.database_url, durable=False)
    with another.connect() as other, ThreadPoolExecutor(2) as pool:
        other.execute(select(TaskTally).where(TaskTally.quarter == quarter).with_for_update())
        moving = pool.submit(move, clerk, task, "issue")  # it waits for the sums that are locked here
        time.sleep(0.5 if service.database == "postgresql" else 0)
        moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

        def first() -> Json:
            held.set()
            return asked(clerk, bodies["party"], quarter, known_at=moment)

        told = pool.submit(first)
        held.wait()
        time.sleep(0.5)
        if service.database == "postgresql":
            assert not moving.done()
            assert not told.done()
        other.rollback()
        before = told.result()
        moving.result()
    another.dispose()
    assert asked(clerk, bodies["party"], quarter, known_at=moment) == before
    if service.database == "postgresql":
        assert (before["total"]["total"], before["total"]["drafts"]) == (1, 0)


def test_what_is_due_are_open_tasks_that_nobody_has_reported_done(
    clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    party, office = bodies["party"], bodies["office"]
    today = date.today()  # noqa: DTZ011  days apart
    soon, far = str(today + timedelta(10)), str(today + timedelta(40))
    quarter = {"quarter": "2026-Q4"}
    due = issued(clerk, party, office, due_date=soon, **quarter)
    late = issued(clerk, party, office, "start", due_date="2026-10-05", **quarter)
    beyond = issued(clerk, party, office, due_date=far, **quarter)
    done = issued(clerk, party, office, "report_completion", due_date=soon, **quarter)
    ended = issued(clerk, party, office, due_date=soon, **quarter)
    move(clerk, ended, "cancel", comment="Thôi")
    a_task(clerk, party, office, due_date=soon, **quarter)

    def found(**asked: Any) -> list[str]:
        rows = every(clerk, "/v1/reports/due", **asked)
        days = [one["effective_due_date"] for one in rows]
        assert days == sorted(days)
        return [one["id"] for one in rows]

    mine = {due["id"], late["id"], beyond["id"], done["id"], ended["id"]}
    assert mine & set(found()) == {due["id"], late["id"]}
    assert mine & set(found(within_days=60)) == {due["id"], late["id"], beyond["id"]}
    assert mine & set(found(organization_id=bodies["office"])) == {due["id"], late["id"]}
    assert not mine & set(found(organization_id=bodies["front"]))
    assert {due["id"], late["id"]} <= set(found(**{"as": "issuer"}, organization_id=bodies["commune"]))
    assert not mine & set(found(**{"as": "issuer"}, organization_id=bodies["office"]))


def test_what_is_due_agrees_with_the_cells_about_a_task_that_has_parts(
    clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    party, front, quarter = bodies["party"], bodies["front"], {"quarter": "2012-Q3"}
    whole = issued(clerk, party, front, **quarter)
    part = issued(clerk, party, front, parent_id=whole["id"], **quarter)
    for overdue in (1, 0):
        cells = asked(clerk, party, "2012-Q3", roll_up="false")["total"]
        due = {one["id"] for one in every(clerk, "/v1/reports/due")} & {whole["id"], part["id"]}
        assert (cells["open_overdue"], due) == (overdue, {part["id"]} if overdue else set())
        if overdue:
            move(clerk, part, "report_completion")


def test_a_chain_is_its_last_task_with_all_before_it(clerk: httpx.Client, bodies: dict[str, str]) -> None:
    task = issued(clerk, bodies["party"], bodies["front"], quarter="2011-Q1")
    chain = [task["id"]]
    for number in (1, 2):
        periods = {"review_period": f"2011-Q{number}", "plan_period": f"2011-Q{number + 1}"}
        meeting = a_meeting(clerk, bodies["party"], held_on=f"2011-0{number * 3}-30", **periods)
        move(clerk, meeting, "schedule")
        row = {"task_id": chain[-1], "rating": "not_completed", "disposition": "carry_over"}
        path = f"/v1/meetings/{meeting['id']}"
        shown(clerk.put(f"{path}/task-reviews", json={"items": [row]}, headers=ANY))
        chain.append(shown(clerk.post(f"{path}/carry-over"))["items"][0]["successor_id"])
    found = {one["id"]: one for one in every(clerk, "/v1/reports/carry-over-chains")}
    assert not set(chain[:2]) & found.keys()
    last = found[chain[2]]
    assert (last["carry_count"], last["root_task_id"], last["root_due_date"]) == (2, chain[0], "2011-03-31")
    assert [one["id"] for one in last["tasks"]] == chain
    assert [one["status"] for one in last["tasks"]] == ["carried_over", "carried_over", "assigned"]
    assert last["days_late_by_root"] > 5000
    assert chain[2] not in {one["id"] for one in every(clerk, "/v1/reports/carry-over-chains", min_count=3)}
    elsewhere = every(clerk, "/v1/reports/carry-over-chains", organization_id=bodies["front"])
    assert chain[2] not in {one["id"] for one in elsewhere}


def test_who_has_not_reviewed_is_told_with_numbers_and_the_last_briefing_that_one_sees(
    service: Service, clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    tasks = [issued(clerk, bodies["committee"], bodies["front"], quarter="2012-Q2") for _ in range(3)]
    a_task(clerk, bodies["committee"], quarter="2012-Q2")
    meeting = a_meeting(clerk, bodies["committee"], held_on="2012-06-28", review_period="2012-H1")
    move(clerk, meeting, "schedule")
    row = {"task_id": tasks[0]["id"], "rating": "completed", "disposition": "continue"}
    shown(clerk.put(f"/v1/meetings/{meeting['id']}/task-reviews", json={"items": [row]}, headers=ANY))
    said = {"quarter": "2012-Q2", "organization_id": bodies["commune"]}
    provincial = service.as_("provincial")

    def told(client: httpx.Client) -> dict[str, Json]:
        items = shown(client.get("/v1/reports/reviews", params=said))["items"]
        return {one["organization_id"]: one for one in items}

    mine = told(provincial)[bodies["committee"]]
    assert (mine["tasks"], mine["unreviewed"], mine["meeting_id"]) == (3, 2, meeting["id"])
    assert (mine["meeting_status"], mine["meeting_held_on"]) == ("scheduled", "2012-06-28")
    nothing = told(provincial)[bodies["office"]]
    assert [nothing[name] for name in ("tasks", "unreviewed", "meeting_id")] == [0, 0, None]
    assert told(provincial).keys() == {
        bodies[n] for n in ("commune", "party", "office", "committee", "front")
    }
    restricted = {"visibility": "restricted", "review_period": "2012-Q2", "held_on": "2012-06-30"}
    home = service.town.bodies["committee"]
    _, key = a_key(service.as_("administrator"), home, ("secretary", home, None))
    there = service.client(key["key"])
    hidden = a_meeting(there, bodies["committee"], **restricted)
    move(there, hidden, "schedule")
    assert told(provincial)[bodies["committee"]]["meeting_id"] == meeting["id"]
    said["organization_id"] = bodies["committee"]
    assert told(there)[bodies["committee"]]["meeting_id"] == hidden["id"]


def test_quarters_are_compared_from_one_to_another_and_no_more_than_forty(
    clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    issued(clerk, bodies["front"], bodies["office"], quarter="2013-Q2")

    def told(first: str, last: str, **more: str) -> httpx.Response:
        said = {"from": first, "to": last, "organization_id": bodies["front"]}
        return clerk.get("/v1/reports/comparison", params={**said, **more})

    rows = shown(told("2012-Q4", "2013-Q3"))["items"]
    assert [one["quarter"] for one in rows] == ["2012-Q4", "2013-Q1", "2013-Q2", "2013-Q3"]
    assert [numbers(one["cells"])["total"] for one in rows] == [0, 0, 1, 0]
    for row in rows:
        assert row["cells"] == asked(clerk, bodies["front"], row["quarter"])["total"]
    past = shown(told("2013-Q2", "2013-Q2", known_at="2013-01-01T00:00:00Z"))["items"]
    assert numbers(past[0]["cells"]) == Counter()
    assert len(shown(told("2003-Q3", "2013-Q2"))["items"]) == 40
    for first, last in (("2013-Q2", "2013-Q1"), ("2003-Q2", "2013-Q2"), ("2013-Q5", "2013-Q2")):
        assert told(first, last).status_code == 400


def test_a_quarter_shows_its_days_its_neighbours_and_both_sides(
    clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    issued(clerk, bodies["front"], bodies["office"], "report_completion", quarter="2014-Q1")

    def told(body: str, quarter: str = "2014-Q1", **more: str) -> Json:
        return shown(clerk.get(f"/v1/quarters/{quarter}", params={"organization_id": bodies[body], **more}))

    mine = told("front")
    assert [mine[n] for n in ("first_day", "last_day", "previous", "next", "label_vi")] == [
        *("2014-01-01", "2014-03-31", "2013-Q4", "2014-Q2", "Quý I/2014")
    ]
    assert (mine["as_issuer"]["total"], mine["as_lead"]["total"], mine["closed_at"]) == (1, 0, None)
    assert (told("office")["as_issuer"]["total"], told("office")["as_lead"]["completed_late"]) == (0, 1)
    assert told("commune")["as_issuer"] == asked(clerk, bodies["commune"], "2014-Q1")["total"]
    assert told("commune", as_of="2014-02-01")["as_issuer"]["drafts"] == 1
    assert (told("front", "0001-Q1")["previous"], told("front", "9999-Q4")["next"]) == (None, None)


# -- who may


REPORTS = {
    "/v1/reports/quarterly-tasks": {"quarter": "2015-Q1"},
    "/v1/reports/comparison": {"from": "2015-Q1", "to": "2015-Q2"},
    "/v1/reports/reviews": {"quarter": "2015-Q1"},
    "/v1/quarters/2015-Q1": {},
}


@pytest.mark.parametrize("path", REPORTS)
def test_a_report_is_for_whoever_has_a_grant_that_covers_its_body(
    service: Service, bodies: dict[str, str], path: str
) -> None:
    def told(client: httpx.Client, body: str, **more: str) -> httpx.Response:
        return client.get(path, params={**REPORTS[path], "organization_id": bodies[body], **more})

    reader, administrator, home = service.as_("reader"), service.as_("administrator"), service.town.bodies
    answers = {body: told(reader, body).status_code for body in bodies}
    ok, forbidden = ("party", "office"), ("province", "commune", "committee", "front", "neighbour")
    assert answers == {
        **dict.fromkeys(ok, 200),
        **dict.fromkeys([*forbidden, "neighbour_party"], 403),
        "elsewhere": 404,
    }
    assert told(service.as_("provincial"), "office").status_code == 200
    assert told(service.client(), "party").status_code == 401
    scopes = ["meetings:read", "organizations:read"]
    _, key = a_key(administrator, home["party"], ("secretary", home["party"], None), scopes=scopes)
    assert told(service.client(key["key"]), "party").status_code == 403
    assert told(reader, "party", titel="x").status_code == 400
    assert told(reader, "party", as_of="x").status_code == 400
    if path != "/v1/reports/reviews":
        ahead = told(reader, "party", known_at="2099-01-01T00:00:00Z")
        assert (ahead.status_code, ahead.json()["errors"][0]["parameter"]) == (400, "known_at")


def test_a_grant_of_some_lines_counts_the_bodies_of_those_lines(
    service: Service, clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    for issuer in ("party", "office", "committee", "front"):
        issued(clerk, bodies[issuer], bodies["front"], quarter="2016-Q1")
    commune = service.town.bodies["commune"]
    _, key = a_key(service.as_("administrator"), commune, ("reader", commune, ["party"]))
    told = asked(service.client(key["key"]), bodies["commune"], "2016-Q1")
    assert told["total"]["total"] == 2
    assert {one["organization_id"] for one in told["items"]} == {bodies["party"], bodies["office"]}
    assert asked(clerk, bodies["commune"], "2016-Q1")["total"]["total"] == 4


# -- validators


def test_a_report_is_sent_again_once_the_caller_sees_a_change(
    service: Service, clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    reader, said = service.as_("reader"), {"quarter": "2017-Q1", "organization_id": bodies["party"]}

    def told(tag: str = "", **more: str) -> httpx.Response:
        headers = {"if-none-match": tag} if tag else {}
        return reader.get("/v1/reports/quarterly-tasks", params={**said, **more}, headers=headers)

    task = a_task(clerk, bodies["party"], bodies["front"], quarter="2017-Q1")
    tag = told().headers["etag"]
    assert (told(tag).status_code, told(tag).content) == (304, b"")
    assert told(tag, as_of="2017-02-01").status_code == told(tag, group_by="kind").status_code == 200
    assert told(tag, format="csv").status_code == 200
    a_task(
        clerk, bodies["committee"], bodies["committee"], quarter="2017-Q1"
    )  # which the reader does not see
    assert told(tag).status_code == 304
    move(clerk, task, "issue")
    again = told(tag)
    assert (again.status_code, again.json()["total"]["total"]) == (200, 1)
    assert again.headers["etag"] != tag
