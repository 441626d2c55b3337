"""All that may befall a service in its life, once each: the short form of kills, PostgreSQL's death and SIGTERM."""

import time

import pytest

from app.settings import Settings
from tests.conftest import PROOF, SETTINGS, running
from tests.faults.accounts import sound
from tests.faults.conftest import Starter, Stronghold
from tests.faults.test_sigterm import LONGEST, balanced, leave
from tests.faults.writers import Load, settle


@pytest.mark.skipif(bool(PROOF), reason="each is proved at length, in a file of its own")
def test_a_service_that_is_killed_and_told_to_stop_loses_nothing(
    database: Stronghold, serve: Starter
) -> None:
    service = serve(database, MINUTES_DRAIN_SECONDS="1")
    load = Load(service, database.town).start()
    load.until(40)
    service.kill()
    if database.name == "sqlite":
        sound(database.url)
    service.start()
    load.until(20)
    if database.server is not None:
        database.server.kill()
        time.sleep(0.2)
        database.server.start_again()
        load.until(20)
    load.stop()
    with balanced(service) as balancer:
        warned = Load(service, database.town, balancer=balancer, first=len(load.writers)).start()
        warned.until(20)
        assert leave(service, balancer) <= LONGEST
        warned.stop()
    assert warned.unanswered == 0
    with running(Settings(database_url=database.url, **SETTINGS)) as another:
        client = another.client(database.town.keys["secretary"])
        assert settle(load, database.engine, client=client)
        assert warned.odd + warned.lost(client) == []
