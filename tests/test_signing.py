"""Minutes and conclusion notices: numbered and kept when signed, locked from then on, amended by versions."""

import hashlib
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import checking
from app.db import today
from app.minutes import measuring
from app.minutes.measuring import LONGEST
from app.settings import Settings
from tests.conftest import SETTINGS, Service, running
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.test_minutes import blocked, faults
from tests.town import ANY, Json, a_key, a_meeting, a_task, every, made, move, shown

pytestmark = pytest.mark.in_turn

HELD_ON = "2025-09-04"
# The document's name below its meeting, the path of its own, and the type in its symbol.
NOUNS = {"minutes": ("/v1/minutes", "BB"), "conclusion-notice": ("/v1/conclusion-notices", "TB")}
BY_THE_APPROVER = {"request_changes", "sign", "sign_amendment"}


@dataclass
class Desk:
    """The office of the commune's Party committee, and who signs there."""

    service: Service
    secretary: httpx.Client
    approver: httpx.Client

    @property
    def body(self) -> dict[str, str]:
        return {name: str(id) for name, id in self.service.town.bodies.items()}

    def meeting(self, host: str = "party", **more: Any) -> Json:
        """One that was held, with a row of everything that minutes record."""
        people = self.service.town.people
        came = [
            {"organization_id": self.body["party"], "role": role, "attendance": "present"}
            | {"speaker_id": str(people[who])}
            for role, who in (("chair", "chair"), ("secretary", "clerk"))
        ]
        said = {
            "record": "reported",
            "held_on": HELD_ON,
            "review_period": "2025-Q3",
            "plan_period": "2025-Q4",
        }
        agenda = [{"title": "Báo cáo", "status": "done"}]
        whole = {"participations": came, "agenda_items": agenda, **said, **more}
        found = a_meeting(self.secretary, self.body[host], **whole)
        path = f"/v1/meetings/{found['id']}"
        made(self.secretary.post(f"{path}/speeches", json={"attribution_text": "Đại biểu"}))
        made(self.secretary.post(f"{path}/findings", json={"kind": "result", "text": "Đạt"}))
        made(self.secretary.post(f"{path}/directives", json={"text": "Bám sát cơ sở"}))
        move(self.secretary, found, "hold", effective_on=HELD_ON)
        return found

    def begun(self, noun: str, meeting: Json | None = None, host: str = "party") -> Json:
        """A draft, of a meeting of its own unless another is given."""
        meeting = meeting or self.meeting(host)
        return made(self.secretary.post(f"/v1/meetings/{meeting['id']}/{noun}", json={}))

    def told(self, noun: str, document: Json, transition: str, **more: Any) -> httpx.Response:
        """A transition, by the one who makes it."""
        who = self.approver if transition in BY_THE_APPROVER else self.secretary
        said = {"transition": transition, "comment": "Lý do", **more}
        return who.post(f"{NOUNS[noun][0]}/{document['id']}/transitions", json=said)

    def moved(self, noun: str, document: Json, *transitions: str) -> Json:
        """The last of these transitions."""
        return [made(self.told(noun, document, one)) for one in transitions][-1]

    def now(self, noun: str, document: Json) -> Json:
        return shown(self.secretary.get(f"{NOUNS[noun][0]}/{document['id']}"))

    def versions(self, noun: str, document: Json) -> list[Json]:
        """Whole."""
        rows = every(self.secretary, f"{NOUNS[noun][0]}/{document['id']}/versions")
        return [shown(self.secretary.get(f"/v1/minutes-versions/{row['id']}")) for row in rows]


@pytest.fixture(scope="module")
def desk(service: Service) -> Iterator[Desk]:
    yield Desk(service, service.as_("secretary"), service.as_("approver"))
    assert list(checking.faults(service.engine)) == []


both = pytest.mark.parametrize("noun", NOUNS)


# -- how much they record


def test_minutes_longer_than_can_be_signed_at_once_are_not_and_their_notice_is(desk: Desk) -> None:
    """On SQLite nobody writes meanwhile; a notice leaves out what was said."""
    meeting, text = desk.meeting(), "ậ" * 50_000
    minutes, notice = (desk.begun(noun, meeting) for noun in NOUNS)
    said = {"attribution_text": "Đại biểu", "summary": text, "full_text": text}
    speeches = f"/v1/meetings/{meeting['id']}/speeches"
    last = [made(desk.secretary.post(speeches, json=said)) for _ in range(LONGEST // 100_000 - 1)][-1]
    desk.moved("minutes", minutes, "submit")
    more = made(desk.secretary.post(speeches, json=said))
    too_long = {"too-long": f"/v1/meetings/{meeting['id']}"}
    assert blocked(desk.told("minutes", minutes, "sign")) == too_long
    desk.moved("minutes", minutes, "request_changes")
    assert blocked(desk.told("minutes", minutes, "submit")) == too_long
    desk.moved("conclusion-notice", notice, "submit", "sign")
    assert desk.versions("conclusion-notice", notice)[0]["content"]
    for one in (last, more):
        path = f"/v1/speeches/{one['id']}"
        shown(desk.secretary.patch(path, json={"summary": None, "full_text": None}, headers=ANY))
    desk.moved("minutes", minutes, "submit", "sign")


def test_what_is_said_in_reviews_counts_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a bound that one review reaches: else it would take eighty."""
    monkeypatch.setattr(measuring, "LONGEST", 49_000)
    task = a_task(desk.secretary, desk.body["party"], desk.body["office"], quarter="2029-Q1")
    move(desk.secretary, task, "issue")
    meeting = desk.meeting(review_period="2029-Q1", plan_period="2029-Q2")
    minutes = desk.begun("minutes", meeting)
    review = {"task_id": task["id"], "rating": "no_longer_relevant", "disposition": "cancel"}
    for comment, moves in (("ậ" * 50_000, False), ("Không còn phù hợp", True)):
        said = {"items": [{**review, "comment": comment}]}
        shown(desk.secretary.put(f"/v1/meetings/{meeting['id']}/task-reviews", json=said, headers=ANY))
        told = desk.told("minutes", minutes, "submit")
        assert told.status_code == (201 if moves else 409), told.text
        assert moves or blocked(told) == {"too-long": f"/v1/meetings/{meeting['id']}"}


# -- what is printed on them


@both
def test_what_is_printed_is_written_while_it_is_a_draft_sent_back_or_amended(desk: Desk, noun: str) -> None:
    document, path = desk.begun(noun), NOUNS[noun][0]
    one = f"{path}/{document['id']}"
    signer = {"role": "chair", "full_name": "Trần Văn A", "title": "Bí thư", "sign_as": "T/M BAN THƯỜNG VỤ"}
    said = {"place": "Xã Mẫu", "document_date": "2025-09-05", "signers": [signer], "recipients": ["Lưu VP"]}
    assert desk.secretary.patch(one, json=said).status_code == 428
    told = shown(desk.secretary.patch(one, json=said, headers={"if-match": '"1"'}))
    assert {name: told[name] for name in said} == said
    assert desk.secretary.patch(one, json=said, headers={"if-match": '"1"'}).status_code == 412
    assert desk.approver.patch(one, json=said, headers=ANY).status_code == 403
    writes = {"draft": "submit", "changes_requested": "submit", "amendment_open": "sign_amendment"}
    way = ("submit", "request_changes", "submit", "sign", "issue", "open_amendment", "sign_amendment")
    for n, transition in enumerate(way):
        status = desk.now(noun, document)["status"]
        answer = desk.secretary.patch(one, json={"place": f"Nơi {n}"}, headers=ANY)
        assert answer.status_code == (200 if status in writes else 409), (status, answer.text)
        if status not in writes:
            assert (answer.json()["code"], answer.json()["status_now"]) == ("conflict", status)
        desk.moved(noun, document, transition)
    assert desk.now(noun, document)["place"] == "Nơi 6"


@both
def test_its_record_is_the_draft_until_it_is_signed_and_then_what_was_signed_to_the_byte(
    desk: Desk, noun: str
) -> None:
    document = desk.begun(noun)
    path = f"{NOUNS[noun][0]}/{document['id']}/record"
    draft = desk.secretary.get(path)
    assert (shown(draft)["form"], shown(draft)["document"]["version"]) == ("minutes-record/1", 0)
    assert [one["text"] for one in shown(draft)["directives"]] == ["Bám sát cơ sở"]
    assert desk.secretary.get(path, headers={"if-none-match": draft.headers["etag"]}).status_code == 304
    signed = desk.moved(noun, document, "submit", "sign")
    (version,) = desk.versions(noun, document)
    record = desk.secretary.get(path, headers={"accept-encoding": "identity"})  # packed, its tag is weak
    assert record.text == version["content"]
    assert record.headers["etag"] == f'"{signed["sha256"]}"'
    assert hashlib.sha256(record.content).hexdigest() == signed["sha256"]
    assert desk.secretary.get(path, headers={"if-none-match": record.headers["etag"]}).status_code == 304
    assert desk.secretary.get(path, params={"version": 1}).content == record.content
    assert shown(desk.secretary.get(path, params={"version": 0}))["document"]["version"] == 0
    missing = desk.secretary.get(path, params={"version": 2})
    assert (missing.status_code, missing.json()["errors"][0]["parameter"]) == (404, "version")
    desk.moved(noun, document, "open_amendment")
    assert shown(desk.secretary.get(path))["document"]["change_note"] == "Lý do"


@both
def test_what_cannot_be_printed_is_refused_at_its_place(desk: Desk, noun: str) -> None:
    one = f"{NOUNS[noun][0]}/{desk.begun(noun)['id']}"
    said = {"signers": [{"role": "nobody", "full_name": " "}], "recipients": None, "symbol": "01-BB/ĐU"}
    assert set(faults(desk.secretary.patch(one, json=said, headers=ANY))) == {
        *("#/signers/0/role", "#/signers/0/full_name", "#/recipients", "#/symbol"),
    }


# -- numbers


@both
def test_signing_gives_it_a_number_a_symbol_a_day_and_a_hash_and_its_answer_tells_them(
    desk: Desk, noun: str
) -> None:
    document, kind = desk.begun(noun), NOUNS[noun][1]
    answer = desk.moved(noun, document, "submit", "sign")
    after = desk.now(noun, document)
    number = after["document_number"]
    printed = f"{number:02d}-{kind}/ĐU"
    assert (answer["document_number"], answer["symbol"], answer["sha256"], answer["document_version"]) == (
        *(number, printed, after["sha256"], 1),
    )
    assert (after["symbol"], after["document_date"], after["current_version"]) == (printed, str(today()), 1)
    again = desk.begun(noun)
    desk.moved(noun, again, "submit", "sign")
    assert desk.now(noun, again)["document_number"] == number + 1


def test_the_party_numbers_by_term_and_others_by_year(desk: Desk) -> None:
    def numbered(host: str, day: str, **more: Any) -> tuple[int, str]:
        document = desk.begun("minutes", host=host)
        said = {"document_date": day, **more}
        path = f"/v1/minutes/{document['id']}"
        shown(desk.secretary.patch(path, json=said, headers=ANY))
        after = desk.moved("minutes", document, "submit", "sign")
        return after["document_number"], after["symbol"]

    assert numbered("party", "2019-12-31") == (1, "01-BB/ĐU")
    assert numbered("party", "2020-01-01") == (1, "01-BB/ĐU")
    assert numbered("party", "2024-12-31", issuer_symbol="ĐUPT") == (2, "02-BB/ĐUPT")
    assert numbered("front", "2023-12-31")[0] == 1
    assert numbered("front", "2024-01-01")[0] == 1
    number, printed = numbered("front", "2024-12-31")
    assert (number, printed) == (2, "02/BB-MTTQ")


def test_a_number_stays_in_its_series_and_as_it_was_printed(desk: Desk) -> None:
    document = desk.begun("minutes")
    path = f"/v1/minutes/{document['id']}"
    desk.moved("minutes", document, "submit", "sign", "open_amendment")
    before = desk.now("minutes", document)
    for said, wrong in (
        ({"document_date": "2019-01-01"}, {"#/document_date": "another_series"}),
        ({"document_date": None}, {"#/document_date": "another_series"}),
        ({"issuer_symbol": "VP"}, {"#/issuer_symbol": "fixed"}),
    ):
        assert faults(desk.secretary.patch(path, json=said, headers=ANY)) == wrong
    desk.moved("minutes", document, "sign_amendment")
    after = desk.now("minutes", document)
    for name in ("document_number", "symbol", "document_date"):
        assert after[name] == before[name]


# -- versions


@both
def test_each_signature_keeps_a_version_as_it_was_hashed(desk: Desk, noun: str) -> None:
    meeting = desk.meeting()
    document = desk.begun(noun, meeting)
    assert desk.versions(noun, document) == []
    desk.moved(noun, document, "submit", "sign", "issue", "open_amendment")
    changed = {"summary": "Bổ sung"}
    shown(desk.secretary.patch(f"/v1/meetings/{meeting['id']}", json=changed, headers=ANY))
    desk.moved(noun, document, "sign_amendment")
    first, second = desk.versions(noun, document)
    for number, one in enumerate((first, second), start=1):
        assert hashlib.sha256(one["content"].encode()).hexdigest() == one["sha256"]
        content = json.loads(one["content"])
        assert content["document"]["version"] == one["number"] == number
        assert content["meeting"]["summary"] == (None, "Bổ sung")[number - 1]
        assert bool(content["speeches"]) == (noun == "minutes")
        assert content["directives"]
    assert (first["change_note"], second["change_note"]) == (None, "Lý do")
    assert second["previous_sha256"] not in {None, first["previous_sha256"]}
    after = desk.now(noun, document)
    assert (after["status"], after["sha256"], after["current_version"]) == ("signed", second["sha256"], 2)
    listed = every(desk.secretary, f"{NOUNS[noun][0]}/{document['id']}/versions")
    assert [
        one | {"content": whole["content"]} for one, whole in zip(listed, (first, second), strict=True)
    ] == [
        *(first, second),
    ]


def test_who_signs_is_taken_from_the_meeting_where_nobody_is_named(desk: Desk) -> None:
    document = desk.begun("minutes")
    path = f"/v1/minutes/{document['id']}"
    shown(desk.secretary.patch(path, json={"sign_as": "T/M BAN THƯỜNG VỤ"}, headers=ANY))
    desk.moved("minutes", document, "submit", "sign")
    (version,) = desk.versions("minutes", document)
    signers = json.loads(version["content"])["document"]["signers"]
    assert [(one["role"], one["full_name"], one["sign_as"]) for one in signers] == [
        ("recorder", "Người clerk", None),
        ("chair", "Người chair", "T/M BAN THƯỜNG VỤ"),
    ]


# -- two pairs of eyes, and nothing left open


@both
def test_who_submitted_or_opened_it_does_not_sign_it(desk: Desk, noun: str) -> None:
    party = desk.service.town.bodies["party"]
    roles = [(role, party, None) for role in ("secretary", "approver")]
    key = a_key(desk.service.as_("administrator"), party, *roles)[1]["key"]
    alone = desk.service.client(key)
    document, path = desk.begun(noun), NOUNS[noun][0]
    moves, itself = f"{path}/{document['id']}/transitions", f"{path}/{document['id']}"
    made(alone.post(moves, json={"transition": "submit"}))
    assert blocked(alone.post(moves, json={"transition": "sign"})) == {"signer-submitted": itself}
    desk.moved(noun, document, "sign")
    made(alone.post(moves, json={"transition": "open_amendment", "comment": "Sót"}))
    assert desk.now(noun, document)["amendment_opened_by"] == "Người mới"
    assert blocked(alone.post(moves, json={"transition": "sign_amendment"})) == {"signer-opened": itself}
    desk.moved(noun, document, "sign_amendment")


@both
def test_opening_an_amendment_needs_a_reason(desk: Desk, noun: str) -> None:
    document = desk.begun(noun)
    desk.moved(noun, document, "submit", "sign")
    assert faults(desk.told(noun, document, "open_amendment", comment=None)) == {"#/comment": "missing"}


@both
def test_nothing_is_submitted_or_signed_while_reviews_or_carry_overs_are_missing(
    desk: Desk, noun: str
) -> None:
    quarter = {"minutes": "2027-Q1", "conclusion-notice": "2028-Q1"}[noun]  # of its own
    following = {"2027-Q1": "2027-Q2", "2028-Q1": "2028-Q2"}[quarter]
    task = a_task(desk.secretary, desk.body["party"], desk.body["office"], quarter=quarter)
    move(desk.secretary, task, "issue")
    meeting = desk.meeting(review_period=quarter, plan_period=following)
    document = desk.begun(noun, meeting)
    there = f"/v1/quarterly-tasks/{task['id']}"
    assert blocked(desk.told(noun, document, "submit")) == {"tasks_unreviewed": there}
    review = {"task_id": task["id"], "rating": "not_completed", "disposition": "carry_over"}
    reviews = f"/v1/meetings/{meeting['id']}/task-reviews"
    shown(desk.secretary.put(reviews, json={"items": [review]}, headers=ANY))
    assert blocked(desk.told(noun, document, "submit")) == {"dispositions_not_carried_out": there}
    shown(desk.secretary.post(f"/v1/meetings/{meeting['id']}/carry-over"))
    desk.moved(noun, document, "submit")
    path = f"/v1/meetings/{meeting['id']}/agenda-items"
    item = made(desk.secretary.post(path, json={"title": "Còn nữa"}))
    assert blocked(desk.told(noun, document, "sign")) == {
        "agenda_items_pending": f"/v1/agenda-items/{item['id']}"
    }
    done = {"status": "done"}
    shown(desk.secretary.patch(f"/v1/agenda-items/{item['id']}", json=done, headers=ANY))
    desk.moved(noun, document, "sign")
    change = f"UPDATE task_reviews SET comment = 'x' WHERE meeting_id = '{meeting['id']}'"
    assert _runs(desk.service, change) == (noun != "minutes")


# -- comments


@both
def test_who_may_write_or_sign_comments_and_whoever_reads_at_the_host_reads_them(
    desk: Desk, noun: str
) -> None:
    document, path = desk.begun(noun), NOUNS[noun][0]
    there = f"{path}/{document['id']}/comments"
    first = made(desk.approver.post(there, json={"text": "Thiếu", "pointer": "/speeches/0"}))
    answer = desk.secretary.post(there, json={"text": "Đã sửa"})
    second = made(answer)
    assert [first, second] == every(desk.service.as_("reader"), there)
    assert shown(desk.secretary.get(f"/v1/minutes-comments/{first['id']}")) == first
    after = desk.secretary.get(f"{path}/{document['id']}")
    assert (after.json()["comment_count"], after.headers["etag"]) == (2, answer.headers["etag"])
    assert desk.service.as_("reader").post(there, json={"text": "a"}).status_code == 403
    for wrong in ("speeches", "/a~b", ""):
        assert faults(desk.secretary.post(there, json={"text": "a", "pointer": wrong})).keys() == {
            "#/pointer"
        }


@both
@pytest.mark.on_both
def test_what_is_said_of_a_draft_is_shown_to_nobody_who_is_not_shown_the_draft(desk: Desk, noun: str) -> None:
    """Nor once it is signed: what it was about is still for the host alone."""
    came = [{"organization_id": desk.body["front"], "role": "delegate", "attendance": "present"}]
    meeting = desk.meeting(visibility="public", participations=came)
    document, path = desk.begun(noun, meeting), NOUNS[noun][0]
    one, service = f"{path}/{document['id']}", desk.service
    said = made(desk.approver.post(f"{one}/comments", json={"text": "Bỏ câu nội bộ"}))
    places = (f"{one}/record?version=0", f"{one}/comments", f"/v1/minutes-comments/{said['id']}")
    open_to_all = Settings(
        database_url=service.database_url, allow_weak_durability=True, public_reading=True, **SETTINGS
    )
    with running(open_to_all) as public:
        guests = {"reporter": (403, 404, 404), "neighbour": (403, 404, 404), "": (401, 401, 401)}
        callers = {who: service.as_(who) if who else public.client() for who in guests}
        for transition in ("submit", "sign"):
            desk.moved(noun, document, transition)
            for who, statuses in guests.items():
                assert callers[who].get(one).status_code == 200
                answers = [callers[who].get(place) for place in places]
                assert tuple(answer.status_code for answer in answers) == statuses, who
                assert not any("nội bộ" in answer.text for answer in answers), who
    for place in places[1:]:
        assert "nội bộ" in service.as_("reader").get(place).text


@both
@pytest.mark.on_both
def test_why_a_draft_was_sent_back_is_told_at_the_host_alone(desk: Desk, noun: str) -> None:
    document, path = desk.begun(noun, desk.meeting(visibility="public")), NOUNS[noun][0]
    desk.moved(noun, document, "submit")
    moved = made(desk.told(noun, document, "request_changes", comment="Bỏ câu nội bộ"))
    assert moved["comment"] == "Bỏ câu nội bộ"
    there, one = f"{path}/{document['id']}/transitions", f"/v1/{noun}-transitions/{moved['id']}"
    for who, comment in (("reader", "Bỏ câu nội bộ"), ("neighbour", None)):
        client = desk.service.as_(who)
        assert shown(client.get(one)) == {**moved, "comment": comment}
        assert every(client, there)[-1] == {**moved, "comment": comment}


# -- the lock


# What a signed document leaves as it was: its own transitions, what comes after it, and tasks, which live on.
GO_ON = {
    "create_meeting_transition": "the meeting is still closed and reopened",
    "create_next_meeting": "the next meeting is drafted",
    "create_carry_over": "tasks live on",
    "create_quarterly_task_of_finding": "tasks live on",
    "create_quarterly_task_of_directive": "tasks live on",
    "create_minutes": "the other document is begun",
    "create_conclusion_notice": "the other document is begun",
}
BODIES: dict[str, Json] = {
    "update_meeting": {"title": "Khác"},
    "create_agenda_item": {"title": "Khác"},
    "update_agenda_item": {"title": "Khác"},
    "create_participation": {"organization_id": "", "role": "guest"},
    "update_participation": {"headcount": 9},
    "create_speech": {"attribution_text": "Khác"},
    "update_speech": {"attribution_text": "Khác"},
    "create_finding": {"kind": "result", "text": "Khác"},
    "update_finding": {"text": "Khác"},
    "create_directive": {"text": "Khác"},
    "update_directive": {"text": "Khác"},
    "replace_agenda": {"items": []},
    "replace_task_reviews": {"items": []},
}
BY_THE_NOTICE = {
    *("update_meeting", "delete_meeting", "create_directive", "update_directive", "delete_directive"),
    "replace_briefing",
}
SYSTEM = "he-thong-ky"


def writes(service: Service) -> dict[str, tuple[str, str]]:
    """Every operation that writes below a meeting or a row in one: method and path."""
    inside = re.compile(r"\{(meeting|agenda_item|participation|speech|finding|directive|external)_id\}")
    return {
        one["operationId"]: (method.upper(), path)
        for path, methods in service.app.openapi()["paths"].items()
        for method, one in methods.items()
        if method != "get" and inside.search(path)
    }


def ids_of(desk: Desk, meeting: Json) -> dict[str, str]:
    path = f"/v1/meetings/{meeting['id']}"
    listed = {
        "agenda_item_id": "agenda-items",
        "participation_id": "participations",
        "speech_id": "speeches",
        "finding_id": "findings",
        "directive_id": "directives",
    }
    rows = {name: every(desk.secretary, f"{path}/{nouns}")[0]["id"] for name, nouns in listed.items()}
    return {"meeting_id": meeting["id"], "system": SYSTEM, "external_id": meeting["id"], **rows}


def asked(desk: Desk, ids: dict[str, str], name: str, method: str, path: str) -> httpx.Response:
    said = dict(BODIES.get(name, {}))
    if "organization_id" in said:
        said["organization_id"] = desk.body["front"]
    if name == "replace_briefing":
        host = desk.body["party"]
        said = {"meeting": {"host_organization_id": host, "title": "Khác", "held_on": HELD_ON}}
    body = None if method == "DELETE" else said
    return desk.secretary.request(method, path.format(**ids), headers=ANY, json=body)


def in_whole(desk: Desk) -> Json:
    """A meeting that another system knows, too."""
    meeting = desk.meeting()
    refs = {"external_refs": [{"system": SYSTEM, "id": meeting["id"]}]}
    return shown(desk.secretary.patch(f"/v1/meetings/{meeting['id']}", json=refs, headers=ANY))


@both
def test_every_route_that_would_change_what_is_signed_is_refused_and_names_the_document(
    desk: Desk, noun: str
) -> None:
    meeting = in_whole(desk)
    ids, document = ids_of(desk, meeting), desk.begun(noun, meeting)
    desk.moved(noun, document, "submit", "sign")
    before = everything(desk, meeting)
    tried = writes(desk.service)
    assert {name for name in tried if "attachment" not in name} - GO_ON.keys() == BODIES.keys() | {
        *("delete_meeting", "delete_agenda_item", "delete_participation", "delete_speech"),
        *("delete_finding", "delete_directive", "replace_briefing"),
    }
    locked = tried.keys() - GO_ON.keys() if noun == "minutes" else BY_THE_NOTICE
    for name in sorted(one for one in locked if "attachment" not in one):
        answer = asked(desk, ids, name, *tried[name])
        assert (answer.status_code, answer.json().get("code")) == (409, "minutes-locked"), (name, answer.text)
        pointers = {one["code"]: one["pointer"] for one in answer.json()["blockers"]}
        assert pointers == {f"{noun}-signed": f"{NOUNS[noun][0]}/{document['id']}"}
    assert everything(desk, meeting) == before
    move(desk.secretary, meeting, "close")
    move(desk.secretary, meeting, "reopen", comment="Bổ sung")


def everything(desk: Desk, meeting: Json) -> list[Any]:
    path = f"/v1/meetings/{meeting['id']}"
    lists = ("agenda-items", "participations", "speeches", "findings", "directives")
    return [shown(desk.secretary.get(path)), *(every(desk.secretary, f"{path}/{one}") for one in lists)]


def test_an_open_amendment_unlocks_and_signing_it_locks_again(desk: Desk) -> None:
    meeting = desk.meeting()
    path, ids = f"/v1/meetings/{meeting['id']}", ids_of(desk, meeting)
    minutes, notice = desk.begun("minutes", meeting), desk.begun("conclusion-notice", meeting)
    speech, directive = f"/v1/speeches/{ids['speech_id']}", f"/v1/directives/{ids['directive_id']}"

    def written() -> tuple[int, int, int]:
        said = (
            (path, {"summary": None}),
            (speech, {"attribution_text": "Đại biểu"}),
            (directive, {"text": "Bám sát"}),
        )
        answers = [desk.secretary.patch(one, json=body, headers=ANY) for one, body in said]
        return (answers[0].status_code, answers[1].status_code, answers[2].status_code)

    assert written() == (200, 200, 200)
    desk.moved("conclusion-notice", notice, "submit", "sign")
    assert written() == (409, 200, 409)
    desk.moved("minutes", minutes, "submit", "sign")
    assert written() == (409, 409, 409)
    desk.moved("conclusion-notice", notice, "issue", "open_amendment")
    assert written() == (409, 409, 409)
    desk.moved("minutes", minutes, "issue", "open_amendment")
    assert written() == (200, 200, 200)
    desk.moved("conclusion-notice", notice, "sign_amendment")
    assert written() == (409, 200, 409)
    desk.moved("minutes", minutes, "sign_amendment")
    assert written() == (409, 409, 409)


COPIES = {  # table: what one may try to change there
    "agenda_items": "title = 'x'",
    "participations": "headcount = 7",
    "speeches": "summary = 'x'",
    "findings": "text = 'x'",
    "directives": "text = 'x'",
    "task_reviews": "comment = 'x'",
}


@both
def test_the_database_itself_refuses_to_change_what_is_signed(desk: Desk, noun: str) -> None:
    service, meeting = desk.service, desk.meeting()
    table = noun.replace("-", "_").replace("notice", "notices")
    lock = "locked_by_minutes_id" if noun == "minutes" else "locked_by_notice_id"
    document = desk.begun(noun, meeting)
    desk.moved(noun, document, "submit", "sign")
    (version,) = desk.versions(noun, document)
    kept_one = f"id = '{version['id']}'"
    here, itself = f"meeting_id = '{meeting['id']}'", f"id = '{document['id']}'"
    kept = {one for one in COPIES if noun == "minutes" or one == "directives"}
    tries = [
        f"UPDATE meetings SET title = 'x' WHERE id = '{meeting['id']}'",
        f"UPDATE meetings SET held_on = '2020-01-01' WHERE id = '{meeting['id']}'",
        f"UPDATE meetings SET {lock} = NULL WHERE id = '{meeting['id']}'",
        f"UPDATE meetings SET {lock} = host_organization_id WHERE id = '{meeting['id']}'",
        f"DELETE FROM meetings WHERE id = '{meeting['id']}'",
        f"UPDATE {table} SET symbol = '99-BB/ĐU' WHERE {itself}",
        f"UPDATE {table} SET signers = '[]' WHERE {itself}",
        f"UPDATE {table} SET status = 'draft' WHERE {itself}",
        f"UPDATE {table} SET sha256 = NULL WHERE {itself}",
        f"DELETE FROM {table} WHERE {itself}",
        f"UPDATE minutes_versions SET content = '{{}}' WHERE {kept_one}",
        f"UPDATE minutes_versions SET recorded_by = 'x' WHERE {kept_one}",
        f"DELETE FROM minutes_versions WHERE {kept_one}",
        *(f"UPDATE {one} SET {COPIES[one]} WHERE {here}" for one in kept - {"task_reviews"}),
        *(f"DELETE FROM {one} WHERE {here}" for one in kept - {"task_reviews"}),
        *(_copy(desk, one, here) for one in kept - {"task_reviews"}),
    ]
    if service.database == "sqlite":
        tries += [
            f"INSERT OR REPLACE INTO directives SELECT * FROM directives WHERE {here}",
            f"INSERT OR REPLACE INTO meetings SELECT * FROM meetings WHERE id = '{meeting['id']}'",
            f"INSERT OR REPLACE INTO minutes_versions SELECT * FROM minutes_versions WHERE {kept_one}",
        ]
    else:
        tries.append("TRUNCATE minutes_versions CASCADE")
    passed = [one for one in tries if _runs(service, one)]
    assert passed == []
    assert not _runs(service, f"SELECT 1 FROM nowhere WHERE {here}")  # it tells what fails


def test_sql_beside_a_signature_waits_for_it_and_the_signature_for_that(desk: Desk) -> None:
    if desk.service.database == "sqlite":
        pytest.skip("it has one writer")
    meeting = desk.meeting()
    document = desk.begun("minutes", meeting)
    desk.moved("minutes", document, "submit")
    here, engine = f"meeting_id = '{meeting['id']}'", desk.service.engine
    write = text(_copy(desk, "directives", here))
    with ThreadPoolExecutor(1) as beside:
        with engine.connect() as signing:  # as a signature that is being given
            lock = "UPDATE meetings SET locked_by_minutes_id = :by WHERE id = :id"
            signing.execute(text(lock), {"by": document["id"], "id": meeting["id"]})
            written = beside.submit(_runs, desk.service, write.text)
            with pytest.raises(TimeoutError):
                written.result(timeout=0.5)
            signing.commit()
        assert not written.result(timeout=10)
        with engine.begin() as connection:
            connection.execute(text(lock), {"by": None, "id": meeting["id"]})
        with engine.connect() as writing:
            writing.execute(write)
            signed = beside.submit(desk.told, "minutes", document, "sign")
            with pytest.raises(TimeoutError):
                signed.result(timeout=0.5)
            writing.rollback()
        assert signed.result(timeout=10).status_code == 201


def _copy(desk: Desk, table: str, here: str) -> str:
    """Another row of the same meeting."""
    with desk.service.engine.connect() as connection:
        columns = list(connection.execute(text(f"SELECT * FROM {table} WHERE {here} LIMIT 1")).keys())
    named = ", ".join(f"'{desk.body['party']}'" if one == "id" else one for one in columns)
    if desk.service.database == "postgresql":
        named = named.replace("'" + desk.body["party"] + "'", f"'{desk.body['party']}'::uuid")
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {named} FROM {table} WHERE {here} LIMIT 1"


def _runs(service: Service, statement: str) -> bool:
    """Whether the database lets it pass; nothing of it stays."""
    with service.engine.connect() as connection:
        begun = connection.begin()
        try:
            done = connection.execute(text(statement))
        except DBAPIError as refused:
            if "minutes-locked" not in str(refused.orig) and "nowhere" not in str(refused.orig):
                raise
            return False
        else:
            return done.rowcount != 0
        finally:
            begun.rollback()


def test_what_is_no_longer_signed_may_change_by_the_same_statements(desk: Desk) -> None:
    """The control: the same tables, and no document in force."""
    meeting = desk.meeting()
    document = desk.begun("minutes", meeting)
    desk.moved("minutes", document, "submit", "sign", "open_amendment")
    here = f"meeting_id = '{meeting['id']}'"
    for table in COPIES.keys() - {"task_reviews"}:
        assert _runs(desk.service, f"UPDATE {table} SET {COPIES[table]} WHERE {here}")
        if table != "participations":  # a second chair is refused all the same
            assert _runs(desk.service, _copy(desk, table, here))
    assert _runs(desk.service, f"UPDATE meetings SET title = 'x' WHERE id = '{meeting['id']}'")
