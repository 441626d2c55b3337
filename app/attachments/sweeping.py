"""Whether every file lies where its row says, as it was, and nothing lies there besides."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, select

from app.attachments.models import Attachment
from app.attachments.storing import Lying, Store
from app.db import SCHEMA
from app.errors import Unavailable
from app.upgrading import current

UNDERWAY = timedelta(hours=1)  # so young, bytes may belong to a request that goes on


def faults(engine: Engine, store: Store) -> Iterator[str]:
    """What is not as it should be, a sentence each; the service may go on meanwhile."""
    if current(engine) != SCHEMA:  # which app.checking says
        return
    try:
        yield from _compared(engine, store)
    except Unavailable:
        yield "attachments: the store does not answer, and not every file could be looked at"


def _compared(engine: Engine, store: Store) -> Iterator[str]:
    rows = _told(engine)
    lying = _lying(store)
    for id, sha256 in rows.items():
        found = _hash(store, id) if str(id) in lying else None
        if found != sha256 and id in _told(engine, id):  # it was not removed just now
            yield f"attachments: the bytes of {id} are {'not those that were sent' if found else 'missing'}"
    known = {str(id) for id in rows}
    for key, one in lying.items():
        if key not in known and datetime.now(UTC) - one.since > UNDERWAY:
            yield f"attachments: {key} lies in the store, and no row names it: it can be deleted"


def _told(engine: Engine, only: UUID | None = None) -> Mapping[UUID, str]:
    """The hash of each file that was not removed."""
    told = select(Attachment.id, Attachment.sha256).where(Attachment.removed_at.is_(None))
    if only is not None:
        told = told.where(Attachment.id == only)
    with engine.connect() as connection:
        return {row.id: row.sha256 for row in connection.execute(told)}


def _lying(store: Store) -> Mapping[str, Lying]:
    if store.folder is not None and not store.folder.exists():
        return {}
    return {one.key: one for one in store.lying()}


def _hash(store: Store, id: UUID) -> str | None:
    digest = hashlib.sha256()
    try:
        for part in store.read(str(id)):
            digest.update(part)
    except FileNotFoundError:
        return None
    return digest.hexdigest()
