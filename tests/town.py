"""A made-up province with two communes, and a second tenant: who lives there and what they may do."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

import httpx
from sqlalchemy import Engine

from app.access.founding import key_for, root_of_a_tenant
from app.actor import SYSTEM, Role
from app.db import new_code, new_id, one_transaction
from app.organizations.models import Level, Line, Organization, OrganizationKind
from app.speakers.models import Speaker
from app.work import Work, at_the_desk


@dataclass
class Town:
    """The ids of its bodies and people, and a key for each kind of caller."""

    bodies: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


K: TypeAlias = OrganizationKind
L: TypeAlias = Line
BODIES: dict[str, tuple[str, str, K, L, Level]] = {
    "commune": ("province", "Xã Hòa An", K.LOCALITY, L.OTHER, Level.COMMUNE),
    "party": ("commune", "Đảng ủy xã Hòa An", K.PARTY_COMMITTEE, L.PARTY, Level.COMMUNE),
    "office": ("party", "Văn phòng Đảng ủy xã Hòa An", K.PARTY_ADVISORY_BODY, L.PARTY, Level.COMMUNE),
    "committee": ("commune", "UBND xã Hòa An", K.PEOPLES_COMMITTEE, L.STATE, Level.COMMUNE),
    "front": ("commune", "Ủy ban MTTQ xã Hòa An", K.FATHERLAND_FRONT, L.FRONT, Level.COMMUNE),
    "neighbour": ("province", "Xã Bình Yên", K.LOCALITY, L.OTHER, Level.COMMUNE),
    "neighbour_party": ("neighbour", "Đảng ủy xã Bình Yên", K.PARTY_COMMITTEE, L.PARTY, Level.COMMUNE),
}
CALLERS: dict[str, tuple[str, tuple[Role, ...]]] = {
    "provincial": ("province", (Role.READER,)),
    "administrator": ("province", (Role.ADMIN,)),
    "secretary": ("commune", (Role.SECRETARY,)),
    "approver": ("commune", (Role.APPROVER,)),
    "reader": ("party", (Role.READER,)),
    "reporter": ("front", (Role.REPORTER,)),
    "auditor": ("commune", (Role.AUDITOR,)),
    "neighbour": ("neighbour", (Role.SECRETARY, Role.APPROVER, Role.ADMIN)),
    "stranger": ("elsewhere", (Role.ADMIN, Role.SECRETARY, Role.APPROVER, Role.REPORTER)),
}


def build(engine: Engine) -> Town:
    """Everything above, in one transaction."""
    return _build(work=at_the_desk(engine, SYSTEM))


@one_transaction
def _build(*, work: Work) -> Town:
    town, made = Town(), dict[str, Organization]()
    for name, called in (("province", "Tỉnh Thử Nghiệm"), ("elsewhere", "Tỉnh Khác")):
        made[name] = root_of_a_tenant(called, Level.PROVINCE)
        work.add(made[name])
    for name, (parent, called, kind, line, level) in BODIES.items():
        made[name] = _body(made[parent], called, kind=kind, line=line, level=level)
        work.add(made[name])
    for name, body in (("chair", "party"), ("clerk", "office"), ("fronter", "front"), ("alien", "elsewhere")):
        town.people[name] = _person(work, made[body], f"Người {name}")
    for name, (body, roles) in CALLERS.items():
        town.keys[name] = key_for(work, made[body], name, roles)
    town.bodies = {name: body.id for name, body in made.items()}
    return town


def _body(parent: Organization, called: str, **kind: Any) -> Organization:
    identity = new_id()
    return Organization(
        id=identity,
        tenant_id=parent.tenant_id,
        parent_id=parent.id,
        name=called,
        code=new_code("CQ", identity),
        former_names=[],
        **kind,
    )


def _person(work: Work, home: Organization, name: str) -> UUID:
    made = Speaker(
        id=new_id(), tenant_id=home.tenant_id, organization_id=home.id, full_name=name, email="a@b.vn"
    )
    work.add(made)
    return made.id


# -- what the people of the town do, over HTTP

Json = dict[str, Any]
ANY = {"if-match": "*"}


def made(answer: httpx.Response) -> Json:
    """What was made."""
    assert answer.status_code == 201, answer.text
    body: Json = answer.json()
    return body


def shown(answer: httpx.Response) -> Json:
    """What is shown."""
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def every(client: httpx.Client, path: str, **asked: Any) -> list[Json]:
    """All rows of a list, page by page."""
    rows: list[Json] = []
    onward: dict[str, Any] = {}
    while True:
        page = shown(client.get(path, params={"limit": 200, **asked, **onward}))
        rows += page["items"]
        if page["next_cursor"] is None:
            return rows
        onward = {"cursor": page["next_cursor"]}


def a_meeting(client: httpx.Client, host: UUID | str, **more: Any) -> Json:
    """A meeting that reviews the third quarter of 2025, in draft."""
    body = {"host_organization_id": str(host), "title": "Hội nghị giao ban", "held_on": "2025-09-04"}
    return made(client.post("/v1/meetings", json={**body, **more}))


def a_task(client: httpx.Client, issuer: UUID | str, lead: UUID | str | None = None, **more: Any) -> Json:
    """A task of the fourth quarter of 2025, in draft."""
    lines = [{"organization_id": str(lead), "role": "lead"}] if lead else []
    body = {
        "issuing_organization_id": str(issuer),
        "title": "Nhiệm vụ",
        "quarter": "2025-Q4",
        "assignments": lines,
    }
    return made(client.post("/v1/quarterly-tasks", json={**body, **more}))


def move(client: httpx.Client, row: Json, transition: str, **more: Any) -> Json:
    """A transition of a meeting, its minutes or a task."""
    of = {"host_organization_id": "meetings", "submitted_by": "minutes"}
    noun = next((noun for member, noun in of.items() if member in row), "quarterly-tasks")
    said = {"transition": transition, **more}
    return made(client.post(f"/v1/{noun}/{row['id']}/transitions", json=said))


def a_key(
    administrator: httpx.Client, home: UUID, *grants: tuple[str, UUID, list[str] | None], **key: Any
) -> tuple[Json, Json]:
    """A new principal with these grants (role, organization, lines), and its key."""
    who = made(administrator.post("/v1/principals", json={"name": "Người mới", "organization_id": str(home)}))
    for role, where, lines in grants:
        grant = {"role": role, "organization_id": str(where), "lines": lines}
        made(administrator.post(f"/v1/principals/{who['id']}/grants", json=grant))
    return who, made(administrator.post(f"/v1/principals/{who['id']}/keys", json={"label": "khóa", **key}))
