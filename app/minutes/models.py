"""The minutes of a meeting, and how they moved."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.audience import Beside, Seen
from app.db import Fact, Resource, closed
from app.meetings.models import MeetingAudience
from app.minutes.vocabulary import MinutesStatus, MinutesTransition
from app.types import Id


class Minutes(Resource):
    """At most one for each meeting; whoever sees the meeting sees them."""

    __tablename__ = "minutes"
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"submitter_id", "host_id"})

    meeting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("meetings.id"), unique=True)
    status: Mapped[MinutesStatus] = mapped_column(default=MinutesStatus.DRAFT)
    submitted_by: Mapped[str | None]
    submitter_id: Mapped[UUID | None]  # the principal, by id as in the journal: it may be gone by now
    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))  # of the meeting

    @property
    def noun(self) -> str:
        return "minutes"

    @property
    def governing_id(self) -> UUID:
        return self.host_id

    @property
    def seen_by(self) -> Seen:
        return Beside(MeetingAudience, self.meeting_id)


class MinutesMove(Fact):
    """A transition that happened: a fact, never changed."""

    __tablename__ = "minutes_transitions"
    __table_args__ = (Index(None, "minutes_id", "id"),)

    minutes_id: Mapped[UUID] = mapped_column(Id, ForeignKey("minutes.id"))
    transition: Mapped[MinutesTransition]
    from_status: Mapped[MinutesStatus] = mapped_column(closed(MinutesStatus, "from_status"))
    to_status: Mapped[MinutesStatus] = mapped_column(closed(MinutesStatus, "to_status"))
    effective_on: Mapped[date]
    comment: Mapped[str | None]
