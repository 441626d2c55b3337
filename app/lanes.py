"""Where reads run: beside SQLAlchemy's engine, on the bare driver, and unable to write."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Dialect, make_url

from app import sqlite
from app.errors import Unavailable

if TYPE_CHECKING:
    import asyncpg

Rows = Sequence[Any]  # each row a tuple, or asyncpg's own
Errors = tuple[type[Exception], ...]


class Lane(ABC):
    """One statement, one snapshot, rows of plain values."""

    dialect: Dialect
    _life = ""

    @abstractmethod
    async def open(self) -> None: ...
    @abstractmethod
    async def close(self) -> None: ...
    @abstractmethod
    async def fetch(
        self, sql: str, values: Sequence[Any], *, heavy: bool = False, anew: bool = False
    ) -> Rows:
        """The rows. `heavy` must not hold up others; `anew`: how to find them depends on the very values."""

    async def life(self) -> str:
        """Which life of the database this is: what was handed out in another is not understood."""
        if not self._life:
            ((self._life,),) = await self.fetch("SELECT life FROM journal", [])
        return self._life


class SqliteLane(Lane):
    """SQLite is a function call, so it is called in place: a thread costs more than most queries.

    Heavy reads get a thread and a connection of their own; so does every read where the journal is not a
    write-ahead log, since there a commit holds the file.
    """

    def __init__(self, path: str, seconds: float) -> None:
        self.path = path
        self.seconds = seconds
        self.dialect = _dialect("sqlite")

    async def open(self) -> None:
        self.here = sqlite.read_only(self.path)
        self.clock = sqlite.Clock(self.here, self.seconds)

    async def close(self) -> None:
        self.here.close()

    async def fetch(
        self,
        sql: str,
        values: Sequence[Any],
        *,
        heavy: bool = False,
        anew: bool = False,  # noqa: ARG002  it plans once, and the same words stand on both lanes
    ) -> Rows:
        try:
            if heavy or not sqlite.SAFE_WAL:
                return await asyncio.to_thread(self._fetch_apart, sql, values)
            self.clock.start()
            return self.here.execute(sql, values).fetchall()
        except sqlite.library.OperationalError as error:
            raise Unavailable(headers={"Retry-After": "1"}) from error

    def _fetch_apart(self, sql: str, values: Sequence[Any]) -> Rows:
        connection = sqlite.read_only(self.path)
        sqlite.Clock(connection, self.seconds)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()


class PostgresLane(Lane):
    """asyncpg, prepared statements, autocommit; it needs session pooling where a pooler stands between."""

    def __init__(self, url: str, pool_size: int, seconds: int) -> None:
        self.url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.pool_size = pool_size
        self.seconds = seconds
        self.slow, self.ended = _failures()
        self.dialect = _dialect("postgresql+asyncpg")

    async def open(self) -> None:
        apart = max(1, self.pool_size // 4)
        self.pool = await self._pool(max(1, self.pool_size - apart))
        # A report begins with all the bodies below one. PostgreSQL plans a statement that came often for any
        # values, here for the few bodies that are below an average one, and for thousands that is quadratic.
        self.anew = await self._pool(apart, plan_cache_mode="force_custom_plan")

    async def _pool(self, size: int, **settings: str) -> "asyncpg.Pool":
        import asyncpg  # noqa: PLC0415  a process on SQLite does without

        return await asyncpg.create_pool(
            self.url,
            min_size=0,  # the database may be away for now
            max_size=size,
            statement_cache_size=1024,
            max_cached_statement_lifetime=0,
            reset=_nothing,
            init=_read_days_as_text,
            server_settings={
                "default_transaction_read_only": "on",
                "jit": "off",
                "statement_timeout": f"{self.seconds}s",
                **settings,
            },
        )

    async def close(self) -> None:
        await self.pool.close()
        await self.anew.close()

    async def fetch(
        self,
        sql: str,
        values: Sequence[Any],
        *,
        heavy: bool = False,  # noqa: ARG002  the same word on both lanes
        anew: bool = False,
    ) -> Rows:
        pool = self.anew if anew else self.pool
        try:
            return await pool.fetch(sql, *values)
        except self.slow as error:
            raise Unavailable(headers={"Retry-After": "5"}) from error
        except self.ended:
            return await self._fetch_again(pool, sql, values)

    async def _fetch_again(self, pool: "asyncpg.Pool", sql: str, values: Sequence[Any]) -> Rows:
        """A read may be asked twice: its connection may have been closed while nobody used it."""
        try:
            return await pool.fetch(sql, *values)
        except self.ended as error:
            raise Unavailable(headers={"Retry-After": "1"}) from error


@cache
def _dialect(name: str) -> Dialect:
    """One for all lanes: what was written for one of them, another of its kind need not write again."""
    return make_url(f"{name}://").get_dialect()()


def _failures() -> tuple[Errors, Errors]:
    """By which errors a statement takes longer than a request may, and by which its connection is no more."""
    import asyncpg  # noqa: PLC0415  a process on SQLite does without

    # asyncpg calls it an internal error where a connection dies between two steps of its own.
    lost = (asyncpg.InterfaceError, asyncpg.InternalClientError, asyncpg.PostgresConnectionError)
    shut = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError)
    ended = (OSError, *lost, *shut, asyncpg.TooManyConnectionsError)
    return (asyncpg.QueryCanceledError, TimeoutError), ended


async def _nothing(_: object) -> None:
    """A read leaves nothing behind on its connection, so it is given back without a round trip."""


async def _read_days_as_text(connection: "asyncpg.Connection") -> None:
    """Asyncpg takes the first and the last day of the calendar for minus and plus infinity."""
    await connection.set_type_codec(
        "date", encoder=str, decoder=date.fromisoformat, schema="pg_catalog", format="text"
    )


def lane(url: str, pool_size: int, seconds: int) -> Lane:
    """The lane that fits the database."""
    wanted = make_url(url)
    if wanted.get_backend_name() == "sqlite":
        return SqliteLane(wanted.database or ":memory:", seconds)
    return PostgresLane(url, pool_size, seconds)
