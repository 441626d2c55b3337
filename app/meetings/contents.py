"""What a meeting contains, made with it or added to it: agenda items and participations.

Every change of what a meeting contains takes the meeting's lock first, so that positions, the one chair
and who sees the meeting are decided by one at a time.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from app.db import new_id
from app.errors import Conflict, Fault, MinutesLocked, Words
from app.meetings.models import AgendaItem, Listed, Meeting, Participation
from app.meetings.queries import AGENDA_ITEMS, MEETINGS, PARTICIPATIONS
from app.meetings.schemas import AgendaItemIn, ParticipationIn
from app.meetings.vocabulary import UNFINISHED, MeetingStatus, ParticipationRole
from app.organizations.queries import ORGANIZATIONS
from app.reading import Reading
from app.schema import refuse
from app.speakers.models import Speaker, title_on
from app.speakers.queries import SPEAKERS
from app.work import Work

WRITE = "meetings:write"
L = TypeVar("L", bound=Listed)
N = TypeVar("N", bound=Listed | AgendaItem)
DEEPEST = 3
MOST_ITEMS = 500  # as many as one PUT of the agenda orders
Named = Mapping[str, Mapping[str, Any]]  # what bodies say, by where they stand in the request


def opened(work: Work, meeting_id: UUID, *, by_the_notice: bool = False) -> Meeting:
    """The meeting under its lock, where what is recorded of it may change. Raises MinutesLocked.

    `by_the_notice` of what its conclusion notice records, too.
    """
    meeting = work.locked(MEETINGS, meeting_id, WRITE)
    refuse_once_signed(meeting, by_the_notice=by_the_notice)
    return meeting


def refuse_once_signed(meeting: Meeting, *, by_the_notice: bool = True, errors: Sequence[Fault] = ()) -> None:
    """What is recorded in a signed document stays as it is, unless an amendment of that is open.

    `errors`: where in a request that asked for many things it asked for another record.
    """
    found = []
    if (minutes := meeting.locked_by_minutes_id) is not None:
        words = Words("Biên bản đã ký", "The minutes are signed")
        found.append(_locked_by("minutes-signed", words, f"/v1/minutes/{minutes}"))
    if by_the_notice and (notice := meeting.locked_by_notice_id) is not None:
        words = Words("Thông báo kết luận đã ký", "The conclusion notice is signed")
        found.append(_locked_by("conclusion-notice-signed", words, f"/v1/conclusion-notices/{notice}"))
    if found:
        raise MinutesLocked(blockers=found, errors=errors)


def _locked_by(code: str, words: Words, pointer: str) -> dict[str, str]:
    return {"code": code, "detail_vi": words.vi, "detail_en": words.en, "pointer": pointer}


def taken_item(work: Work, agenda_item_id: UUID) -> tuple[Meeting, AgendaItem]:
    """An agenda item that the caller has seen in its present state, under its meeting's lock."""
    meeting = opened(work, work.named(AGENDA_ITEMS, agenda_item_id).meeting_id)
    return meeting, work.unchanged(AGENDA_ITEMS, agenda_item_id)


def taken_participation(work: Work, participation_id: UUID) -> tuple[Meeting, Participation]:
    """The same for a participation."""
    meeting = opened(work, work.named(PARTICIPATIONS, participation_id).meeting_id)
    return meeting, work.unchanged(PARTICIPATIONS, participation_id)


def taken_listed(work: Work, of: Reading[L], id: UUID, *, by_the_notice: bool = False) -> tuple[Meeting, L]:
    """The same for a speech, a finding or a directive."""
    meeting = opened(work, work.named(of, id).meeting_id, by_the_notice=by_the_notice)
    return meeting, work.unchanged(of, id)


def named_there(work: Work, of: Reading[N], meeting: Meeting, at: str, id: UUID | None) -> N | None:
    """The row that a member names, which must be of this meeting. Raises NotFound or ValidationError."""
    if id is None:
        return None
    row = work.named(of, id, at=at)
    if row.meeting_id != meeting.id:
        refuse(at, "of_another_meeting", "Thuộc hội nghị khác", "It is of another meeting")
    return row


def add_participations(
    work: Work, meeting: Meeting, bodies: Sequence[ParticipationIn], at: str = ""
) -> list[Participation]:
    """Bodies or persons taking part; a title is that of the day, unless another is given.

    `at` is where the n-th of them stands in the request: participations/{}/.
    """
    said = [body.model_dump() for body in bodies]
    named = {at.format(n): values for n, values in enumerate(said)}
    check_participations(work, meeting, named)
    if named:
        _refuse_second(work, meeting, named)
    made = [Participation(**values, **of_the_meeting(meeting)) for values in said]
    for one in made:
        if one.title_snapshot is None:
            one.title_snapshot = title_of_the_day(work, meeting, one.speaker_id, one.organization_id)
    work.add_all(made)
    return made


def title_of_the_day(
    work: Work, meeting: Meeting, speaker_id: UUID | None, organization_id: UUID | None
) -> str | None:
    """What the person was, in that body or else at home, on the day the meeting was held."""
    if speaker_id is None:
        return None
    body_id = organization_id or work.db.get_one(Speaker, speaker_id).organization_id
    return title_on(work.db, speaker_id, body_id, meeting.held_on)


def rewrite_participation(
    work: Work, meeting: Meeting, participation: Participation, values: dict[str, Any]
) -> None:
    """Complete the values of a change: another person comes with the title of the day."""
    check_participations(work, meeting, {"": values})
    if {"speaker_id", "role"} & values.keys():
        present = {"speaker_id": participation.speaker_id, "role": participation.role}
        _refuse_second(work, meeting, {"": {**present, **values}}, participation.id)
    is_another = values.get("speaker_id", participation.speaker_id) != participation.speaker_id
    if is_another and "title_snapshot" not in values:
        body_id = values.get("organization_id", participation.organization_id)
        values["title_snapshot"] = title_of_the_day(work, meeting, values["speaker_id"], body_id)


def _refuse_second(work: Work, meeting: Meeting, said: Named, own_id: UUID | None = None) -> None:
    """A meeting has one chair, and nobody takes part twice in one role."""
    others = select(Participation.speaker_id, Participation.role).where(
        Participation.meeting_id == meeting.id, Participation.id != own_id
    )
    there = {(person, role) for person, role in work.db.execute(others)}
    chairs = any(role == ParticipationRole.CHAIR for _, role in there)
    for at, values in said.items():
        person, role = values["speaker_id"], values["role"]
        if role == ParticipationRole.CHAIR and chairs:
            words = Words("Hội nghị đã có người chủ trì", "The meeting has a chair already")
            raise Conflict(words, errors=[Fault("body", f"#/{at}role", "second-chair", words)])
        if person is not None and (person, role) in there:
            words = Words("Người này đã có trong vai trò ấy", "This person takes part in that role already")
            raise Conflict(words, errors=[Fault("body", f"#/{at}speaker_id", "twice", words)])
        there.add((person, role))
        chairs = chairs or role == ParticipationRole.CHAIR


def check_participations(work: Work, meeting: Meeting, said: Named) -> None:
    """Every body and person named is one that the caller sees."""
    work.known(ORGANIZATIONS, meeting.tenant_id, **_ids(said, "organization_id"))
    work.known(SPEAKERS, meeting.tenant_id, **_ids(said, "speaker_id", "substitute_for_id"))


def add_agenda_items(
    work: Work, meeting: Meeting, bodies: Sequence[AgendaItemIn], at: str = ""
) -> list[AgendaItem]:
    """Items, each after its siblings; `at` as above."""
    said = [body.model_dump() for body in bodies]
    check_agenda_items(work, meeting, {at.format(n): values for n, values in enumerate(said)})
    positions, made = siblings(work, meeting), []
    if sum(positions.values()) + len(bodies) > MOST_ITEMS:
        raise Conflict(Words(f"Tối đa {MOST_ITEMS} mục", f"An agenda has {MOST_ITEMS} items at most"))
    for n, values in enumerate(said):
        parent_id = values["parent_id"]
        if parent_id is not None:
            _has_room_below(work, meeting, parent_id, at.format(n))
        position = positions.get(parent_id, 0)
        positions[parent_id] = position + 1
        made.append(AgendaItem(**values, **of_the_meeting(meeting), position=position))
    work.add_all(made)
    return made


def check_agenda_items(work: Work, meeting: Meeting, said: Named, own_id: UUID | None = None) -> None:
    """Everybody and everything named is what the caller sees; an item is never carried from itself.

    Nor is one left open after the meeting was closed, which looks at that.
    """
    if meeting.status == MeetingStatus.CLOSED:
        _refuse_open(said)
    work.known(SPEAKERS, meeting.tenant_id, **_ids(said, "presenter_id"))
    work.known(ORGANIZATIONS, meeting.tenant_id, **_ids(said, "presenting_organization_id"))
    carried = _ids(said, "carried_from_id")
    work.known(AGENDA_ITEMS, meeting.tenant_id, **carried)
    for at, one in carried.items():
        if own_id is not None:
            _refuse_a_circle(work, own_id, one, at)


def _refuse_open(said: Named) -> None:
    words = Words("Hội nghị đã kết thúc: mở lại trước", "The meeting is closed: reopen it first")
    left = [at for at, values in said.items() if values.get("status") in UNFINISHED]
    if left:
        faults = [Fault("body", f"#/{at}status", "meeting-closed", words) for at in left]
        raise Conflict(words, errors=faults, status_now=MeetingStatus.CLOSED)


def _refuse_a_circle(work: Work, own_id: UUID, before: UUID | None, at: str) -> None:
    """Each item on the way back is held, so that nobody closes the circle elsewhere meanwhile."""
    while before is not None:
        if before == own_id:
            words = "Không thể chuyển tiếp từ chính nó", "An item is not carried from itself, by any way"
            refuse(at, "itself", *words)
        came_from = select(AgendaItem.carried_from_id).where(AgendaItem.id == before)
        before = work.db.scalar(came_from.with_for_update())


def _ids(said: Named, *names: str) -> dict[str, UUID | None]:
    return {f"{at}{name}": values.get(name) for at, values in said.items() for name in names}


def of_the_meeting(meeting: Meeting) -> dict[str, Any]:
    """What a new row inherits from the meeting it stands in."""
    return {
        "id": new_id(),
        "meeting_id": meeting.id,
        "host_id": meeting.host_organization_id,
        "tenant_id": meeting.tenant_id,
    }


def siblings(work: Work, meeting: Meeting) -> dict[UUID | None, int]:
    """How many items there are below each, the meeting itself included."""
    counted = select(AgendaItem.parent_id, func.count()).where(AgendaItem.meeting_id == meeting.id)
    rows = work.db.execute(counted.group_by(AgendaItem.parent_id)).all()
    return {row[0]: row[1] for row in rows}


def _has_room_below(work: Work, meeting: Meeting, parent_id: UUID, at: str) -> None:
    parent, depth = work.named(AGENDA_ITEMS, parent_id, at=f"{at}parent_id"), 1
    if parent.meeting_id != meeting.id:
        refuse(
            f"{at}parent_id", "of_another_meeting", "Thuộc hội nghị khác", "It is an item of another meeting"
        )
    while parent.parent_id is not None:
        parent, depth = work.db.get_one(AgendaItem, parent.parent_id), depth + 1
    if depth >= DEEPEST:
        refuse(f"{at}parent_id", "too_deep", "Tối đa ba cấp", "An agenda is three levels deep at most")
