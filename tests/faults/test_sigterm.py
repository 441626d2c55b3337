"""SIGTERM loses nothing and breaks nothing off: not ready first, then what was begun is ended, gone in 30 seconds."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.conftest import NO_TLS, Tell
from tests.faults.conftest import Starter, Stronghold
from tests.faults.counts import many, only_as_proof
from tests.faults.processes import Served
from tests.faults.writers import Balancer, Load, settle

LONGEST = 30  # seconds
DRAIN = 1.5
AWHILE = 0.5  # of it: without a drain the door closes within a tenth of a second
TIMES = many(0, 2)


@contextmanager
def balanced(*services: Served) -> Iterator[Balancer]:
    balancer = Balancer(*services)
    balancer.start()
    yield balancer
    balancer.stop()


def leave(service: Served, balancer: Balancer) -> float:
    """Tell it to stop; it must be found not ready, and still answer for a while. Seconds until it was gone."""
    began = time.monotonic()
    service.terminate()
    while not balancer.leaves_out(service):
        assert time.monotonic() < began + LONGEST
        time.sleep(0.01)
    probed = httpx.get(f"{service.url}/readyz", verify=NO_TLS)
    assert probed.status_code == 503
    assert probed.headers["content-type"] == "application/problem+json"
    while time.monotonic() < began + AWHILE:
        assert httpx.get(f"{service.url}/healthz", verify=NO_TLS).status_code == 200
        time.sleep(0.02)
    service.ended()
    return time.monotonic() - began


@only_as_proof
@pytest.mark.parametrize("workers", [1, 4])
def test_a_service_behind_a_balancer_restarts_without_breaking_off_a_request(
    database: Stronghold, serve: Starter, workers: int, tell: Tell
) -> None:
    service = serve(database, workers, MINUTES_DRAIN_SECONDS=str(DRAIN))
    with balanced(service) as balancer:
        load = Load(service, database.town, balancer=balancer).start()
        gone = []
        for _ in range(TIMES):
            load.until(100)
            gone.append(leave(service, balancer))
            service.start()
        load.until(10)
        load.stop()
    assert max(gone) <= LONGEST
    assert load.unanswered == 0
    assert set(load.answers) <= {200, 201, 204}
    took = ", ".join(f"{seconds:.1f}" for seconds in gone)
    said = settle(load, database.engine, f"{database.name}, {workers} workers, {TIMES} times SIGTERM")
    tell(f"{said}; gone after {took} s")


@only_as_proof
def test_two_services_restart_by_turns_and_nobody_notices(
    database: Stronghold, serve: Starter, tell: Tell
) -> None:
    services = [serve(database, MINUTES_DRAIN_SECONDS=str(DRAIN)) for _ in range(2)]
    longest = 0.0
    with balanced(*services) as balancer:
        load = Load(services[0], database.town, balancer=balancer).start()
        for turn in range(4):
            service = services[turn % 2]
            load.until(50)
            leave(service, balancer)
            service.begin()
            began = time.monotonic()
            load.until(10)  # by the other one
            longest = max(longest, time.monotonic() - began)
            service.wait()
            while balancer.leaves_out(service):
                time.sleep(0.01)
        load.until(10)
        load.stop()
    assert load.unanswered == 0
    assert set(load.answers) <= {200, 201, 204}
    tell(settle(load, database.engine, f"{database.name}, two services restarted twice each"))


@only_as_proof
def test_who_never_looks_whether_it_is_ready_loses_nothing_either(
    database: Stronghold, serve: Starter, tell: Tell
) -> None:
    service = serve(database, 2, MINUTES_DRAIN_SECONDS="0")
    load = Load(service, database.town).start()
    for _ in range(TIMES):
        load.until(60)
        began = time.monotonic()
        service.terminate()
        service.ended()
        assert time.monotonic() - began <= LONGEST
        service.start()
    load.until(10)
    load.stop()
    tell(settle(load, database.engine, f"{database.name}, {TIMES} times SIGTERM without a balancer"))


@only_as_proof
def test_a_request_that_waits_for_a_row_is_answered_although_the_service_leaves(
    postgresql: Stronghold, serve: Starter
) -> None:
    service = serve(postgresql, MINUTES_DRAIN_SECONDS="0.5")
    client = service.client(postgresql.town.keys["secretary"])
    party = str(postgresql.town.bodies["party"])
    body = {"host_organization_id": party, "title": "Hội nghị", "held_on": "2025-09-04"}
    path = client.post("/v1/meetings", json=body).headers["location"]
    answers = list[httpx.Response]()

    def patch() -> None:
        answers.append(client.patch(path, json={"title": "Sau cùng"}, headers={"if-match": '"1"'}))

    waiting = threading.Thread(target=patch)
    with postgresql.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1 FROM meetings FOR UPDATE")
        waiting.start()
        time.sleep(0.5)
        service.terminate()
        time.sleep(3)
        assert service.is_alive
        connection.rollback()
    waiting.join(30)
    service.ended()
    assert [answer.status_code for answer in answers] == [200]
    service.start()
    assert client.get(path).json()["title"] == "Sau cùng"
