"""Where the bytes of files lie: a folder or a bucket, under the ids of their rows and never under names."""

import logging
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import make_url

from app.errors import Unavailable
from app.settings import Settings

if TYPE_CHECKING:
    from obstore.store import ObjectStore

PART = 262_144  # bytes that are read at once
SENT = 5 * 1024 * 1024  # bytes of a part of a larger upload: the least that S3 takes
RETRYING = timedelta(seconds=10)  # a caller is told before it gives up by itself
OPTIONS = {"endpoint_url": "endpoint", "region": "region"}
log = logging.getLogger("app.attachments")


class NoSuchStore(ValueError):
    """The setting names no place that files can lie in."""


class Lying(NamedTuple):
    """What lies in the store under a key."""

    key: str
    size: int
    since: datetime


@dataclass(frozen=True)
class Store:
    """A folder (file:///path) or an S3-compatible bucket (s3://bucket/prefix?endpoint_url=…)."""

    url: str

    @classmethod
    def of(cls, settings: Settings) -> "Store":
        """The store of these settings; where none is named, a folder beside the database."""
        if settings.attachments:
            return cls(settings.attachments)
        url = make_url(settings.database_url)
        if url.get_backend_name() == "sqlite":
            beside = Path(url.database or "var/minutes.db").with_suffix(".attachments")
        else:
            beside = Path("var") / f"{url.database}.attachments"
        return cls(beside.absolute().as_uri())

    @cached_property
    def folder(self) -> Path | None:
        """The folder, where it is one."""
        parts = urlsplit(self.url)
        return Path(unquote(parts.path)) if parts.scheme == "file" else None

    @cached_property
    def objects(self) -> "ObjectStore":
        """The library's own, made when the first file is touched: most requests touch none."""
        from obstore.store import LocalStore, S3Store  # noqa: PLC0415  15 MB that are seldom needed

        if self.folder is not None:
            return LocalStore(self.folder, mkdir=True)
        parts = urlsplit(self.url)
        asked = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        if parts.scheme != "s3" or not parts.netloc or asked.keys() - OPTIONS.keys():
            raise NoSuchStore("MINUTES_ATTACHMENTS is neither file:///folder nor s3://bucket?endpoint_url=…")
        known: dict[str, Any] = {OPTIONS[name]: value for name, value in asked.items()}
        plainly = str(known.get("endpoint", "")).startswith("http:")
        known["prefix"] = parts.path.strip("/") or None
        return S3Store(
            parts.netloc,
            client_options={"allow_http": plainly, "timeout": "60s"},
            retry_config={"retry_timeout": RETRYING},
            **known,
        )

    def put(self, id: UUID, parts: Iterable[bytes]) -> None:
        """Keep these bytes, whole and on the disk, or nothing. Raises Unavailable."""
        import obstore  # noqa: PLC0415  as above

        try:
            obstore.put(self.objects, str(id), iter(parts), chunk_size=SENT, max_concurrency=2)
            self._settle(str(id))
        except _failures() as error:
            log.warning("a file could not be stored: %s", type(error).__name__)
            raise Unavailable from error

    def _settle(self, key: str) -> None:
        """The library has renamed it into place; that it stays so at a power cut, only fsync promises."""
        if self.folder is None:
            return
        for path in (self.folder / key, self.folder):
            opened = os.open(path, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)

    def drop(self, id: UUID) -> None:
        """Let them go; what could not be deleted is found by `check`."""
        import obstore  # noqa: PLC0415  as above

        try:
            obstore.delete(self.objects, str(id))
        except FileNotFoundError:
            pass
        except _failures() as error:
            log.warning("the bytes of %s stay behind: %s", id, type(error).__name__)

    async def opened(self, id: UUID) -> AsyncIterator[bytes]:
        """The bytes, part by part. Raises FileNotFoundError or Unavailable before the first."""
        import obstore  # noqa: PLC0415  as above

        with _answering():
            found = await obstore.get_async(self.objects, str(id))
        return _parts(found.stream(min_chunk_size=PART))

    def read(self, key: str) -> Iterator[bytes]:
        """The same for a command."""
        import obstore  # noqa: PLC0415  as above

        with _answering():
            yield from map(bytes, obstore.get(self.objects, key).stream(min_chunk_size=PART))

    def lying(self) -> Iterator[Lying]:
        """All that lies there. Raises Unavailable."""
        import obstore  # noqa: PLC0415  as above

        with _answering():
            for some in obstore.list(self.objects):
                for one in some:
                    yield Lying(one["path"], one["size"], one["last_modified"])


async def _parts(stream: Any) -> AsyncIterator[bytes]:
    async for part in stream:
        yield bytes(part)


@contextmanager
def _answering() -> Iterator[None]:
    """Raises FileNotFoundError where it answers that there is nothing, and Unavailable where it does not."""
    try:
        yield
    except FileNotFoundError:
        raise
    except _failures() as error:
        raise Unavailable from error


def _failures() -> tuple[type[Exception], ...]:
    """How a folder or a bucket says that it cannot."""
    from obstore.exceptions import BaseError  # noqa: PLC0415  as above

    return (OSError, BaseError)


async def store(request: Request) -> Store:
    found: Store = request.app.state.store
    return found


Storing = Annotated[Store, Depends(store)]
