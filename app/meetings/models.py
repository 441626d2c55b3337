"""A meeting, who sees it, what stands in its agenda, who takes part, and how it moved."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from app.audience import ALL_LINES, Audience, Beside, Circles, Seen, circles_over, everyone_in, show
from app.db import Fact, Resource, closed
from app.meetings.vocabulary import (
    AgendaItemKind,
    AgendaItemStatus,
    Attendance,
    MeetingFormat,
    MeetingKind,
    MeetingStatus,
    MeetingTransition,
    ParticipationRole,
    Record,
    Visibility,
)
from app.quarter import Period
from app.text import searchable, sort_key
from app.types import Id, JsonList


class MeetingAudience(Audience):
    """Who sees a meeting and all it contains."""

    __tablename__ = "meeting_audience"
    SUBJECT = "meeting_id"
    __table_args__ = (Index(None, "circle_id", "meeting_id", "lines"), {"sqlite_with_rowid": False})

    meeting_id: Mapped[UUID] = mapped_column(
        Id, ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True
    )


class Meeting(Resource):
    """A meeting of one host body. `is_announced` once it has left its draft: then others see it too."""

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        UniqueConstraint("previous_meeting_id"),
        Index(None, "held_on", "id"),
        Index(None, "title_key", "id"),
        Index(None, "host_organization_id", "held_on", "id"),
    )
    INTERNAL: ClassVar[frozenset[str]] = frozenset(
        {
            *("title_key", "folded", "is_announced", "first_reviewed", "last_reviewed"),
            *("locked_by_minutes_id", "locked_by_notice_id"),
        }
    )
    AUDIENCE_FOLLOWS: ClassVar[frozenset[str]] = frozenset({"status", "visibility"})

    host_organization_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    code: Mapped[str]
    title: Mapped[str]
    kind: Mapped[MeetingKind]
    audience: Mapped[str | None]
    review_period: Mapped[str | None]
    plan_period: Mapped[str | None]
    data_cutoff_on: Mapped[date | None]
    previous_meeting_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("meetings.id"))
    held_on: Mapped[date]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    format: Mapped[MeetingFormat | None]
    location: Mapped[str | None]
    online_url: Mapped[str | None]
    visibility: Mapped[Visibility]
    record: Mapped[Record]
    source_text: Mapped[str | None]
    summary: Mapped[str | None]
    status: Mapped[MeetingStatus] = mapped_column(default=MeetingStatus.DRAFT)
    is_announced: Mapped[bool] = mapped_column(default=False)
    title_key: Mapped[str]
    folded: Mapped[str]
    first_reviewed: Mapped[str | None]  # of the quarters in the review period
    last_reviewed: Mapped[str | None]
    locked_by_minutes_id: Mapped[UUID | None]  # while they are signed and no amendment is open: written by
    locked_by_notice_id: Mapped[UUID | None]  # those above, whose tables stand above, so no foreign key

    @validates("review_period")
    def _reviews(self, _: str, period: str | None) -> str | None:
        quarters = Period.parse(period).quarters if period else ()
        self.first_reviewed, self.last_reviewed = (
            (str(quarters[0]), str(quarters[-1])) if quarters else (None, None)
        )
        return period

    @validates("title", "code")
    def _found_by(self, key: str, value: str) -> str:
        known = {"title": getattr(self, "title", None), "code": getattr(self, "code", None), key: value}
        self.title_key, self.folded = (
            sort_key(known["title"] or ""),
            searchable(known["title"], known["code"]),
        )
        return value

    @property
    def noun(self) -> str:
        return "meeting"

    @property
    def governing_id(self) -> UUID:
        return self.host_organization_id

    @property
    def seen_by(self) -> Beside:
        return Beside(MeetingAudience, self.id)

    def settle(self, db: Session, *, anew: bool) -> Circles:
        """The host and all above it; once announced, those taking part; a public one, the whole tenant."""
        bodies = {self.host_organization_id}
        if self.is_announced:
            theirs = select(Participation.organization_id).where(Participation.meeting_id == self.id)
            bodies |= set(db.scalars(theirs))
        exactly = self.visibility == Visibility.RESTRICTED
        circles = circles_over(db, bodies, exactly=exactly)
        if self.visibility == Visibility.PUBLIC and self.is_announced:
            circles[everyone_in(self.tenant_id)] = ALL_LINES
        return show(db, self.seen_by, circles, anew=anew)


class Participation(Resource):
    """A body, or a person of it, taking part in one role. The title is that of the day."""

    __tablename__ = "participations"
    __table_args__ = (
        UniqueConstraint("meeting_id", "speaker_id", "role"),
        Index(None, "meeting_id", "id"),
        Index(None, "organization_id", "meeting_id"),
        Index(None, "speaker_id"),
        Index(
            "uq_participations_chair",
            "meeting_id",
            unique=True,
            sqlite_where=text("role = 'chair'"),
            postgresql_where=text("role = 'chair'"),
        ),
    )

    meeting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("meetings.id"))
    organization_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))
    speaker_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("speakers.id"))
    role: Mapped[ParticipationRole]
    attendance: Mapped[Attendance]
    absence_reason: Mapped[str | None]
    title_snapshot: Mapped[str | None]
    substitute_for_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("speakers.id"))
    headcount: Mapped[int | None]
    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))  # of the meeting

    INTERNAL: ClassVar[frozenset[str]] = frozenset({"host_id"})
    AUDIENCE_FOLLOWS: ClassVar[frozenset[str]] = frozenset({"organization_id"})

    @property
    def noun(self) -> str:
        return "participation"

    @property
    def governing_id(self) -> UUID:
        return self.host_id

    @property
    def seen_by(self) -> Seen:
        return Beside(MeetingAudience, self.meeting_id)

    def settle(self, db: Session, *, anew: bool) -> Circles:  # noqa: ARG002  the meeting is there
        """Who takes part sees the meeting, once it is announced."""
        return db.get_one(Meeting, self.meeting_id).settle(db, anew=False)

    def unsettle(self, db: Session) -> None:
        self.settle(db, anew=False)


class AgendaItem(Resource):
    """An item of the agenda, in a tree at most three deep; `position` counts among its siblings from 0."""

    __tablename__ = "agenda_items"
    __table_args__ = (Index(None, "meeting_id", "parent_id", "position"), Index(None, "parent_id"))
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"host_id"})

    meeting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("meetings.id"))
    parent_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("agenda_items.id"))
    position: Mapped[int]
    number: Mapped[str | None]
    title: Mapped[str]
    description: Mapped[str | None]
    kind: Mapped[AgendaItemKind]
    presenter_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("speakers.id"), index=True)
    presenting_organization_id: Mapped[UUID | None] = mapped_column(
        Id, ForeignKey("organizations.id"), index=True
    )
    duration_minutes: Mapped[int | None]
    status: Mapped[AgendaItemStatus]
    minutes_text: Mapped[str | None]
    carried_from_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("agenda_items.id"), index=True)
    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))  # of the meeting

    @property
    def noun(self) -> str:
        return "agenda_item"

    @property
    def governing_id(self) -> UUID:
        return self.host_id

    @property
    def seen_by(self) -> Seen:
        return Beside(MeetingAudience, self.meeting_id)


class Listed(Resource):
    """A row in a list of its meeting; `position` counts from 0 in the order of the meeting."""

    __abstract__ = True
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"host_id", "folded"})

    meeting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("meetings.id"))
    position: Mapped[int]
    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))  # of the meeting
    folded: Mapped[str]

    @property
    def governing_id(self) -> UUID:
        return self.host_id

    @property
    def seen_by(self) -> Seen:
        return Beside(MeetingAudience, self.meeting_id)


class MeetingMove(Fact):
    """A transition that happened: a fact, never changed."""

    __tablename__ = "meeting_transitions"
    __table_args__ = (Index(None, "meeting_id", "id"),)

    meeting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("meetings.id"))
    transition: Mapped[MeetingTransition]
    from_status: Mapped[MeetingStatus] = mapped_column(closed(MeetingStatus, "from_status"))
    to_status: Mapped[MeetingStatus] = mapped_column(closed(MeetingStatus, "to_status"))
    effective_on: Mapped[date]
    comment: Mapped[str | None]
    warnings: Mapped[JsonList] = mapped_column(default=list)
