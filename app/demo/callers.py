"""Who calls in the example data: the holder of the key that is shown, and a few others.

A principal is at home in one tenant; each of its grants lies in the tenant of the organization that it
names, so that one caller can work in two.
"""

from dataclasses import replace
from uuid import UUID

from app import example_ids as ids
from app.access.gate import as_shown, digest, new_secret
from app.access.models import GrantRow, Key, Principal
from app.actor import Actor, Grant, Role
from app.db import new_id
from app.example_ids import Noun, part_of
from app.organizations.models import Line, Organization
from app.organizations.queries import ORGANIZATIONS
from app.work import Work

EVERYTHING = (Role.ADMIN, Role.SECRETARY, Role.APPROVER, Role.REPORTER)
NAME = "Khóa dùng thử (demo)"

# id, name, home, whether it has a key, grants: role, organization, lines
OTHERS: tuple[tuple[str, str, str, bool, tuple[tuple[Role, str, list[str] | None], ...]], ...] = (
    (
        ids.PROVINCIAL_READER,
        "Phần mềm tổng hợp của Tỉnh ủy (dữ liệu mẫu)",
        ids.PROVINCE_PARTY,
        True,
        ((Role.READER, ids.PROVINCE, None),),
    ),
    (
        ids.FRONT_REPORTER,
        "Cán bộ MTTQ xã Minh Họa (dữ liệu mẫu)",
        ids.FRONT,
        True,
        ((Role.REPORTER, ids.FRONT, None), (Role.READER, ids.COMMUNE, [Line.FRONT])),
    ),
    (ids.KEYLESS_CALLER, "Văn thư Đảng ủy xã, chưa có khóa (dữ liệu mẫu)", ids.OFFICE, False, ()),
    (ids.SPARE_PRINCIPAL, "Tài khoản dự phòng (để thử xóa)", ids.OFFICE, False, ()),
)


def demo(work: Work, *roots: Organization) -> tuple[Work, str]:
    """The holder of the demo's key, who may do everything below these roots: their Work, and the key."""
    grants = tuple(Grant(role, root.id, root.tenant_id) for root in roots for role in EVERYTHING)
    principal = Principal(
        id=UUID(ids.DEMO_CALLER), name=NAME, organization_id=roots[0].id, tenant_id=roots[0].tenant_id
    )
    work.add(principal)
    for n, grant in enumerate(grants, start=1):
        _grant(work, principal, n, grant.organization_id, grant.tenant_id, grant.role)
    key = _key(work, principal, new_id(), "demo")
    theirs = replace(work, actor=Actor(principal.id, principal.name, grants))
    theirs.db = work.db
    return theirs, key


def make(work: Work) -> None:
    """The others. Nobody has seen the secrets of their keys: make them new ones to call as they do."""
    for id_, name, home_id, has_key, grants in OTHERS:
        home = work.named(ORGANIZATIONS, UUID(home_id))
        principal = Principal(id=UUID(id_), name=name, organization_id=home.id, tenant_id=home.tenant_id)
        work.add(principal)
        for n, (role, there, lines) in enumerate(grants, start=1):
            _grant(work, principal, n, UUID(there), home.tenant_id, role, lines)
        if has_key:
            _key(work, principal, UUID(part_of(id_, Noun.KEY, 1)), "first")


def _grant(  # noqa: PLR0913, PLR0917  a grant's own members
    work: Work,
    principal: Principal,
    n: int,
    organization_id: UUID,
    tenant_id: UUID,
    role: Role,
    lines: list[str] | None = None,
) -> None:
    work.add(
        GrantRow(
            id=UUID(part_of(str(principal.id), Noun.GRANT, n)),
            principal_id=principal.id,
            organization_id=organization_id,
            tenant_id=tenant_id,
            role=role,
            lines=lines,
        )
    )


def _key(work: Work, principal: Principal, key_id: UUID, label: str) -> str:
    secret = new_secret()
    whose = {"principal_id": principal.id, "home_id": principal.organization_id}
    work.add(
        Key(id=key_id, **whose, tenant_id=principal.tenant_id, label=label, secret_sha256=digest(secret))
    )
    return as_shown(key_id, secret)
