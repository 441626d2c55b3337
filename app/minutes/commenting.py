"""What reviewers say of a document while it is on its way."""

from app.errors import Forbidden
from app.meetings.contents import WRITE
from app.minutes.models import Document, Minutes, MinutesComment
from app.minutes.moving import SIGN
from app.minutes.schemas import MinutesCommentIn
from app.work import Work


def comment(work: Work, document: Document, said: MinutesCommentIn) -> MinutesComment:
    """Not stored yet, with its one event. Raises Forbidden but for who may write or sign there."""
    if not any(work.may(permission, [document.host_id]) for permission in (WRITE, SIGN)):
        raise Forbidden
    work.change(document, "commented", comment_count=document.comment_count + 1)
    is_minutes = isinstance(document, Minutes)
    return MinutesComment(
        minutes_id=document.id if is_minutes else None,
        conclusion_notice_id=None if is_minutes else document.id,
        meeting_id=document.meeting_id,
        host_id=document.host_id,
        **said.model_dump(),
    )
