"""The record of a meeting holds all that it recorded, and is read in as many statements however much that is."""

import httpx
import pytest

from app.minutes.chaining import canonical
from app.minutes.record import MinutesRecord
from tests.conftest import Service
from tests.test_statements import counted
from tests.town import Json, a_meeting, a_task, made, move, shown

LISTS = {
    *("participations", "agenda_items", "speeches", "findings", "directives", "reviews", "quarterly_tasks"),
}
IN_A_NOTICE = {"directives", "quarterly_tasks"}
UNTOLD = {
    "version",
    "created_at",
    "updated_at",
    "external_refs",
    "meeting_id",
    "carried_from_id",
    "duration_minutes",
}


def collected(service: Service, meeting: Json, kind: str = "minutes") -> MinutesRecord:
    """As whoever reads at the host sees it, in draft."""
    secretary = service.as_("secretary")
    path = {"minutes": "minutes", "conclusion_notice": "conclusion-notice"}[kind]
    there = secretary.get(f"/v1/meetings/{meeting['id']}/{path}")
    draft = shown(there) if there.is_success else made(secretary.post(there.request.url.path, json={}))
    several = {"minutes": "minutes", "conclusion_notice": "conclusion-notices"}[kind]
    answer = secretary.get(f"/v1/{several}/{draft['id']}/record")
    assert answer.is_success, answer.text
    return MinutesRecord.model_validate_json(answer.content)


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


def a_whole_meeting(service: Service, client: httpx.Client, number: int = 1) -> Json:
    """A meeting with so many of everything, each with all that it can name."""
    bodies = {name: str(id) for name, id in service.town.bodies.items()}
    chair, clerk = str(service.town.people["chair"]), str(service.town.people["clerk"])
    earlier = [a_task(client, bodies["party"], bodies["front"], quarter="2025-Q3") for _ in range(number)]
    for one in earlier:
        move(client, one, "issue")
    meeting = a_meeting(
        client, bodies["party"], review_period="2025-Q3", plan_period="2025-Q4", held_on="2025-12-30"
    )
    path = f"/v1/meetings/{meeting['id']}"
    move(client, meeting, "schedule")
    person = {"organization_id": bodies["party"], "title_snapshot": "Bí thư"}
    for n in range(number):
        item = made(
            client.post(
                f"{path}/agenda-items",
                json={
                    "title": f"Mục {n}",
                    "presenter_id": chair,
                    "presenting_organization_id": bodies["front"],
                },
            )
        )
        made(client.post(f"{path}/agenda-items", json={"title": f"Mục {n}.1", "parent_id": item["id"]}))
        speech = made(
            client.post(
                f"{path}/speeches",
                json={
                    **person,
                    "speaker_id": chair,
                    "agenda_item_id": item["id"],
                    "full_text": "Toàn văn",
                    "started_at": "2025-12-30T08:00:00+07:00",
                },
            )
        )
        made(
            client.post(
                f"{path}/findings",
                json={
                    "kind": "result",
                    "text": "Kết quả",
                    "organization_id": bodies["front"],
                    "speech_id": speech["id"],
                },
            )
        )
        directive = made(
            client.post(
                f"{path}/directives",
                json={"text": "Rà soát", "issued_by_id": chair, "title_snapshot": "Bí thư"},
            )
        )
        task = a_task(
            client,
            bodies["party"],
            bodies["front"],
            set_at_meeting_id=meeting["id"],
            directive_id=directive["id"],
        )
        assert task["directive_id"] == directive["id"]
    made(
        client.post(
            f"{path}/participations",
            json={
                **person,
                "speaker_id": chair,
                "role": "chair",
                "substitute_for_id": clerk,
                "attendance": "present",
            },
        )
    )
    reviews = [
        {
            "task_id": one["id"],
            "rating": "not_completed",
            "disposition": "reassign",
            "lead_organization_id": bodies["committee"],
            "comment": "Chậm",
        }
        for one in earlier
    ]
    shown(client.put(f"{path}/task-reviews", json={"items": reviews}, headers={"if-match": "*"}))
    return meeting


def test_a_record_holds_each_member_that_the_meeting_shows(service: Service, secretary: httpx.Client) -> None:
    meeting = a_whole_meeting(service, secretary)
    record = collected(service, meeting).model_dump(mode="json")
    path = f"/v1/meetings/{meeting['id']}"
    asked = {"include": "agenda_items,participations,speeches,findings,directives,quarterly_tasks"}
    seen = shown(secretary.get(path, params=asked))
    seen["reviews"] = shown(secretary.get(f"{path}/task-reviews"))["items"]
    assert all(record[name] for name in LISTS)
    for name in LISTS:
        assert [one["id"] for one in record[name]] == [one["id"] for one in seen[name]], name
        for told, known in zip(record[name], seen[name], strict=True):
            for member in (told.keys() & known.keys()) - {"assignments"}:
                assert told[member] == known[member], (name, member)
            for member in known.keys() - told.keys() - UNTOLD:
                named = told.get(member.removesuffix("_id"))
                assert known[member] is None or named is None or named["id"] == known[member], (name, member)
    for member in record["meeting"].keys() - {"host"}:
        assert record["meeting"][member] == seen[member]


def test_a_record_names_everybody_and_everything_so_that_nothing_is_left_to_look_up(
    service: Service, secretary: httpx.Client
) -> None:
    meeting = a_whole_meeting(service, secretary)
    record = collected(service, meeting)
    host = record.meeting.host
    assert (host.name, host.line) == ("Đảng ủy xã Hòa An", "party")
    assert [one.name for one in host.above] == ["Xã Hòa An", "Tỉnh Thử Nghiệm"]
    (part,) = record.participations
    assert part.speaker is not None
    assert part.substitute_for is not None
    assert (part.speaker.full_name, part.substitute_for.full_name, part.organization.name) == (
        "Người chair",
        "Người clerk",
        host.name,
    )
    front = "Ủy ban MTTQ xã Hòa An"
    (review,) = record.reviews
    committee = "UBND xã Hòa An"  # to whom it was given there: that is done with the review
    assert (review.lead and review.lead.name, review.new_lead and review.new_lead.name) == (
        committee,
        committee,
    )
    assert (review.task_title, review.task_quarter) == ("Nhiệm vụ", "2025-Q3")
    (task,) = record.quarterly_tasks
    assert [(one.organization.name, one.role) for one in task.assignments] == [(front, "lead")]
    assert [one.title for one in record.agenda_items] == ["Mục 0", "Mục 0.1"]
    assert b"a@b.vn" not in canonical(record)


def test_a_notice_records_what_was_concluded_and_set_and_nothing_else(
    service: Service, secretary: httpx.Client
) -> None:
    meeting = a_whole_meeting(service, secretary)
    notice = collected(service, meeting, "conclusion_notice")
    assert {name for name in LISTS if getattr(notice, name)} == IN_A_NOTICE
    whole = collected(service, meeting)
    assert all(getattr(notice, name) == getattr(whole, name) for name in IN_A_NOTICE)


def test_what_is_recorded_is_written_down_and_read_back_as_the_same(
    service: Service, secretary: httpx.Client
) -> None:
    record = collected(service, a_whole_meeting(service, secretary))
    content = canonical(record)
    assert MinutesRecord.model_validate_json(content) == record
    assert canonical(MinutesRecord.model_validate_json(content)) == content


def test_a_long_meeting_is_read_by_one_statement_as_an_empty_one_is(
    service: Service, secretary: httpx.Client
) -> None:
    for number in (1, 6):
        meeting = a_whole_meeting(service, secretary, number)
        assert len(collected(service, meeting).speeches) == number
        draft = shown(secretary.get(f"/v1/meetings/{meeting['id']}/minutes"))
        with counted(service) as seen:
            shown(secretary.get(f"/v1/minutes/{draft['id']}/record"))
            printed = secretary.get(f"/v1/meetings/{meeting['id']}/minutes", params={"format": "markdown"})
            assert printed.is_success
        assert (len(seen["read"]), seen["write"]) == (4, [])  # for each, the caller and the record
