"""Rows in every place of the permission matrix, the callers it asks as, and a quick way to ask."""

import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.db import Base, utcnow
from app.minutes.models import MinutesVersion
from tests import files
from tests.conftest import Service
from tests.permission_matrix import PLACES, ROLES, WHY, Form, Json, Row

BODIES = {
    "own": "party",
    "child": "office",
    "parent": "commune",
    "sibling": "committee",
    "elsewhere": "elsewhere",
}
LINES = {"own": "party", "child": "party", "parent": "other", "sibling": "state", "elsewhere": "other"}
# Who else takes part, who may see it, and who leads, where the place says so.
GUESTS = {"joined": "own", "joined_below": "child", "named": "own", "unannounced": "own"}
SHOWN_TO = {"public": "public", "elsewhere": "public", "named": "restricted", "restricted": "restricted"}
LEADERS = {"assigned": "own", "assigned_below": "child", "unissued": "own"}
STEPS = {
    "draft": (),
    "assigned": ("issue",),
    "in_progress": ("issue", "start"),
    "on_hold": ("issue", "start", "suspend"),
    "submitted": ("issue", "report_completion"),
    "completed": ("issue", "report_completion", "confirm"),
}
DOCUMENT_STEPS = {
    "draft": (),
    "in_review": ("submit",),
    "changes_requested": ("submit", "request_changes"),
    "signed": ("submit", "sign"),
    "issued": ("submit", "sign", "issue"),
    "amendment_open": ("submit", "sign", "open_amendment"),
}
SAID: tuple[tuple[str, str, Json], ...] = (
    ("speech", "speeches", {"attribution_text": "Đại biểu"}),
    ("finding", "findings", {"kind": "limitation", "text": "Hạn chế"}),
    ("second_finding", "findings", {"kind": "limitation", "text": "Hạn chế"}),
    ("directive", "directives", {"text": "Chỉ đạo"}),
)
DOCUMENTS = (
    ("minutes", "minutes", "/v1/minutes"),
    ("conclusion_notice", "conclusion-notice", "/v1/conclusion-notices"),
)
# A word for each area, in all that is said in a marked row of it.
MARKS = {
    area: f"dau{area.replace('_', '')}"
    for area in ("organizations", "speakers", "principals", "meetings", "quarterly_tasks", "attachments")
}
CLOSED = "2025-Q1"
SYSTEM = "he-thong-khac"  # to which every meeting is known too
HELD = {"unannounced": ("cancel", {"comment": "Thôi"})}
BOOKKEEPING = {"idempotency_records"}
UNTOLD = {"date", "x-request-id", "ratelimit"}  # what differs from one answer to the next


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        read: Json = json.loads(self.body)
        return read

    @property
    def tells(self) -> tuple[int, Json, Json]:
        """All that one could learn from it, whatever was asked for: the id itself stands in `instance`."""
        said = {name: value for name, value in self.json.items() if name not in {"request_id", "instance"}}
        return self.status, {n: v for n, v in self.headers.items() if n not in UNTOLD}, said


class Asker:
    """A caller on one connection: the matrix asks thousands of times, more than a full client is made for."""

    def __init__(self, url: str, key: str | None = None) -> None:
        self._place = url.removeprefix("http://")
        self._known = {"x-api-key": key} if key else {}
        self._line = http.client.HTTPConnection(self._place, timeout=60)

    def ask(self, method: str, path: str, said: Json | None = None, **headers: str) -> Told:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        body, typed = _written(said)
        try:
            self._line.request(method, path, body, {**self._known, **given, **typed})
            answer = self._line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # the service closes what was idle
            self._line.close()
            self._line.request(method, path, body, {**self._known, **given, **typed})
            answer = self._line.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Told(answer.status, told, answer.read())

    def close(self) -> None:
        self._line.close()


def _written(said: Json | None) -> tuple[bytes | None, dict[str, str]]:
    """The body, and what says of which kind it is."""
    if said is None:
        return None, {}
    if not isinstance(said, Form):
        return json.dumps(said).encode(), {"content-type": "application/json"}
    request = httpx.Request("POST", "http://form", data=said, files={"file": ("a.pdf", files.PDF)})
    return request.read(), {"content-type": request.headers["content-type"]}


class Land:
    """What stands in each place, as other offices made it."""

    def __init__(self, service: Service) -> None:
        self.service, town = service, service.town
        self.askers: list[Asker] = []
        self.bodies = {place: str(town.bodies[name]) for place, name in BODIES.items()}
        self.front = str(town.bodies["front"])
        self.administrator = self.asker(town.keys["administrator"])
        self.stranger = self.asker(town.keys["stranger"])
        self.office, self.signer = self._office(), self._signer()
        self.at: dict[str, dict[str, dict[str, str]]] = {"nowhere": {"nowhere": {}}}
        self.at["body"] = {place: self._home(place) for place in PLACES["body"]}
        self.at["meeting"] = {place: self.meeting(place) for place in PLACES["meeting"]}
        self.at["minuted"] = {place: self.minuted(place) for place in PLACES["minuted"]}
        self.at["task"] = {place: self.task(place, _stands(place)) for place in PLACES["task"]}
        self.at["entry"] = {place: self._reviewed(place) for place in PLACES["entry"]}
        self._attached()
        self.at["chain"] = {place: self._carried(place) for place in PLACES["chain"]}

    def _attached(self) -> None:
        """Each with a file."""
        for place, found in self.at["meeting"].items():
            self._attach(_host(place), found, "meeting")
            item = dict(found)
            self._attach(_host(place), item, "agenda_item")
            found["item_attachment"] = item["attachment"]
        for place, found in self.at["minuted"].items():
            notice = dict(found)
            self._attach(_host(place), notice, "conclusion_notice")
            self._attach(_host(place), found, "minutes")
            found["notice_attachment"] = notice["attachment"]
        for place, found in self.at["entry"].items():
            self._attach(place if place in BODIES else "sibling", found, "task_entry")

    def _attach(self, host: str, found: dict[str, str], noun: str) -> dict[str, str]:
        paths = {
            "meeting": "meetings",
            "agenda_item": "agenda-items",
            "minutes": "minutes",
            "conclusion_notice": "conclusion-notices",
            "task_entry": "task-entries",
        }
        path = f"/v1/{paths[noun]}/{found[noun]}/attachments"
        found["attachment"] = self.made(host, path, Form(description="Bản chụp"))["id"]
        return found

    def _office(self) -> Asker:
        """Does everything for the bodies of the commune, and is named by each: it sees what is restricted."""
        places = ("own", "child", "parent", "sibling")
        grants = [(role, one, None) for one in places for role in ("secretary", "approver", "reporter")]
        return self.caller(*grants, ("admin", "parent", None), home="parent")

    def _signer(self) -> Asker:
        """Signs what the office submits."""
        places = ("own", "child", "parent", "sibling")
        return self.caller(*(("approver", one, None) for one in places), home="parent")

    # -- who asks

    def caller(
        self, *grants: tuple[str, str, list[str] | None], home: str = "own", scopes: list[str] | None = None
    ) -> Asker:
        """A new caller with these grants: role, place, lines."""
        _, key = self.principal_with(*grants, home=home, scopes=scopes)
        return self.asker(key["key"])

    def principal_with(
        self, *grants: tuple[str, str, list[str] | None], home: str = "own", scopes: list[str] | None = None
    ) -> tuple[Json, Json]:
        """A principal and its key."""
        who = self.made("own", "/v1/principals", {"name": "Người gọi", "organization_id": self.bodies[home]})
        for role, place, lines in grants:
            grant = {"role": role, "organization_id": self.body(place), "lines": lines}
            self.made("own", f"/v1/principals/{who['id']}/grants", grant)
        key = {"label": "khóa", "scopes": scopes}
        return who, self.made("own", f"/v1/principals/{who['id']}/keys", key)

    def body(self, place: str) -> str:
        return self.bodies.get(place) or str(self.service.town.bodies[place])

    def asker(self, key: str | None = None, url: str = "") -> Asker:
        self.askers.append(Asker(url or self.service.url, key))
        return self.askers[-1]

    def of_each_role(
        self, place: str = "own", lines: list[str] | None = None, *more: tuple[str, str, list[str] | None]
    ) -> dict[str, Asker]:
        """Each role, granted in its own body."""
        return {role: self.caller((role, place, lines), *more) for role in ROLES}

    # -- what stands where

    def made(self, place: str, path: str, said: Json, by: Asker | None = None) -> Json:
        """Made by who does the work there: an administrator, or an office."""
        told = (by or self._worker(place, path)).ask("POST", path, said)
        assert told.status == 201, told.body
        return told.json

    def _worker(self, place: str, path: str) -> Asker:
        if place == "elsewhere":
            return self.stranger
        return self.administrator if path.startswith(("/v1/principals", "/v1/organ")) else self.office

    def meeting(
        self, place: str, *, draft: bool = False, bare: bool = False, said: bool = True
    ) -> dict[str, str]:
        """A meeting, with a transition, two items and a participation that were changed since."""
        host = _host(place)
        found = self._context(host)
        bodies = [host, *([GUESTS[place]] if place in GUESTS else [])]
        contents = {
            "participations": [{"organization_id": self.bodies[one]} for one in bodies],
            "agenda_items": [{"title": "Khai mạc"}, {"title": "Bế mạc"}],
        }
        body = {
            "host_organization_id": found["body"],
            "title": f"Hội nghị {token('meeting', place)}",
            "held_on": "2025-09-04",
            "visibility": SHOWN_TO.get(place, "internal"),
        }
        found["external"] = unknown()
        known = {"external_refs": [{"system": SYSTEM, "id": found["external"]}]}
        said_at_once = body | known | ({} if bare else contents)
        found["meeting"] = self.made(host, "/v1/meetings", said_at_once)["id"]
        if not bare:
            found |= self._contents(host, found["meeting"])
        if said and not bare:
            found |= self._said(host, found["meeting"], token("meeting", place))
        if not draft:
            self._move(host, found, *HELD.get(place, ("schedule", {})))
        return found

    def _contents(self, host: str, meeting: str) -> dict[str, str]:
        by = self.stranger if host == "elsewhere" else self.office
        shown = by.ask("GET", f"/v1/meetings/{meeting}?include=agenda_items&include=participations").json
        first, second = shown["agenda_items"]
        part = shown["participations"][0]
        return {"agenda_item": first["id"], "second_item": second["id"], "participation": part["id"]}

    def _said(self, host: str, meeting: str, word: str) -> dict[str, str]:
        """What was said, found and directed there."""
        found = {}
        for noun, plural, said in SAID:
            told = {name: value if name == "kind" else f"{value} {word}" for name, value in said.items()}
            found[noun] = self.made(host, f"/v1/meetings/{meeting}/{plural}", told)["id"]
        return found

    def _move(self, host: str, found: dict[str, str], step: str, more: Json) -> None:
        said = {"transition": step, **more}
        path = f"/v1/meetings/{found['meeting']}/transitions"
        found["meeting_transition"] = self.made(host, path, said)["id"]
        self.touch(host, f"/v1/agenda-items/{found['agenda_item']}", {"minutes_text": "Đã nêu"})
        self.touch(host, f"/v1/participations/{found['participation']}", {"headcount": 3})
        self.touch(host, f"/v1/speeches/{found['speech']}", {"title_snapshot": "Bí thư"})
        for noun in ("finding", "directive"):
            self.touch(host, f"/v1/{noun}s/{found[noun]}", {"field": "health"})

    def touch(self, host: str, path: str, said: Json) -> None:
        """Change it, so that there is an event of it."""
        by = self.stranger if host == "elsewhere" else self.office
        told = by.ask("PATCH", path, said, if_match="*")
        assert told.status == 200, told.body

    def minuted(self, place: str, state: str = "in_review") -> dict[str, str]:
        """A meeting that was held, with its documents in that state: submitted and amended by who signs none here."""
        host = _host(place)
        found = self._context(host)
        bodies = [host, *([GUESTS[place]] if place in GUESTS else [])]
        said = {
            "host_organization_id": found["body"],
            "title": "Họp có biên bản",
            "held_on": "2025-09-04",
            "visibility": SHOWN_TO.get(place, "internal"),
            "record": "reported",
            "participations": [{"organization_id": self.bodies[one]} for one in bodies],
        }
        found["meeting"] = self.made(host, "/v1/meetings", said)["id"]
        path = f"/v1/meetings/{found['meeting']}"
        self.made(host, f"{path}/transitions", {"transition": "hold"})
        for noun, name, own in DOCUMENTS:
            found[noun] = self.made(host, f"{path}/{name}", {})["id"]
            document = f"{own}/{found[noun]}"
            for step in DOCUMENT_STEPS[state]:
                said, by = {"transition": step, **WHY}, self.signer if step == "sign" else None
                moved = self.made(host, f"{document}/transitions", said, by)
                found[f"{noun}_transition"] = moved["id"]
            if state != "in_review":
                continue
            comment = self.made(host, f"{document}/comments", {"text": "Rõ"})
            short = "notice" if noun == "conclusion_notice" else noun
            found[f"{short}_comment"] = comment["id"]
            found[f"{short}_version"] = self._version(noun, found)
        return found

    def _version(self, noun: str, found: Mapping[str, str]) -> str:
        """As if it had been signed: who signs would have to be another."""
        with Session(self.service.engine) as db, db.begin():
            of: Any = {f"{noun}_id": UUID(found[noun])}
            version = MinutesVersion(
                **of,
                meeting_id=UUID(found["meeting"]),
                host_id=UUID(found["body"]),
                number=99,
                content="{}",
                sha256="0" * 64,
                recorded_at=utcnow(),
                recorded_by="office",
            )
            db.add(version)
            db.flush()
            return str(version.id)

    def task(self, place: str, state: str = "assigned") -> dict[str, str]:
        """A task in that state, with its last entry."""
        issuer = place if place in BODIES else "sibling"
        found = self._context(issuer)
        lead = self.bodies[LEADERS[place]] if place in LEADERS else found["another"]
        lines = [{"organization_id": lead, "role": "lead"}]
        if place == "supervised":
            lines.append({"organization_id": self.bodies["own"], "role": "supervising"})
        said = {
            "issuing_organization_id": found["body"],
            "title": f"Nhiệm vụ {token('task', place)}",
            "quarter": "2025-Q4",
            "assignments": lines,
        }
        found["quarterly_task"] = self.made(issuer, "/v1/quarterly-tasks", said)["id"]
        path = f"/v1/quarterly-tasks/{found['quarterly_task']}/transitions"
        for step in STEPS[state]:
            found["task_entry"] = self.made(issuer, path, {"transition": step})["id"]
        return found

    def _to_review(self, place: str, *, carrying: bool) -> dict[str, str]:
        """A meeting called to review a task of its host; carrying: which it has decided to carry over."""
        found = self.task(place, "assigned")
        said = {"host_organization_id": found["body"], "title": "Giao ban", "held_on": "2025-12-26"}
        periods = {"review_period": "2025-Q4", "plan_period": "2026-Q1"}
        found["meeting"] = self.made(place, "/v1/meetings", {**said, **periods})["id"]
        path = f"/v1/meetings/{found['meeting']}"
        self.made(place, f"{path}/transitions", {"transition": "schedule"})
        if carrying:
            row = {"task_id": found["quarterly_task"], "rating": "completed", "disposition": "carry_over"}
            told = self.office.ask("PUT", f"{path}/task-reviews", {"items": [row]}, if_match="*")
            assert told.status == 200, told.body
        return found

    def _reviewed(self, place: str) -> dict[str, str]:
        """The task of that place, with the review of a meeting of its issuer."""
        found, issuer = self.at["task"][place], place if place in BODIES else "sibling"
        by = self.stranger if issuer == "elsewhere" else self.office
        said = {"host_organization_id": found["body"], "title": "Giao ban", "held_on": "2025-12-26"}
        meeting = self.made(issuer, "/v1/meetings", {**said, "review_period": "2025-Q4"})["id"]
        self.made(issuer, f"/v1/meetings/{meeting}/transitions", {"transition": "schedule"})
        row = {"task_id": found["quarterly_task"], "rating": "completed", "disposition": "continue"}
        told = by.ask("PUT", f"/v1/meetings/{meeting}/task-reviews", {"items": [row]}, if_match="*")
        assert told.status == 200, told.body
        return {**found, "task_review": told.json["items"][0]["id"]}

    def _carried(self, place: str) -> dict[str, str]:
        """A task like that of the place, carried over into the next quarter."""
        found, issuer = self.task(place), place if place in BODIES else "sibling"
        by = self.stranger if issuer == "elsewhere" else self.office
        said = {"host_organization_id": found["body"], "title": "Giao ban", "held_on": "2025-12-26"}
        periods = {"review_period": "2025-Q4", "plan_period": "2026-Q1"}
        path = f"/v1/meetings/{self.made(issuer, '/v1/meetings', {**said, **periods})['id']}"
        self.made(issuer, f"{path}/transitions", {"transition": "schedule"})
        row = {"task_id": found["quarterly_task"], "rating": "not_completed", "disposition": "carry_over"}
        told = by.ask("PUT", f"{path}/task-reviews", {"items": [row]}, if_match="*")
        assert told.status == 200, told.body
        (carried,) = by.ask("POST", f"{path}/carry-over").json["items"]
        return {**found, "quarterly_task": carried["successor_id"]}

    def _context(self, place: str) -> dict[str, str]:
        another = self.bodies["elsewhere"] if place == "elsewhere" else self.front
        return {"body": self.bodies[place], "another": another}

    def _home(self, place: str) -> dict[str, str]:
        """The body itself, and all that is at home in it."""
        found = {**self._context(place), **self.organization(place), **self.position(place)}
        found |= self._closed(place, found["organization"])
        found |= self.key(place)
        return found | self.grant(place, found["principal"])

    def organization(self, place: str) -> dict[str, str]:
        """A body below the body."""
        name = f"Tổ {token('body', place)}"
        said = {"parent_id": self.bodies[place], "name": name, "kind": "other", "level": "village"}
        return {"organization": self.made(place, "/v1/organizations", {**said, "line": LINES[place]})["id"]}

    def _closed(self, place: str, organization: str) -> dict[str, str]:
        """A quarter that the body below has closed."""
        by = self.stranger if place == "elsewhere" else self.office
        told = by.ask("PUT", f"/v1/organizations/{organization}/quarters/{CLOSED}/closing")
        assert told.status == 200, told.body
        return {"quarter_closing": told.json["id"]}

    def speaker(self, place: str) -> dict[str, str]:
        said = {"full_name": f"Người {token('body', place)}", "organization_id": self.bodies[place]}
        return {"speaker": self.made(place, "/v1/speakers", said)["id"]}

    def position(self, place: str) -> dict[str, str]:
        found = self.speaker(place)
        said = {"organization_id": self.bodies[place], "title": "Bí thư"}
        held = self.made(place, f"/v1/speakers/{found['speaker']}/positions", said)
        return {**found, "position": held["id"]}

    def principal(self, place: str) -> dict[str, str]:
        said = {"name": "Tài khoản", "organization_id": self.bodies[place]}
        return {"principal": self.made(place, "/v1/principals", said)["id"]}

    def grant(self, place: str, principal: str = "") -> dict[str, str]:
        principal = principal or self.principal(place)["principal"]
        said = {"role": "reader", "organization_id": self.bodies[place], "lines": [LINES[place]]}
        given = self.made(place, f"/v1/principals/{principal}/grants", said)
        return {"principal": principal, "grant": given["id"]}

    def key(self, place: str) -> dict[str, str]:
        principal = self.principal(place)["principal"]
        given = self.made(place, f"/v1/principals/{principal}/keys", {"label": "khóa"})
        return {"principal": principal, "key": given["id"]}

    def fresh(self, row: Row, noun: str, place: str) -> Mapping[str, str]:
        """What nobody else changes: for an operation that shall succeed."""
        if row.where == "meeting":
            if row.state in {"reviewing", "carrying"}:
                return self._to_review(place, carrying=row.state == "carrying")
            said = noun in {name for name, _, _ in SAID} or row.state == "said"
            made = self.meeting(place, draft=True, bare=row.state == "bare", said=said)
            return self._attach(_host(place), made, "meeting") if noun == "attachment" else made
        if row.where == "minuted":
            return self.minuted(place, row.state)
        if row.where in {"task", "entry"}:
            task = self.task(place, row.state)
            issuer = place if place in BODIES else "sibling"
            return self._attach(issuer, task, "task_entry") if noun == "attachment" else task
        return {**self._context(place), **(MAKERS[noun](self, place) if noun else {})}

    # -- a quarter whose every row says of which area it is

    def marked(self) -> list[dict[str, str]]:
        """A briefing of own's with all that hangs on it; the one after it; and evidence in place of a paper."""
        latest = self.office.ask("GET", "/v1/changes?cursor=latest").json["next_cursor"]
        found = {"since": latest, "external": unknown(), **self.at["body"]["own"]} | self._people_marked()
        reviewed = self._task_marked(found, "2024-Q1")
        found |= self._meeting_marked(found)
        path = f"/v1/meetings/{found['meeting']}"
        found |= self._task_marked(found, "2024-Q2", set_at_meeting_id=found["meeting"])
        found |= self._carried_marked(path, reviewed["quarterly_task"])
        found |= self._documents_marked(path)
        after = self.made("own", f"{path}/next", {"held_on": "2024-06-28"})["id"]
        self.made("own", f"/v1/meetings/{after}/transitions", {"transition": "schedule"})
        evidence = f"/v1/task-entries/{found['task_entry']}/attachments"
        return [
            found,
            {**found, "meeting": after},
            {**found, "attachment": self._file_marked(evidence, "quarterly_tasks")},
        ]

    def _people_marked(self) -> dict[str, str]:
        """A body below, a person, and one who may call: none of them is named in what follows."""
        own = {"organization_id": self.bodies["own"]}
        below = {"parent_id": self.bodies["own"], "kind": "other", "level": "village", "line": "party"}
        person = {"full_name": MARKS["speakers"], "positions": [{**own, "title": MARKS["speakers"]}]}
        said = (
            ("organization", "/v1/organizations", {**below, "name": MARKS["organizations"]}),
            ("speaker", "/v1/speakers", {**own, **person}),
            ("principal", "/v1/principals", {**own, "name": MARKS["principals"]}),
        )
        made = {noun: self.made("own", path, one)["id"] for noun, path, one in said}
        return made | self._closed("own", made["organization"])

    def _task_marked(self, found: Mapping[str, str], quarter: str, **more: str) -> dict[str, str]:
        mark, known = MARKS["quarterly_tasks"], [{"system": SYSTEM, "id": unknown()}]
        said = {"issuing_organization_id": found["body"], "title": mark, "quarter": quarter}
        lines = [{"organization_id": self.front, "role": "lead"}]
        made = self.made(
            "own", "/v1/quarterly-tasks", {**said, "assignments": lines, "external_refs": known, **more}
        )
        moved = {"transition": "issue", "comment": mark}
        entry = self.made("own", f"/v1/quarterly-tasks/{made['id']}/transitions", moved)
        return {"quarterly_task": made["id"], "task_entry": entry["id"]}

    def _meeting_marked(self, found: Mapping[str, str]) -> dict[str, str]:
        mark, known = MARKS["meetings"], [{"system": SYSTEM, "id": found["external"]}]
        said = {
            "host_organization_id": found["body"],
            "title": mark,
            "summary": mark,
            "record": "reported",
            "held_on": "2024-03-28",
            "review_period": "2024-Q1",
            "plan_period": "2024-Q2",
            "participations": [{"organization_id": found["body"], "absence_reason": mark}],
            "agenda_items": [{"title": mark}, {"title": mark}],
            "external_refs": known,
        }
        meeting = self.made("own", "/v1/meetings", said)["id"]
        made = {"meeting": meeting, **self._contents("own", meeting), **self._said("own", meeting, mark)}
        for item in (made["agenda_item"], made["second_item"]):
            self.touch("own", f"/v1/agenda-items/{item}", {"status": "done"})
        held = {"transition": "hold", "comment": mark}
        made["meeting_transition"] = self.made("own", f"/v1/meetings/{meeting}/transitions", held)["id"]
        for noun in ("meeting", "agenda_item"):
            path = f"/v1/{noun.replace('_', '-')}s/{made[noun]}/attachments"
            made["attachment"] = self._file_marked(path, "meetings")
        return made

    def _file_marked(self, path: str, of: str) -> str:
        said = Form(description=f"{MARKS['attachments']} {MARKS[of]}")
        return str(self.made("own", path, said)["id"])

    def _carried_marked(self, path: str, task: str) -> dict[str, str]:
        """The task was reviewed there, and carried over."""
        row = {"task_id": task, "rating": "not_completed", "disposition": "carry_over"}
        row["comment"] = MARKS["quarterly_tasks"]
        told = self.office.ask("PUT", f"{path}/task-reviews", {"items": [row]}, if_match="*")
        assert told.status == 200, told.body
        assert self.office.ask("POST", f"{path}/carry-over").status == 200
        return {"task_review": told.json["items"][0]["id"]}

    def _documents_marked(self, path: str) -> dict[str, str]:
        """The minutes are signed and were amended, and the notice is a draft."""
        mark, found = MARKS["meetings"], dict[str, str]()
        for noun, name, own in DOCUMENTS:
            found[noun] = self.made("own", f"{path}/{name}", {"recipients": [mark]})["id"]
            document = f"{own}/{found[noun]}"
            said = {"text": " ".join((mark, MARKS["quarterly_tasks"]))}
            found["minutes_comment"] = self.made("own", f"{document}/comments", said)["id"]
            self._file_marked(f"{document}/attachments", "meetings")
            steps = (
                (*DOCUMENT_STEPS["amendment_open"], "sign_amendment") if noun == "minutes" else ("submit",)
            )
            for step in steps:
                by = self.signer if step.startswith("sign") else None
                moved = self.made("own", f"{document}/transitions", {"transition": step, **WHY}, by)
                found[f"{noun}_transition"] = moved["id"]
        versions = self.office.ask("GET", f"/v1/minutes/{found['minutes']}/versions").json["items"]
        return found | {"minutes_version": versions[-1]["id"]}

    # -- whether anything happened

    def state(self) -> list[tuple[object, ...]]:
        """How many rows there are of everything, the journal included, and in which versions."""
        with self.service.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(COUNTS)]

    def close(self) -> None:
        for asker in self.askers:
            asker.close()


MAKERS: Mapping[str, Callable[[Land, str], dict[str, str]]] = {
    "organization": Land.organization,
    "speaker": Land.speaker,
    "position": Land.position,
    "principal": Land.principal,
    "key": Land.key,
    "grant": Land.grant,
}


def _counted(table: Table) -> str:
    versions = "coalesce(sum(version), 0)" if "version" in table.c else "0"
    return f"SELECT '{table.name}', count(*), {versions} FROM {table.name}"


COUNTS = " UNION ALL ".join(
    _counted(one) for one in Base.metadata.sorted_tables if one.name not in BOOKKEEPING
)


def _host(place: str) -> str:
    """Whose meeting it is."""
    return place if place in BODIES else "child" if place == "restricted" else "sibling"


def _stands(place: str) -> str:
    return "draft" if place == "unissued" else "assigned"


def token(family: str, place: str) -> str:
    """A word that is in the title of what stands there, and in no other."""
    return f"{family}{place.replace('_', '')}x"


def unknown() -> str:
    """The id of nothing."""
    return str(uuid4())
