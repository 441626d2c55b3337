"""What is known of a file; its bytes lie in the store, under the row's id."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.attachments.vocabulary import OwnerKind
from app.audience import Beside, Seen
from app.db import HOLDS, Resource
from app.meetings.models import MeetingAudience
from app.quarterly_tasks.models import QuarterlyTaskAudience
from app.types import Id


class Attachment(Resource):
    """Whoever sees its owner sees it: the meeting or the task beside it says who that is.

    The owner is named by kind and id, without a foreign key, so that another noun needs no other column.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index(None, "owner_id", "id"),
        CheckConstraint("(meeting_id IS NULL) <> (task_id IS NULL)", "stands_in_one"),
    )
    INTERNAL: ClassVar[frozenset[str]] = frozenset({"meeting_id", "task_id", "host_id", "added_by_id"})

    owner_kind: Mapped[OwnerKind]
    owner_id: Mapped[UUID] = mapped_column(Id, info={HOLDS: frozenset(OwnerKind)})
    file_name: Mapped[str]  # to be shown and offered, never a path
    media_type: Mapped[str]  # by what the bytes are, whatever the sender called them
    size: Mapped[int]
    sha256: Mapped[str]
    description: Mapped[str | None]
    added_by: Mapped[str]
    added_by_id: Mapped[UUID | None]  # the principal, by id as in the journal: it may be gone by now
    removed_at: Mapped[datetime | None]
    meeting_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("meetings.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("quarterly_tasks.id"), index=True)
    host_id: Mapped[UUID] = mapped_column(Id, ForeignKey("organizations.id"))  # who answers for the owner

    @property
    def noun(self) -> str:
        return "attachment"

    @property
    def governing_id(self) -> UUID:
        return self.host_id

    @property
    def seen_by(self) -> Seen:
        if self.meeting_id is not None:
            return Beside(MeetingAudience, self.meeting_id)
        assert self.task_id is not None  # noqa: S101  a CHECK of the table says so
        return Beside(QuarterlyTaskAudience, self.task_id)
