"""The ids of the example data's rows: fixed, so that the documentation can name them, and easily recognised.

0199de30-0000-7000-8<noun>-<number><part>, a UUIDv7 of October 2025: all rows made later sort after them.
"""

from enum import IntEnum

from app.types import Json


class Noun(IntEnum):
    """What the fourth group says."""

    ORGANIZATION = 1
    SPEAKER = 2
    POSITION = 3
    MEETING = 4
    PARTICIPATION = 5
    AGENDA_ITEM = 6
    MEETING_TRANSITION = 7
    TASK = 8
    TASK_ENTRY = 9
    PRINCIPAL = 10
    GRANT = 11
    KEY = 12
    SPEECH = 13
    FINDING = 14
    DIRECTIVE = 15
    REVIEW = 16
    MINUTES = 17
    MINUTES_TRANSITION = 18
    QUARTER_CLOSING = 19
    CONCLUSION_NOTICE = 30
    CONCLUSION_NOTICE_TRANSITION = 31
    MINUTES_COMMENT = 32
    MINUTES_VERSION = 33
    ATTACHMENT = 20


def example_id(noun: Noun, number: int, part: int = 0) -> str:
    """The id of a row by its number."""
    return f"0199de30-0000-7000-8{noun:03x}-{number:08x}{part:04x}"


def part_of(whole: str, noun: Noun, part: int) -> str:
    """The id of what belongs to another row, such as the n-th item of a meeting's agenda."""
    return example_id(noun, int(whole[-12:-4], 16), part)


def resource(id: str, version: int = 1) -> Json:
    """What the example of a resource begins with."""
    made = "2026-11-24T02:00:00.000Z"
    return {"id": id, "version": version, "created_at": made, "updated_at": made, "external_refs": []}


def fact(id: str) -> Json:
    """What the example of a recorded fact begins with."""
    return {
        "id": id,
        "recorded_at": "2026-11-24T02:00:00.000Z",
        "recorded_by": "Khóa dùng thử (demo)",
    }


def _body(number: int) -> str:
    return example_id(Noun.ORGANIZATION, number)


def _person(number: int) -> str:
    return example_id(Noun.SPEAKER, number)


def _meeting(number: int) -> str:
    return example_id(Noun.MEETING, number)


def task(number: int) -> str:
    """A task by its number; those that others name have a name below."""
    return example_id(Noun.TASK, number)


# -- the real conference

PHU_TRUNG = _body(0x01)
PHU_TRUNG_PARTY = _body(0x02)
PHU_TRUNG_FRONT = _body(0x03)
TRAN_CONG_THANH = _person(0x01)
CONFERENCE = _meeting(0x01)
CONFERENCE_REVIEW = part_of(CONFERENCE, Noun.AGENDA_ITEM, 1)
CONFERENCE_DIRECTIVE = part_of(CONFERENCE, Noun.AGENDA_ITEM, 4)
CONFERENCE_PLAN = part_of(CONFERENCE, Noun.AGENDA_ITEM, 3)
CONFERENCE_SPEECH = part_of(CONFERENCE, Noun.SPEECH, 1)

# -- the made-up province: bodies

PROVINCE = _body(0x10)
PROVINCE_PARTY = _body(0x11)
PROVINCE_OFFICE = _body(0x12)
COMMUNE = _body(0x20)
PARTY = _body(0x21)
OFFICE = _body(0x22)
PARTY_BUILDING = _body(0x23)
INSPECTION = _body(0x24)
COUNCIL = _body(0x25)
COMMITTEE = _body(0x26)
FRONT = _body(0x27)
TRADE_UNION = _body(0x28)
FARMERS = _body(0x29)
YOUTH = _body(0x2A)
WOMEN = _body(0x2B)
VETERANS = _body(0x2C)
POLICE = _body(0x2D)
MILITARY = _body(0x2E)
VILLAGE_ONE = _body(0x2F)
VILLAGE_TWO = _body(0x30)
SPARE_BODY = _body(0x31)
MAU_MOT = _body(0x40)
MAU_MOT_PARTY = _body(0x41)
MAU_MOT_COMMITTEE = _body(0x42)
MAU_MOT_FRONT = _body(0x43)
MAU_HAI = _body(0x50)
MAU_HAI_PARTY = _body(0x51)
MAU_HAI_COMMITTEE = _body(0x52)

# -- its people

SECRETARY = _person(0x10)
STANDING_DEPUTY = _person(0x11)
COMMITTEE_CHAIR = _person(0x12)
OFFICE_CHIEF = _person(0x13)
CLERK = _person(0x14)
PARTY_BUILDING_HEAD = _person(0x15)
INSPECTION_HEAD = _person(0x16)
FRONT_CHAIR = _person(0x17)
UNION_CHAIR = _person(0x18)
FARMERS_CHAIR = _person(0x19)
YOUTH_SECRETARY = _person(0x1A)
WOMEN_CHAIR = _person(0x1B)
WOMEN_DEPUTY = _person(0x1C)
VETERANS_CHAIR = _person(0x1D)
POLICE_CHIEF = _person(0x1E)
MILITARY_CHIEF = _person(0x1F)
PROVINCIAL_OFFICIAL = _person(0x20)
MAU_MOT_SECRETARY = _person(0x21)
SPARE_SPEAKER = _person(0x22)
POSITION = part_of(PARTY_BUILDING_HEAD, Noun.POSITION, 2)
SPARE_POSITION = part_of(YOUTH_SECRETARY, Noun.POSITION, 2)

# -- its meetings

EARLIER_BRIEFING = _meeting(0x10)
EARLIER_PLAN = part_of(EARLIER_BRIEFING, Noun.AGENDA_ITEM, 4)
BRIEFING = _meeting(0x11)
BRIEFING_REPORT = part_of(BRIEFING, Noun.AGENDA_ITEM, 3)
BRIEFING_ECONOMY = part_of(BRIEFING, Noun.AGENDA_ITEM, 5)
BRIEFING_PLAN = part_of(BRIEFING, Noun.AGENDA_ITEM, 9)
BRIEFING_DISCUSSION = part_of(BRIEFING, Noun.AGENDA_ITEM, 8)
BRIEFING_DIRECTIVE = part_of(BRIEFING, Noun.AGENDA_ITEM, 11)
BRIEFING_POSTPONED = part_of(BRIEFING, Noun.AGENDA_ITEM, 10)
NEXT_BRIEFING = _meeting(0x12)
PREPARED = _meeting(0x13)  # a draft: what is added, scheduled and deleted in the examples
SPARE_MEETING = _meeting(0x14)
MONTHLY = _meeting(0x15)
STANDING_COMMITTEE = _meeting(0x16)
POSTPONED = _meeting(0x17)
CANCELLED = _meeting(0x18)
MAU_MOT_BRIEFING = _meeting(0x20)
SPEECH = part_of(BRIEFING, Noun.SPEECH, 4)
SPARE_SPEECH = part_of(BRIEFING, Noun.SPEECH, 5)
REVIEW = part_of(BRIEFING, Noun.REVIEW, 1)
LIMITATION = part_of(BRIEFING, Noun.FINDING, 3)
SPARE_FINDING = part_of(BRIEFING, Noun.FINDING, 7)
DIRECTIVE = part_of(BRIEFING, Noun.DIRECTIVE, 1)
SPARE_DIRECTIVE = part_of(BRIEFING, Noun.DIRECTIVE, 3)
PARTICIPATION = part_of(BRIEFING, Noun.PARTICIPATION, 6)
SPARE_PARTICIPATION = part_of(PREPARED, Noun.PARTICIPATION, 3)
SPARE_AGENDA_ITEM = part_of(PREPARED, Noun.AGENDA_ITEM, 3)
MINUTES = part_of(BRIEFING, Noun.MINUTES, 1)
DRAFT_MINUTES = part_of(NEXT_BRIEFING, Noun.MINUTES, 1)
DRAFT_CONCLUSION_NOTICE = part_of(NEXT_BRIEFING, Noun.CONCLUSION_NOTICE, 1)
SPARE_MINUTES = part_of(MONTHLY, Noun.MINUTES, 1)
MINUTES_TRANSITION = part_of(BRIEFING, Noun.MINUTES_TRANSITION, 1)
MINUTES_COMMENT = part_of(BRIEFING, Noun.MINUTES_COMMENT, 1)
MINUTES_VERSION = part_of(EARLIER_BRIEFING, Noun.MINUTES_VERSION, 1)
SIGNED_MINUTES = part_of(EARLIER_BRIEFING, Noun.MINUTES, 1)
CONCLUSION_NOTICE = part_of(BRIEFING, Noun.CONCLUSION_NOTICE, 1)
SPARE_CONCLUSION_NOTICE = part_of(MONTHLY, Noun.CONCLUSION_NOTICE, 1)
SIGNED_CONCLUSION_NOTICE = part_of(EARLIER_BRIEFING, Noun.CONCLUSION_NOTICE, 1)
CONCLUSION_NOTICE_TRANSITION = part_of(BRIEFING, Noun.CONCLUSION_NOTICE_TRANSITION, 1)
MEETING_TRANSITION = part_of(BRIEFING, Noun.MEETING_TRANSITION, 3)
ATTACHMENT = part_of(BRIEFING, Noun.ATTACHMENT, 1)
SPARE_ATTACHMENT = part_of(BRIEFING, Noun.ATTACHMENT, 2)

# -- its tasks

CARRIED_TASK = task(0x17)
TASK = task(0x20)
TASK_TO_REPORT = task(0x21)
PARENT_TASK = task(0x28)
SUCCESSOR_TASK = task(0x2B)
SPARE_TASK = task(0x2D)
PROVINCIAL_TASK = task(0x50)
TASK_ENTRY = part_of(TASK, Noun.TASK_ENTRY, 3)

# -- its quarters

QUARTER_BEFORE = "2026-Q3"
QUARTER = "2026-Q4"
QUARTER_CLOSING = example_id(Noun.QUARTER_CLOSING, 1)
CLOSED_QUARTER = "2025-Q1"  # before all tasks, so that it can be closed on any day

# -- who calls

DEMO_CALLER = example_id(Noun.PRINCIPAL, 0x01)
PROVINCIAL_READER = example_id(Noun.PRINCIPAL, 0x02)
FRONT_REPORTER = example_id(Noun.PRINCIPAL, 0x03)
KEYLESS_CALLER = example_id(Noun.PRINCIPAL, 0x04)
SPARE_PRINCIPAL = example_id(Noun.PRINCIPAL, 0x05)
GRANT = part_of(PROVINCIAL_READER, Noun.GRANT, 1)
SPARE_GRANT = part_of(FRONT_REPORTER, Noun.GRANT, 2)
KEY = part_of(PROVINCIAL_READER, Noun.KEY, 1)
