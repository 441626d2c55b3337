"""The database: its base class, its engine, and the one place a transaction ends."""

import json
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from enum import Enum
from functools import wraps
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    Executable,
    ForeignKey,
    MetaData,
    QueuePool,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from uuid_utils.compat import uuid7

from app import sqlite
from app.types import Id, Json, JsonList, Moment, to_milliseconds

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SCHEMA = "0011"  # the migration that this code was written for
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOLDS = "holds"  # of a column: the nouns whose ids it holds, where no foreign key can say it
TRIES = 4  # of a transaction that PostgreSQL gave up for another's sake


def today() -> date:
    """The day it is where the meetings are."""
    return datetime.now(ZONE).date()


def utcnow() -> datetime:
    """Now, to the millisecond, as it is stored."""
    return to_milliseconds(datetime.now(UTC))


def new_id() -> UUID:
    """A UUIDv7: ids made later sort later."""
    return uuid7()


def new_code(prefix: str, of: UUID) -> str:
    """A code for who gives none: short, and as unique as the id it is taken from."""
    return f"{prefix}-{of.hex[-10:].upper()}"


def closed(kind: type[Enum], name: str | None = None) -> EnumType:
    """A column of a closed vocabulary: text with a CHECK, which needs a name where a table has two."""
    return EnumType(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda one: [member.value for member in one],
    )


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy's own declaration
        str: Text().with_variant(Text(collation="C"), "postgresql"),  # one order on every database
        datetime: Moment,
        UUID: Id,
        Json: JSON(none_as_null=True),
        JsonList: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        Enum: closed(Enum),
    }


class Resource(Base):
    """A row that the API shows: an id, a version, two moments, and the tenant that it lives in."""

    __abstract__ = True
    INTERNAL: ClassVar[frozenset[str]] = frozenset()  # columns that are nobody's business outside
    PRIVATE: ClassVar[frozenset[str]] = frozenset()  # members that events name without their values
    AUDIENCE_FOLLOWS: ClassVar[frozenset[str]] = frozenset()  # members on which it depends who sees the row

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)
    external_refs: Mapped[JsonList] = mapped_column(default=list)

    @declared_attr
    def tenant_id(cls) -> Mapped[UUID]:  # noqa: N805  SQLAlchemy calls it on the class
        """The root organization under which the row stands."""
        return mapped_column(Id, ForeignKey("organizations.id"))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  SQLAlchemy calls it on the class
        return {"version_id_col": cls.version}

    @property
    def noun(self) -> str:
        """What events call it: quarterly_task."""
        raise NotImplementedError

    @property
    def governing_id(self) -> UUID:
        """The organization that answers for this row, and on whose grants a change depends."""
        raise NotImplementedError

    @property
    def seen_by(self) -> Any:  # app.audience stands above
        """Where it is written who sees this row: app.audience.Seen."""
        raise NotImplementedError

    def settle(self, db: Session, *, anew: bool) -> dict[UUID, int]:  # noqa: ARG002  a row that a whole tenant sees has nothing to do
        """Write down who sees the row now; answers who saw it before."""
        return {}

    def unsettle(self, db: Session) -> None:
        """Write down what the row's going changes for others to see."""

    def entail(self, db: Session, changes: Mapping[str, Any], *, on: date | None, gone: bool) -> None:
        """Check and write down what follows from a change that takes effect on that day."""


class Fact(Base):
    """A row that is written once and never changed: what happened, when, and who recorded it."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


def connect(url: str, *, pool_size: int = 10, seconds: int = 30, durable: bool = True) -> Engine:
    """The engine of every write, migration and command. SQLite gets one connection: it has one writer."""
    wanted = make_url(url)
    if wanted.get_backend_name() == "sqlite":
        engine = create_engine(
            wanted,
            module=sqlite.library,
            json_serializer=_json,
            hide_parameters=True,  # an error that is logged tells no one's data
            poolclass=Turns,
            pool_size=1,
            max_overflow=0,
            pool_timeout=sqlite.PATIENCE,
            connect_args={"check_same_thread": False, "cached_statements": 512},
        )
        event.listen(engine, "connect", lambda raw, _: sqlite.prepare(raw, durable=durable))
        event.listen(engine, "begin", _begin_at_once)
        return engine
    if wanted.get_backend_name() != "postgresql":
        raise ArgumentError(f"{wanted.get_backend_name()} is neither sqlite nor postgresql")
    options = (
        f"-c statement_timeout={seconds}s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
    )
    return create_engine(
        wanted.set(drivername="postgresql+psycopg"),
        json_serializer=_json,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"options": options, "connect_timeout": 5},
    )


class Turns(QueuePool):
    """Knows since when each has waited for SQLite's one connection."""

    def _do_get(self) -> ConnectionPoolEntry:
        asked = time.monotonic()
        entry = super()._do_get()
        entry.info["asked"] = asked
        return entry


def _begin_at_once(begun: Connection) -> None:
    """Who has waited for the connection waits so much less for the file, where another process writes."""
    now = time.monotonic()
    waited = now - begun.info.pop("asked", now)  # a second transaction on it has waited for nobody
    sqlite.be_patient(begun.connection.dbapi_connection, sqlite.PATIENCE - waited)
    begun.exec_driver_sql("BEGIN IMMEDIATE")


class WeakDurability(Exception):
    """The database could lose what was acknowledged."""


def refuse_weak(engine: Engine) -> None:
    """Raises WeakDurability, with what is weak."""
    if found := weaknesses(engine):
        raise WeakDurability("; ".join(found))


def _json(value: object) -> str:
    """As people read it, not with every accent escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def never_weak(engine: Engine) -> None:
    """Look at each connection as it is made: who asks for one gets WeakDurability instead of a weak one.

    So a worker may start while its database is away, and still acknowledges nothing that could be lost.
    """

    def look(raw: Any, _: object) -> None:
        if found := _weaknesses(engine.dialect.name, raw):
            raise WeakDurability("; ".join(found))
        raw.rollback()

    event.listen(engine, "connect", look)


def weaknesses(engine: Engine) -> list[str]:
    """The settings under which this database could lose what was acknowledged: read back, not believed."""
    with engine.connect() as connection:
        return _weaknesses(engine.dialect.name, connection.connection.driver_connection)


def _weaknesses(database: str, raw: Any) -> list[str]:
    if database == "sqlite":
        return sqlite.weaknesses(raw)
    wanted = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    stronger = {"remote_apply", "remote_write"}
    found = {name: str(raw.execute(f"SHOW {name}").fetchone()[0]) for name in wanted}
    return [f"{name} is {found[name]}" for name in wanted if found[name] not in {wanted[name], *stronger}]


def keep(engine: Engine, *statements: Executable) -> None:
    """Bookkeeping that is nobody's resource: these statements, and their commit."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


class Unit(Protocol):
    """What `one_transaction` needs of the piece of work it is given."""

    engine: Engine
    db: Session

    def once(self, call: Callable[[], Any]) -> Any: ...


P = ParamSpec("P")
T = TypeVar("T")


def one_transaction(handler: Callable[P, T]) -> Callable[P, T]:
    """Return and it is kept, raise and it never was: the handler and its commit, in one go in one thread.

    PostgreSQL may give up one of two transactions that wait for each other; it is then done again whole.
    """

    @wraps(handler)
    def kept(*args: P.args, **kwargs: P.kwargs) -> T:
        work = cast("Unit", kwargs["work"])
        for attempt in range(1, TRIES + 1):
            try:
                with Session(work.engine, expire_on_commit=False) as work.db, work.db.begin():
                    answer = work.once(lambda: handler(*args, **kwargs))
                    finish(work.db)
                    return cast("T", answer)
            except OperationalError as error:
                if attempt == TRIES or not _lost_a_race(error):
                    raise
                time.sleep(0.01 * attempt)
        raise AssertionError

    return kept


def rehearsed(work: "Unit", call: Callable[[], T]) -> T:
    """Do it inside the transaction, answer with what it would be, and leave nothing of it behind."""
    kept = deepcopy(work.db.info)
    with work.db.begin_nested() as rehearsal:
        answer = call()
        rehearsal.rollback()
    work.db.info.clear()
    work.db.info.update(kept)
    return answer


def at_last(db: Session, what: Callable[[Session], None]) -> None:
    """Do it once, after all else of the transaction: where many wait for each other, it is not for long."""
    db.info.setdefault("at_last", {})[what] = None  # in order, and each once


def until_written(engine: Engine) -> None:
    """Wait until whoever writes has ended: SQLite's one writer."""
    with engine.begin():
        pass


def finish(db: Session) -> None:
    """What was put off is done now."""
    for what in db.info.pop("at_last", ()):
        what(db)


def _lost_a_race(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}
