"""One Idempotency-Key, one effect, one answer: claimed, done and stored in the transaction of the write."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base
from app.errors import Fault, IdempotencyInProgress, IdempotencyKeyReused, MalformedRequest, Words
from app.types import Json

KEPT = timedelta(hours=24)
LONGEST = 255


class IdempotencyRecord(Base):
    """The answer of a POST, for as long as its key may come again."""

    __tablename__ = "idempotency_records"
    __table_args__ = (Index(None, "created_at"),)

    principal_id: Mapped[UUID] = mapped_column(primary_key=True)
    request: Mapped[str] = mapped_column(primary_key=True)  # POST /v1/meetings
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]
    headers: Mapped[Json]
    created_at: Mapped[datetime]


@dataclass(frozen=True)
class Claim:
    """What one POST with a key stands for."""

    principal_id: UUID
    request: str
    key: str
    body: Any
    now: datetime

    def earlier(self, db: Session) -> IdempotencyRecord | None:
        """The record of the same request, if it was done; raises where it is running or was another one."""
        if not self.key.isprintable() or not 0 < len(self.key) <= LONGEST:
            words = Words("1 đến 255 ký tự in được", "1 to 255 printable characters")
            raise MalformedRequest(errors=[Fault("header", "Idempotency-Key", "key_format", words)])
        self._alone(db)
        found = db.get(IdempotencyRecord, (self.principal_id, self.request, self.key))
        if found is None:
            return None
        if found.created_at < self.now - KEPT:
            db.delete(found)
            db.flush()
            return None
        if found.fingerprint != self._fingerprint():
            raise IdempotencyKeyReused
        return found

    def done(self, db: Session, status: int, body: str, headers: dict[str, str]) -> None:
        """Keep the answer, for as long as the key may come again; what is older goes."""
        db.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < self.now - KEPT))
        db.add(
            IdempotencyRecord(
                principal_id=self.principal_id,
                request=self.request,
                key=self.key,
                fingerprint=self._fingerprint(),
                status=status,
                body=body,
                headers=headers,
                created_at=self.now,
            )
        )

    def _fingerprint(self) -> str:
        canonical = json.dumps(self.body, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _alone(self, db: Session) -> None:
        """SQLite has one writer: who comes second waits, and replays. PostgreSQL says that it is running."""
        if db.get_bind().dialect.name != "postgresql":
            return
        name = f"{self.principal_id} {self.request} {self.key}".encode()
        number = int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)
        if not db.scalar(select(func.pg_try_advisory_xact_lock(number))):
            raise IdempotencyInProgress(headers={"Retry-After": "1"})
