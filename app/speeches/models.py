"""A speech at a meeting."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.meetings.models import Listed
from app.speeches.vocabulary import SpeechKind
from app.text import searchable
from app.types import Id


class Speech(Listed):
    """What one person said; `attribution_text` is what is known of who. The title is that of the day."""

    __tablename__ = "speeches"
    __table_args__ = (Index(None, "meeting_id", "position", "id"),)

    agenda_item_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("agenda_items.id"), index=True)
    speaker_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("speakers.id"), index=True)
    attribution_text: Mapped[str | None]
    organization_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organizations.id"), index=True)
    title_snapshot: Mapped[str | None]
    kind: Mapped[SpeechKind]
    summary: Mapped[str | None]
    full_text: Mapped[str | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @validates("attribution_text", "summary", "full_text")
    def _found_by(self, key: str, value: str | None) -> str | None:
        texts = {name: getattr(self, name, None) for name in ("attribution_text", "summary", "full_text")}
        self.folded = searchable(*{**texts, key: value}.values())
        return value

    @property
    def noun(self) -> str:
        return "speech"
