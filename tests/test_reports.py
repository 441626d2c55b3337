"""Reports: the four cells add up, for every body, day and moment, and what was told of one never changes."""

import itertools
import os
import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.quarterly_tasks.counts import NEVER, TaskState, TaskTally
from app.quarterly_tasks.models import QuarterlyTask
from tests.conftest import Service
from tests.histories import History, Oracle, above, instant
from tests.town import Json, a_key, shown

PROOF = "PROOF" in os.environ
FEW = settings(
    max_examples=60 if PROOF else 3,
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
@given(seed=st.integers(0, 2**32), steps=st.integers(10, 60 if PROOF else 35))
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


def agree_with_a_recount(service: Service) -> None:
    """The sums that are kept are those of the present states; and those are what the tasks themselves say."""
    with Session(service.engine) as db:
        kept = {tuple(row[:-1]): row[-1] for row in db.execute(select(*TaskTally.__table__.c)) if row[-1]}
        present = db.scalars(select(TaskState).where(TaskState.superseded_at == NEVER)).all()
        tasks = {one.id: one for one in db.scalars(select(QuarterlyTask))}
        parents = {one.parent_id for one in tasks.values()}
    sums = Counter[Any]()
    for one in present:
        alike = (one.state, one.late_after, one.root_late_after)
        for side, body in (("issuer", one.issuing_organization_id), ("lead", one.lead_organization_id)):
            for facet, member in (("organization", ""), ("field", one.field), ("kind", one.kind)):
                if body is not None:
                    sums[(one.quarter, side, facet, body, member, *alike)] += 1
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
