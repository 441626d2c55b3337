"""What a document costs, and how long everybody else waits meanwhile: the demo's minutes, on SQLite.

python -m benchmarks.documents [--times 30] [--seconds 5]
"""

# ruff: noqa: T201  it prints what it measured

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app import example_ids as ids
from benchmarks.databases import ROOT
from benchmarks.run import OURS, Server, seconds_of

MEETING = ids.EARLIER_BRIEFING
PRINTED = f"/v1/meetings/{MEETING}/minutes"
ASKED = f"/v1/meetings/{MEETING}"  # what everybody else asks meanwhile
KINDS = ("markdown", "html", "docx", "pdf")
TWO = 2  # clients that want documents: as many as are made at once


def demo(directory: Path) -> tuple[dict[str, str], str]:
    """The environment of a service over the example data, and its key."""
    environment = {**OURS, "MINUTES_DATABASE_URL": f"sqlite:///{directory / 'minutes.db'}"}
    environment["MINUTES_ALLOW_WEAK_DURABILITY"] = "true"
    for command in ("migrate", "demo"):
        known = {**os.environ, **environment}
        told = [sys.executable, "-m", "app", command]
        subprocess.run(told, env=known, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  our own
    return environment, (directory / "minutes.demo-key").read_text().strip()


def each(server: Server, client: httpx.Client, times: int) -> None:
    """One after another: the first, which loads the libraries, by itself."""
    print(f"{'kind':<10}{'first ms':>10}{'median ms':>11}{'p95 ms':>8}{'CPU ms':>8}{'KiB':>6}{'RSS MiB':>9}")
    for kind in KINDS:
        first = _asked(client, kind)
        before = seconds_of(server.process.pid)
        took = sorted(_asked(client, kind) for _ in range(times))
        used = (seconds_of(server.process.pid) - before) / times * 1000
        size = len(client.get(PRINTED, params={"format": kind}).content) / 1024
        print(
            f"{kind:<10}{first:>10.0f}{statistics.median(took):>11.0f}{took[int(times * 0.95)]:>8.0f}"
            f"{used:>8.0f}{size:>6.0f}{server.resident:>9}"
        )


def _asked(client: httpx.Client, kind: str) -> float:
    began = time.perf_counter()
    client.get(PRINTED, params={"format": kind}).raise_for_status()
    return (time.perf_counter() - began) * 1000


def meanwhile(url: str, key: str, client: httpx.Client, seconds: float) -> None:
    """A GET of a meeting, again and again: alone, and while documents are made without a pause."""
    print(f"{'meanwhile':<10}{'GETs':>10}{'median ms':>11}{'p99 ms':>8}{'longest':>9}")
    for kind in ("nothing", *KINDS):
        with _made(url, key, kind):
            took = sorted(_looked(client, seconds))
        row = (statistics.median(took), took[int(len(took) * 0.99)], took[-1])
        print(f"{kind:<10}{len(took):>10}{row[0]:>11.1f}{row[1]:>8.1f}{row[2]:>9.1f}")


def _looked(client: httpx.Client, seconds: float) -> Iterator[float]:
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        client.get(ASKED).raise_for_status()
        yield (time.perf_counter() - began) * 1000


@contextmanager
def _made(url: str, key: str, kind: str) -> Iterator[None]:
    """Somebody has documents made, all the time."""
    enough = threading.Event()

    def make() -> None:
        with _client(url, key) as mine:
            while not enough.is_set():
                mine.get(PRINTED, params={"format": kind}).raise_for_status()

    makers = [threading.Thread(target=make) for _ in range(TWO if kind != "nothing" else 0)]
    for one in makers:
        one.start()
    yield
    enough.set()
    for one in makers:
        one.join()


def _client(url: str, key: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"x-api-key": key}, timeout=60)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--times", type=int, default=30)
    asked.add_argument("--seconds", type=float, default=5)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        environment, key = demo(Path(directory))
        with Server("ours", environment) as server:
            url = f"http://127.0.0.1:{server.port}"
            with _client(url, key) as client:
                each(server, client, given.times)
                meanwhile(url, key, client, given.seconds)


if __name__ == "__main__":
    main()
