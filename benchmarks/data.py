"""Fills a migrated database with years of meetings and tasks, by Core inserts: the same for the same seed.

Scale 1.0 is 3,500 organizations, 40,000 speakers, 100,000 meetings, 1,000,000 agenda items, as many
participations and 500,000 tasks; everything else (audiences, events, keys) follows from those.
"""

# ruff: noqa: S311  random data, not random secrets

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, insert, text

import app.tables  # noqa: F401  every table, by importing every noun's
from app.access.gate import as_shown, digest
from app.access.models import GrantRow, Key, Principal, PrincipalAudience
from app.actor import Role
from app.audience import ALL_LINES, Ancestor, administrators_of, everyone_in
from app.db import ZONE, Base
from app.events import Event, EventAudience
from app.meetings.models import AgendaItem, Meeting, MeetingAudience, Participation
from app.meetings.vocabulary import (
    AgendaItemKind,
    AgendaItemStatus,
    Attendance,
    MeetingFormat,
    MeetingKind,
    MeetingStatus,
    ParticipationRole,
    Record,
    Visibility,
)
from app.organizations.models import Organization
from app.quarter import Quarter
from app.quarterly_tasks.counts import FIRST_DAY, LAST_DAY, NEVER, TaskState, TaskTally, as_rows
from app.quarterly_tasks.models import Assignment, QuarterlyTask, QuarterlyTaskAudience
from app.quarterly_tasks.vocabulary import AssignmentRole, Priority, TaskKind, TaskStatus
from app.speakers.models import Honorific, Position, Speaker
from app.text import person_sort_key, searchable, sort_key
from app.vocabulary import WorkField
from benchmarks import texts
from benchmarks.country import Body, Place, ids, nation

SEED = 20261115
TODAY = date(2026, 11, 15)
REPORTED = Quarter(2026, 3)
QUARTERS = tuple(Quarter(year, number) for year in (2025, 2026) for number in (1, 2, 3, 4))
BATCH = 20_000  # rows of all tables together
Circles = dict[UUID, int]
BESIDE_REPORTS: frozenset[type[Base]] = frozenset(
    {AgendaItem, Participation, MeetingAudience, QuarterlyTaskAudience, Event, EventAudience, Position}
)
Row = dict[str, Any]


@dataclass
class Rows:
    """Rows on their way into the database: many at a time, each table after those it points at."""

    connection: Connection
    without: frozenset[type[Base]] = frozenset()  # tables that are left empty
    waiting: dict[Table, list[Row]] = field(default_factory=dict)
    number: int = 0
    written: int = 0

    def add(self, model: type[Base], *rows: Row) -> None:
        if model in self.without:
            return
        self.waiting.setdefault(Base.metadata.tables[model.__tablename__], []).extend(rows)
        self.number += len(rows)
        if self.number >= BATCH:
            self.flush()

    def flush(self) -> None:
        for table in Base.metadata.sorted_tables:
            if rows := self.waiting.pop(table, None):
                self.connection.execute(insert(table), rows)
                self.written += len(rows)
        self.number = 0


@dataclass
class Data:
    """What is put in, and the keys of those who may ask for it."""

    rows: Rows
    scale: float
    chance: Random
    quarters: tuple[Quarter, ...] = QUARTERS
    keys: dict[str, str] = field(default_factory=dict)
    people: dict[UUID, list[UUID]] = field(default_factory=dict)  # by the body they are at home in
    tallies: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    event: int = 0

    def fill(self) -> None:
        self.root = nation(self._many(3_500), self.chance, _morning(date(2024, 12, 1)))
        self.tenant = self.root.itself.id
        self.bodies = [body for body in self.root.every_body() if body.above and body not in self._places()]
        self._organizations()
        self._callers()
        self._speakers()
        meetings = list(self._meetings())
        self._tasks(meetings)
        self.rows.add(TaskTally, *as_rows(self.tallies))
        self.rows.flush()

    def _many(self, at_one: int) -> int:
        return max(1, round(at_one * self.scale))

    def _places(self) -> set[Body]:
        found, rest = set[Body](), [self.root]
        while rest:
            place = rest.pop()
            found.add(place.itself)
            rest += place.places
        return found

    def _resource(self, moment: datetime) -> Row:
        made = {"id": ids(self.chance, moment), "tenant_id": self.tenant, "version": 1, "external_refs": []}
        return {**made, "created_at": moment, "updated_at": moment}

    def _organizations(self) -> None:
        for n, body in enumerate(self.root.every_body()):
            moment, code = _morning(date(2024, 12, 1)), f"H{n:05}"
            row: Row = {
                "code": code,
                "name": body.name,
                "short_name": None,
                "kind": body.kind,
                "line": body.line,
                "level": body.level,
                "parent_id": body.above[0].id if body.above else None,
                "founded_on": date(2025, 7, 1),
                "dissolved_on": None,
                "former_names": [],
                "contact": None,
                "name_key": sort_key(body.name),
                "folded": searchable(body.name, code),
            }
            self.rows.add(Organization, {**self._resource(moment), **row, "id": body.id})
            flat = ({"ancestor_id": one.id, "lines": body.line.bit} for one in body.line_up)
            self.rows.add(Ancestor, *({"organization_id": body.id, **one} for one in flat))

    def _callers(self) -> None:
        self._caller("national", self.root.itself, Role.READER)
        for n, province in enumerate(self.root.places):
            self._caller(f"provincial {n}", province.itself, Role.READER)
            for m, commune in enumerate(province.places):
                self._caller(f"secretary {n} {m}", commune.itself, Role.SECRETARY)

    def _caller(self, name: str, home: Body, role: Role) -> None:
        moment = _morning(date(2024, 12, 2))
        who, secret = self._resource(moment), hashlib.sha256(f"{SEED} {name}".encode()).hexdigest()
        self.rows.add(Principal, {**who, "name": name, "organization_id": home.id, "is_active": True})
        seen = ({"circle_id": administrators_of(one.id), "lines": ALL_LINES} for one in home.line_up)
        self.rows.add(PrincipalAudience, *({"principal_id": who["id"], **one} for one in seen))
        grant = {"principal_id": who["id"], "role": role, "organization_id": home.id, "lines": None}
        self.rows.add(GrantRow, {**self._resource(moment), **grant})
        key = {
            "principal_id": who["id"],
            "home_id": home.id,
            "label": "benchmark",
            "secret_sha256": digest(secret),
            "scopes": None,
            "expires_at": None,
            "revoked_at": None,
            "last_used_at": None,
        }
        row = {**self._resource(moment), **key}
        self.rows.add(Key, row)
        self.keys[name] = as_shown(row["id"], secret)

    def _speakers(self) -> None:
        for n in range(self._many(40_000)):
            home, name, moment = (
                self.bodies[n % len(self.bodies)],
                texts.person(self.chance),
                _morning(date(2025, 1, 2)),
            )
            row = {
                **self._resource(moment),
                "full_name": name,
                "honorific": self.chance.choice(list(Honorific)),
                "organization_id": home.id,
                "email": f"can.bo.{n}@xa.vn",
                "phone": f"09{n:08}",
                "name_key": person_sort_key(name),
                "folded": searchable(name),
            }
            self.rows.add(Speaker, row)
            self.people.setdefault(home.id, []).append(row["id"])
            self._positions(row["id"], home, moment)

    def _positions(self, speaker_id: UUID, home: Body, moment: datetime) -> None:
        for number in range(self.chance.choice((1, 1, 2))):
            row = {
                "speaker_id": speaker_id,
                "organization_id": home.id,
                "title": f"{self.chance.choice(texts.TITLES)} {home.name}",
                "started_on": date(2025, 7, 1) if number == 0 else date(2020, 6, 1),
                "ended_on": None if number == 0 else date(2025, 6, 30),
                "is_primary": number == 0,
            }
            self.rows.add(Position, {**self._resource(moment), **row})

    def _host(self) -> tuple[Body, Place]:
        """A body that meets and sets tasks, nine times in ten one of a commune, and the place it is in."""
        province = self.chance.choice(self.root.places)
        commune = self.chance.choice(province.places)
        place = self.chance.choices((commune, province, self.root), (90, 8, 2))[0]
        return self.chance.choices(place.bodies[:3], (6, 3, 1))[0], place

    def _meetings(self) -> Iterator[tuple[UUID, Body, Place, Quarter]]:
        wanted = self._many(100_000)
        for n in range(wanted):
            quarter = self.quarters[n * len(self.quarters) // wanted]
            held_on = quarter.first_day + timedelta(self.chance.randrange(90))
            host, place = self._host()
            meeting = self._meeting(n, quarter, held_on, host)
            self.rows.add(Meeting, meeting)
            for item in self._agenda(meeting):
                self.rows.add(AgendaItem, item)
            taking_part = self._taking_part(meeting, host, place)
            bodies = {host} | (set(taking_part) if meeting["is_announced"] else set())
            circles = _over(bodies, exactly=meeting["visibility"] == Visibility.RESTRICTED)
            if meeting["is_announced"] and meeting["visibility"] == Visibility.PUBLIC:
                circles[everyone_in(self.tenant)] = ALL_LINES
            self._seen(MeetingAudience, meeting, circles, "meeting", host)
            if meeting["status"] == MeetingStatus.HELD:
                yield meeting["id"], host, place, quarter

    def _meeting(self, n: int, quarter: Quarter, held_on: date, host: Body) -> Row:
        code, starts_at = f"HN-{n:06}", _morning(held_on)
        title = f"Hội nghị giao ban {quarter.label_vi} của {host.name}"
        status = MeetingStatus.HELD if held_on < TODAY else MeetingStatus.SCHEDULED
        if self.chance.random() < 0.06:  # noqa: PLR2004
            status = self.chance.choice(
                (MeetingStatus.DRAFT, MeetingStatus.CANCELLED, MeetingStatus.POSTPONED)
            )
        return {
            **self._resource(starts_at - timedelta(days=7)),
            "host_organization_id": host.id,
            "code": code,
            "title": title,
            "kind": self.chance.choice(list(MeetingKind)),
            "audience": "Cán bộ chủ chốt, bí thư chi bộ và trưởng thôn",
            "review_period": None,
            "plan_period": str(quarter),
            "data_cutoff_on": None,
            "previous_meeting_id": None,
            "held_on": held_on,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=3),
            "format": self.chance.choice(list(MeetingFormat)),
            "location": f"Hội trường {host.name}",
            "online_url": None,
            "visibility": self.chance.choices(list(Visibility), (15, 75, 10))[0],
            "record": Record.MINUTED,
            "source_text": None,
            "summary": texts.prose(self.chance, 3),
            "status": status,
            "is_announced": status != MeetingStatus.DRAFT,
            "title_key": sort_key(title),
            "folded": searchable(title, code),
        }

    def _agenda(self, meeting: Row) -> Iterator[Row]:
        """Ten items, the last three below the third."""
        made: list[UUID] = []
        for n in range(10):
            below = n >= 7  # noqa: PLR2004
            row = {
                **self._resource(meeting["created_at"]),
                "meeting_id": meeting["id"],
                "parent_id": made[2] if below else None,
                "position": n - 7 if below else n,
                "number": f"3.{n - 6}" if below else str(n + 1),
                "title": texts.ITEMS[n % len(texts.ITEMS)],
                "description": texts.task(self.chance),
                "kind": self.chance.choice(list(AgendaItemKind)),
                "presenter_id": self._somebody(meeting["host_organization_id"]),
                "presenting_organization_id": meeting["host_organization_id"],
                "duration_minutes": 15,
                "status": AgendaItemStatus.DONE,
                "minutes_text": texts.prose(self.chance, 1),
                "carried_from_id": None,
                "host_id": meeting["host_organization_id"],
            }
            made.append(row["id"])
            yield row

    def _taking_part(self, meeting: Row, host: Body, place: Place) -> list[Body]:
        """Ten: the host's chair, then bodies of the place and one from above."""
        around = [body for body in place.bodies if body is not host]
        above = [body for body in self.root.bodies if place is not self.root]
        bodies = [host, *self.chance.choices(around, k=8), *above[:1]][:10]
        for n, body in enumerate(bodies):
            row = {
                **self._resource(meeting["created_at"]),
                "meeting_id": meeting["id"],
                "organization_id": body.id,
                "speaker_id": None if n else self._somebody(body.id),
                "role": ParticipationRole.DELEGATE if n else ParticipationRole.CHAIR,
                "attendance": self.chance.choice(
                    (Attendance.PRESENT, Attendance.PRESENT, Attendance.EXCUSED)
                ),
                "absence_reason": None,
                "title_snapshot": f"{self.chance.choice(texts.TITLES)} {body.name}",
                "substitute_for_id": None,
                "headcount": None,
                "host_id": host.id,
            }
            self.rows.add(Participation, row)
        return bodies

    def _somebody(self, of: UUID) -> UUID | None:
        return self.chance.choice(self.people[of]) if of in self.people else None

    def _tasks(self, meetings: list[tuple[UUID, Body, Place, Quarter]]) -> None:
        for n in range(self._many(500_000)):
            meeting_id, issuer, place, quarter = meetings[n % len(meetings)]
            task = self._task(n, quarter, issuer)
            bodies = self.chance.sample(place.bodies, 2 if n % 5 else 3)
            task["set_at_meeting_id"], task["lead_organization_id"] = meeting_id, bodies[0].id
            self.rows.add(QuarterlyTask, task)
            self._count(task)
            for position, body in enumerate(bodies):
                role = AssignmentRole.COORDINATING if position else AssignmentRole.LEAD
                line = {"task_id": task["id"], "position": position, "organization_id": body.id, "role": role}
                self.rows.add(Assignment, {**line, "speaker_id": self._somebody(body.id)})
            seen_by = {issuer, *bodies} if task["was_issued"] else {issuer}
            self._seen(QuarterlyTaskAudience, task, _over(seen_by), "quarterly_task", issuer)

    def _count(self, task: Row) -> None:
        """Its one state, which holds since it was made."""
        state = QuarterlyTask(**task).state
        key = {
            "task_id": task["id"],
            "number": 1,
            "effective_on": FIRST_DAY,
            "recorded_at": task["created_at"],
        }
        end = {"ended_on": LAST_DAY, "superseded_at": NEVER}
        self.rows.add(TaskState, {**key, **end, **state._asdict()})
        self.tallies.update(state.tallied())

    def _task(self, n: int, quarter: Quarter, issuer: Body) -> Row:
        code, title = f"NV-{n:06}", texts.task(self.chance)
        # few tasks state a deadline of their own: the quarter's last day is theirs
        due = None if n % 8 else quarter.first_day + timedelta(20 + self.chance.randrange(75))
        status = self._status_in(quarter)
        done = status == TaskStatus.COMPLETED
        moment = _morning(quarter.first_day + timedelta(self.chance.randrange(20)))
        row = self._resource(moment)
        return {
            **row,
            "code": code,
            "title": title,
            "description": texts.prose(self.chance, 2),
            "expected_result": texts.prose(self.chance, 1),
            "measures": _measures() if n % 3 == 0 else [],
            "kind": self.chance.choice(list(TaskKind)),
            "priority": self.chance.choice(list(Priority)),
            "field": self.chance.choice(list(WorkField)),
            "quarter": str(quarter),
            "parent_id": None,
            "source_document": None,
            "agenda_item_id": None,
            "issuing_organization_id": issuer.id,
            "issued_by_id": self._somebody(issuer.id),
            "start_date": quarter.first_day,
            "due_date": due,
            "original_due_date": due,
            "root_due_date": due,
            "completed_on": quarter.first_day + timedelta(self.chance.randrange(20, 110)) if done else None,
            "status": status,
            "progress_percent": 100 if done else self.chance.randrange(0, 95, 5),
            "result_summary": texts.prose(self.chance, 1) if done else None,
            "carried_from_id": None,
            "root_task_id": row["id"],
            "carry_count": 0,
            "carry_reason": None,
            "was_issued": status != TaskStatus.DRAFT,
            "is_given": status != TaskStatus.DRAFT,
            "folded": searchable(title, code),
        }

    def _status_in(self, quarter: Quarter) -> TaskStatus:
        words = (
            TaskStatus.COMPLETED,
            TaskStatus.IN_PROGRESS,
            TaskStatus.ASSIGNED,
            TaskStatus.DRAFT,
            TaskStatus.CANCELLED,
        )
        is_over = quarter.last_day < TODAY
        return self.chance.choices(words, (80, 12, 2, 1, 5) if is_over else (20, 45, 22, 10, 3))[0]

    def _seen(self, table: type[Base], row: Row, circles: Circles, noun: str, host: Body) -> None:
        """Who sees it, and the one event of its making, for the same."""
        self.event += 1
        subject = {f"{noun}_id": row["id"]}
        self.rows.add(table, *({**subject, "circle_id": c, "lines": lines} for c, lines in circles.items()))
        event = {
            "seq": self.event,
            "tx": 0,  # as after a dump and restore
            "at": row["created_at"],
            "actor_id": None,
            "actor": "benchmark",
            "noun": noun,
            "name": f"{noun}.created",
            "subject_id": row["id"],
            "version": 1,
            "organization_id": host.id,
            "changes": {"title": {"new": row["title"]}, "status": {"new": row["status"]}},
            "request_id": None,
        }
        self.rows.add(Event, event)
        place = {"tx": 0, "seq": self.event}
        self.rows.add(
            EventAudience, *({**place, "circle_id": c, "lines": lines} for c, lines in circles.items())
        )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8), ZONE).astimezone(UTC)


def _over(bodies: Iterable[Body], *, exactly: bool = False) -> Circles:
    """The circles that see what concerns these bodies, as app.audience says it in SQL."""
    found: Circles = {}
    for body in bodies:
        for one in (body,) if exactly else body.line_up:
            found[one.id] = found.get(one.id, 0) | body.line.bit
    return found


def _measures() -> list[dict[str, Any]]:
    return [{"name": "Tỷ lệ giải ngân", "unit": "%", "target": 95.0, "achieved": 61.5, "percent": 64.74}]


def fill(engine: Engine, scale: float, *, analyze: bool = True, lean: bool = False) -> Data:
    """Fill the database that the migrations have made; answers with the callers' keys.

    `lean`: only what reports look at, in a tenth of the time, and every task in the quarter that they are
    about. Lists then show nothing.
    """
    with engine.begin() as connection:
        rows = Rows(connection, BESIDE_REPORTS if lean else frozenset())
        data = Data(rows, scale, Random(SEED), (REPORTED,) if lean else QUARTERS)
        data.fill()
        if engine.dialect.name == "postgresql":
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence('events', 'seq'), :last)"), {"last": data.event}
            )
    if analyze:
        gather(engine)
    return data


def gather(engine: Engine) -> None:
    """The statistics that the planner goes by."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
