"""Writers that remember what was acknowledged, ask again until they are answered, and compare at the end."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Engine

from tests.faults.accounts import journal_faults, number_of_events
from tests.faults.processes import PATIENCE, Served
from tests.town import Json, Town, every

PAUSE = 0.05  # seconds before the same is asked again


@dataclass
class Row:
    """What was acknowledged of one resource; nobody but its writer changes it."""

    path: str
    version: int
    members: Json
    within: str | None = None  # the meeting of an agenda item
    facts: int = 0  # transitions and entries that were recorded of it


class Writer(threading.Thread):
    """Makes and changes rows of its own. What it gets no answer to, or 503, it sends again."""

    def __init__(self, number: int, town: Town, through: Callable[[], httpx.Client | None]) -> None:
        super().__init__(daemon=True, name=f"writer {number}")
        self.number, self._town, self._through = number, town, through
        self._chance = random.Random(number)
        self._stopping = threading.Event()
        self._made = 0
        self.rows: dict[str, Row] = {}
        self.gone: list[str] = []
        self.titles: list[str] = []  # each stands for one POST, so for one effect
        self.answers: Counter[int] = Counter()
        self.unanswered = 0
        self.acknowledged = 0
        self.longest = 0.0  # seconds that an answer took
        self.odd: list[str] = []  # what nobody promised

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._step()
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001  a writer that broke is a failure of the test
            self.odd.append(f"{self.name} broke: {error!r}")

    def stop(self) -> None:
        """At the end of what it is at."""
        self._stopping.set()

    # -- what it does

    def _step(self) -> None:
        mine = list(self.rows.values())
        meetings = [row for row in mine if row.path.startswith("/v1/meetings/")]
        tasks = [row for row in mine if row.path.startswith("/v1/quarterly-tasks/")]
        choice = self._chance.random()
        if choice < 0.15 or not meetings:
            self._a_meeting()
        elif choice < 0.3 or not tasks:
            self._a_task()
        elif choice < 0.4:
            self._an_item(self._chance.choice(meetings))
        elif choice < 0.5:
            self._move(self._chance.choice(tasks))
        elif choice < 0.6:
            self._report(self._chance.choice(tasks))
        elif choice < 0.65:
            self._remove(self._chance.choice(mine))
        else:
            self._rename(self._chance.choice(mine))

    def _a_meeting(self) -> None:
        item, host = {"title": "Khai mạc"}, str(self._town.bodies["party"])
        body = {"host_organization_id": host, "title": self._title(), "held_on": "2025-09-04"}
        self._make("/v1/meetings", {**body, "agenda_items": [item]}, body)

    def _a_task(self) -> None:
        party, front = str(self._town.bodies["party"]), str(self._town.bodies["front"])
        body = {"issuing_organization_id": party, "title": self._title(), "quarter": "2025-Q4"}
        lead = {"organization_id": front, "role": "lead", "speaker_id": None}
        self._make("/v1/quarterly-tasks", {**body, "assignments": [lead]}, body | {"status": "draft"})

    def _an_item(self, meeting: Row) -> None:
        body = {"title": self._title()}
        self._make(f"{meeting.path}/agenda-items", body, body, within=meeting.path)

    def _make(self, path: str, body: Json, shown: Json, within: str | None = None) -> None:
        answer, _ = self._asked("POST", path, body, self._key())
        self.titles.append(body["title"])
        if self._is(201, answer):
            made = answer.json()
            row = Row(answer.headers["location"], 1, dict(shown), within)
            self.rows[row.path] = row
            self._compare(row, made)

    def _rename(self, row: Row) -> None:
        self._change(row, {"title": self._title()})

    def _change(self, row: Row, values: Json) -> None:
        answer, again = self._asked("PATCH", row.path, values, {"if-match": f'"{row.version}"'})
        if again and answer.status_code == 412 and answer.json()["current_version"] == row.version + 1:
            self.acknowledged += 1  # it was done the first time, and could not say so
            answer, _ = self._asked("GET", row.path)
        if self._is(200, answer):
            row.version += 1
            row.members |= values
            self._compare(row, answer.json())

    def _move(self, task: Row) -> None:
        onward = {"draft": ("issue", "assigned"), "assigned": ("start", "in_progress")}
        onward |= {"in_progress": ("suspend", "on_hold"), "on_hold": ("resume", "in_progress")}
        transition, then = onward[task.members["status"]]
        self._tell(task, "transitions", {"transition": transition}, {"status": then})

    def _report(self, task: Row) -> None:
        if task.members["status"] == "draft":
            self._move(task)
            return
        percent = self._chance.randint(0, 100)
        said = {"kind": "progress", "progress_percent": percent}
        self._tell(task, "entries", said, {"progress_percent": percent})

    def _tell(self, task: Row, what: str, said: Json, then: Json) -> None:
        answer, _ = self._asked("POST", f"{task.path}/{what}", said, self._key())
        if self._is(201, answer):
            task.version += 1
            task.facts += 1
            task.members |= then
            if answer.headers["etag"] != f'"{task.version}"':
                self.odd.append(f"{task.path} at {answer.headers['etag']}, not {task.version}")

    def _remove(self, row: Row) -> None:
        """Only what nothing stands on: a task that was never issued, or the last item of an agenda."""
        last = next((one for one in reversed(self.rows.values()) if one.within == row.within), None)
        if row.members.get("status") != "draft" and (row.within is None or row is not last):
            return
        answer, again = self._asked("DELETE", row.path, headers={"if-match": f'"{row.version}"'})
        if again and answer.status_code == 404:  # it was done the first time, and could not say so
            self.acknowledged += 1
        elif not self._is(204, answer):
            return
        del self.rows[row.path]
        self.gone.append(row.path)

    # -- how it asks

    def _title(self) -> str:
        self._made += 1
        return f"Việc {self.number}-{self._made}"

    def _key(self) -> dict[str, str]:
        self._made += 1
        return {"idempotency-key": f"{self.number}-{self._made}-{id(self)}"}

    def _asked(
        self, method: str, path: str, body: Json | None = None, headers: dict[str, str] | None = None
    ) -> tuple[httpx.Response, bool]:
        """The answer, and whether the same had been asked before without one."""
        again = False
        while True:
            client, began = self._through(), time.monotonic()
            if client is None:
                if self._stopping.is_set() and not again:
                    raise Stopped
                time.sleep(PAUSE)
                continue
            try:
                answer = client.request(method, path, json=body, headers=headers)
            except httpx.TransportError:
                self.unanswered += 1
            else:
                self.answers[answer.status_code] += 1
                self.longest = max(self.longest, time.monotonic() - began)
                if answer.is_success and method != "GET":
                    self.acknowledged += 1
                if not self._is_for_later(answer):
                    return answer, again
            again = True
            time.sleep(PAUSE)

    def _is_for_later(self, answer: httpx.Response) -> bool:
        """503 and, of a key whose first request still runs, 409: both say when to come again."""
        kind = answer.headers.get("content-type", "")
        if answer.status_code not in {409, 503} or kind != "application/problem+json":
            return False
        if answer.json()["code"] not in {"unavailable", "idempotency-in-progress"}:
            return False
        if "retry-after" not in answer.headers:
            self.odd.append(f"no Retry-After: {answer.text}")
        return True

    def _is(self, wanted: int, answer: httpx.Response) -> bool:
        if answer.status_code == wanted:
            return True
        asked = answer.request
        self.odd.append(f"{asked.method} {asked.url.path} {answer.status_code} {answer.text[:300]}")
        return False

    def _compare(self, row: Row, shown: Json) -> None:
        members = {name: shown[name] for name in row.members}
        if (shown["version"], members) != (row.version, row.members):
            self.odd.append(f"{row.path} shows {shown['version']} {members}, not {row.version} {row.members}")


class Stopped(Exception):
    """There is nobody to ask, and nothing has been asked."""


class Balancer(threading.Thread):
    """Asks each service whether it is ready, ten times a second, and sends nobody to one that is not."""

    def __init__(self, *services: Served) -> None:
        super().__init__(daemon=True)
        self.services = services
        self._ready = list(services)
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(0.1):
            self._ready = [one for one in self.services if one.is_ready()]

    def ready(self) -> Served | None:
        """One of those that are."""
        ready = self._ready
        return random.choice(ready) if ready else None

    def leaves_out(self, service: Served) -> bool:
        return service not in self._ready

    def stop(self) -> None:
        self._stopping.set()
        self.join(60)


@dataclass
class Load:
    """Several writers at once."""

    service: Served
    town: Town
    number: int = 8
    balancer: "Balancer | None" = None
    first: int = 0  # the number of its first writer, where there is another load
    writers: list[Writer] = field(init=False)

    def __post_init__(self) -> None:
        self.writers = [Writer(self.first + n, self.town, self._way()) for n in range(self.number)]

    def _way(self) -> Callable[[], httpx.Client | None]:
        """How a writer reaches the service: directly, or by one of those that the balancer finds ready.

        Connections that stay open are those of one worker, where it was the first to look while all were idle.
        """
        key = self.town.keys["secretary"]
        if self.balancer is None:
            client = self.service.client(key, each_anew=True)
            return lambda: client
        balancer, clients = self.balancer, {one: one.client(key) for one in self.balancer.services}
        return lambda: clients[one] if (one := balancer.ready()) else None

    def start(self) -> "Load":
        for writer in self.writers:
            writer.start()
        return self

    def stop(self) -> None:
        """Let each end what it is at; the service must be there for that."""
        for writer in self.writers:
            writer.stop()
        for writer in self.writers:
            writer.join(60)
            assert not writer.is_alive(), f"{writer.name} never got its answer"

    def until(self, more: int) -> None:
        """Go on until so many more writes were acknowledged."""
        wanted, end = self.acknowledged + more, time.monotonic() + PATIENCE + more / 10
        while self.acknowledged < wanted:
            assert time.monotonic() < end, (
                f"{self.acknowledged} of {wanted}: {self.odd} {self.service.said()}"
            )
            time.sleep(0.005)

    @property
    def acknowledged(self) -> int:
        return sum(writer.acknowledged for writer in self.writers)

    @property
    def unanswered(self) -> int:
        return sum(writer.unanswered for writer in self.writers)

    @property
    def answers(self) -> Counter[int]:
        return sum((writer.answers for writer in self.writers), Counter[int]())

    @property
    def longest(self) -> float:
        return max(writer.longest for writer in self.writers)

    @property
    def odd(self) -> list[str]:
        return [said for writer in self.writers for said in writer.odd]

    def lost(self, client: httpx.Client) -> list[str]:
        """What was acknowledged, and is absent or different now; and what was done more than once."""
        return [fault for writer in self.writers for fault in _lost(writer, client)] + _twice(
            self.writers, client
        )


def _lost(writer: Writer, client: httpx.Client) -> list[str]:
    faults = []
    for row in writer.rows.values():
        answer = client.get(row.path)
        shown = answer.json()
        if answer.status_code != 200:
            faults.append(f"{row.path} answers {answer.status_code}")
            continue
        members = {name: shown[name] for name in row.members}
        if (shown["version"], members) != (row.version, row.members):
            faults.append(f"{row.path} is {shown['version']} {members}, not {row.version} {row.members}")
        if row.path.startswith("/v1/quarterly-tasks/"):
            told = len(every(client, f"{row.path}/entries"))
            if told != row.facts:
                faults.append(f"{row.path} has {told} entries, not {row.facts}")
    faults += [f"{path} is back" for path in writer.gone if client.get(path).status_code != 404]
    return faults


def _twice(writers: Sequence[Writer], client: httpx.Client) -> list[str]:
    """One POST with a key, one effect: the titles that were given at the beginning, in the journal."""
    given = Counter[str](title for writer in writers for title in writer.titles)
    beginnings = tuple(f"Việc {writer.number}-" for writer in writers)
    found = Counter[str]()
    for event in _created(client):
        title = event["changes"].get("title", {}).get("new", "")
        if title.startswith(beginnings):
            found[title] += 1
    return [f"{title} was made {number} times" for title, number in (found - given).items()] + [
        f"{title} was not made" for title in (given - found)
    ]


def _created(client: httpx.Client) -> list[Json]:
    events, cursor = list[Json](), dict[str, Any]()
    while True:
        page = client.get("/v1/changes", params={"limit": 500, **cursor}).json()
        events += [event for event in page["items"] if event["name"].endswith(".created")]
        if not page["has_more"]:
            return events
        cursor = {"cursor": page["next_cursor"]}


def settle(load: Load, engine: Engine, figures: str = "", client: httpx.Client | None = None) -> str:
    """Nothing acknowledged is lost, nothing was done twice, and the journal adds up; answers the figures."""
    client = client or load.service.client(load.town.keys["secretary"])
    assert load.odd == []
    assert load.lost(client) == []
    assert journal_faults(engine) == []
    events = number_of_events(engine)
    assert load.acknowledged > 0
    assert load.acknowledged <= events
    return (
        f"{figures}: {load.acknowledged} writes acknowledged, {load.unanswered} without an answer, "
        f"answers {dict(sorted(load.answers.items()))}, {events} events, lost 0"
    )
