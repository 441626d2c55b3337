"""What an attachment shows, who sees it, and how it is found."""

from dataclasses import replace

from app.attachments.models import Attachment
from app.attachments.schemas import AttachmentOut
from app.meetings.models import MeetingAudience
from app.quarterly_tasks.models import QuarterlyTaskAudience
from app.reader import Reader
from app.reading import Reading, ToAudience, ToEither

_of_meetings = ToAudience(MeetingAudience, Attachment.meeting_id)
_of_tasks = ToAudience(QuarterlyTaskAudience, Attachment.task_id)
ATTACHMENTS = Reading(
    Attachment,
    AttachmentOut,
    path="/v1/attachments",
    area="attachments",
    visible=ToEither(_of_meetings, _of_tasks),
    governed_by=Attachment.host_id,
    by={"owner_id": Attachment.owner_id, "media_type": Attachment.media_type},
    anchors={"owner_id"},
    sorts={"created_at": Attachment.id},
)
OF_MEETINGS = replace(ATTACHMENTS, visible=_of_meetings)
OF_TASKS = replace(ATTACHMENTS, visible=_of_tasks)
READ_MEETINGS, READ_TASKS = "meetings:read", "quarterly_tasks:read"


def readable(look: Reader) -> Reading[Attachment]:
    """The files in what the caller may read: its key may have been narrowed. Raises Forbidden for neither."""
    if not look.actor.allows(READ_TASKS):
        look.need(READ_MEETINGS)
        return OF_MEETINGS
    return ATTACHMENTS if look.actor.allows(READ_MEETINGS) else OF_TASKS
