"""A province with a hundred communes: they file their tasks, and its office asks for the whole in one call.

python -m benchmarks.province --database sqlite|postgresql [--communes 100] [--tasks 75] [--clients 20]
"""

# ruff: noqa: T201  it prints what it measured

import argparse
import json
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.access.founding import found
from app.actor import SYSTEM
from app.db import connect
from app.organizations.models import Level
from app.quarter import Quarter
from app.work import at_the_desk
from benchmarks.databases import Databases, Postgresql, filled
from benchmarks.run import OURS, Server, seconds_of, seconds_with_children

QUARTER = str(Quarter(2026, 4))
FIELDS = ("party_building", "budget_finance", "digital_transformation", "culture_society", "inspection")
ASKED = 100  # times each question is asked
Json = dict[str, Any]


@dataclass
class Province:
    """Its office's client, and each commune's Party committee with a body of it that leads tasks."""

    url: str
    key: str
    took: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"x-api-key": self.key}, timeout=60)

    def built(self, communes: int) -> Iterator[tuple[str, str]]:
        with self.client() as office:
            root = office.get("/v1/organizations", params={"limit": 1}).json()["items"][0]["id"]
            for n in range(communes):
                place = self._body(office, root, f"Xã {n}", "locality", "other")
                party = self._body(office, place, f"Đảng ủy xã {n}", "party_committee", "party")
                lead = self._body(office, place, f"UBND xã {n}", "peoples_committee", "state")
                yield party, lead

    def _body(self, office: httpx.Client, parent: str, name: str, kind: str, line: str) -> str:
        said = {"parent_id": parent, "name": name, "kind": kind, "line": line, "level": "commune"}
        made = office.post("/v1/organizations", json=said)
        made.raise_for_status()
        return str(made.json()["id"])

    def file(self, bodies: Sequence[tuple[str, str]], tasks: int) -> None:
        """One client's share: each task set and issued, each request timed."""
        with self.client() as client:
            for n in range(tasks):
                for party, lead in bodies:
                    self._file(client, party, lead, n)

    def _file(self, client: httpx.Client, party: str, lead: str, n: int) -> None:
        said = {
            "issuing_organization_id": party,
            "title": f"Nhiệm vụ {n}: hoàn thành chỉ tiêu của quý",
            "quarter": QUARTER,
            "field": FIELDS[n % len(FIELDS)],
            "assignments": [{"organization_id": lead, "role": "lead"}],
        }
        made = self._timed(client, "/v1/quarterly-tasks", said)
        if made is not None:
            path = f"/v1/quarterly-tasks/{made['id']}/transitions"
            self._timed(client, path, {"transition": "issue"})

    def _timed(self, client: httpx.Client, path: str, said: Json) -> Json | None:
        began = time.perf_counter()
        try:
            answer = client.post(path, json=said)
        except httpx.HTTPError as error:
            with self.lock:
                self.refused.append(repr(error))
            return None
        with self.lock:
            self.took.append(time.perf_counter() - began)
            if not answer.is_success:
                self.refused.append(answer.text)
        told: Json = answer.json()
        return told if answer.is_success else None


def questions(root: str) -> dict[str, str]:
    """What the province's office asks."""
    of = f"organization_id={root}"
    return {
        "roll-up over all bodies": f"/v1/reports/quarterly-tasks?quarter={QUARTER}&{of}",
        "who has not reviewed": f"/v1/reports/reviews?quarter={QUARTER}&{of}",
        "what is due": f"/v1/reports/due?within_days=60&limit=200&{of}",
    }


def measured(databases: Databases, communes: int, tasks: int, clients: int) -> None:
    url = databases.copy("province")
    engine = connect(url)
    key = found(
        work=at_the_desk(engine, SYSTEM), name="Tỉnh", level=Level.PROVINCE, principal="Văn phòng Tỉnh ủy"
    )
    engine.dispose()
    process = databases.process if isinstance(databases, Postgresql) else None
    with Server("ours", {**OURS, "MINUTES_DATABASE_URL": url}) as ours:
        province = Province(f"http://127.0.0.1:{ours.port}", key)
        bodies = list(province.built(communes))
        began = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            shares = [pool.submit(province.file, bodies[n::clients], tasks) for n in range(clients)]
            for share in shares:
                share.result()
        whole = time.perf_counter() - began
        took = sorted(province.took)
        print(
            f"{communes} communes filed {tasks} tasks each (set and issued: {len(took):,} requests) from"
            f" {clients} clients in {whole:,.0f} s: errors {len(province.refused)},"
            f" p50 {took[len(took) // 2] * 1000:.0f} ms, p99 {took[int(len(took) * 0.99)] * 1000:.0f} ms,"
            f" longest {took[-1] * 1000:.0f} ms",
            *province.refused[:3],
            sep="\n",
        )
        _ask(province, ours, process)


def _ask(province: Province, ours: Server, process: int | None) -> None:
    with province.client() as office:
        root = office.get("/v1/organizations", params={"level": "province"}).json()["items"][0]["id"]
        for name, target in questions(root).items():
            before = seconds_of(ours.process.pid), seconds_with_children(process) if process else 0.0
            took = []
            for _ in range(ASKED):
                began = time.perf_counter()
                answer = office.get(target)
                took.append((time.perf_counter() - began) * 1000)
                answer.raise_for_status()
            after = seconds_of(ours.process.pid), seconds_with_children(process) if process else 0.0
            service, database = ((b - a) / ASKED * 1000 for a, b in zip(before, after, strict=True))
            rows = len(json.loads(answer.content)["items"])
            p95 = statistics.quantiles(took, n=20)[-1]
            print(
                f"{name}: {rows} rows, {len(answer.content):,} bytes, p95 {p95:.1f} ms,"
                f" CPU {service:.1f} ms" + (f" + {database:.1f} ms of PostgreSQL" if process else "")
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql"], required=True)
    parser.add_argument("--communes", type=int, default=100)
    parser.add_argument("--tasks", type=int, default=75)
    parser.add_argument("--clients", type=int, default=20)
    given = parser.parse_args()
    with filled(given.database, 0, analyze=False, lean=True) as databases:  # as a new one is
        measured(databases, given.communes, given.tasks, given.clients)


if __name__ == "__main__":
    main()
