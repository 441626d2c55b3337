"""Principals, grants and keys."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.actor import Role
from app.audience import Audience, Beside, Circles, Seen, administrators_of, circles_over, show
from app.db import Resource
from app.types import Id


class PrincipalAudience(Audience):
    """Only those who administer its organization see a principal, its grants and its keys."""

    __tablename__ = "principal_audience"
    SUBJECT = "principal_id"
    __table_args__ = (Index(None, "circle_id", "principal_id"), {"sqlite_with_rowid": False})

    principal_id: Mapped[UUID] = mapped_column(
        Id, ForeignKey("principals.id", ondelete="CASCADE"), primary_key=True
    )


class Principal(Resource):
    """A person or a system that calls, at home in one organization."""

    __tablename__ = "principals"
    __table_args__ = (Index(None, "organization_id", "id"),)

    name: Mapped[str]
    organization_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def noun(self) -> str:
        return "principal"

    @property
    def governing_id(self) -> UUID:
        return self.organization_id

    @property
    def seen_by(self) -> Beside:
        return Beside(PrincipalAudience, self.id)

    def settle(self, db: Session, *, anew: bool) -> Circles:
        """The administrators of its organization and of all above it."""
        above = circles_over(db, [self.organization_id])
        mine = {administrators_of(one): lines for one, lines in above.items()}
        return show(db, self.seen_by, mine, anew=anew)


class GrantRow(Resource):
    """A role of a principal in an organization and below it, on all lines or some."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("principal_id", "role", "organization_id"),)

    principal_id: Mapped[UUID] = mapped_column(Id, ForeignKey("principals.id"))
    role: Mapped[Role]
    organization_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    lines: Mapped[list[str] | None]

    @property
    def noun(self) -> str:
        return "grant"

    @property
    def governing_id(self) -> UUID:
        return self.organization_id

    @property
    def seen_by(self) -> Seen:
        return Beside(PrincipalAudience, self.principal_id)


class Key(Resource):
    """A key of a principal. The secret is shown once and kept as its SHA-256."""

    __tablename__ = "keys"
    __table_args__ = (Index(None, "principal_id", "id"),)
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"secret_sha256", "last_used_at", "home_id"})

    principal_id: Mapped[UUID] = mapped_column(Id, ForeignKey("principals.id"))
    home_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    label: Mapped[str]
    secret_sha256: Mapped[str]
    scopes: Mapped[list[str] | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    @property
    def noun(self) -> str:
        return "key"

    @property
    def governing_id(self) -> UUID:
        return self.home_id

    @property
    def seen_by(self) -> Seen:
        return Beside(PrincipalAudience, self.principal_id)
