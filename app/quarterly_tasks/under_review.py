"""What brings a task under review, against the closing of meetings that must review it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.db import utcnow
from app.meetings.models import Meeting
from app.quarterly_tasks.models import QuarterlyTask
from app.work import Work


def come_under_review(work: Work, task: QuarterlyTask, values: Mapping[str, Any] | None = None) -> None:
    """Before the task becomes one that meetings about its quarter must review: none of them closes meanwhile.

    Closing takes the meeting's lock and looks for tasks without a review. What comes at the same moment is
    found by it, or comes after it. Those are meetings of the issuer, and of the host that set the task.
    """
    said = values or {}
    quarter, set_at_id = (
        said[name] if name in said else getattr(task, name) for name in ("quarter", "set_at_meeting_id")
    )
    where_set = aliased(Meeting)
    host_that_set_it = select(where_set.host_organization_id).where(where_set.id == set_at_id)
    reviewing = select(Meeting.id).where(
        or_(
            Meeting.host_organization_id == task.issuing_organization_id,
            Meeting.host_organization_id == host_that_set_it.scalar_subquery(),
        ),
        Meeting.first_reviewed <= quarter,
        Meeting.last_reviewed >= quarter,
    )
    work.db.execute(reviewing.order_by(Meeting.id).with_for_update(read=True))
    work.now = utcnow()  # it may have waited for a meeting to close
