"""What a meeting found of the period that it reviewed, and what it directed for the one that it plans."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.findings.vocabulary import DirectiveKind, FindingKind, ResponseStatus
from app.meetings.models import Listed
from app.text import searchable
from app.types import Id
from app.vocabulary import WorkField


class Finding(Listed):
    """A result, a limitation, its cause, a recommendation and what was answered to it."""

    __tablename__ = "findings"
    __table_args__ = (Index(None, "meeting_id", "position", "id"),)

    period: Mapped[str | None]
    agenda_item_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("agenda_items.id"), index=True)
    speech_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("speeches.id"), index=True)
    kind: Mapped[FindingKind]
    field: Mapped[WorkField | None]
    organization_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organizations.id"), index=True)
    text: Mapped[str]
    cause_of_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("findings.id"), index=True)
    response_text: Mapped[str | None]
    response_status: Mapped[ResponseStatus | None]

    @validates("text", "response_text")
    def _found_by(self, key: str, value: str | None) -> str | None:
        texts = {name: getattr(self, name, None) for name in ("text", "response_text")}
        self.folded = searchable(*{**texts, key: value}.values())
        return value

    @property
    def noun(self) -> str:
        return "finding"


class Directive(Listed):
    """What somebody directed, or the meeting concluded. The title is that of the day."""

    __tablename__ = "directives"
    __table_args__ = (Index(None, "meeting_id", "position", "id"),)

    speech_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("speeches.id"), index=True)
    agenda_item_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("agenda_items.id"), index=True)
    kind: Mapped[DirectiveKind]
    issued_by_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("speakers.id"), index=True)
    title_snapshot: Mapped[str | None]
    field: Mapped[WorkField | None]
    text: Mapped[str]

    @validates("text")
    def _found_by(self, _: str, value: str) -> str:
        self.folded = searchable(value)
        return value

    @property
    def noun(self) -> str:
        return "directive"
