"""Who is calling: one look-up a request, so that a revoked key is refused at the next one."""

import asyncio
import hashlib
import hmac
import json
import logging
import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import Engine, Select, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.access.delegating import bits
from app.access.models import Key
from app.access.queries import holder_of_a_key
from app.actor import Actor, Grant, Passerby, Role
from app.db import keep, utcnow
from app.errors import Unauthorized
from app.http import SAFE
from app.lanes import Lane
from app.limits import Limits
from app.organizations.models import Organization
from app.prepared import Statement, written
from app.sql import as_text

WRITTEN = re.compile(r"mm_([0-9a-f]{32})_([0-9a-f]{64})", re.ASCII)
NOTED = timedelta(minutes=1)
log = logging.getLogger("app")


def new_secret() -> str:
    """32 random bytes. They need no slow hash, which would only be a lever against the service."""
    return secrets.token_hex(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def as_shown(key_id: UUID, secret: str) -> str:
    """The key as its holder sends it."""
    return f"mm_{key_id.hex}_{secret}"


class Gate:
    """Turns the credential of a request into an Actor, or refuses it."""

    def __init__(self, lane: Lane, engine: Engine, limits: Limits, *, public_reading: bool) -> None:
        self._lane, self._engine, self._limits = lane, engine, limits
        self._public = public_reading
        self._holder = written(holder_of_a_key(), lane.dialect)
        self._roots = written(_roots(), lane.dialect)
        self._noting: set[asyncio.Task[None]] = set()
        self._noted: dict[UUID, datetime] = {}

    async def __call__(self, request: Request) -> Actor:
        """Raises Unauthorized; a caller without a credential may read what is public, where that is set."""
        given = request.headers.get("x-api-key")
        if given is None and self._public and request.method in SAFE:
            return Passerby(None, "anonymous", (), public_in=await self._every_root())
        actor = await self._holder_of(given) if given else None
        if actor is None:
            self._limits.check(request)
            self._limits.refused(request)
            raise Unauthorized(headers={"WWW-Authenticate": Unauthorized.CHALLENGE})
        return actor

    async def _holder_of(self, given: str) -> Actor | None:
        parts = WRITTEN.fullmatch(given)
        if parts is None:
            return None
        key_id = UUID(parts[1])
        rows = [json.loads(row[0]) for row in await self._fetch(self._holder, {"id": key_id})]
        if not rows or not hmac.compare_digest(rows[0]["secret_sha256"], digest(parts[2])):
            return None
        known, now = rows[0], utcnow()
        if known["expires_at"] and datetime.fromisoformat(known["expires_at"]) <= now:
            return None
        self._note_use(key_id, known["last_used_at"], now)
        scopes = frozenset(known["scopes"]) if known["scopes"] is not None else None
        return Actor(UUID(known["principal_id"]), known["name"], _grants(rows), scopes)

    async def _every_root(self) -> tuple[UUID, ...]:
        return tuple(UUID(row[0]) for row in await self._fetch(self._roots, {}))

    async def _fetch(self, statement: Statement, given: dict[str, Any]) -> Any:
        return await self._lane.fetch(statement.sql, statement.values(given))

    def _note_use(self, key_id: UUID, last: str | None, now: datetime) -> None:
        """Written beside the request, at most once a minute; bookkeeping, so without version or event."""
        if last and datetime.fromisoformat(last) > now - NOTED:
            return
        if self._noted.get(key_id, now - NOTED) > now - NOTED:
            return  # on its way
        self._noted[key_id] = now
        noting = asyncio.create_task(asyncio.to_thread(self._note, key_id, now))
        self._noting.add(noting)
        noting.add_done_callback(self._noting.discard)

    def _note(self, key_id: UUID, now: datetime) -> None:
        try:
            keep(
                self._engine,
                update(Key).where(Key.id == key_id).values(last_used_at=now),
            )
        except SQLAlchemyError:
            log.warning("the last use of a key could not be noted")


def _roots() -> Select[str]:
    return select(as_text(Organization.id.expression)).where(Organization.parent_id.is_(None))


def _grants(rows: list[dict[str, Any]]) -> tuple[Grant, ...]:
    return tuple(
        Grant(
            Role(row["role"]),
            UUID(row["organization_id"]),
            UUID(row["tenant_id"]),
            bits(row["lines"]),
            bool(row["is_wide"]),
        )
        for row in rows
        if row["role"]
    )
