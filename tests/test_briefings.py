"""A whole quarter as one document: handed in by another system, created or brought into line, all or nothing."""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from threading import Thread
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app import checking
from tests.conftest import PROOF, Service
from tests.town import ANY, Json, a_key, every, made, move, shown

pytestmark = pytest.mark.in_turn

ROUNDS = {"postgresql": 100 * PROOF or 1, "sqlite": 10 * PROOF or 1}

SYSTEM = "qlvb-thu-nghiem"
LISTS = (
    "participations",
    "agenda_items",
    "speeches",
    "findings",
    "directives",
    "quarterly_tasks",
    "task_reviews",
)


@dataclass
class Office:
    """Another system's caller, who records and confirms for a commune."""

    service: Service
    client: httpx.Client
    key: str
    party: str

    @property
    def body(self) -> dict[str, str]:
        return {name: str(one) for name, one in self.service.town.bodies.items()} | {"party": self.party}

    @property
    def person(self) -> dict[str, str]:
        return {name: str(one) for name, one in self.service.town.people.items()}

    def put(
        self, known: str, document: Json, seen: str | None = None, by: httpx.Client | None = None
    ) -> httpx.Response:
        headers = {"if-match": seen} if seen else {}
        return (by or self.client).put(f"/v1/briefings/{SYSTEM}/{known}", json=document, headers=headers)

    def get(self, known: str, by: httpx.Client | None = None) -> httpx.Response:
        return (by or self.client).get(f"/v1/briefings/{SYSTEM}/{known}")

    def meeting(self, known: str) -> Json:
        """The meeting of a briefing, as itself."""
        ref = {"system": SYSTEM, "id": known}
        found = every(self.client, "/v1/meetings", host_organization_id=self.body["party"])
        (one,) = [one for one in found if ref in one["external_refs"]]
        return one

    def tasks(self, **asked: Any) -> dict[str, Json]:
        found = every(self.client, "/v1/quarterly-tasks", **asked)
        return {one["title"]: one for one in found}

    def events(self) -> int:
        return self.count("events")

    def count(self, table: str) -> int:
        with self.service.engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.fixture(scope="module")
def in_balance(service: Service) -> Iterator[None]:
    yield
    assert list(checking.faults(service.engine)) == []


@pytest.fixture
def office(service: Service, in_balance: None) -> Iterator[Office]:
    """Each test has a host of its own, and leaves the books in balance."""
    home = service.town.bodies["commune"]
    host = {"name": "Đảng ủy", "kind": "party_committee", "line": "party", "level": "commune"}
    administrator = service.as_("administrator")
    party = made(administrator.post("/v1/organizations", json={**host, "parent_id": str(home)}))
    grants = ("secretary", home, None), ("approver", home, None)
    _, key = a_key(administrator, home, *grants)
    yield Office(service, service.client(key["key"]), key["key"], party["id"])
    if PROOF:
        assert list(checking.faults(service.engine)) == []


def autumn(office: Office, p: str = "") -> Json:
    """The briefing of the third quarter of 2025, whole; `p` makes its ids those of one test."""
    body, person = office.body, office.person
    return {
        "meeting": {
            "host_organization_id": body["party"],
            "code": f"HN-{p}Q3",
            "title": "Giao ban Quý III/2025",
            "kind": "quarterly_briefing",
            "audience": "Các cơ quan tham mưu",
            "review_period": "2025-Q3",
            "plan_period": "2025-Q4",
            "data_cutoff_on": "2025-09-20",
            "previous": None,
            "held_on": "2025-09-26",
            "starts_at": "2025-09-26T01:00:00.000Z",
            "ends_at": "2025-09-26T04:00:00.000Z",
            "format": "in_person",
            "location": "Hội trường",
            "online_url": None,
            "visibility": "internal",
            "record": "minuted",
            "source_text": None,
            "summary": "Đã đánh giá Quý III",
            "status": "closed",
        },
        "participations": [
            attending(f"{p}td-1", body["party"], person["chair"], "chair"),
            attending(f"{p}td-2", body["office"], person["clerk"], "secretary"),
            attending(f"{p}td-3", body["front"], person["fronter"], "delegate"),
        ],
        "agenda_items": [
            item(f"{p}ct-1", "Báo cáo", number="1"),
            item(f"{p}ct-1.1", "Xây dựng Đảng", parent=f"{p}ct-1", presenter_id=person["clerk"]),
            item(f"{p}ct-1.2", "Mặt trận", parent=f"{p}ct-1"),
            item(f"{p}ct-2", "Phương hướng"),
        ],
        "speeches": [
            speech(f"{p}pb-1", f"{p}ct-1.1", person["clerk"]),
            speech(f"{p}pb-2", None, person["chair"]),
        ],
        "findings": [
            finding(f"{p}dg-1", "result", agenda_item=f"{p}ct-1"),
            finding(f"{p}dg-2", "cause", cause_of=f"{p}dg-3"),
            finding(f"{p}dg-3", "limitation", speech=f"{p}pb-1", field="digital_transformation"),
            finding(f"{p}dg-4", "recommendation", response_status="answered", response_text="Đồng ý"),
        ],
        "directives": [
            {
                "external_id": f"{p}kl-1",
                "speech": f"{p}pb-2",
                "agenda_item": f"{p}ct-2",
                "kind": "conclusion",
                "issued_by_id": person["chair"],
                "title_snapshot": "Bí thư",
                "field": "digital_transformation",
                "text": "Số hóa xong trong Quý IV",
            }
        ],
        "quarterly_tasks": [
            task(office, f"{p}nv-1", "Số hóa hồ sơ", agenda_item=f"{p}ct-2", directive=f"{p}kl-1"),
            task(office, f"{p}nv-2", "Phần một", parent=f"{p}nv-3", answers_finding=f"{p}dg-3"),
            task(office, f"{p}nv-3", "Kết nạp đảng viên", due_date="2025-12-15"),
            task(office, f"{p}nv-4", "Chưa giao", issued=False, assignments=[]),
        ],
        "task_reviews": [],
    }


def winter(office: Office, p: str = "") -> Json:
    """The next one: it reviews the tasks of the one before, closes two and carries one over."""
    document = autumn(office, p)
    document["meeting"] |= {
        "code": f"HN-{p}Q4",
        "title": "Giao ban Quý IV/2025",
        "review_period": "2025-Q4",
        "plan_period": "2026-Q1",
        "previous": f"{p}2025-Q3",
        "data_cutoff_on": None,
        "held_on": "2025-12-26",
        "starts_at": None,
        "ends_at": None,
    }
    document["participations"] = [
        {**one, "external_id": f"{one['external_id']}-q4"} for one in document["participations"]
    ]
    document["agenda_items"] = [item(f"{p}ct-q4", "Đánh giá", carried_from=f"{p}ct-2")]
    document |= {"speeches": [], "findings": [], "directives": []}
    document["quarterly_tasks"] = [task(office, f"{p}nv-5", "Việc mới", quarter="2026-Q1", due_date=None)]
    document["task_reviews"] = [
        review(f"{p}nv-1", "close", rating="completed", completed_on="2025-12-10"),
        review(f"{p}nv-2", "close", rating="completed", completed_on="2025-12-12"),
        review(f"{p}nv-3", "carry_over", comment="Chờ kết luận", successor=f"{p}nv-3-q1"),
    ]
    return document


def attending(known: str, body: str, person: str, role: str, **more: Any) -> Json:
    return {
        "external_id": known,
        "organization_id": body,
        "speaker_id": person,
        "role": role,
        "attendance": "present",
        "absence_reason": None,
        "title_snapshot": "Cán bộ",
        "substitute_for_id": None,
        "headcount": None,
        **more,
    }


def item(known: str, title: str, **more: Any) -> Json:
    return {
        "external_id": known,
        "parent": None,
        "number": None,
        "title": title,
        "description": None,
        "kind": "report",
        "presenter_id": None,
        "presenting_organization_id": None,
        "duration_minutes": 15,
        "status": "done",
        "minutes_text": None,
        "carried_from": None,
        **more,
    }


def speech(known: str, agenda_item: str | None, person: str, **more: Any) -> Json:
    return {
        "external_id": known,
        "agenda_item": agenda_item,
        "speaker_id": person,
        "attribution_text": None,
        "organization_id": None,
        "title_snapshot": "Cán bộ",
        "kind": "report",
        "summary": "Đã nêu",
        "full_text": None,
        "started_at": None,
        "ended_at": None,
        **more,
    }


def finding(known: str, kind: str, **more: Any) -> Json:
    return {
        "external_id": known,
        "period": "2025-Q3",
        "agenda_item": None,
        "speech": None,
        "kind": kind,
        "field": None,
        "organization_id": None,
        "text": f"Nội dung {known}",
        "cause_of": None,
        "response_text": None,
        "response_status": None,
        **more,
    }


def task(office: Office, known: str, title: str, **more: Any) -> Json:
    lead = {"organization_id": office.body["front"], "role": "lead", "speaker_id": office.person["fronter"]}
    return {
        "external_id": known,
        "issuing_organization_id": office.body["party"],
        "code": f"NV-{known}",
        "title": title,
        "description": None,
        "expected_result": "100%",
        "measures": [{"name": "Hồ sơ", "unit": "%", "target": 100.0, "achieved": None}],
        "kind": "key",
        "priority": "normal",
        "field": None,
        "quarter": "2025-Q4",
        "parent": None,
        "source_document": {"number": "12-CTr/ĐU", "date": "2025-01-05", "excerpt": None},
        "agenda_item": None,
        "directive": None,
        "answers_finding": None,
        "issued_by_id": None,
        "start_date": None,
        "due_date": "2025-12-20",
        "assignments": [lead],
        "issued": True,
        **more,
    }


def review(known: str | None, disposition: str, **more: Any) -> Json:
    return {
        "task": known,
        "task_id": None,
        "rating": "partially_completed",
        "assessed_progress": None,
        "comment": None,
        "disposition": disposition,
        "due_date": None,
        "lead_organization_id": None,
        "completed_on": None,
        "successor": None,
        **more,
    }


def without_order(document: Json) -> Json:
    """Who takes part, tasks and reviews have no order of their own."""

    def known(one: Json) -> str:
        return str(one.get("external_id") or one.get("task") or one.get("task_id"))

    sorted_ones = {name: sorted(document[name], key=known) for name in ("participations", "quarterly_tasks")}
    return {**document, **sorted_ones, "task_reviews": sorted(document["task_reviews"], key=known)}


# -- the loop in two calls


def test_two_calls_bring_two_quarters_from_nothing_to_the_second_closed_meeting(office: Office) -> None:
    first, second = autumn(office, "a-"), winter(office, "a-")
    answer = office.put("a-2025-Q3", first)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/briefings/{SYSTEM}/a-2025-Q3"
    assert office.get("a-2025-Q3").content == answer.content
    assert office.get("a-2025-Q3").headers["etag"] == answer.headers["etag"]
    assert answer.json() == first
    answer = office.put("a-2025-Q4", second)
    assert answer.status_code == 201, answer.text
    assert answer.json() == second
    assert office.get("a-2025-Q4").json() == second
    before, after = office.meeting("a-2025-Q3"), office.meeting("a-2025-Q4")
    assert (before["status"], after["status"]) == ("closed", "closed")
    assert after["previous_meeting_id"] == before["id"]
    tasks = office.tasks(issuing_organization_id=office.body["party"], quarter="2025-Q4")
    assert {title: one["status"] for title, one in tasks.items()} == {
        "Số hóa hồ sơ": "completed",
        "Phần một": "completed",
        "Kết nạp đảng viên": "carried_over",
        "Chưa giao": "draft",
    }
    assert tasks["Số hóa hồ sơ"]["completed_on"] == "2025-12-10"
    assert tasks["Phần một"]["parent_id"] == tasks["Kết nạp đảng viên"]["id"]
    carried = office.tasks(quarter="2026-Q1", issuing_organization_id=office.party)["Kết nạp đảng viên"]
    assert carried["carried_from_id"] == tasks["Kết nạp đảng viên"]["id"]
    assert carried["external_refs"] == [{"system": SYSTEM, "id": "a-nv-3-q1"}]
    assert carried["status"] == "assigned"


def test_the_same_document_again_changes_nothing_and_leaves_no_event(office: Office) -> None:
    first, second = autumn(office, "b-"), winter(office, "b-")
    for known, document in (("b-2025-Q3", first), ("b-2025-Q4", second)):
        made(office.put(known, document))
    shown_before = {known: office.get(known).headers["etag"] for known in ("b-2025-Q3", "b-2025-Q4")}
    events = office.events()
    for known, document in (("b-2025-Q4", second), ("b-2025-Q3", office.get("b-2025-Q3").json())):
        answer = office.put(known, document, shown_before[known])
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == shown_before[known]
        assert "location" not in answer.headers
    assert office.events() == events


def test_what_a_document_decided_of_its_own_tasks_is_not_undone_by_the_same_document(office: Office) -> None:
    document, front = autumn(office, "ba-"), office.body["front"]
    office_too = {"organization_id": office.body["office"], "role": "coordinating", "speaker_id": None}
    late = {"kind": "ad_hoc", "quarter": "2025-Q3", "due_date": "2025-09-25"}
    extended, given = (task(office, f"ba-{n}", f"Đột xuất {n}", **late) for n in (1, 2))
    given["assignments"] = [*given["assignments"], office_too]
    document["quarterly_tasks"] += [extended, given]
    document["task_reviews"] = [
        review("ba-1", "extend", comment="Thêm thời gian", due_date="2025-10-31"),
        review("ba-2", "reassign", comment="Đổi chủ trì", lead_organization_id=front),
    ]
    made(office.put("ba-2025-Q3", document))
    now = {one["title"]: one for one in office.get("ba-2025-Q3").json()["quarterly_tasks"]}
    assert now["Đột xuất 1"]["due_date"] == "2025-10-31"
    assert now["Đột xuất 2"]["assignments"][0]["organization_id"] == front
    events = office.events()
    for again in (document, office.get("ba-2025-Q3").json()):
        assert shown(office.put("ba-2025-Q3", again, "*"))["meeting"]["status"] == "closed"
    assert office.events() == events
    for change in ({"due_date": "2025-11-30"}, {"assignments": extended["assignments"]}):
        other = deepcopy(document)
        other["quarterly_tasks"][5] |= change  # which its review does not decide
        told = refused(office.put("ba-2025-Q3", other, "*"), 409)
        assert told == {f"#/quarterly_tasks/5/{name}": "by-entries-only" for name in change}


def test_what_a_later_meeting_decided_is_not_undone_by_an_older_document_sent_again(office: Office) -> None:
    """It states its tasks as they were given out: what entries have changed since is no news to it."""
    first, second, front = autumn(office, "bh-"), winter(office, "bh-"), office.body["front"]
    second["meeting"]["status"] = "held"
    office_leads = {"organization_id": office.body["office"], "role": "lead", "speaker_id": None}
    first["quarterly_tasks"][0]["assignments"] = [office_leads]
    second["task_reviews"] = [
        review("bh-nv-1", "reassign", comment="Đổi chủ trì", lead_organization_id=front),
        review("bh-nv-2", "extend", comment="Thêm thời gian", due_date="2026-01-31"),
        review("bh-nv-3", "extend", comment="Chờ vốn", due_date="2026-01-31"),
    ]
    made(office.put("bh-2025-Q3", first))
    made(office.put("bh-2025-Q4", second))
    tasks = office.tasks(issuing_organization_id=office.party, quarter="2025-Q4")
    again = {"kind": "due_date_changed", "due_date": "2026-02-28", "text": "Gia hạn thêm"}
    made(office.client.post(f"/v1/quarterly-tasks/{tasks['Kết nạp đảng viên']['id']}/entries", json=again))
    again = {"kind": "reclassified", "field": "party_building", "text": "Đúng lĩnh vực"}
    made(office.client.post(f"/v1/quarterly-tasks/{tasks['Số hóa hồ sơ']['id']}/entries", json=again))
    before, events = office.tasks(quarter="2025-Q4"), office.events()
    for known, document in (("bh-2025-Q3", first), ("bh-2025-Q4", second), ("bh-2025-Q3", first)):
        shown(office.put(known, document, "*"))
    assert office.tasks(quarter="2025-Q4") == before
    assert office.events() == events
    for name, value in (("due_date", "2026-01-31"), ("field", "health")):
        other = deepcopy(first)
        other["quarterly_tasks"][2][name] = value  # which it never had, or not since it was given out
        told = refused(office.put("bh-2025-Q3", other, "*"), 409)
        assert told == {f"#/quarterly_tasks/2/{name}": "by-entries-only"}


def test_an_extension_in_a_document_goes_forward(office: Office) -> None:
    first, second = autumn(office, "bi-"), winter(office, "bi-")
    second["task_reviews"][2] = review("bi-nv-3", "extend", comment="Chờ vốn", due_date="2025-12-15")
    made(office.put("bi-2025-Q3", first))
    told = refused(office.put("bi-2025-Q4", second), 422)
    assert told == {"#/task_reviews/2/due_date": "not_later"}


def test_what_was_recalled_is_carried_over_again_by_the_same_document(office: Office) -> None:
    first, second = autumn(office, "bc-"), winter(office, "bc-")
    second["meeting"]["status"] = "held"
    made(office.put("bc-2025-Q3", first))
    made(office.put("bc-2025-Q4", second))
    asked = {"issuing_organization_id": office.party}
    withdrawn = office.tasks(**asked, quarter="2026-Q1")["Kết nạp đảng viên"]
    move(office.client, office.tasks(**asked, quarter="2025-Q4")["Kết nạp đảng viên"], "recall")
    between = office.get("bc-2025-Q4").json()
    assert [one["external_id"] for one in between["quarterly_tasks"]] == ["bc-nv-5"]
    assert shown(office.put("bc-2025-Q4", second, "*")) == second
    asked["quarter"] = "2026-Q1"
    carried = every(office.client, "/v1/quarterly-tasks", **asked, status="assigned")
    known = {one["title"]: (one["id"], one["external_refs"]) for one in carried}["Kết nạp đảng viên"]
    assert known[0] != withdrawn["id"]
    assert known[1] == withdrawn["external_refs"]


def test_a_meeting_taken_from_a_report_becomes_a_minuted_one_by_a_document_that_names_who_took_part(
    office: Office,
) -> None:
    document = autumn(office, "bd-")
    reported = deepcopy(document)
    reported["meeting"]["record"] = "reported"
    reported["participations"] = []
    made(office.put("bd-2025-Q3", reported))
    without = {**document, "participations": document["participations"][:1]}
    assert blocked(office.put("bd-2025-Q3", without, "*")) == {"#/participations": "secretary-missing"}
    assert shown(office.put("bd-2025-Q3", document, "*")) == document


def test_a_task_whose_day_lies_in_a_closed_quarter_is_told_where_it_is_given_out(office: Office) -> None:
    shown(office.client.put(f"/v1/organizations/{office.party}/quarters/2025-Q3/closing"))
    answer = office.put("be-2025-Q3", autumn(office, "be-"))
    told = {f"#/quarterly_tasks/{n}/issued": "in_a_closed_quarter" for n in range(3)}
    assert refused(answer, 422) == told


def test_no_document_leaves_an_item_pending_in_a_meeting_that_was_closed(office: Office) -> None:
    document = autumn(office, "bf-")
    made(office.put("bf-2025-Q3", document))
    document["agenda_items"][1]["status"] = "in_progress"
    document["agenda_items"].append(item("bf-ct-3", "Thêm", status="pending"))
    told = {f"#/agenda_items/{n}/status": "meeting-closed" for n in (1, 4)}
    assert refused(office.put("bf-2025-Q3", document, "*"), 409) == told


def test_what_may_stand_once_only_is_told_at_the_member_to_mend(office: Office) -> None:
    first, second, front = autumn(office, "bg-"), winter(office, "bg-"), office.body["front"]
    made(office.put("bg-2025-Q3", first))
    known = "bg-td-4-q4", front, office.person["fronter"]
    for change, told in (
        (
            {"participations": [*second["participations"], attending(*known, "chair")]},
            "participations/3/role",
        ),
        (
            {"participations": [*second["participations"], attending(*known, "delegate")]},
            "participations/3/speaker_id",
        ),
        (
            {
                "task_reviews": [
                    *second["task_reviews"][:2],
                    {**second["task_reviews"][2], "successor": "bg-nv-1"},
                ]
            },
            "task_reviews/2/successor",
        ),
    ):
        assert list(refused(office.put("bg-2025-Q4", {**second, **change}), 409)) == [f"#/{told}"]
    made(office.put("bg-2025-Q4", second))
    third = {**second, "meeting": {**second["meeting"], "code": "HN-bg-x"}, "task_reviews": []}
    third |= {"participations": [], "agenda_items": [], "quarterly_tasks": []}
    third["meeting"]["status"] = "draft"
    assert refused(office.put("bg-x", third), 409) == {"#/meeting/previous": "has-a-successor"}


def test_once_the_minutes_are_signed_a_document_that_records_the_same_is_taken(office: Office) -> None:
    document = autumn(office, "bb-")
    made(office.put("bb-2025-Q3", document))
    path = f"/v1/meetings/{office.meeting('bb-2025-Q3')['id']}/minutes"
    minutes = made(office.client.post(path, json={}))
    for who, transition in ((office.client, "submit"), (office.service.as_("approver"), "sign")):
        made(who.post(f"/v1/minutes/{minutes['id']}/transitions", json={"transition": transition}))
    events = office.events()
    shown(office.put("bb-2025-Q3", document, "*"))
    assert office.events() == events
    changes: tuple[tuple[str, Callable[[Json], Any]], ...] = (
        ("meeting", lambda other: other["meeting"].update(title="Khác")),
        ("participations/2", lambda other: other["participations"][2].update(role="guest")),
        ("participations", lambda other: other["participations"].pop()),
        ("agenda_items/3", lambda other: other["agenda_items"][3].update(title="Khác")),
        ("agenda_items", lambda other: other["agenda_items"].insert(0, other["agenda_items"].pop())),
        ("speeches/0", lambda other: other["speeches"][0].update(summary="Khác")),
        ("findings", lambda other: other["findings"].reverse()),
        (
            "directives/1",
            lambda other: other["directives"].append({**other["directives"][0], "external_id": "k"}),
        ),
    )
    for at, change in changes:
        other = deepcopy(document)
        change(other)
        answer = office.put("bb-2025-Q3", other, "*")
        assert set(refused(answer, 409)) == {f"#/{at}"}, at
        (blocker,) = answer.json()["blockers"]
        assert (answer.json()["code"], blocker["pointer"]) == (
            "minutes-locked",
            f"/v1/minutes/{minutes['id']}",
        )
    assert office.events() == events
    document["quarterly_tasks"][0]["title"] = "Số hóa toàn bộ hồ sơ"  # tasks live on
    assert shown(office.put("bb-2025-Q3", document, "*"))["quarterly_tasks"][0]["title"].endswith("bộ hồ sơ")


def test_a_document_that_says_little_is_filled_in_and_stays_as_it_was_filled_in(office: Office) -> None:
    meeting = {"host_organization_id": office.party, "title": "Giao ban", "held_on": "2025-09-26"}
    little: Json = {
        "meeting": {**meeting, "review_period": "2025-Q3"},
        "participations": [
            {"external_id": "ít-1", "organization_id": office.party, "speaker_id": office.person["chair"]}
        ],
        "speeches": [{"external_id": "ít-1", "speaker_id": office.person["chair"]}],
        "findings": [{"external_id": "ít-1", "kind": "recommendation", "text": "Đề nghị"}],
        "directives": [{"external_id": "ít-1", "speech": "ít-1", "text": "Làm ngay"}],
    }
    first = made(office.put("ít/2025-Q3", little))
    assert first["meeting"]["code"].startswith("HN-")
    assert first["findings"][0]["period"] == "2025-Q3"
    assert first["findings"][0]["response_status"] == "open"
    assert first["directives"][0]["issued_by_id"] == office.person["chair"]
    events = office.events()
    assert shown(office.put("ít/2025-Q3", little, "*")) == first
    assert office.events() == events
    little["findings"][0] |= {"response_text": "Đồng ý"}
    assert shown(office.put("ít/2025-Q3", little, "*"))["findings"][0]["response_status"] == "answered"


# -- bringing it into line


def test_another_document_changes_adds_takes_back_and_puts_in_order(office: Office) -> None:
    document = autumn(office, "c-")
    document["meeting"]["status"] = "draft"
    made(office.put("c-2025-Q3", document))
    seen = office.get("c-2025-Q3").headers["etag"]
    other = deepcopy(document)
    other["meeting"] |= {"title": "Giao ban (sửa)", "status": "scheduled", "location": None}
    chair, clerk, front = other["participations"]
    chair["role"], clerk["role"] = "secretary", "chair"
    chair["speaker_id"], clerk["speaker_id"] = clerk["speaker_id"], chair["speaker_id"]  # with the same title
    other["participations"] = [chair, clerk, {**front, "external_id": "c-td-4"}]
    report, building, fronts, plan = other["agenda_items"]
    building["parent"] = None
    other["agenda_items"] = [plan, item("c-ct-3", "Mới"), building, {**fronts, "parent": "c-ct-1.1"}]
    assert report["external_id"] == "c-ct-1"
    other["speeches"] = [other["speeches"][1], {**other["speeches"][0], "summary": "Nói khác"}]
    other["findings"] = [
        {**other["findings"][3], "response_status": "referred"},
        finding("c-dg-5", "result", agenda_item="c-ct-3"),
    ]
    other["directives"][0] |= {"speech": None, "text": "Số hóa xong trong năm"}
    other["quarterly_tasks"][0]["directive"] = None
    other["quarterly_tasks"][1] |= {"answers_finding": None, "title": "Phần một (sửa)"}
    other["quarterly_tasks"] = [
        *other["quarterly_tasks"][:3],
        task(office, "c-nv-5", "Thêm", parent="c-nv-3"),
    ]
    answer = office.put("c-2025-Q3", other, seen)
    assert answer.status_code == 200, answer.text
    assert without_order(answer.json()) == without_order(other)
    events = office.events()
    assert shown(office.put("c-2025-Q3", other, answer.headers["etag"])) == answer.json()
    assert office.events() == events


def test_a_part_that_is_changed_leaves_one_event_and_the_others_none(office: Office) -> None:
    document = autumn(office, "d-")
    made(office.put("d-2025-Q3", document))
    events = office.events()
    document["findings"][0]["text"] = "Khác"
    document["quarterly_tasks"][0]["expected_result"] = "Khác"
    shown(office.put("d-2025-Q3", document, "*"))
    assert office.events() == events + 2


def test_what_was_recorded_otherwise_is_neither_shown_nor_touched(office: Office) -> None:
    document = autumn(office, "e-")
    document["meeting"]["status"] = "held"
    made(office.put("e-2025-Q3", document))
    path = f"/v1/meetings/{office.meeting('e-2025-Q3')['id']}"
    ours = made(office.client.post(f"{path}/speeches", json={"attribution_text": "Thôn Một", "position": 1}))
    by_hand = made(office.client.post(f"{path}/agenda-items", json={"title": "Ghi tay"}))
    order = [one["id"] for one in every(office.client, f"{path}/agenda-items") if one["parent_id"] is None]
    assert order[-1] == by_hand["id"]
    first = {one["external_refs"][0]["id"]: one for one in every(office.client, f"{path}/findings")}["e-dg-1"]
    change = {"speech_id": ours["id"]}
    shown(office.client.patch(f"/v1/findings/{first['id']}", json=change, headers=ANY))
    assert office.get("e-2025-Q3").json() == document
    events = office.events()
    shown(office.put("e-2025-Q3", document, "*"))
    assert office.events() == events
    document["speeches"].reverse()
    document["agenda_items"] = document["agenda_items"][3:] + document["agenda_items"][:3]
    assert shown(office.put("e-2025-Q3", document, "*")) == document
    assert shown(office.client.get(f"/v1/speeches/{ours['id']}"))["position"] == 1
    assert shown(office.client.get(f"/v1/findings/{first['id']}"))["speech_id"] == ours["id"]


def test_the_precondition_is_that_of_every_whole_state(office: Office) -> None:
    document = autumn(office, "f-")
    assert office.put("f-2025-Q3", document, '"7"').status_code == 412
    made(office.put("f-2025-Q3", document, "*"))
    assert office.put("f-2025-Q3", document).status_code == 428
    seen = office.get("f-2025-Q3").headers["etag"]
    document["meeting"]["summary"] = "Khác"
    shown(office.put("f-2025-Q3", document, seen))
    stale = office.put("f-2025-Q3", document, seen)
    assert (stale.status_code, stale.headers["etag"]) == (412, office.get("f-2025-Q3").headers["etag"])


# -- what is wrong, and where


def refused(answer: httpx.Response, status: int = 422) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def blocked(answer: httpx.Response) -> dict[str, str]:
    assert (answer.status_code, answer.json()["code"]) == (409, "blocked"), answer.text
    return {one["pointer"]: one["code"] for one in answer.json()["blockers"]}


def nothing_was_stored(office: Office, events: int, known: str) -> None:
    assert office.events() == events
    assert office.get(known).status_code == 404


def test_everything_that_is_wrong_is_told_at_its_place_and_nothing_is_stored(office: Office) -> None:
    document, nobody = autumn(office, "g-"), "01999999-0000-7000-8000-000000000000"
    document["participations"][1]["external_id"] = "g-td-1"
    document["participations"][2]["speaker_id"] = nobody
    document["agenda_items"][2]["parent"] = "g-ct-2"
    document["agenda_items"].append(item("g-ct-3", "Việc cũ", carried_from="chưa có"))
    document["speeches"][0]["agenda_item"] = "không có"
    document["speeches"].append(speech("g-pb-3", None, person="") | {"speaker_id": None})
    document["findings"][3]["cause_of"] = "g-dg-1"
    document["findings"][2]["speech"] = "g-pb-1"  # which is wrong itself, and that is told there
    document["quarterly_tasks"][0]["quarter"] = "2026-Q2"
    document["quarterly_tasks"][1]["parent"] = "không có"
    document["quarterly_tasks"][2]["assignments"] *= 2
    document["quarterly_tasks"][3]["issued"] = True
    document["task_reviews"] = [
        review("không có", "continue"),
        review(None, "continue"),
        review("g-nv-1", "extend"),
        review("g-nv-1", "continue", completed_on="2025-09-26", successor="x"),
    ]
    events = office.events()
    assert refused(office.put("g-2025-Q3", document)) == {
        "#/participations/1/external_id": "twice",
        "#/participations/2/speaker_id": "not-found",
        "#/agenda_items/2/parent": "parent_not_before",
        "#/agenda_items/4/carried_from": "not-found",
        "#/speeches/0/agenda_item": "not-found",
        "#/speeches/2/speaker_id": "missing",
        "#/findings/3/cause_of": "extra_forbidden",
        "#/quarterly_tasks/0/quarter": "outside_plan_period",
        "#/quarterly_tasks/1/parent": "not-found",
        "#/quarterly_tasks/2/assignments/1/role": "second_lead",
        "#/quarterly_tasks/3/assignments": "lead_missing",
        "#/task_reviews/0/task": "not-found",
        "#/task_reviews/1/task": "missing",
        "#/task_reviews/2/due_date": "missing",
        "#/task_reviews/2/comment": "missing",
        "#/task_reviews/3/completed_on": "extra_forbidden",
        "#/task_reviews/3/successor": "extra_forbidden",
    }
    nothing_was_stored(office, events, "g-2025-Q3")


def test_what_is_wrong_with_the_meeting_hides_nothing_of_what_is_wrong_with_its_parts(office: Office) -> None:
    document = autumn(office, "gb-")
    document["meeting"] |= {"previous": "chưa có", "ends_at": "2025-09-26T00:00:00.000Z"}
    document["speeches"][0]["agenda_item"] = "không có"
    document["quarterly_tasks"][0]["quarter"] = "2026-Q2"
    events = office.events()
    parts = {
        "#/speeches/0/agenda_item": "not-found",
        "#/quarterly_tasks/0/quarter": "outside_plan_period",
    }
    assert refused(office.put("gb-2025-Q3", document)) == {
        "#/meeting/previous": "not-found",
        "#/meeting/ends_at": "ends_before_it_begins",
        **parts,
    }
    nothing_was_stored(office, events, "gb-2025-Q3")


def test_the_tasks_of_another_row_than_the_sheet_and_of_another_day_are_told_at_their_reviews(
    office: Office,
) -> None:
    first, second = autumn(office, "h-"), winter(office, "h-")
    made(office.put("h-2025-Q3", first))
    draft = office.tasks(issuing_organization_id=office.party)["Chưa giao"]
    second["task_reviews"][0]["completed_on"] = "2025-09-01"  # before it was issued
    second["task_reviews"][2] |= {"successor": "h-nv-5", "task": "h-nv-1"}
    second["task_reviews"] += [review(None, "continue", task_id=draft["id"]), review("h-nv-3", "close")]
    events = office.events()
    assert refused(office.put("h-2025-Q4", second)) == {
        "#/task_reviews/0/completed_on": "before_the_last_entry",
        "#/task_reviews/2/task": "twice",
        "#/task_reviews/3/task_id": "not_on_the_sheet",
        "#/task_reviews/4/disposition": "invalid-transition",
    }
    nothing_was_stored(office, events, "h-2025-Q4")


def test_what_stands_in_the_way_of_the_wanted_state_is_told_where_it_can_be_mended(office: Office) -> None:
    document = autumn(office, "i-")
    document["agenda_items"][2]["status"] = "pending"
    late = task(office, "i-nv-6", "Đột xuất", kind="ad_hoc", quarter="2025-Q3", due_date=None)
    document["quarterly_tasks"].append(late)
    events = office.events()
    assert blocked(office.put("i-2025-Q3", document)) == {
        "#/agenda_items/2/status": "agenda_items_pending",
        "#/quarterly_tasks/4": "tasks_unreviewed",
    }
    document["participations"][0]["role"] = "delegate"
    assert blocked(office.put("i-2025-Q3", document)) == {"#/participations": "chair-missing"}
    nothing_was_stored(office, events, "i-2025-Q3")
    document["participations"][0]["role"] = "chair"
    document["agenda_items"][2]["status"] = "done"
    document["task_reviews"] = [review("i-nv-6", "close", completed_on="2025-09-26")]
    assert made(office.put("i-2025-Q3", document))["meeting"]["status"] == "closed"
    document["participations"][0]["role"] = "delegate"  # and it stays complete
    assert blocked(office.put("i-2025-Q3", document, "*")) == {"#/participations": "chair-missing"}


def test_the_tasks_of_the_quarter_must_all_be_reviewed_before_it_closes(office: Office) -> None:
    first, second = autumn(office, "j-"), winter(office, "j-")
    made(office.put("j-2025-Q3", first))
    second["task_reviews"].pop(0)
    left = office.tasks(issuing_organization_id=office.party)["Số hóa hồ sơ"]
    assert blocked(office.put("j-2025-Q4", second)) == {
        f"/v1/quarterly-tasks/{left['id']}": "tasks_unreviewed"
    }


def test_a_state_is_never_taken_back_and_the_future_is_not_held(office: Office) -> None:
    document = autumn(office, "k-")
    document["meeting"]["status"] = "held"
    made(office.put("k-2025-Q3", document))
    document["meeting"]["status"] = "draft"
    assert refused(office.put("k-2025-Q3", document, "*"), 422) == {"#/meeting/status": "invalid-transition"}
    ahead = autumn(office, "k2-")
    ahead["meeting"] |= {"held_on": "2099-09-26", "starts_at": None, "ends_at": None}
    assert refused(office.put("k2-2025-Q3", ahead)) == {"#/meeting/status": "in_the_future"}


def test_what_others_hold_or_stand_on_is_not_changed_or_taken_back(office: Office) -> None:
    document = autumn(office, "l-")
    made(office.put("l-2025-Q3", document))
    meeting = f"/v1/meetings/{office.meeting('l-2025-Q3')['id']}"
    (item_1, *_) = every(office.client, f"{meeting}/agenda-items")
    made(
        office.client.post(
            f"{meeting}/speeches", json={"attribution_text": "A", "agenda_item_id": item_1["id"]}
        )
    )
    events = office.events()
    other = deepcopy(document)
    other["quarterly_tasks"].pop(0)
    assert refused(office.put("l-2025-Q3", other, "*"), 409) == {"#/quarterly_tasks": "conflict"}
    other = deepcopy(document)
    other["quarterly_tasks"][0] |= {"due_date": "2025-12-31", "kind": "regular"}
    assert refused(office.put("l-2025-Q3", other, "*"), 409) == {
        "#/quarterly_tasks/0/due_date": "by-entries-only",
        "#/quarterly_tasks/0/kind": "by-entries-only",
    }
    other = deepcopy(document)
    other["quarterly_tasks"][0]["issued"] = False
    assert refused(office.put("l-2025-Q3", other, "*")) == {"#/quarterly_tasks/0/issued": "issued"}
    other = deepcopy(document)
    other["agenda_items"] = other["agenda_items"][3:]
    for one in (*other["speeches"], *other["findings"]):
        one["agenda_item"] = None
    assert set(blocked(office.put("l-2025-Q3", other, "*")).values()) == {"used-by-speeches"}
    other = deepcopy(document)
    other["meeting"]["host_organization_id"] = office.body["committee"]
    assert refused(office.put("l-2025-Q3", other, "*")) == {"#/meeting/host_organization_id": "fixed"}
    assert office.events() == events
    assert office.get("l-2025-Q3").json() == document


def test_an_id_that_another_briefing_has_is_told_at_its_part(office: Office) -> None:
    made(office.put("m-2025-Q3", autumn(office, "m-")))
    events, other = office.events(), autumn(office, "n-")
    other["speeches"][1]["external_id"] = "m-pb-1"
    assert refused(office.put("n-2025-Q3", other), 409) == {"#/speeches/1/external_id": "external-ref-taken"}
    other["speeches"][1]["external_id"] = "n-pb-2"
    other["meeting"]["code"] = "HN-m-Q3"
    assert refused(office.put("n-2025-Q3", other), 409) == {"#/meeting/code": "code-taken"}
    nothing_was_stored(office, events, "n-2025-Q3")


# -- who may


def test_a_neighbour_sees_none_and_a_reader_may_not_hand_in(office: Office) -> None:
    document, service = autumn(office, "o-"), office.service
    neighbour, reader, stranger = (service.as_(one) for one in ("neighbour", "reader", "stranger"))
    assert office.put("o-2025-Q3", document, by=neighbour).status_code == 403
    assert office.put("o-2025-Q3", document, by=stranger).status_code == 404
    made(office.put("o-2025-Q3", document))
    for by, refusal in ((neighbour, 403), (stranger, 404)):
        assert office.get("o-2025-Q3", by).status_code == 404
        assert office.put("o-2025-Q3", document, "*", by).status_code == refusal  # as before it was there
    theirs = autumn(office, "o2-")
    theirs["meeting"]["host_organization_id"] = office.body["neighbour_party"]
    taken = office.put("o-2025-Q3", theirs, by=neighbour)
    assert (taken.status_code, taken.json()["code"]) == (409, "external-ref-taken")
    assert office.put("o-2025-Q3", document, "*", reader).status_code == 403
    assert office.get("o-2025-Q3", service.as_("provincial")).json() == document


def test_a_key_without_the_tasks_neither_reads_nor_hands_in(office: Office) -> None:
    home = office.service.town.bodies["commune"]
    scopes = ["meetings:read", "meetings:write"]
    administrator = office.service.as_("administrator")
    _, key = a_key(administrator, home, ("secretary", home, None), scopes=scopes)
    narrow = office.service.client(key["key"])
    assert office.put("p-2025-Q3", autumn(office, "p-"), by=narrow).status_code == 403
    made(office.put("p-2025-Q3", autumn(office, "p-")))
    assert office.get("p-2025-Q3", narrow).status_code == 403


def test_who_may_not_confirm_closes_no_task_through_a_briefing(office: Office) -> None:
    made(office.put("q-2025-Q3", autumn(office, "q-")))
    secretary = office.service.as_("secretary")
    assert refused(office.put("q-2025-Q4", winter(office, "q-"), by=secretary)) == {
        "#/task_reviews/0/disposition": "forbidden",
        "#/task_reviews/1/disposition": "forbidden",
    }


@pytest.mark.on_both
def test_two_at_once_make_one_meeting(office: Office) -> None:
    for number in range(ROUNDS[office.service.database]):
        known = f"r{number}-2025-Q3"
        document = autumn(office, f"r{number}-")
        told = at_once(office, known, document)
        assert told[0] == 201
        assert set(told[1:]) <= {409, 428}
        assert office.meeting(known)["status"] == "closed"
        assert office.get(known).json() == document


def at_once(office: Office, known: str, document: Json) -> list[int]:
    """What four are answered who hand in the same document at the same moment."""
    answers = list[httpx.Response]()

    def hand_in() -> None:
        answers.append(office.put(known, document, by=office.service.client(office.key)))

    threads = [Thread(target=hand_in) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(answer.status_code for answer in answers)


def test_an_item_comes_below_itself_by_no_way(office: Office) -> None:
    document = autumn(office, "s-")
    document["meeting"]["status"] = "draft"
    document |= {"speeches": [], "findings": [], "directives": [], "quarterly_tasks": []}
    document["agenda_items"] = [item("s-1", "Một"), item("s-2", "Hai")]
    made(office.put("s-2025-Q3", document))
    path = f"/v1/meetings/{office.meeting('s-2025-Q3')['id']}"
    one, two = every(office.client, f"{path}/agenda-items")
    by_hand = made(
        office.client.post(f"{path}/agenda-items", json={"title": "Ghi tay", "parent_id": one["id"]})
    )
    places = [(one["id"], None), (by_hand["id"], one["id"]), (two["id"], by_hand["id"])]
    order = {"items": [{"id": id, "parent_id": parent} for id, parent in places]}
    shown(office.client.put(f"{path}/agenda", json=order, headers=ANY))
    document["agenda_items"] = [
        item("s-2", "Hai"),
        item("s-1", "Một", parent="s-2"),
        item("s-3", "Ba", parent="s-1"),
    ]
    assert refused(office.put("s-2025-Q3", document, "*")) == {"#/agenda_items/1/parent": "itself"}


def test_a_briefing_is_handed_in_step_by_step_as_it_goes_on(office: Office) -> None:
    made(office.put("t-2025-Q3", autumn(office, "t-")))
    whole = winter(office, "t-")
    early = deepcopy(whole) | {"task_reviews": [], "quarterly_tasks": []}
    for status in ("draft", "scheduled", "held"):
        early["meeting"]["status"] = status
        answer = office.put("t-2025-Q4", early, "*")
        assert answer.json() == early, answer.text
    early["task_reviews"] = whole["task_reviews"]
    assert shown(office.put("t-2025-Q4", early, "*")) == early
    assert shown(office.put("t-2025-Q4", whole, "*")) == whole
    path = f"/v1/meetings/{office.meeting('t-2025-Q4')['id']}/transitions"
    moves = [one["transition"] for one in every(office.client, path)]
    assert moves == ["schedule", "hold", "close"]


def test_a_successor_without_an_id_of_the_system_is_reviewed_by_ours(office: Office) -> None:
    made(office.put("u-2025-Q3", autumn(office, "u-")))
    second = winter(office, "u-")
    second["task_reviews"][2]["successor"] = None
    assert made(office.put("u-2025-Q4", second)) == second
    successor = office.tasks(quarter="2026-Q1", issuing_organization_id=office.party)["Kết nạp đảng viên"]
    third = autumn(office, "u3-")
    third["meeting"] |= {
        "review_period": "2026-Q1",
        "plan_period": "2026-Q2",
        "previous": "u-2025-Q4",
        "held_on": "2026-03-27",
        "starts_at": None,
        "ends_at": None,
    }
    third |= {"speeches": [], "findings": [], "directives": [], "quarterly_tasks": []}
    third["task_reviews"] = [
        review(None, "close", task_id=successor["id"], completed_on="2026-03-20"),
        review("u-nv-5", "close", completed_on="2026-03-21"),
    ]
    assert made(office.put("u-2026-Q1", third)) == third


def test_the_reviews_of_a_closed_meeting_stay_until_it_is_opened_again(office: Office) -> None:
    first, second = autumn(office, "v-"), winter(office, "v-")
    made(office.put("v-2025-Q3", first))
    made(office.put("v-2025-Q4", second))
    second["task_reviews"][0]["comment"] = "Khác"
    assert refused(office.put("v-2025-Q4", second, "*"), 409) == {"#/task_reviews": "conflict"}
    second["meeting"]["status"] = "held"
    second["task_reviews"][0]["comment"] = None
    assert refused(office.put("v-2025-Q4", second, "*")) == {"#/meeting/status": "invalid-transition"}
    reopen = {"transition": "reopen", "comment": "Ghi thiếu"}
    path = f"/v1/meetings/{office.meeting('v-2025-Q4')['id']}/transitions"
    made(office.client.post(path, json=reopen))
    second["meeting"]["status"] = "closed"
    second["task_reviews"][0]["comment"] = "Khác"
    assert shown(office.put("v-2025-Q4", second, "*")) == second
    second["task_reviews"][0]["completed_on"] = "2025-12-11"
    second["meeting"]["summary"] = "Khác"
    events = office.events()
    assert refused(office.put("v-2025-Q4", second, "*")) == {
        "#/task_reviews/0/completed_on": "completed_before",
        "#/task_reviews": "conflict",
    }
    assert office.events() == events


def anything(office: Office, p: str, chance: random.Random) -> Json:
    """A document of parts that are there or not, named and ordered anyhow."""
    document = autumn(office, p)
    document["meeting"]["status"] = "draft"
    items: list[Json] = []
    depth: dict[str | None, int] = {None: 0}
    for n in chance.sample(range(9), chance.randrange(9)):
        known, parent = f"{p}ct-{n}", chance.choice([one for one in depth if depth[one] < 3])
        depth[known] = depth[parent] + 1
        items.append(item(known, f"Mục {n}", parent=parent, minutes_text=chance.choice([None, "Đã nêu"])))
    places: list[str | None] = [None, *(one["external_id"] for one in items)]
    spoken = [
        speech(f"{p}pb-{n}", chance.choice(places), office.person["chair"])
        for n in chance.sample(range(5), chance.randrange(5))
    ]
    said: list[str | None] = [None, *(one["external_id"] for one in spoken)]
    found = [
        finding(f"{p}dg-{n}", "cause" if n % 2 else "limitation", speech=chance.choice(said))
        for n in chance.sample(range(7), chance.randrange(7))
    ]
    explained: list[str | None] = [
        None,
        *(one["external_id"] for one in found if one["kind"] == "limitation"),
    ]
    for one in found:
        one["cause_of"] = chance.choice(explained) if one["kind"] == "cause" else None
    answered: list[str | None] = [None, *(one["external_id"] for one in found)]
    tasks = [
        task(office, f"{p}nv-{n}", f"Việc {n}", issued=False, answers_finding=chance.choice(answered))
        for n in chance.sample(range(6), chance.randrange(6))
    ]
    for one in tasks:
        above = [other["external_id"] for other in tasks if other["external_id"].endswith(("0", "1"))]
        one["parent"] = None if one["external_id"] in above else chance.choice([None, *above])
    chance.shuffle(tasks)
    lists = {"agenda_items": preorder(items), "speeches": spoken, "findings": found, "directives": []}
    return {**document, **lists, "quarterly_tasks": tasks}


def preorder(items: list[Json], parent: str | None = None) -> list[Json]:
    below = [one for one in items if one["parent"] == parent]
    return [row for one in below for row in (one, *preorder(items, one["external_id"]))]


def test_whatever_stood_there_the_document_stands_there_afterwards(office: Office) -> None:
    chance = random.Random(7)
    made(office.put("w-2025-Q3", anything(office, "w-", chance)))
    for _ in range(25 if PROOF else 8):
        document = anything(office, "w-", chance)
        answer = office.put("w-2025-Q3", document, "*")
        assert answer.status_code == 200, answer.text
        assert without_order(answer.json()) == without_order(document)
        events = office.events()
        assert shown(office.put("w-2025-Q3", document, answer.headers["etag"])) == answer.json()
        assert office.events() == events


def test_drafts_follow_another_plan_and_take_every_member_that_is_stated_otherwise(office: Office) -> None:
    document = autumn(office, "x-")
    document["meeting"]["status"] = "draft"
    document["quarterly_tasks"] = [task(office, "x-nv-1", "Việc", issued=False)]
    made(office.put("x-2025-Q3", document))
    other = deepcopy(document)
    other["meeting"] |= {"review_period": "2025-Q4", "plan_period": "2026-Q1"}
    assert blocked(office.put("x-2025-Q3", other, "*")) == {"#/meeting/plan_period": "tasks-outside"}
    other["quarterly_tasks"][0] |= {
        "quarter": "2026-Q1",
        "measures": [],
        "source_document": None,
        "assignments": [{"organization_id": office.body["office"], "role": "lead", "speaker_id": None}],
    }
    answer = shown(office.put("x-2025-Q3", other, "*"))
    assert without_order(answer) == without_order(other)
    other["quarterly_tasks"][0]["issuing_organization_id"] = office.body["committee"]
    assert refused(office.put("x-2025-Q3", other, "*")) == {
        "#/quarterly_tasks/0/issuing_organization_id": "fixed"
    }


def test_a_directive_of_another_speech_is_given_by_who_spoke_there(office: Office) -> None:
    document = autumn(office, "y-")
    document["meeting"]["status"] = "draft"
    document["directives"][0] |= {"issued_by_id": None, "title_snapshot": None, "agenda_item": None}
    first = made(office.put("y-2025-Q3", document))
    assert first["directives"][0]["issued_by_id"] == office.person["chair"]
    document["directives"][0]["speech"] = "y-pb-1"
    second = shown(office.put("y-2025-Q3", document, "*"))["directives"][0]
    assert (second["issued_by_id"], second["agenda_item"]) == (office.person["clerk"], "y-ct-1.1")
    assert second["title_snapshot"] == "Cán bộ"


def test_where_every_finding_is_wrong_each_is_told(office: Office) -> None:
    document = {**autumn(office, "wrong-"), "directives": [], "quarterly_tasks": [], "task_reviews": []}
    document["findings"] = [finding("w-1", "cause", cause_of="w-1", agenda_item="không có")]
    events = office.events()
    answer = office.put("wrong-2025-Q3", document)
    assert refused(answer, 404) == {"#/findings/0/agenda_item": "not-found"}
    nothing_was_stored(office, events, "wrong-2025-Q3")


def test_an_agenda_that_is_too_deep_is_told_at_the_item(office: Office) -> None:
    document = autumn(office, "z-")
    above = [None, "z-1", "z-2", "z-3"]
    document["agenda_items"] = [item(f"z-{n}", "Mục", parent=one) for n, one in enumerate(above, 1)]
    found = refused(office.put("z-2025-Q3", document))
    assert found["#/agenda_items/3/parent"] == "too_deep"
