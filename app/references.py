"""How other systems know a resource: one system and id name one resource of a kind in a tenant."""

from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base, Resource
from app.types import Id


class ExternalRef(Base):
    """Beside the list that a row shows, so that the database keeps it unique."""

    __tablename__ = "external_refs"

    tenant_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    noun: Mapped[str] = mapped_column(primary_key=True)
    system: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(index=True)


def keep(db: Session, row: Resource) -> None:
    """Make the table say what the row's list says."""
    forget(db, row)
    add(db, row)


def add(db: Session, row: Resource) -> None:
    """The same for a row that is new."""
    known = {(one["system"], one["id"]) for one in row.external_refs}
    common = {"tenant_id": row.tenant_id, "noun": row.noun, "subject_id": row.id}
    if known:
        db.execute(insert(ExternalRef), [{**common, "system": s, "external_id": i} for s, i in sorted(known)])


def named(db: Session, tenant_id: UUID, noun: str, system: str, external_id: str) -> UUID | None:
    """The row of that kind that this system knows by this id."""
    known = select(ExternalRef.subject_id).where(
        ExternalRef.tenant_id == tenant_id,
        ExternalRef.noun == noun,
        ExternalRef.system == system,
        ExternalRef.external_id == external_id,
    )
    return db.scalar(known)


def forget(db: Session, row: Resource) -> None:
    db.execute(delete(ExternalRef).where(ExternalRef.subject_id == row.id))
