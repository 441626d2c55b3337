"""Whether every file lies where its row says, as it was, and nothing lies there besides."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select

from app.attachments.models import Attachment
from app.attachments.storing import Lying, Store

UNDERWAY = timedelta(hours=1)  # so young, bytes may belong to a request that goes on


def faults(engine: Engine, store: Store) -> Iterator[str]:
    """What is not as it should be, a sentence each. The rows are read after the store was looked through."""
    if store.folder is not None and not store.folder.exists():
        lying: dict[str, Lying] = {}
    else:
        lying = {one.key: one for one in store.lying()}
    told = select(Attachment.id, Attachment.sha256, Attachment.size, Attachment.removed_at)
    with engine.connect() as connection:
        rows = {str(row.id): row for row in connection.execute(told)}
    for key, row in rows.items():
        if row.removed_at is None and key not in lying:
            yield f"attachments: the bytes of {key} are missing"
        elif row.removed_at is None and _hash(store, key) != row.sha256:
            yield f"attachments: the bytes of {key} are not those that were sent"
    for key, one in lying.items():
        is_told = key in rows and rows[key].removed_at is None
        if not is_told and datetime.now(UTC) - one.since > UNDERWAY:
            yield f"attachments: {key} lies in the store, and no row names it: it can be deleted"


def _hash(store: Store, key: str) -> str:
    digest = hashlib.sha256()
    for part in store.read(key):
        digest.update(part)
    return digest.hexdigest()
