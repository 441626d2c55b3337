"""A commune that grows out of one key: its bodies, its people, its callers, and how they are refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.meetings.vocabulary import MeetingTransition
from app.quarterly_tasks.vocabulary import TaskTransition
from tests.conftest import Service
from tests.town import Json, made, shown

BODIES = {
    "commune": ("province", "Xã Hòa An", "locality", "other"),
    "party": ("commune", "Đảng ủy xã Hòa An", "party_committee", "party"),
    "office": ("party", "Văn phòng Đảng ủy xã Hòa An", "party_advisory_body", "party"),
    "committee": ("commune", "UBND xã Hòa An", "peoples_committee", "state"),
    "front": ("commune", "Ủy ban MTTQ xã Hòa An", "fatherland_front", "front"),
    "police": ("commune", "Công an xã Hòa An", "police", "state"),
}
PEOPLE = {
    "chair": ("party", "Nguyễn Văn An", "Bí thư Đảng ủy xã"),
    "deputy": ("party", "Lê Thị Bình", "Phó Bí thư Thường trực Đảng ủy xã"),
    "clerk": ("office", "Phạm Văn Chi", "Chánh Văn phòng Đảng ủy xã"),
    "fronter": ("front", "Trần Thị Dung", "Chủ tịch Ủy ban MTTQ xã"),
}
CALLERS = {
    "secretary": ("party", "secretary"),
    "approver": ("party", "approver"),
    "front": ("front", "reporter"),
    "committee": ("committee", "reporter"),
    "police": ("police", "reporter"),
}


@dataclass
class Commune:
    """Who and what is there, by name; the story fills it."""

    service: Service
    founder: httpx.Client
    bodies: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    callers: dict[str, httpx.Client] = field(default_factory=dict)
    meetings: dict[str, Json] = field(default_factory=dict)
    tasks: dict[str, Json] = field(default_factory=dict)
    notes: dict[str, Json] = field(default_factory=dict)  # what was recorded and is named again later

    @property
    def secretary(self) -> httpx.Client:
        return self.callers["secretary"]

    def body(self, name: str, parent: str, called: str, kind: str, line: str) -> None:
        values = {"name": called, "kind": kind, "line": line, "level": "commune"}
        new = {**values, "parent_id": self.bodies[parent]}
        self.bodies[name] = made(self.founder.post("/v1/organizations", json=new))["id"]

    def person(self, name: str, home: str, called: str, title: str) -> None:
        position = {"organization_id": self.bodies[home], "title": title, "is_primary": True}
        new = {"full_name": called, "organization_id": self.bodies[home], "positions": [position]}
        self.people[name] = made(self.founder.post("/v1/speakers", json=new))["id"]

    def caller(self, name: str, home: str, role: str) -> None:
        new = {"name": f"Người của {home}: {role}", "organization_id": self.bodies[home]}
        path = f"/v1/principals/{made(self.founder.post('/v1/principals', json=new))['id']}"
        grant = {"role": role, "organization_id": self.bodies[home]}
        made(self.founder.post(f"{path}/grants", json=grant))
        key = made(self.founder.post(f"{path}/keys", json={"label": "bàn làm việc"}))["key"]
        self.callers[name] = self.service.client(key)

    # -- meetings

    def at(self, meeting: str, more: str = "") -> str:
        return f"/v1/meetings/{self.meetings[meeting]['id']}{more}"

    def moves(self, meeting: str, transition: str, **more: Any) -> httpx.Response:
        body = {"transition": transition, **more}
        return self.secretary.post(self.at(meeting, "/transitions"), json=body)

    def adds(self, meeting: str, what: str, **body: Any) -> httpx.Response:
        return self.secretary.post(self.at(meeting, f"/{what}"), json=body)

    def records(self, meeting: str, what: str, name: str, **body: Any) -> str:
        """Something said or found there, to be named later; answers its id."""
        self.notes[name] = made(self.adds(meeting, what, **body))
        return str(self.notes[name]["id"])

    def checks(self, meeting: str) -> Json:
        """What stands in the way of closing, by code: pointers to what must be mended."""
        found = shown(self.secretary.get(self.at(meeting, "/closing-checks")))
        return by_code(found["blockers"])

    # -- tasks

    def of(self, task: str, more: str = "") -> str:
        return f"/v1/quarterly-tasks/{self.tasks[task]['id']}{more}"

    def now(self, task: str, **asked: str) -> Json:
        return shown(self.secretary.get(self.of(task), params=asked))

    def does(self, task: str, transition: str, who: str = "secretary", **more: Any) -> httpx.Response:
        body = {"transition": transition, **more}
        return self.callers[who].post(self.of(task, "/transitions"), json=body)

    def tells(self, task: str, kind: str, who: str = "secretary", **more: Any) -> httpx.Response:
        return self.callers[who].post(self.of(task, "/entries"), json={"kind": kind, **more})

    def reviews(self, meeting: str, *rows: Json, tag: str | None = "*") -> httpx.Response:
        headers = {"if-match": tag} if tag else {}
        return self.secretary.put(
            self.at(meeting, "/task-reviews"), json={"items": list(rows)}, headers=headers
        )

    def row(self, task: str, disposition: str, rating: str = "partially_completed", **more: Any) -> Json:
        said = {"task_id": self.tasks[task]["id"], "rating": rating, "disposition": disposition}
        return {**said, **more}

    # -- only what is allowed

    def goes_only(self, meeting: str, *allowed: str) -> None:
        """From where the meeting stands, every other transition is refused, and says which are not."""
        path = self.at(meeting)
        self._only(path, shown(self.founder.get(path)), MeetingTransition, allowed)

    def moves_only(self, task: str, *allowed: str) -> None:
        """The same of a task; the caller is somebody who may do everything."""
        path = self.of(task)
        self._only(path, shown(self.founder.get(path)), TaskTransition, allowed)

    def _only(self, path: str, row: Json, known: Iterable[str], allowed: tuple[str, ...]) -> None:
        assert sorted(row["allowed_transitions"]) == sorted(allowed), row["status"]
        for transition in sorted(set(known) - set(allowed)):
            body = {"transition": transition, "comment": "Thử"}
            answer = self.founder.post(f"{path}/transitions", json=body)
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (409, "invalid-transition"), answer.text
            assert problem["allowed"] == row["allowed_transitions"], (row["status"], transition)
        assert shown(self.founder.get(path)) == row


# -- refusals


def refused(answer: httpx.Response, status: int, code: str) -> Json:
    problem: Json = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    return problem


def invalid(answer: httpx.Response, wrong: dict[str, str]) -> None:
    """422, with the pointer to each wrong member and the code of what is wrong with it."""
    errors = refused(answer, 422, "validation-error")["errors"]
    assert {one["pointer"]: one["code"] for one in errors} == wrong


def blocked(answer: httpx.Response, by: dict[str, str]) -> None:
    """409, with the code of each thing in the way and the pointer to it."""
    found = by_code(refused(answer, 409, "blocked")["blockers"])
    assert found == {code: [pointer] for code, pointer in by.items()}


def by_code(blockers: list[Json]) -> Json:
    found: Json = {}
    for one in blockers:
        found.setdefault(one["code"], []).append(one["pointer"])
    return found


# -- the journal


def replayed(client: httpx.Client) -> dict[str, Json]:
    """Every row as its events tell it, from the first change to the last, by its id; `noun` says what it is."""
    rows: dict[str, Json] = {}
    for event in _changes(client):
        noun, verb = event["name"].split(".")
        row = rows.setdefault(event["subject_id"], {"noun": noun, "created_at": event["at"]})
        if verb == "deleted":
            del rows[event["subject_id"]]
            continue
        for name, change in event["changes"].items():
            assert change.get("old") == row.get(name), (event["name"], name)
            row[name] = change.get("new")
        row |= {"id": event["subject_id"], "version": event["version"], "updated_at": event["at"]}
    return rows


def _changes(client: httpx.Client) -> Iterable[Json]:
    cursor: dict[str, str] = {}
    while True:
        page = shown(client.get("/v1/changes", params={"limit": 50, **cursor}))
        yield from page["items"]
        if not page["has_more"]:
            return
        cursor = {"cursor": page["next_cursor"]}
