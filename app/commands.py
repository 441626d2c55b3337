"""The commands: serve, migrate, demo, new-key, new-signing-key, verify, backup, restore, check, openapi."""

import json
import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
import uvicorn
from pydantic import ValidationError
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from app import backups, logs, upgrading
from app.db import SCHEMA, WeakDurability, connect, refuse_weak
from app.errors import Problem
from app.loading import undisturbed
from app.minutes import keys
from app.organizations.models import Level
from app.settings import Settings, share_metrics

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.work import Work

MOST_TO_STOP = 28  # seconds, so that a worker told to stop is gone within thirty
SLOWEST_START = 30  # seconds until a worker must answer: on a busy machine its imports alone take eight
cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Meetings, their minutes and the quarter's tasks, as a REST service.",
)


def fail(message: str) -> NoReturn:
    """Say what is wrong and what to do, without a traceback."""
    typer.secho(message, err=True, fg="red")
    raise typer.Exit(1)


def settings_of_the_environment() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        said = (f"MINUTES_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        fail("A setting is wrong:\n  " + "\n  ".join(said))


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    """The engine, with every foreseeable mistake in words."""
    shown = _shown(settings.database_url)
    try:
        url = make_url(settings.database_url)
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = connect(
            settings.database_url,
            pool_size=settings.pool_size,
            seconds=settings.request_seconds,
            durable=not settings.allow_weak_durability,
        )
        keys.keep_keys_in(engine, settings.signing_keys)
        yield engine
        engine.dispose()
    except (ArgumentError, NoSuchModuleError):
        fail(
            f"MINUTES_DATABASE_URL is not a database: {shown}. Use sqlite:///path or postgresql://user@host/name."
        )
    except backups.CannotBackUp as error:
        fail(str(error))
    except OSError as error:
        fail(f"The folder of {shown} cannot be made: {error.strerror}.")
    except upgrading.TooNew as error:
        fail(
            f"The database {shown} was migrated by a newer version (to {error}). "
            "Run that version, or restore a backup."
        )
    except DBAPIError as error:
        fail(f"The database {shown} cannot be used: {str(error.orig).strip()}")


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(unreadable)"


@cli.command()
def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that share the port.", min=1)] = 1,
    migrate: Annotated[bool, typer.Option("--migrate", help="Bring the database up to date first.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Migrate, and load example data into an empty database.")
    ] = False,
) -> None:
    """Serve the API and Swagger UI. Without --demo no example data is loaded."""
    settings = settings_of_the_environment()
    if demo and workers > 1:
        fail("--demo is for one process: leave out --workers.")
    with database(settings) as engine:
        if demo or migrate:
            upgrading.upgrade(engine)
        elif upgrading.current(engine) != SCHEMA:
            fail("The database is not up to date. Run `python -m app migrate`, or serve with --migrate.")
        try:
            if not settings.allow_weak_durability:
                refuse_weak(engine)
        except WeakDurability as error:
            fail(
                f"The database could lose acknowledged writes: {error}. "
                "Mend it, or set MINUTES_ALLOW_WEAK_DURABILITY=true."
            )
        key = _demo_key(engine, settings) if demo else None
    _say_where(host, port, key)
    _run(settings, host=host, port=port, workers=workers, demo_key=key)


def _run(settings: Settings, *, host: str, port: int, workers: int, demo_key: str | None) -> None:
    known: dict[str, Any] = {
        "host": host,
        "port": port,
        "log_config": logs.configuration(settings.log_level),
        "access_log": False,  # the edge writes its own
        "server_header": False,
        "timeout_worker_healthcheck": SLOWEST_START,
        "timeout_graceful_shutdown": MOST_TO_STOP - math.ceil(settings.drain_seconds),
    }
    if workers > 1:
        with TemporaryDirectory() as folder:
            share_metrics(folder)
            uvicorn.run("app.commands:application", factory=True, workers=workers, **known)
        return
    app = application(settings)
    app.state.demo_key = demo_key
    try:
        uvicorn.run(app, **known)
    except SystemExit as stopped:
        if stopped.code:
            fail(
                f"Port {port} on {host} cannot be had: another program may be using it. "
                "Choose another: --port, or make serve PORT=…"
            )


def application(settings: Settings | None = None) -> "FastAPI":
    """The service, loaded by who serves: a process that starts workers does without."""
    with undisturbed():
        from app.main import create_app

        return create_app(settings)


def _desk(engine: Engine) -> "Work":
    """Whoever sits at the machine writes as the service itself."""
    with undisturbed():
        import app.tables  # noqa: F401  which know each other by name
        from app.actor import SYSTEM
        from app.work import at_the_desk
    return at_the_desk(engine, SYSTEM)


def _demo_key(engine: Engine, settings: Settings) -> str | None:
    """The demo's key is kept beside the database file, so that every start can show it."""
    from app.attachments.storing import Store
    from app.demo.loading import load

    made = load(Store.of(settings), work=_desk(engine))
    kept = _key_file(settings)
    if made:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(made + "\n")
    return kept.read_text().strip() if kept.exists() else None


def _key_file(settings: Settings) -> Path:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).with_suffix(".demo-key")
    return Path("var") / f"{url.database}.demo-key"


def _say_where(host: str, port: int, key: str | None) -> None:
    typer.echo(f"Swagger UI  http://{host}:{port}/docs")
    if key:
        typer.echo(f"X-API-Key   {key}")


@cli.command()
def migrate() -> None:
    """Bring the database up to date. Safe to run again, and by several at once."""
    settings = settings_of_the_environment()
    with database(settings) as engine:
        upgrading.upgrade(engine)
        typer.echo(f"{_shown(settings.database_url)} is at {upgrading.current(engine)}")


@cli.command()
def demo() -> None:
    """Load the example data into an empty database, and print the key that opens it."""
    settings = settings_of_the_environment()
    with database(settings) as engine:
        upgrading.upgrade(engine)
        key = _demo_key(engine, settings)
        typer.echo(key or "The database holds data already: nothing was loaded.")


@cli.command()
def new_key(
    organization: Annotated[str, typer.Option(help="The name of the place that all the others stand under.")],
    level: Annotated[Level, typer.Option(help="Its tier.")] = Level.PROVINCE,
    principal: Annotated[str, typer.Option(help="Who holds the key.")] = "First administrator",
) -> None:
    """Begin a tenant: make its root and the first key, which is printed this once."""
    from app.access.founding import found

    with database(settings_of_the_environment()) as engine:
        upgrading.upgrade(engine)
        try:
            typer.echo(found(work=_desk(engine), name=organization, level=level, principal=principal))
        except Problem as problem:
            fail(problem.detail.en)


@cli.command()
def backup(into: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Write all that was acknowledged into one file, while the service goes on."""
    with database(settings_of_the_environment()) as engine:
        backups.back_up(engine, into)
        typer.echo(f"{into}: {into.stat().st_size:,} bytes")


@cli.command()
def restore(out_of: Annotated[Path, typer.Argument(help="A file that backup wrote.")]) -> None:
    """Read a backup into an empty database, bring it up to date, and check it."""
    from app import checking

    with database(settings_of_the_environment()) as engine:
        backups.restore(engine, out_of)
        _tell(checking.faults(engine))


@cli.command()
def check() -> None:
    """Look at every row and file: whether all is whole, and the journal tells of each change."""
    from app import checking
    from app.attachments import sweeping
    from app.attachments.storing import Store

    settings = settings_of_the_environment()
    with database(settings) as engine:
        _tell(chain(checking.faults(engine), sweeping.faults(engine, Store.of(settings))))


def _tell(faults: Iterable[str]) -> None:
    found = list(faults)
    if found:
        fail("\n".join(found))
    typer.echo("All is well.")


@cli.command()
def new_signing_key() -> None:
    """Retire the keys that sign minutes, and make another. What was signed before is verified as before."""
    with database(settings_of_the_environment()) as engine:
        upgrading.upgrade(engine)
        typer.echo(keys.rotate(work=_desk(engine)))


@cli.command()
def verify(
    proof: Annotated[Path, typer.Argument(help="A file that /v1/minutes-versions/{id}/proof gave.")],
    *,
    trusting: Annotated[
        str | None, typer.Option("--keys", help="A JWK Set that you trust: a file, or an address.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="An older proof of the same body, kept elsewhere.")
    ] = None,
) -> None:
    """Verify signed minutes offline, without a database: the script of /.well-known/minutes-verify.py."""
    from app.minutes import verify as offline

    given = [str(proof)]
    given += ["--keys", trusting] if trusting else []
    given += ["--against", str(against)] if against else []
    raise typer.Exit(offline.main(given))


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    document = application(Settings(database_url="sqlite://")).openapi()
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    typer.echo()


if __name__ == "__main__":
    cli()
