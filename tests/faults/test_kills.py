"""kill -9 of every process of the service loses nothing that it acknowledged, and leaves nothing half done."""

import json
import random
import socket
import time
from collections.abc import Callable
from functools import partial

from tests.conftest import Tell
from tests.faults.accounts import journal_faults, number_of_events, sound
from tests.faults.conftest import Starter, Stronghold
from tests.faults.counts import many, only_as_proof
from tests.faults.processes import Served
from tests.faults.writers import Load, settle

KILLS = many(0, 4)


@only_as_proof
def test_killing_every_process_loses_nothing_and_no_key_has_two_effects(
    database: Stronghold, serve: Starter, tell: Tell
) -> None:
    service = serve(database, workers=4)
    load = Load(service, database.town).start()
    chance = random.Random(4)
    for _ in range(KILLS):
        load.until(chance.randint(20, 300))
        service.kill()
        service.start()
    load.until(10)
    load.stop()
    service.kill()
    if database.name == "sqlite":
        sound(database.url)
    service.start()
    said = settle(load, database.engine, f"{database.name}, {KILLS + 1} kills of every process")
    tell(said)


@only_as_proof
def test_workers_that_are_killed_are_started_again(database: Stronghold, serve: Starter, tell: Tell) -> None:
    service = serve(database, workers=4)
    load = Load(service, database.town).start()
    for _ in range(KILLS):
        load.until(200)
        service.kill_workers()
    load.until(10)
    load.stop()
    if database.name == "sqlite":
        sound(database.url)
    tell(settle(load, database.engine, f"{database.name}, {KILLS} kills of the workers alone"))


@only_as_proof
def test_a_key_whose_answer_was_lost_with_the_process_gets_it_from_the_next(
    database: Stronghold, serve: Starter
) -> None:
    service = serve(database)
    client = service.client(database.town.keys["secretary"])
    for turn in range(2):
        body, key = _a_meeting(database), f"K-{turn}"
        before = number_of_events(database.engine)
        unread = _sent(service, database, body, key)
        _wait(partial(_has_events, database, before + 1))
        service.kill()
        unread.close()
        service.start()
        again = client.post("/v1/meetings", json=body, headers={"idempotency-key": key})
        assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
        assert again.content == client.get(again.headers["location"]).content
        assert number_of_events(database.engine) == before + 1
    assert journal_faults(database.engine) == []


@only_as_proof
def test_a_key_whose_process_died_between_the_effect_and_its_record_has_no_effect_yet(
    postgresql: Stronghold, serve: Starter
) -> None:
    service = serve(postgresql)
    client = service.client(postgresql.town.keys["secretary"])
    for turn in range(2):
        body, key = _a_meeting(postgresql), f"K-{turn}"
        before = number_of_events(postgresql.engine)
        with postgresql.engine.connect() as holding:
            holding.exec_driver_sql("LOCK TABLE idempotency_records IN SHARE MODE")
            unread = _sent(service, postgresql, body, key)
            _wait(partial(_waits_for_the_lock, postgresql))
            service.kill()
            unread.close()
        service.start()
        assert number_of_events(postgresql.engine) == before
        again = client.post("/v1/meetings", json=body, headers={"idempotency-key": key})
        assert again.status_code == 201
        assert "idempotency-replayed" not in again.headers
        assert number_of_events(postgresql.engine) == before + 1
    assert journal_faults(postgresql.engine) == []


def _a_meeting(database: Stronghold) -> dict[str, str]:
    host = str(database.town.bodies["party"])
    return {"host_organization_id": host, "title": "Hội nghị", "held_on": "2025-09-04"}


def _sent(service: Served, database: Stronghold, body: dict[str, str], key: str) -> socket.socket:
    """A request whose answer nobody reads."""
    content = json.dumps(body).encode()
    head = [
        "POST /v1/meetings HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"X-API-Key: {database.town.keys['secretary']}",
        f"Idempotency-Key: {key}",
        f"Content-Length: {len(content)}",
    ]
    connection = socket.create_connection(("127.0.0.1", service.port), 10)
    connection.sendall("\r\n".join([*head, "", ""]).encode() + content)
    return connection


def _has_events(database: Stronghold, number: int) -> bool:
    return number_of_events(database.engine) == number


def _waits_for_the_lock(database: Stronghold) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with database.engine.connect() as connection:
        return bool(connection.exec_driver_sql(waiting).scalar_one())


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not until():
        assert time.monotonic() < end
        time.sleep(0.01)
