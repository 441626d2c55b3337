"""Many writers on the one file of SQLite: they wait for each other, and none is turned away before ten seconds."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx

from app.sqlite import library
from tests.conftest import Tell
from tests.faults.accounts import sound
from tests.faults.conftest import Starter, Stronghold
from tests.faults.counts import only_as_proof
from tests.faults.writers import Load, settle
from tests.town import ANY, Json, a_meeting


@only_as_proof
def test_sixteen_writers_in_four_processes_are_all_served(
    sqlite: Stronghold, serve: Starter, tell: Tell
) -> None:
    service = serve(sqlite, workers=4)
    load = Load(service, sqlite.town, 16).start()
    load.until(1500)
    load.stop()
    said = settle(load, sqlite.engine, "sqlite, 16 writers, 4 processes")
    assert {status for status in load.answers if status >= 500} == set()
    assert load.unanswered == 0
    tell(f"{said}, the longest answer {load.longest:.1f} s")
    sound(sqlite.url)


@only_as_proof
def test_who_waits_ten_seconds_for_the_file_is_told_to_come_again(
    sqlite: Stronghold, serve: Starter, tell: Tell
) -> None:
    """Also who has waited for others of the same process first; and the last use of a key, which waits as well."""
    service = serve(sqlite)
    clients = [service.client(sqlite.town.keys["secretary"]) for _ in range(4)]
    party = str(sqlite.town.bodies["party"])
    body = {"host_organization_id": party, "title": "Hội nghị", "held_on": "2025-09-04"}
    other = library.connect(sqlite.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor() as pool:
        refused = list(pool.map(partial(_post_later, body), clients, range(len(clients))))
    reading = clients[0].get("/v1/meetings")
    other.execute("ROLLBACK")
    other.close()
    waited = sorted(one.elapsed.total_seconds() for one in refused)
    assert all(_told_to_come_again(one) for one in refused)
    assert 9 < waited[0] <= waited[-1] < 13
    assert reading.status_code == 200
    assert clients[0].post("/v1/meetings", json=body).status_code == 201
    tell(f"sqlite, a file that somebody holds: 503 after {waited[0]:.1f} to {waited[-1]:.1f} s")


def _post_later(body: Json, client: httpx.Client, seconds: int) -> httpx.Response:
    """So that it gets its turn while it still has time to wait."""
    time.sleep(seconds)
    return client.post("/v1/meetings", json=body)


def test_a_request_that_gets_nowhere_is_given_up_when_its_time_is_over(
    postgresql: Stronghold, serve: Starter
) -> None:
    service = serve(postgresql, MINUTES_REQUEST_SECONDS="1")
    client = service.client(postgresql.town.keys["secretary"])
    path = f"/v1/meetings/{a_meeting(client, postgresql.town.bodies['party'])['id']}"
    with postgresql.engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE meetings IN ACCESS EXCLUSIVE MODE")
        for method, body in (("GET", None), ("PATCH", {"title": "Khác"})):
            began = time.monotonic()
            assert _told_to_come_again(client.request(method, path, json=body, headers=ANY))
            assert time.monotonic() - began < 8  # and not the ten that a lock alone may take
    assert client.get(path).json()["version"] == 1


def _told_to_come_again(answer: httpx.Response) -> bool:
    is_problem = answer.headers["content-type"] == "application/problem+json"
    return answer.status_code == 503 and is_problem and int(answer.headers["retry-after"]) > 0
