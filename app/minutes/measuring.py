"""How long a record would be: it is collected, hashed and kept while, on SQLite, nobody else writes."""

from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import Integer, func, select

from app.errors import Blocked, Words
from app.findings.models import Directive, Finding
from app.meetings.models import AgendaItem, Meeting
from app.minutes.vocabulary import DocumentKind
from app.quarterly_tasks.models import QuarterlyTask
from app.reviews.models import TaskReview
from app.speeches.models import Speech
from app.sql import Value
from app.work import Work

# Letters. Minutes of a whole day have some 200,000, and twenty times as many take half a second to sign.
LONGEST = 4_000_000
IN_BOTH: dict[Value, tuple[Value, ...]] = {  # what is told at length, by the member that names the meeting
    Directive.meeting_id: (Directive.text,),
    QuarterlyTask.set_at_meeting_id: (QuarterlyTask.title, QuarterlyTask.expected_result),
}
IN_MINUTES: dict[Value, tuple[Value, ...]] = {
    AgendaItem.meeting_id: (AgendaItem.description, AgendaItem.minutes_text),
    Speech.meeting_id: (Speech.summary, Speech.full_text),
    Finding.meeting_id: (Finding.text, Finding.response_text),
    TaskReview.meeting_id: (TaskReview.comment,),
}
TOO_LONG = Words(
    "Nội dung dài hơn 4 triệu ký tự: rút gọn, hoặc đính kèm thành tệp",
    "What it records has more than 4 million letters: shorten it, or attach it as a file",
)


def refuse_too_long(work: Work, meeting: Meeting, kind: DocumentKind) -> None:
    """Raises Blocked where the document would record more than can be signed at once."""
    told = IN_BOTH if kind == DocumentKind.CONCLUSION_NOTICE else {**IN_BOTH, **IN_MINUTES}
    letters = reduce(add, (_letters(meeting, where, texts) for where, texts in told.items()))
    if (work.db.scalar(select(letters)) or 0) > LONGEST:
        blocker = {
            "code": "too-long",
            "detail_vi": TOO_LONG.vi,
            "detail_en": TOO_LONG.en,
            "pointer": f"/v1/meetings/{meeting.id}",
        }
        raise Blocked(TOO_LONG, blockers=[blocker])


def _letters(meeting: Meeting, where: Value, texts: tuple[Value, ...]) -> Any:
    each = reduce(add, (func.coalesce(func.length(text), 0, type_=Integer()) for text in texts))
    return select(func.coalesce(func.sum(each), 0)).where(where == meeting.id).scalar_subquery()
