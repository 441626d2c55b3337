"""What a speech must agree with, and where it comes in the order of its meeting."""

from collections.abc import Mapping
from typing import Any

from app.meetings.contents import named_there, of_the_meeting, title_of_the_day
from app.meetings.models import Meeting
from app.meetings.ordering import make_room, move
from app.meetings.queries import AGENDA_ITEMS
from app.organizations.queries import ORGANIZATIONS
from app.schema import refuse
from app.speakers.queries import SPEAKERS
from app.speeches.models import Speech
from app.work import Work


def record(work: Work, meeting: Meeting, values: dict[str, Any]) -> Speech:
    """A new speech, not stored yet, in a place that has been made for it."""
    _agree(work, meeting, values, None)
    if values["title_snapshot"] is None:
        person, body = values["speaker_id"], values["organization_id"]
        values["title_snapshot"] = title_of_the_day(work, meeting, person, body)
    values["position"] = make_room(work, Speech, meeting.id, values["position"])
    return Speech(**values, **of_the_meeting(meeting))


def rewrite(work: Work, meeting: Meeting, speech: Speech, values: dict[str, Any]) -> None:
    """Complete the values of a change: another speaker comes with the title of the day."""
    _agree(work, meeting, values, speech)
    is_another = values.get("speaker_id", speech.speaker_id) != speech.speaker_id
    if is_another and "title_snapshot" not in values:
        body = values.get("organization_id", speech.organization_id)
        values["title_snapshot"] = title_of_the_day(work, meeting, values["speaker_id"], body)
    if "position" in values:
        values["position"] = move(work, speech, values["position"])


def _agree(work: Work, meeting: Meeting, values: Mapping[str, Any], speech: Speech | None) -> None:
    def of(name: str) -> Any:  # whichever member is asked for
        return values[name] if name in values else getattr(speech, name, None)

    if of("speaker_id") is None and of("attribution_text") is None:
        words = "Phải nêu người phát biểu hoặc ghi lại theo lời văn", "Say who spoke, or what is known of who"
        refuse("speaker_id", "missing", *words)
    work.known(SPEAKERS, meeting.tenant_id, speaker_id=values.get("speaker_id"))
    work.known(ORGANIZATIONS, meeting.tenant_id, organization_id=values.get("organization_id"))
    named_there(work, AGENDA_ITEMS, meeting, "agenda_item_id", values.get("agenda_item_id"))
    begun, ended = of("started_at"), of("ended_at")
    if begun and ended and ended < begun:
        refuse("ended_at", "ends_before_it_begins", "Kết thúc trước khi bắt đầu", "It ends before it begins")
