"""The chain of what a body signed, and the public keys that its links were signed with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Fact
from app.minutes.vocabulary import DocumentKind
from app.types import Id, Json


class MinutesLink(Fact):
    """One signed version of a document, in the chain of the body that signed it.

    It names hashes and ids only, so that whoever sees the body may keep the chain, and with it hold the
    body to what it signed. Nobody changes or deletes one: the database itself refuses.
    """

    __tablename__ = "minutes_links"
    __table_args__ = (UniqueConstraint("host_id", "position"),)

    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    position: Mapped[int]  # from 1, without a gap
    document_id: Mapped[UUID] = mapped_column(Id, index=True)
    kind: Mapped[DocumentKind]
    version: Mapped[int]  # of the document
    sha256: Mapped[str]
    previous_sha256: Mapped[str | None]
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_keys.id"))
    jws: Mapped[str]


class MinutesChain(Base):
    """How long a body's chain is: the row that is locked while it grows, so that it never forks."""

    __tablename__ = "minutes_chains"

    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"), primary_key=True)
    length: Mapped[int]


class SigningKey(Base):
    """The public half of a key. It stays when the key is retired: what it signed is verified for ever."""

    __tablename__ = "signing_keys"

    id: Mapped[str] = mapped_column(primary_key=True)  # its RFC 7638 thumbprint
    public_jwk: Mapped[Json]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
