"""What an attachment shows, who sees it, and how it is found."""

from app.attachments.models import Attachment
from app.attachments.schemas import AttachmentOut
from app.meetings.models import MeetingAudience
from app.quarterly_tasks.models import QuarterlyTaskAudience
from app.reading import Reading, ToAudience, ToEither

ATTACHMENTS = Reading(
    Attachment,
    AttachmentOut,
    path="/v1/attachments",
    area="attachments",
    visible=ToEither(
        ToAudience(MeetingAudience, Attachment.meeting_id),
        ToAudience(QuarterlyTaskAudience, Attachment.task_id),
    ),
    governed_by=Attachment.host_id,
    by={"owner_id": Attachment.owner_id, "media_type": Attachment.media_type},
    anchors={"owner_id"},
    sorts={"created_at": Attachment.id},
)
