"""kill -9 of every process of the service loses nothing that it acknowledged, and leaves nothing half done."""

import random

import pytest

from tests.faults.accounts import sound
from tests.faults.conftest import Starter, Stronghold
from tests.faults.counts import only_as_proof, tell
from tests.faults.writers import Load, settle

KILLS = 8


@only_as_proof
def test_killing_every_process_loses_nothing_and_no_key_has_two_effects(
    database: Stronghold, serve: Starter, capsys: pytest.CaptureFixture[str]
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
    tell(capsys, said)


@only_as_proof
def test_workers_that_are_killed_are_started_again(
    database: Stronghold, serve: Starter, capsys: pytest.CaptureFixture[str]
) -> None:
    service = serve(database, workers=4)
    load = Load(service, database.town).start()
    for _ in range(5):
        load.until(200)
        service.kill_workers()
    load.until(10)
    load.stop()
    if database.name == "sqlite":
        sound(database.url)
    tell(capsys, settle(load, database.engine, f"{database.name}, 5 kills of the workers alone"))
