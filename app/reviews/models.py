"""The review of one task at one meeting."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.audience import Beside, Seen
from app.db import Resource
from app.quarterly_tasks.models import QuarterlyTaskAudience
from app.reviews.vocabulary import Disposition, Rating
from app.types import Id


class TaskReview(Resource):
    """What a meeting found of a task and decided about it; whoever sees the task sees it."""

    __tablename__ = "task_reviews"
    __table_args__ = (UniqueConstraint("meeting_id", "task_id"), Index(None, "task_id", "id"))
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"host_id"})

    meeting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("meetings.id"))
    task_id: Mapped[UUID] = mapped_column(Id, ForeignKey("quarterly_tasks.id"))
    rating: Mapped[Rating]
    assessed_progress: Mapped[int | None]
    comment: Mapped[str | None]
    disposition: Mapped[Disposition]
    due_date: Mapped[date | None]
    lead_organization_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organizations.id"), index=True)
    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))  # of the meeting

    @property
    def noun(self) -> str:
        return "task_review"

    @property
    def governing_id(self) -> UUID:
        return self.host_id

    @property
    def seen_by(self) -> Seen:
        return Beside(QuarterlyTaskAudience, self.task_id)
