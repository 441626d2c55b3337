"""The two documents of a meeting, how they moved, what was said of them, and their signed versions."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.audience import Beside, Seen
from app.db import Base, Fact, Resource, closed
from app.meetings.models import MeetingAudience
from app.minutes.vocabulary import DocumentKind, MinutesStatus, MinutesTransition
from app.types import Id, JsonList


class Document(Resource):
    """At most one of a kind for each meeting; whoever sees the meeting sees it."""

    __abstract__ = True
    KIND: ClassVar[DocumentKind]
    PATH: ClassVar[str]
    TYPE_SYMBOL: ClassVar[str]  # as its number is printed
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"submitter_id", "opener_id", "host_id", "number_series"})

    meeting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("meetings.id"), unique=True)
    status: Mapped[MinutesStatus] = mapped_column(default=MinutesStatus.DRAFT)
    submitted_by: Mapped[str | None]
    submitter_id: Mapped[UUID | None]  # the principal, by id as in the journal: it may be gone by now
    amendment_opened_by: Mapped[str | None]
    opener_id: Mapped[UUID | None]
    document_number: Mapped[int | None]
    number_series: Mapped[str | None]  # in which the number was drawn
    symbol: Mapped[str | None]
    issuer_symbol: Mapped[str | None]
    document_date: Mapped[date | None]
    place: Mapped[str | None]
    sign_as: Mapped[str | None]
    signers: Mapped[JsonList] = mapped_column(default=list)
    recipients: Mapped[list[str]] = mapped_column(default=list)
    change_note: Mapped[str | None]
    current_version: Mapped[int | None]
    sha256: Mapped[str | None]
    comment_count: Mapped[int] = mapped_column(default=0)
    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))  # of the meeting

    @property
    def noun(self) -> str:
        return self.KIND.value

    @property
    def governing_id(self) -> UUID:
        return self.host_id

    @property
    def seen_by(self) -> Seen:
        return Beside(MeetingAudience, self.meeting_id)

    @property
    def pointer(self) -> str:
        """Where it stands."""
        return f"{self.PATH}/{self.id}"


class Minutes(Document):
    """What the meeting recorded (biên bản)."""

    __tablename__ = "minutes"
    KIND: ClassVar[DocumentKind] = DocumentKind.MINUTES
    PATH: ClassVar[str] = "/v1/minutes"
    TYPE_SYMBOL: ClassVar[str] = "BB"


class ConclusionNotice(Document):
    """What the meeting concluded, for those who carry it out (thông báo kết luận)."""

    __tablename__ = "conclusion_notices"
    KIND: ClassVar[DocumentKind] = DocumentKind.CONCLUSION_NOTICE
    PATH: ClassVar[str] = "/v1/conclusion-notices"
    TYPE_SYMBOL: ClassVar[str] = "TB"


class DocumentMove(Fact):
    """A transition that happened, and where it signed: what."""

    __abstract__ = True

    transition: Mapped[MinutesTransition]
    from_status: Mapped[MinutesStatus] = mapped_column(closed(MinutesStatus, "from_status"))
    to_status: Mapped[MinutesStatus] = mapped_column(closed(MinutesStatus, "to_status"))
    effective_on: Mapped[date]
    comment: Mapped[str | None]
    document_version: Mapped[int | None]
    document_number: Mapped[int | None]
    symbol: Mapped[str | None]
    sha256: Mapped[str | None]


class MinutesMove(DocumentMove):
    """A transition of minutes."""

    __tablename__ = "minutes_transitions"
    __table_args__ = (Index(None, "minutes_id", "id"),)

    minutes_id: Mapped[UUID] = mapped_column(Id, ForeignKey("minutes.id"))


class ConclusionNoticeMove(DocumentMove):
    """A transition of a conclusion notice."""

    __tablename__ = "conclusion_notice_transitions"
    __table_args__ = (Index(None, "conclusion_notice_id", "id"),)

    conclusion_notice_id: Mapped[UUID] = mapped_column(Id, ForeignKey("conclusion_notices.id"))


_OF_ONE = "(minutes_id IS NULL) <> (conclusion_notice_id IS NULL)"


class MinutesComment(Fact):
    """What a reviewer said of a document, or of one place in its record."""

    __tablename__ = "minutes_comments"
    __table_args__ = (
        Index(None, "minutes_id", "id"),
        Index(None, "conclusion_notice_id", "id"),
        CheckConstraint(_OF_ONE, "of_one_document"),
    )

    minutes_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("minutes.id"))
    conclusion_notice_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("conclusion_notices.id"))
    meeting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("meetings.id"), index=True)
    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    text: Mapped[str]
    pointer: Mapped[str | None]


class MinutesVersion(Fact):
    """A signed version of a document: `content` is what was hashed, to the byte. Triggers keep it so."""

    __tablename__ = "minutes_versions"
    __table_args__ = (
        Index(None, "minutes_id", "id"),
        Index(None, "conclusion_notice_id", "id"),
        Index("uq_minutes_versions_minutes", "minutes_id", "number", unique=True),
        Index("uq_minutes_versions_conclusion_notice", "conclusion_notice_id", "number", unique=True),
        CheckConstraint(_OF_ONE, "of_one_document"),
    )

    minutes_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("minutes.id"))
    conclusion_notice_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("conclusion_notices.id"))
    meeting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("meetings.id"), index=True)
    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    number: Mapped[int]
    content: Mapped[str]
    sha256: Mapped[str]
    previous_sha256: Mapped[str | None]
    change_note: Mapped[str | None]


class NumberSeries(Base):
    """The last number drawn in a series of a body. Bookkeeping: whoever draws one holds the row."""

    __tablename__ = "number_series"

    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"), primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)  # BB/2025-2030
    last: Mapped[int]
