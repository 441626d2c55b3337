"""A filled database of either kind, and a copy of it for each service that is measured."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.db import connect
from benchmarks.data import fill
from tests import postgres

ROOT = Path(__file__).parent.parent
SETTINGS = {  # where those of the tests would measure another thing
    "fsync": "on",
    "full_page_writes": "on",
    "max_wal_size": "4GB",
    "shared_buffers": "1GB",
    "synchronous_commit": "on",
}


class Databases:
    """The filled one, and its copies by name."""

    keys: dict[str, str]

    def url(self, name: str) -> str:
        raise NotImplementedError

    def copy(self, name: str) -> str:
        """Make a copy, and answer with its URL."""
        raise NotImplementedError

    def _make(self, url: str, scale: float, *, analyze: bool, lean: bool) -> None:
        environment = {**os.environ, "MINUTES_DATABASE_URL": url, "MINUTES_ALLOW_WEAK_DURABILITY": "true"}
        command = [sys.executable, "-m", "alembic", "upgrade", "head"]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  our own
        engine = connect(url, durable=False)
        self.keys = fill(engine, scale, analyze=analyze, lean=lean).keys
        engine.dispose()


class Sqlite(Databases):
    def __init__(self, directory: Path, scale: float, *, analyze: bool, lean: bool) -> None:
        self._directory = directory
        self._make(self.url("filled"), scale, analyze=analyze, lean=lean)

    def url(self, name: str) -> str:
        return f"sqlite:///{self._directory / name}.db"

    def copy(self, name: str) -> str:
        shutil.copy(self._directory / "filled.db", self._directory / f"{name}.db")
        return self.url(name)


class Postgresql(Databases):
    def __init__(self, server: postgres.Postgres, scale: float, *, analyze: bool, lean: bool) -> None:
        self._server = server
        server.create("filled")
        self._make(self.url("filled"), scale, analyze=analyze, lean=lean)

    def url(self, name: str) -> str:
        return self._server.url(name)

    def copy(self, name: str) -> str:
        self._server.create(name, "filled")
        return self.url(name)

    @property
    def process(self) -> int:
        """The server's own process, whose children are its backends; it must run on this machine."""
        ((note,),) = self._server.run("SELECT pg_read_file('postmaster.pid')")
        return int(str(note).split()[0])


@contextmanager
def filled(kind: str, scale: float, *, analyze: bool = True, lean: bool = False) -> Iterator[Databases]:
    """Make it, and leave nothing behind."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="minutes-benchmark-") as directory:
            yield Sqlite(Path(directory), scale, analyze=analyze, lean=lean)
        return
    postgres.SETTINGS.update(SETTINGS)
    postgres.ROOMY = sys.maxsize  # on a disk: in memory a commit would be free
    server = postgres.start()
    try:
        yield Postgresql(server, scale, analyze=analyze, lean=lean)
    finally:
        server.stop()
