"""Real databases, real HTTP: one migrated template of each, a copy for each module, a server on a free port."""

import gc
import os
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from app import upgrading
from app.db import connect
from app.main import create_app
from app.settings import Settings
from tests import postgres
from tests.program import Program
from tests.town import Json, Town, build

ROOT = Path(__file__).parent.parent
PROOF = "PROOF" in os.environ  # the whole of everything, for which there is no time at each run
DATABASES = ("sqlite", "postgresql")
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # else each client loads the machine's certificates: 30 ms


# Files of few tests that take long: first, so that no worker is left alone with one at the end.
LONG = ("swagger_ui", "fuzzing", "permissions", "contract", "commands", "demo", "briefings", "two_quarters")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long ones first, each file in its own order; of what goes in turn, what is not its turn is left out."""
    items.sort(key=lambda item: not item.path.stem.endswith(LONG))
    left_out = {} if PROOF else dict.fromkeys(out_of_turn(items))
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def out_of_turn(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """The short form of a test that is marked in_turn: its cases stand on one database and on the other, by turns.

    Each file's tests begin on another one, so that an operation that several of them try meets both.
    """
    cases: dict[str, dict[str, dict[str, pytest.Item]]] = {}
    for item in items:
        if item.get_closest_marker("in_turn") and isinstance(item, pytest.Function):
            database = str(item.callspec.params["service"])
            case = item.callspec.id.replace(database, "", 1)
            test = cases.setdefault(item.nodeid.partition("[")[0], {})
            test.setdefault(case, {})[database] = item
    for first, test in enumerate(cases.values()):
        for turn, on in enumerate(test.values(), first):
            if len(on) == len(DATABASES):
                yield on[DATABASES[turn % len(DATABASES)]]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Garbage is collected from here on: not among what is there so far, and not at every seven hundredth object.

    With all the tests in memory a quarter of their time went into looking.
    """
    yield
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def migrate(url: str) -> None:
    """Bring a database up to date, as the service does when it starts."""
    engine = connect(url, durable=False)
    upgrading.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "minutes.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Postgres]:
    started = postgres.start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def postgres_template(server: postgres.Postgres) -> str:
    server.create("template_minutes", None)
    migrate(server.url("template_minutes"))
    return "template_minutes"


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    started = Program()
    yield started
    started.stop()


@dataclass
class Service:
    """A running service on a database of its own, and the town in it."""

    url: str
    app: FastAPI
    database_url: str
    town: Town = field(init=False)
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        return cast("Engine", self.app.state.engine)

    @property
    def database(self) -> str:
        return self.engine.dialect.name

    def client(self, key: str | None = None, **headers: str) -> httpx.Client:
        """A caller with this key."""
        known = {"x-api-key": key} if key else {}
        made = httpx.Client(base_url=self.url, headers={**known, **headers}, timeout=60, verify=NO_TLS)
        self.clients.append(made)
        return made

    def as_(self, who: str) -> httpx.Client:
        """A caller of the town by name."""
        return self.client(self.town.keys[who])


@pytest.fixture(scope="module", params=DATABASES)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("data")
    url, drop = _database(request, folder)
    its_own: dict[str, Any] = {"database_url": url, "signing_keys": str(folder / "keys")}
    with running(Settings(**its_own, allow_weak_durability=True, **SETTINGS)) as started:
        started.town = build(started.engine)
        yield started
    drop()


SETTINGS: dict[str, Any] = {"requests_a_minute": 1_000_000, "refusals_a_minute": 1_000_000}


def _database(request: pytest.FixtureRequest, directory: Path) -> tuple[str, Callable[[], None]]:
    if request.param == "sqlite":
        path = directory / "minutes.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}", lambda: None
    server: postgres.Postgres = request.getfixturevalue("server")
    template = request.getfixturevalue("postgres_template")
    name = f"t{time.time_ns()}"
    server.create(name, template)

    def drop() -> None:
        server.drop(name)
        shutil.rmtree(ROOT / "var" / f"{name}.attachments", ignore_errors=True)

    return server.url(name), drop


class running:  # noqa: N801  reads as a word
    """A service in this process, served over a real socket."""

    document: Json | None = (
        None  # that one of them has written: it is the same for all, and takes two seconds
    )

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self.app.openapi_schema = running.document
        self.settings = settings

    def __enter__(self) -> Service:
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(self.app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listening]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        self.service = Service(f"http://127.0.0.1:{port}", self.app, self.settings.database_url)
        return self.service

    def __exit__(self, *_: object) -> None:
        running.document = self.app.openapi_schema
        for client in self.service.clients:
            client.close()
        self.server.should_exit = True
        self.thread.join(10)


def an_id(answer: httpx.Response) -> UUID:
    """The id of what was made."""
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])
