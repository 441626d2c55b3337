"""PostgreSQL killed and back: nothing is lost, the answers in between say 503, and the service recovers by itself."""

import threading
import time
from collections import Counter

import httpx

from tests.conftest import NO_TLS, Tell
from tests.faults.conftest import Starter, Stronghold
from tests.faults.counts import many, only_as_proof
from tests.faults.processes import Served
from tests.faults.writers import Load, settle

KILLS = many(0, 6)
SOON = 5  # seconds after it is back


class Reader(threading.Thread):
    """Reads all the while, and counts what it is answered."""

    def __init__(self, service: Served, path: str, key: str) -> None:
        super().__init__(daemon=True)
        self._path, self._stopping = path, threading.Event()
        self._client = service.client(key)
        self.answers = Counter[int]()
        self.odd: list[str] = []

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                answer = self._client.get(self._path)
            except httpx.TransportError as error:
                self.odd.append(f"{self._path}: {error!r}")
                continue
            self.answers[answer.status_code] += 1
            if answer.status_code != 200 and not is_for_later(answer):
                self.odd.append(f"{self._path}: {answer.status_code} {answer.text[:300]}")
            time.sleep(0.02)

    def stop(self) -> None:
        self._stopping.set()
        self.join(60)


def is_for_later(answer: httpx.Response) -> bool:
    """503, in the form of every problem, saying when to come again."""
    kind = answer.headers.get("content-type")
    return (
        answer.status_code == 503 and kind == "application/problem+json" and "retry-after" in answer.headers
    )


@only_as_proof
def test_the_service_outlives_the_kills_of_its_database_and_loses_nothing(
    postgresql: Stronghold, serve: Starter, tell: Tell
) -> None:
    assert postgresql.server is not None
    service = serve(postgresql, workers=4)
    key = postgresql.town.keys["secretary"]
    readers = [Reader(service, path, key) for path in ("/v1/meetings", "/v1/changes?limit=5", "/readyz")]
    load = Load(service, postgresql.town).start()
    for reader in readers:
        reader.start()
    waits = []
    for turn in range(KILLS):
        load.until(100)
        postgresql.server.kill()
        time.sleep(turn % 4 / 2)
        assert httpx.get(f"{service.url}/readyz", verify=NO_TLS).status_code == 503
        before = load.acknowledged
        postgresql.server.start_again()
        waits.append(until_a_write_is_good(load, before))
    load.until(10)
    load.stop()
    for reader in readers:
        reader.stop()
    assert [said for reader in readers for said in reader.odd] == []
    assert load.unanswered == 0  # each was answered, also while the database was away
    assert max(waits) <= SOON
    assert set(load.answers) <= {200, 201, 204, 409, 412, 503}
    assert all(reader.answers[503] for reader in readers)
    said = settle(load, postgresql.engine, f"postgresql, {KILLS} kills of every server process")
    reads = sum((reader.answers for reader in readers), Counter[int]())
    tell(f"{said}; reads {dict(reads)}; good again after {', '.join(f'{w:.2f}' for w in waits)} s")


@only_as_proof
def test_the_service_outlives_the_death_of_single_connections(
    postgresql: Stronghold, serve: Starter, tell: Tell
) -> None:
    service = serve(postgresql, workers=2)
    load = Load(service, postgresql.town).start()
    ended = 0
    end_others = (
        "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    for _ in range(20):
        load.until(20)
        with postgresql.engine.connect() as connection:
            ended += connection.exec_driver_sql(end_others).scalar_one()
    load.stop()
    assert load.unanswered == 0
    said = settle(load, postgresql.engine, f"postgresql, {ended} connections ended by its administrator")
    tell(said)


@only_as_proof
def test_workers_that_die_while_the_database_is_away_are_there_when_it_is_back(
    postgresql: Stronghold, serve: Starter, tell: Tell
) -> None:
    assert postgresql.server is not None
    service = serve(postgresql, workers=2)
    load = Load(service, postgresql.town).start()
    load.until(20)
    postgresql.server.kill()
    service.kill_workers()
    before, end = load.answers[503], time.monotonic() + 60
    while load.answers[503] < before + 20:  # said by workers that have started without a database
        assert service.is_alive, service.said()
        assert time.monotonic() < end, service.said()
        time.sleep(0.05)
    written = load.acknowledged
    postgresql.server.start_again()
    waited = until_a_write_is_good(load, written)
    load.until(20)
    load.stop()
    assert waited <= SOON
    said = settle(load, postgresql.engine, "postgresql, away while workers died")
    tell(f"{said}; good again after {waited:.2f} s")


def until_a_write_is_good(load: Load, before: int) -> float:
    """Seconds from the moment at which the database was back."""
    back = time.monotonic()
    while load.acknowledged <= before:
        assert time.monotonic() < back + 60, load.service.said()
        time.sleep(0.005)
    return time.monotonic() - back
