"""A speaker, and the positions of a speaker through time."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, validates

from app.audience import Circle, Seen, everyone_in
from app.db import Resource
from app.text import person_sort_key, searchable
from app.types import Id
from app.vocabulary import Vocabulary


class Honorific(Vocabulary):
    """How the person is addressed."""

    COMRADE = "comrade", "Đồng chí", "Comrade"
    MR = "mr", "Ông", "Mr"
    MRS = "mrs", "Bà", "Mrs"


class Speaker(Resource):
    """A person. Listed by given name, the last word, as Vietnamese lists are."""

    __tablename__ = "speakers"
    __table_args__ = (
        Index(None, "tenant_id", "name_key", "id"),
        Index(None, "organization_id", "name_key", "id"),
    )
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"name_key", "folded"})
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"email", "phone"})

    full_name: Mapped[str]
    honorific: Mapped[Honorific | None]
    organization_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    email: Mapped[str | None]
    phone: Mapped[str | None]
    name_key: Mapped[str]
    folded: Mapped[str]

    @validates("full_name")
    def _found_by(self, _: str, name: str) -> str:
        self.name_key, self.folded = person_sort_key(name), searchable(name)
        return name

    @property
    def noun(self) -> str:
        return "speaker"

    @property
    def governing_id(self) -> UUID:
        return self.organization_id

    @property
    def seen_by(self) -> Seen:
        return Circle(everyone_in(self.tenant_id))


class Position(Resource):
    """A title held in a body for a while. Several at once are normal; one open one may be the primary."""

    __tablename__ = "positions"
    __table_args__ = (
        Index(None, "speaker_id", "started_on", "id"),
        Index(None, "organization_id", "id"),
        Index(
            "uq_positions_open_primary",
            "speaker_id",
            unique=True,
            sqlite_where=text("is_primary AND ended_on IS NULL"),
            postgresql_where=text("is_primary AND ended_on IS NULL"),
        ),
    )
    speaker_id: Mapped[UUID] = mapped_column(Id, ForeignKey("speakers.id"))
    organization_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    title: Mapped[str]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    is_primary: Mapped[bool] = mapped_column(default=False)

    @property
    def noun(self) -> str:
        return "position"

    @property
    def governing_id(self) -> UUID:
        """The home of its speaker, wherever the position is held."""
        session = object_session(self)
        if session is None:
            raise LookupError(self.id)
        return session.get_one(Speaker, self.speaker_id).organization_id

    @property
    def seen_by(self) -> Seen:
        return Circle(everyone_in(self.tenant_id))


def held_on(day: Any) -> Any:
    """The positions that were held on a day, both ends included; an unknown end leaves it open."""
    begun = Position.started_on.is_(None) | (Position.started_on <= day)
    return begun & (Position.ended_on.is_(None) | (Position.ended_on >= day))


def title_on(db: Session, speaker_id: UUID, organization_id: UUID, day: date) -> str | None:
    """What the person was on that day: the titles in that body, else all, the primary one first."""
    titles = select(Position.organization_id, Position.title).where(
        Position.speaker_id == speaker_id, held_on(day)
    )
    rows = db.execute(
        titles.order_by(Position.is_primary.desc(), Position.started_on.nulls_first(), Position.id)
    ).all()
    there = [title for body, title in rows if body == organization_id]
    return ", ".join(there or [title for _, title in rows]) or None
