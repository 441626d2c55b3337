"""How each list is found: what the planner makes of its statement, and what that takes.

python -m benchmarks.plans --database sqlite|postgresql [--scale 0.1] [--only WORDS] [--brief] [--no-analyze]

On PostgreSQL the plan is the one that the prepared statement has settled on after several executions.
"""

# ruff: noqa: T201  it prints plans

import argparse
import asyncio
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import asyncpg
from sqlalchemy import Connection, Dialect, Engine, make_url, select
from starlette.requests import Request

from app import sqlite
from app.access.gate import Gate
from app.actor import Actor
from app.changes.queries import feed
from app.db import connect
from app.lanes import Rows
from app.limits import Limits
from app.meetings.models import AgendaItem, Meeting, Participation
from app.meetings.queries import AGENDA_ITEMS, MEETINGS
from app.meetings.schemas import AgendaItemList, MeetingList
from app.organizations.queries import ORGANIZATIONS
from app.organizations.schemas import OrganizationList
from app.paging import PageQuery
from app.quarterly_tasks.models import Assignment, QuarterlyTask
from app.quarterly_tasks.queries import QUARTERLY_TASKS
from app.quarterly_tasks.schemas import QuarterlyTaskList
from app.reader import Reader
from app.reading import Reading, head
from app.speakers.models import Speaker
from app.speakers.queries import SPEAKERS
from app.speakers.schemas import SpeakerList
from benchmarks.databases import filled

CALLERS = ("secretary 0 0", "provincial 0", "national")
MANY = 200  # rows that a page of 50 may pass over
TIMES = 12  # PostgreSQL keeps to one plan after five
Given = dict[str, Any]


@dataclass
class Seen:
    """One statement: what it took, how it was found."""

    sql: str
    microseconds: float
    plan: list[str]

    @property
    def remarks(self) -> str:
        """What to look at in the search itself; lists inside a row may be sorted as they like."""
        search = self.plan[: next((n for n, line in enumerate(self.plan) if line == "SCAN chosen"), None)]
        told = "\n".join(search)
        found = dict.fromkeys(
            re.findall(r"USE TEMP B-TREE FOR [A-Z ]+|SCAN \w+|(?:Parallel )?Seq Scan on \w+", told)
        )
        found |= dict.fromkeys(re.findall(r"top-N heapsort|external merge|Gather Merge", told))
        removed = max(map(int, re.findall(r"Rows Removed by [\w ]+: (\d+)", told)), default=0)
        return "; ".join(
            [*(one.strip() for one in found), *([f"{removed:,} removed"] if removed > MANY else [])]
        )


class Watching(Protocol):
    """A lane that keeps what it was asked."""

    dialect: Dialect
    seen: list[Seen]

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def fetch(self, sql: str, values: Sequence[Any], *, heavy: bool = False) -> Rows: ...


@dataclass
class WatchingSqlite:
    path: str
    dialect: Dialect = field(default_factory=make_url("sqlite://").get_dialect())
    seen: list[Seen] = field(default_factory=list)

    async def open(self) -> None:
        self.here = sqlite.read_only(self.path)

    async def close(self) -> None:
        self.here.close()

    async def fetch(self, sql: str, values: Sequence[Any], *, heavy: bool = False) -> Rows:  # noqa: ARG002  as a lane
        rows = self.here.execute(sql, values).fetchall()
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            self.here.execute(sql, values).fetchall()
            took.append(time.perf_counter() - began)
        self.seen.append(Seen(sql, min(took) * 1e6, list(self._plan(sql, values))))
        return rows

    def _plan(self, sql: str, values: Sequence[Any]) -> Iterator[str]:
        depth = {0: -1}
        for number, parent, _, told in self.here.execute(f"EXPLAIN QUERY PLAN {sql}", values):
            depth[number] = depth[parent] + 1
            yield "  " * depth[number] + told


@dataclass
class WatchingPostgres:
    url: str
    dialect: Dialect = field(default_factory=make_url("postgresql+asyncpg://").get_dialect())
    seen: list[Seen] = field(default_factory=list)

    async def open(self) -> None:
        self.told: list[str] = []
        plain = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.here = await asyncpg.connect(plain, statement_cache_size=1024, server_settings={"jit": "off"})
        self.here.add_log_listener(lambda _, message: self.told.append(str(message.message)))
        await self.here.execute(
            "LOAD 'auto_explain'; SET client_min_messages = log; SET auto_explain.log_analyze = on;"
            "SET auto_explain.log_timing = off; SET auto_explain.log_min_duration = -1"
        )

    async def close(self) -> None:
        await self.here.close()

    async def fetch(self, sql: str, values: Sequence[Any], *, heavy: bool = False) -> Rows:  # noqa: ARG002  as a lane
        rows, took = await self.here.fetch(sql, *values), []
        for _ in range(TIMES):
            began = time.perf_counter()
            await self.here.fetch(sql, *values)
            took.append(time.perf_counter() - began)
        self.told.clear()
        await self.here.execute("SET auto_explain.log_min_duration = 0")
        await self.here.fetch(sql, *values)
        await self.here.execute("SET auto_explain.log_min_duration = -1")
        await asyncio.sleep(0.01)
        told = next((one for one in self.told if "Query Text" in one), "").splitlines()
        begins = next((n for n, line in enumerate(told) if "(cost=" in line), 0)
        self.seen.append(Seen(sql, min(took) * 1e6, told[begins:]))
        return cast("Rows", rows)


@dataclass(frozen=True)
class Asked:
    """A list with its filters."""

    of: Reading[Any]
    kind: type[PageQuery]
    given: Given
    onward: bool = False

    def __str__(self) -> str:
        words = ", ".join(f"{name}={value}" if name == "sort" else name for name, value in self.given.items())
        return f"{self.of.path.removeprefix('/v1/')}: {words or 'all'}{', next page' if self.onward else ''}"


def lists(db: Connection) -> Iterator[Asked]:
    """Every list with every filter that has a plan of its own."""

    def one(column: Any, **wanted: Any) -> Any:
        found = select(column).where(column.is_not(None)).filter_by(**wanted).order_by(column).limit(1)
        return db.scalars(found.offset(3)).first()

    meeting, task = one(Meeting.id, status="held"), one(QuarterlyTask.lead_organization_id)
    host, issuer = one(Meeting.host_organization_id), one(QuarterlyTask.issuing_organization_id)
    speaker, tenant = one(AgendaItem.presenter_id), one(Meeting.tenant_id)
    quarter = {"quarter": ["2026-Q3"]}
    meetings: list[Given] = [
        {},
        {"host_organization_id": [host]},
        {"host_organization_id": [host], "status": ["held"]},
        {"within": host},
        {"within": tenant},
        {"participating_organization_id": one(Participation.organization_id)},
        {"status": ["scheduled"]},
        {"plan_period": ["2026-Q3"]},
        {"kind": ["thematic"], "visibility": ["public"]},
        {"held_on_gte": "2026-07-01", "held_on_lte": "2026-09-30"},
        {"q": "giao ban quý III"},
        {"q": "không có đâu"},
        {"updated_at_gte": "2026-11-01T00:00:00Z"},
        {"sort": "title"},
        {"sort": "-created_at"},
        {"include_total": True},
    ]
    tasks: list[Given] = [
        {},
        quarter,
        {**quarter, "issuing_organization_id": [issuer]},
        {**quarter, "lead_organization_id": [task]},
        {**quarter, "status": ["in_progress"]},
        {**quarter, "timeliness": ["open_overdue"]},
        {"timeliness": ["open_overdue"]},
        {"status": ["draft"]},
        {"issuing_organization_id": [issuer]},
        {"assigned_organization_id": one(Assignment.organization_id)},
        {**quarter, "assigned_organization_id": one(Assignment.organization_id)},
        {"within": issuer, **quarter},
        {"within": tenant, **quarter},
        {"set_at_meeting_id": [one(QuarterlyTask.set_at_meeting_id)]},
        {"due_date_lt": "2026-10-01"},
        {"q": "đầu tư công"},
        {"q": "không có đâu"},
        {**quarter, "q": "đầu tư công"},
        {"updated_at_gte": "2026-11-01T00:00:00Z"},
        {"sort": "code"},
        {"sort": "-created_at"},
        {**quarter, "sort": "-created_at"},
        {**quarter, "include_total": True},
    ]
    yield from (Asked(MEETINGS, MeetingList, given) for given in meetings)
    yield Asked(MEETINGS, MeetingList, {}, onward=True)
    yield from (Asked(QUARTERLY_TASKS, QuarterlyTaskList, given) for given in tasks)
    yield Asked(QUARTERLY_TASKS, QuarterlyTaskList, {**quarter}, onward=True)
    for given in ({}, {"meeting_id": [meeting]}, {"presenter_id": [speaker]}, {"kind": ["report"]}):
        yield Asked(AGENDA_ITEMS, AgendaItemList, given)
    home = one(Speaker.organization_id)
    speakers: list[Given] = [
        {},
        {"organization_id": [home]},
        {"within": home},
        {"within": tenant},
        {"q": "Nguyễn Lan"},
    ]
    for given in (*speakers, {"q": "không có"}, {"sort": "created_at"}, {"include_total": True}):
        yield Asked(SPEAKERS, SpeakerList, given)
    organizations: list[Given] = [
        {},
        {"parent_id": [tenant]},
        {"within": home},
        {"kind": ["police"]},
        {"q": "Đảng ủy"},
    ]
    for given in (*organizations, {"level": ["commune"]}, {"sort": "code"}, {"include_total": True}):
        yield Asked(ORGANIZATIONS, OrganizationList, given)


async def show(watching: Watching, engine: Engine, keys: dict[str, str], only: str, *, brief: bool) -> None:
    """Print each list for each caller."""
    await watching.open()
    gate = Gate(watching, engine, Limits(10**9, 10**9), public_reading=False)
    with engine.connect() as db:
        asked = [one for one in lists(db) if only in str(one)]
    for caller in CALLERS:
        actor = await gate(_request(keys[caller]))
        _tell(f"the key of {caller}", watching, brief=brief)
        for one in asked:
            await _ask(one, watching, actor)
            _tell(f"{one} ({caller})", watching, brief=brief, but=head(len(actor.sees), watching.dialect).sql)
        await _others(watching, actor)
        _tell(f"head of the journal, and the feed ({caller})", watching, brief=brief)
    await watching.close()


async def _ask(asked: Asked, watching: Watching, actor: Actor) -> None:
    reader, wanted = Reader(watching, actor, _request()), asked.kind(**asked.given)
    answer = await reader.page(asked.of, wanted)
    cursor = json.loads(bytes(answer.body))["next_cursor"]
    if asked.onward and cursor:
        watching.seen.clear()  # of the page before
        await reader.page(asked.of, wanted.model_copy(update={"cursor": cursor}))


async def _others(watching: Watching, actor: Actor) -> None:
    reader = Reader(watching, actor, _request())
    await reader.fetch(head(len(actor.sees), watching.dialect), {}, "")
    changes = feed(len(actor.sees), watching.dialect, frozenset())
    await reader.fetch(changes, {"tx": 0, "seq": 30_000, "limit": 101}, "")


def _tell(name: str, watching: Watching, *, brief: bool, but: str = "") -> None:
    for seen in watching.seen:
        if seen.sql == but:
            continue
        print(f"{seen.microseconds:9,.0f} µs  {name}  [{seen.remarks}]", flush=True)
        if not brief:
            print("\n".join(f"              {line}" for line in seen.plan))
    watching.seen.clear()


def _request(key: str = "") -> Request:
    headers = [(b"x-api-key", key.encode())] if key else []
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "headers": headers,
            "client": ("-", 0),
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql"], required=True)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--only", default="", help="lists whose name has these words")
    parser.add_argument("--brief", action="store_true", help="no plans, only what stands out in them")
    parser.add_argument("--no-analyze", action="store_true", help="leave the planner without statistics")
    given = parser.parse_args()
    with filled(given.database, given.scale, analyze=not given.no_analyze) as databases:
        url = databases.url("filled")
        engine = connect(url, durable=False)
        lite = given.database == "sqlite"
        watching: Watching = WatchingSqlite(make_url(url).database or "") if lite else WatchingPostgres(url)
        asyncio.run(show(watching, engine, databases.keys, given.only, brief=given.brief))
        engine.dispose()


if __name__ == "__main__":
    main()
