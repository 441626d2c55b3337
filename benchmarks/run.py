"""CPU microseconds a request, ours beside a plain application and beside bare bytes.

python -m benchmarks.run --database sqlite|postgresql [--seconds 3] [--scale 0.1] [--only WORDS]
"""

# ruff: noqa: S603  the servers and the client are our own
# ruff: noqa: T201  it prints a table

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self, cast

from app.db import connect
from benchmarks.bare import name_of
from benchmarks.databases import Databases, Postgresql, filled
from benchmarks.operations import Ask, Asker, Operation, every, of_reports

TICK = os.sysconf("SC_CLK_TCK")
ROUNDS, CONNECTIONS, WARM = 3, 16, 0.5
FEW = 2  # for reports: of more, the plain application's wait half a minute for a connection, and fail
APPLICATIONS = {
    "ours": ["app.main:create_app", "--factory"],
    "plain": ["benchmarks.plain:application"],
    "bare": ["benchmarks.bare:app"],
}
OURS = {  # everything else as it is deployed
    "MINUTES_LOG_LEVEL": "warning",
    "MINUTES_REQUESTS_A_MINUTE": "1000000000",
    "MINUTES_REFUSALS_A_MINUTE": "1000000000",
}


def seconds_of(process: int) -> float:
    """What a process has used of a processor, in user and system mode, all its threads together."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICK


def seconds_with_children(process: int) -> float:
    """The same of a process and all that it started; what has ended is in its own record."""
    used = seconds_of(process)
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        with suppress(ProcessLookupError, FileNotFoundError):  # it ended just now
            used += seconds_of(int(child))
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return used + (int(told[13]) + int(told[14])) / TICK


class Server:
    """An application in a uvicorn of its own, one worker."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        options = ["--loop", "uvloop", "--http", "httptools", "--workers", "1"]
        options += ["--no-access-log", "--log-level", "warning", "--port", str(self.port)]
        command = [sys.executable, "-m", "uvicorn", *APPLICATIONS[name], *options]
        began = time.monotonic()
        self.process = subprocess.Popen(command, env={**os.environ, **environment})
        while not self._answers():
            if self.process.poll() is not None:
                raise SystemExit(f"{name} does not start")
            time.sleep(0.02)
        self.started_in = time.monotonic() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)

    def _answers(self) -> bool:
        try:
            Asker(self.port).answer(Ask("/"))
        except OSError:
            return False
        return True

    @property
    def resident(self) -> int:
        """MiB."""
        told = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(told.partition("VmRSS:")[2].split()[0]) // 1024


class Client:
    """The process that asks."""

    def __init__(self, connections: int) -> None:
        self.connections = connections
        command = [sys.executable, "-m", "benchmarks.load"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._in = cast("IO[str]", self.process.stdin)
        self._out = cast("IO[str]", self.process.stdout)
        self.asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)

    def connect(self, port: int, asks: list[Ask], status: int, seconds: float) -> None:
        """Open the connections; they wait for `go`."""
        job = {
            "port": port,
            "seconds": seconds,
            "requests": [ask.sent(port) for ask in asks],
            "status": status,
            "first": self.asked,
            "connections": self.connections,
        }
        self._write(json.dumps(job))
        if self._read() != "ready":
            raise SystemExit("the client does not connect")

    def go(self) -> int:
        """Ask until the time is over; answers how often."""
        self._write("go")
        told: dict[str, Any] = json.loads(self._read())
        if told["refused"]:
            raise SystemExit(f"not what was expected: {told['refused']}")
        self.asked += told["answers"]
        return int(told["answers"])

    def _write(self, line: str) -> None:
        self._in.write(f"{line}\n")
        self._in.flush()

    def _read(self) -> str:
        return self._out.readline().rstrip("\n")


@dataclass(frozen=True)
class Cost:
    """Microseconds of processor a request: the service's, and the database's beside it."""

    service: float
    database: float

    @property
    def whole(self) -> float:
        return self.service + self.database

    def __str__(self) -> str:
        return f"{self.service:,.0f}" + (f" + {self.database:,.0f}" if self.database else "")


@dataclass
class Bench:
    """Everything that runs while it is measured."""

    client: Client
    servers: dict[str, Server]
    postgres: int | None
    seconds: float

    def measure(self, operation: Operation) -> dict[str, Cost]:
        """The rounds, interleaved."""
        asked = {"ours": operation.ours, "plain": operation.plain, "bare": operation.ours}
        found: dict[str, list[Cost]] = {name: [] for name, asks in asked.items() if asks}
        with _bare(operation, Asker(self.servers["ours"].port)) as self.servers["bare"]:
            for name in found:
                self._once(name, asked[name], operation.status, WARM)
            for _ in range(ROUNDS):
                for name, costs in found.items():
                    costs.append(self._once(name, asked[name], operation.status, self.seconds))
        return {
            name: sorted(costs, key=lambda cost: cost.whole)[ROUNDS // 2] for name, costs in found.items()
        }

    def _once(self, name: str, asks: list[Ask], status: int, seconds: float) -> Cost:
        server = self.servers[name]
        self.client.connect(server.port, asks, status, seconds)
        before = seconds_of(server.process.pid), self._database()
        number = self.client.go()
        after = seconds_of(server.process.pid), self._database()
        return Cost((after[0] - before[0]) / number * 1e6, (after[1] - before[1]) / number * 1e6)

    def _database(self) -> float:
        return seconds_with_children(self.postgres) if self.postgres else 0.0


@contextmanager
def _bare(operation: Operation, ours: Asker) -> Iterator[Server]:
    """The bare application, with what ours answers now."""
    found = {}
    for ask in operation.ours if operation.ours[0].method == "GET" else operation.ours[:1]:
        status, headers, body = ours.answer(ask)
        if status != operation.status:
            raise SystemExit(f"{operation.name}: {status} {body.decode()}")
        kept = [(name.lower(), value) for name, value in headers if name.lower() not in {"date", "server"}]
        found[name_of(ask.method, ask.target)] = (status, kept, body.decode())
    with tempfile.TemporaryDirectory() as directory:
        recorded = Path(directory) / "recorded.json"
        recorded.write_text(json.dumps(found, ensure_ascii=False))
        with Server("bare", {"BENCHMARK_RECORDED": str(recorded)}) as started:
            yield started


def measured(databases: Databases, scale: float, seconds: float, only: str, *, lean: bool) -> None:
    """Start everything, print the table."""
    copies = {name: databases.copy(name) for name in ("ours", "plain")}
    with ExitStack() as stack:
        ours = stack.enter_context(Server("ours", {**OURS, "MINUTES_DATABASE_URL": copies["ours"]}))
        plain = stack.enter_context(Server("plain", {"BENCHMARK_URL": copies["plain"]}))
        idle = ours.resident
        engine = connect(databases.url("filled"), durable=False)
        stack.callback(engine.dispose)
        db = stack.enter_context(engine.connect())
        process = databases.process if isinstance(databases, Postgresql) else None
        client = stack.enter_context(Client(FEW if lean else CONNECTIONS))
        bench = Bench(client, {"ours": ours, "plain": plain}, process, seconds)
        print("| operation | ours | plain | bare | ours ÷ plain |\n|---|---|---|---|---|", flush=True)
        keys = databases.keys
        asked = of_reports(db, keys) if lean else every(db, keys, Asker(ours.port), scale)
        for operation in asked:
            if only in operation.name:
                print(_row(operation.name, bench.measure(operation)), flush=True)
        print(
            f"\nFirst answer after {ours.started_in:.2f} s (plain {plain.started_in:.2f} s); idle {idle} MiB,"
            f" after the run {ours.resident} MiB (plain {plain.resident} MiB)."
        )


def _row(name: str, costs: dict[str, Cost]) -> str:
    ratio = f"{costs['ours'].whole / costs['plain'].whole:.3f}" if "plain" in costs else "–"
    return f"| {name} | {costs['ours']} | {costs.get('plain', '–')} | {costs['bare']} | {ratio} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql"], required=True)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each of the three rounds")
    parser.add_argument("--scale", type=float, default=0.1, help="1.0 is what performance is promised for")
    parser.add_argument("--only", default="", help="operations whose name has these words")
    parser.add_argument("--lean", action="store_true", help="only reports, over what they look at alone")
    parser.add_argument("--no-analyze", action="store_true", help="leave the planner without statistics")
    given = parser.parse_args()
    with filled(given.database, given.scale, analyze=not given.no_analyze, lean=given.lean) as databases:
        measured(databases, given.scale, given.seconds, given.only, lean=given.lean)


if __name__ == "__main__":
    main()
