"""Real databases, real HTTP: one migrated template of each, a copy for each module, a server on a free port."""

import gc
import os
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from app import upgrading
from app.actor import SYSTEM
from app.attachments.storing import Store
from app.db import connect
from app.demo.loading import load
from app.main import create_app
from app.minutes.keys import keep_keys_in
from app.settings import Settings
from app.work import at_the_desk
from tests import postgres
from tests.program import Program
from tests.town import Json, Town, build

ROOT = Path(__file__).parent.parent
PROOF = int(os.environ.get("PROOF") or 0)  # so many times what `make proof` tries; none, in short
DATABASES = ("sqlite", "postgresql")
TEMPLATES = {"sqlite": "sqlite_template", "postgresql": "postgres_template"}
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # else each client loads the machine's certificates: 30 ms


# Files of few tests that take long: first, so that no worker is left alone with one at the end.
LONG = (
    *("swagger_ui", "fuzzing", "permissions", "contract", "visibility", "demo", "clients", "in_short"),
    *("reports", "pages", "commands", "two_quarters", "operations"),
    *("lost_updates", "races", "kills", "sigterm", "numbers"),
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long ones first, each file in its own order; of what goes in turn, what is not its turn is left out.

    Who names cases with -k gets those.
    """
    items.sort(key=lambda item: not item.path.stem.endswith(LONG))
    left_out = {} if PROOF or config.option.keyword else dict.fromkeys(out_of_turn(items))
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def out_of_turn(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """The short form of a test that is marked in_turn: its cases stand on one database and on the other, by turns.

    Each file's tests begin on another one, so that an operation that several of them try meets both.
    """
    cases: dict[str, dict[str, dict[str, pytest.Item]]] = {}
    for item in items:
        if _goes_in_turn(item) and isinstance(item, pytest.Function):
            (database,) = _databases(item)
            case = item.callspec.id.replace(database, "", 1)
            test = cases.setdefault(item.nodeid.partition("[")[0], {})
            test.setdefault(case, {})[database] = item
    for first, test in enumerate(cases.values()):
        for turn, on in enumerate(test.values(), first):
            if len(on) == len(DATABASES):
                yield on[DATABASES[turn % len(DATABASES)]]


def _goes_in_turn(item: pytest.Item) -> bool:
    """Not what needs no service, nor what each database does in its own way: locks, races, searches."""
    marked = item.get_closest_marker("in_turn") and not item.get_closest_marker("on_both")
    return bool(marked) and len(_databases(item)) == 1


def _databases(item: pytest.Item) -> list[str]:
    """The one that it is for, by whatever fixture it comes."""
    takes = getattr(getattr(item, "callspec", None), "params", {})
    return [str(value) for value in takes.values() if isinstance(value, str) and value in DATABASES]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Garbage is collected from here on: not among what is there so far, and not at every seven hundredth object.

    With all the tests in memory a quarter of their time went into looking.
    """
    yield
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


Tell = Callable[[str], None]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Keeps what a proof came to until the end, where all of it is printed together."""

    def told(figures: str) -> None:
        if PROOF:
            record_property("figures", figures)

    return told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of all that were proved, whichever process each was proved in."""
    ended = [one for how in ("passed", "failed") for one in terminalreporter.getreports(how)]
    if told := [figures for one in ended if one.when == "call" for _, figures in one.user_properties]:
        terminalreporter.section("figures")
        for figures in told:
            terminalreporter.write_line(figures)


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


@dataclass(frozen=True)
class Example:
    """A database with the example data, to be copied; the files and the signing keys that belong to it."""

    database: Path | str
    folder: Path
    key: str

    def settings(self, folder: Path, url: str) -> Settings:
        """Of a service on a copy of it."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return beside(folder, url)


def beside(folder: Path, url: str) -> Settings:
    """All that is kept outside the database stands in this folder."""
    kept: dict[str, Any] = {"attachments": (folder / "files").as_uri(), "signing_keys": str(folder / "keys")}
    return Settings(database_url=url, allow_weak_durability=True, **kept, **SETTINGS)


@pytest.fixture(scope="session")
def examples(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Example]:
    """The example data in a database of that kind: to load it takes two seconds, to copy it none."""

    @cache
    def loaded(kind: str) -> Example:
        folder = tmp_path_factory.mktemp("example")
        if kind == "sqlite":
            place: Path | str = tmp_path_factory.mktemp("loaded") / "minutes.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), place)
            url = f"sqlite:///{place}"
        else:
            server: postgres.Postgres = request.getfixturevalue("server")
            place = "template_example"
            server.create(place, request.getfixturevalue("postgres_template"))
            url = server.url(place)
        settings, engine = beside(folder, url), connect(url, durable=False)
        keep_keys_in(engine, settings.signing_keys)
        key = load(Store.of(settings), work=at_the_desk(engine, SYSTEM))
        engine.dispose()
        assert key is not None
        return Example(place, folder, key)

    return loaded


@contextmanager
def serving_examples(
    request: pytest.FixtureRequest, folder: Path, kind: str | None = None
) -> Iterator["Service"]:
    """A service on example data of its own; of the kind that the fixture is asked for, or of this one."""
    kind = kind or request.param
    example: Example = request.getfixturevalue("examples")(kind)
    url, drop = _copy(request, kind, example.database, folder)
    with running(example.settings(folder, url)) as service:
        service.key = example.key
        yield service
    drop()


@dataclass
class Service:
    """A running service on a database of its own, and the town in it."""

    url: str
    app: FastAPI
    database_url: str
    town: Town = field(init=False)
    key: str = field(init=False)  # of the example data, where that is there instead of a town
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
    """An empty one."""
    return _copy(request, request.param, request.getfixturevalue(TEMPLATES[request.param]), directory)


def _copy(
    request: pytest.FixtureRequest, kind: str, template: Path | str, directory: Path
) -> tuple[str, Callable[[], None]]:
    """Where it is, and what is to be called when nobody needs it any more."""
    if kind == "sqlite":
        path = directory / "minutes.db"
        shutil.copy(template, path)
        return f"sqlite:///{path}", lambda: None
    server: postgres.Postgres = request.getfixturevalue("server")
    name = f"t{time.time_ns()}"
    server.create(name, str(template))

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
