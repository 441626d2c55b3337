"""Two versions of a record compared: every change is told once, for programs and in words for people."""

import random
from copy import deepcopy
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from app.minutes.comparing import Change, compared
from app.minutes.naming import LISTS, MEMBERS, kinds_in
from app.minutes.record import MinutesRecord
from tests.town import Json

CHAIR: Json = {"id": str(UUID(int=1)), "full_name": "Nguyễn Văn A", "honorific": "comrade"}
CLERK: Json = {"id": str(UUID(int=2)), "full_name": "Trần Thị B", "honorific": None}
FRONT: Json = {"id": str(UUID(int=3)), "name": "Ủy ban MTTQ xã", "short_name": "MTTQ"}
PARTY: Json = {"id": str(UUID(int=4)), "name": "Đảng ủy xã", "short_name": None}


def row(n: int, **said: Any) -> Json:
    return {"id": str(UUID(int=100 + n)), **said}


def record() -> Json:
    """A record with three of everything."""
    known: Json = {
        "form": "minutes-record/1",
        "document": {
            "id": str(UUID(int=7)), "kind": "minutes", "version": 1, "number": 5, "symbol": "05-BB/ĐU",
            "date": "2025-09-05", "place": "Hòa An", "recipients": ["Như trên"], "change_note": None,
            "signers": [{"role": "chair", "full_name": "Nguyễn Văn A", "title": "Bí thư", "sign_as": "T/M"}],
        },
        "meeting": {
            "id": str(UUID(int=8)), "code": "HN-1", "title": "Giao ban quý III", "kind": "quarterly_briefing",
            "audience": None, "review_period": "2025-Q3", "plan_period": "2025-Q4", "data_cutoff_on": None,
            "held_on": "2025-09-04", "starts_at": "2025-09-04T01:00:00.000Z", "ends_at": None, "format": "in_person",
            "location": "Hội trường", "online_url": None, "record": "minuted", "source_text": None, "summary": None,
            "host": {**PARTY, "kind": "party_committee", "line": "party", "level": "commune", "above": [FRONT]},
            "previous_meeting_id": None,
        },
        "participations": [row(n, organization=PARTY, speaker=CHAIR, role="delegate", attendance="present", absence_reason=None, title_snapshot="Bí thư", substitute_for=None, headcount=None) for n in range(3)],
        "agenda_items": [row(n, parent_id=None, position=n, number=str(n), title=f"Mục {n}", description=None, kind="report", presenter=None, presenting_organization=FRONT, status="done", minutes_text=None) for n in range(3)],
        "speeches": [row(n, agenda_item_id=None, position=n, speaker=CHAIR, attribution_text=None, organization=PARTY, title_snapshot="Bí thư", kind="report", summary=None, full_text="Toàn văn", started_at=None, ended_at=None) for n in range(3)],
        "findings": [row(n, agenda_item_id=None, speech_id=None, position=n, period=None, kind="result", field="health", organization=FRONT, text=f"Kết quả {n}", cause_of_id=None, response_text=None, response_status=None) for n in range(3)],
        "directives": [row(n, agenda_item_id=None, speech_id=None, position=n, kind="direction", issued_by=CHAIR, title_snapshot="Bí thư", field=None, text=f"Rà soát {n}") for n in range(3)],
        "reviews": [row(n, task_id=str(UUID(int=200 + n)), task_code=f"NV-{n}", task_title="Việc", task_quarter="2025-Q3", lead=FRONT, rating="completed", assessed_progress=100, comment=None, disposition="close", due_date=None, new_lead=None) for n in range(3)],
        "quarterly_tasks": [row(n, code=f"NV-1{n}", title="Việc mới", expected_result=None, field=None, quarter="2025-Q4", due_date="2025-12-15", status="assigned", directive_id=None, carried_from_id=None, assignments=[{"organization": FRONT, "role": "lead", "speaker": None}]) for n in range(3)],
    }  # fmt: skip
    return MinutesRecord.model_validate(known).model_dump(mode="json")


def one(old: Json, new: Json) -> Change:
    (change,) = compared(old, new)
    return change


def applied(old: Json, changes: list[Change]) -> Json:
    """The older record after the changes, by their pointers alone."""
    found = deepcopy(old)
    for change in sorted(
        (c for c in changes if c.op == "remove"), key=lambda c: -int(c.pointer.rpartition("/")[2])
    ):
        parent, last = target(found, change.pointer)
        assert parent.pop(int(last)) == change.old
    for change in (c for c in changes if c.op != "remove"):
        parent, last = target(found, change.pointer)
        if change.op == "add":
            parent.insert(int(last), change.new)
        else:
            key: Any = int(last) if isinstance(parent, list) else last
            assert parent[key] == change.old
            parent[key] = change.new
    return found


def target(found: Any, pointer: str) -> tuple[Any, str]:
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        found = found[int(step) if isinstance(found, list) else step]
    return found, last


def altered(known: Json, chance: random.Random) -> Json:
    """Another record: some values changed, some rows gone, some come."""
    new = deepcopy(known)
    for name in LISTS:
        if chance.random() < 0.5 and new[name]:
            new[name].pop(chance.randrange(len(new[name])))
        if chance.random() < 0.5:
            new[name].insert(
                chance.randrange(len(new[name]) + 1),
                {**known[name][0], "id": str(UUID(int=chance.getrandbits(120)))},
            )
        for each in new[name]:
            if chance.random() < 0.3:
                member = chance.choice([m for m in each if isinstance(each[m], str | None) and m != "id"])
                each[member] = chance.choice([None, "Khác", each[member]])
    new["meeting"]["host"]["name"] = chance.choice(["Đảng ủy xã", "Đảng ủy phường"])
    new["document"]["recipients"] = chance.choice([[], ["Như trên"], ["Như trên", "Lưu VP"]])
    return new


def test_a_record_does_not_differ_from_itself() -> None:
    assert compared(record(), record()) == []


@pytest.mark.parametrize("seed", range(50))
def test_the_changes_make_the_newer_record_of_the_older(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.minutes.comparing.spoken", lambda value, _: (str(value), str(value)))
    chance = random.Random(seed)
    old = altered(record(), chance)
    new = altered(old, chance)
    assert applied(old, compared(old, new)) == new
    assert applied(new, compared(new, old)) == old


def test_what_came_and_what_went_is_told_by_what_it_is() -> None:
    old, new = record(), record()
    gone = new["directives"].pop(1)
    change = one(old, new)
    assert (change.pointer, change.op, change.old, change.new) == ("/directives/1", "remove", gone, None)
    assert change.words == ("Bỏ chỉ đạo, kết luận: “Rà soát 1”", "Removed directive: “Rà soát 1”")
    back = one(new, old)
    assert (back.pointer, back.op, back.old, back.new) == ("/directives/1", "add", None, gone)
    assert back.words.vi == "Thêm chỉ đạo, kết luận: “Rà soát 1”"


@pytest.mark.parametrize(
    ("name", "member", "value", "vi", "en"),
    [
        ("reviews", "rating", "not_completed", "Đánh giá nhiệm vụ “NV-1 Việc”, kết quả đánh giá: “Hoàn thành” → “Chưa hoàn thành”", "Task review “NV-1 Việc”, rating: “Completed” → “Not completed”"),
        ("quarterly_tasks", "due_date", "2025-12-31", "Nhiệm vụ “NV-11 Việc mới”, thời hạn: “15/12/2025” → “31/12/2025”", "Task “NV-11 Việc mới”, due date: “2025-12-15” → “2025-12-31”"),
        ("agenda_items", "title", "Khai mạc", "Nội dung chương trình “1 Khai mạc”, tên: “Mục 1” → “Khai mạc”", "Agenda item “1 Khai mạc”, title: “Mục 1” → “Khai mạc”"),
        ("speeches", "speaker", CLERK, "Phát biểu “Trần Thị B”, người: “Nguyễn Văn A” → “Trần Thị B”", "Speech “Trần Thị B”, person: “Nguyễn Văn A” → “Trần Thị B”"),
        ("findings", "organization", None, "Nội dung đánh giá “Kết quả 1”, cơ quan: “Ủy ban MTTQ xã” → “(không có)”", "Finding “Kết quả 1”, organization: “Ủy ban MTTQ xã” → “(none)”"),
        ("participations", "headcount", 3, "Thành phần dự “Nguyễn Văn A”, số người: “(không có)” → “3”", "Participation “Nguyễn Văn A”, headcount: “(none)” → “3”"),
    ],
)  # fmt: skip
def test_a_change_of_a_member_is_told_in_both_languages(
    name: str, member: str, value: Any, vi: str, en: str
) -> None:
    old, new = record(), record()
    new[name][1][member] = value
    change = one(old, new)
    assert (change.pointer, change.op) == (f"/{name}/1/{member}", "replace")
    assert (change.old, change.new) == (old[name][1][member], value)
    assert change.words == (vi, en)


def test_of_a_long_text_only_what_differs_is_told() -> None:
    old, new = record(), record()
    words = [f"từ{n}" for n in range(5_000)]
    old["speeches"][0]["full_text"] = " ".join(words)
    new["speeches"][0]["full_text"] = " ".join([*words[:2_000], "mới", *words[2_001:]])
    said = one(old, new).words.vi
    assert said == (
        "Phát biểu “Nguyễn Văn A”, toàn văn: “… từ1996 từ1997 từ1998 từ1999 từ2000 từ2001 từ2002 từ2003 từ2004 …”"
        " → “… từ1996 từ1997 từ1998 từ1999 mới từ2001 từ2002 từ2003 từ2004 …”"
    )


def test_the_signers_instants_and_the_host_are_told_as_people_say_them() -> None:
    old, new = record(), record()
    new["document"]["signers"].append(
        {"role": "recorder", "full_name": "Trần Thị B", "title": None, "sign_as": None}
    )
    assert one(old, new).words.vi.startswith("Văn bản, người ký: “")
    new = record()
    new["meeting"]["starts_at"] = "2025-09-04T01:30:00.000Z"
    assert one(old, new).words.vi == "Hội nghị, bắt đầu lúc: “08:00 04/09/2025” → “08:30 04/09/2025”"
    new = record()
    new["meeting"]["host"]["name"] = "Đảng ủy phường"
    change = one(old, new)
    assert (change.pointer, change.words.vi) == (
        "/meeting/host/name",
        "Hội nghị, cơ quan chủ trì, tên: “Đảng ủy xã” → “Đảng ủy phường”",
    )


@cache
def forms() -> list[type[BaseModel]]:
    found, rest = list[type[BaseModel]](), list[type[BaseModel]]([MinutesRecord])
    while rest:
        kind = rest.pop()
        found.append(kind)
        inner = [k for field in kind.model_fields.values() for k in kinds_in(field.annotation)]
        rest += [k for k in inner if issubclass(k, BaseModel) and k not in found]
    return found


def test_every_member_of_a_record_has_its_name_in_both_languages() -> None:
    assert {name for kind in forms() for name in kind.model_fields} - MEMBERS.keys() == set()
    assert all(all(words) for words in MEMBERS.values())
