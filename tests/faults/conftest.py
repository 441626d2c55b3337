"""Databases whose settings lose nothing, and the service as processes of its own."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app import upgrading
from app.db import connect
from tests import postgres
from tests.conftest import migrate
from tests.faults.processes import Mortal, Served
from tests.town import Town, build


@dataclass(frozen=True)
class Stronghold:
    """A database with the town in it; `server` is PostgreSQL's."""

    url: str
    engine: Engine
    town: Town
    server: Mortal | None = None

    @property
    def name(self) -> str:
        return self.engine.dialect.name


def stronghold(url: str, server: Mortal | None = None) -> Stronghold:
    """Migrate it, where that is not done yet, and build the town."""
    engine = connect(url)
    upgrading.upgrade(engine)
    return Stronghold(url, engine, build(engine), server)


@pytest.fixture(scope="session")
def mortal() -> Iterator[tuple[Mortal, postgres.Postgres]]:
    running = Mortal()
    server = postgres.Postgres(running.url, running=running)
    yield running, server
    server.stop()


@pytest.fixture(scope="session")
def mortal_template(mortal: tuple[Mortal, postgres.Postgres]) -> str:
    """Migrated once: to do it anew for each test takes longer than some of them."""
    _, server = mortal
    server.create("template_minutes")
    migrate(server.url("template_minutes"))
    return "template_minutes"


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Stronghold]:
    shutil.copy(sqlite_template, tmp_path / "minutes.db")
    made = stronghold(f"sqlite:///{tmp_path}/minutes.db")
    yield made
    made.engine.dispose()


@pytest.fixture
def postgresql(mortal: tuple[Mortal, postgres.Postgres], mortal_template: str) -> Iterator[Stronghold]:
    running, server = mortal
    name = f"t{time.time_ns()}"
    server.create(name, mortal_template)
    made = stronghold(server.url(name), running)
    yield made
    made.engine.dispose()
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Stronghold:
    made: Stronghold = request.getfixturevalue(request.param)
    return made


Starter = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Starter]:
    """Starts the service on a database; whatever became of it, it ends with the test."""
    served = list[Served]()

    def started(database: Stronghold, workers: int = 1, **environment: str) -> Served:
        made = Served(database.url, tmp_path, workers=workers, **environment)
        made.begin()
        served.append(made)
        made.wait()
        return made

    yield started
    for one in served:
        one.close()
