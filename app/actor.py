"""Who is calling, what they see, and what they may do there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from app.audience import ALL_LINES, Circles, administrators_of, everyone_in, numbered
from app.vocabulary import Vocabulary


class Role(Vocabulary):
    """What a grant allows, in the organization it names and below."""

    READER = "reader", "Người xem", "Reader"
    REPORTER = "reporter", "Người báo cáo tiến độ", "Reporter"
    SECRETARY = "secretary", "Thư ký, văn phòng", "Secretary"
    APPROVER = "approver", "Người phê duyệt", "Approver"
    ADMIN = "admin", "Quản trị", "Administrator"
    AUDITOR = "auditor", "Kiểm tra nhật ký", "Auditor"


READING = frozenset(
    f"{area}:read"
    for area in ("organizations", "speakers", "meetings", "quarterly_tasks", "attachments", "changes")
)
PERMISSIONS: Mapping[Role, frozenset[str]] = {
    Role.READER: READING,
    Role.REPORTER: READING | {"quarterly_tasks:report", "quarterly_tasks:move", "attachments:write"},
    Role.SECRETARY: READING
    | {"speakers:write", "meetings:write", "attachments:write"}
    | {"quarterly_tasks:write", "quarterly_tasks:move", "minutes:move"},
    Role.APPROVER: READING
    | {"quarterly_tasks:confirm", "quarterly_tasks:move"}
    | {"minutes:sign", "minutes:move"},
    Role.ADMIN: READING | {"organizations:write", "speakers:write", "principals:read", "principals:write"},
    Role.AUDITOR: READING,
}
EVERY_PERMISSION = frozenset[str]().union(*PERMISSIONS.values())


class Grant(NamedTuple):
    """A role in an organization and all below it, on some lines (as bits) or all."""

    role: Role
    organization_id: UUID
    tenant_id: UUID
    lines: int = ALL_LINES
    is_wide: bool = False  # a province or the nation: more rows than one would gather to sort


class Breadth(NamedTuple):
    """How many parameters say what the caller sees. It shapes a statement; the values never do."""

    sees: int
    may: int
    tenants: int
    is_narrow: bool


@dataclass(frozen=True)
class Actor:
    """The caller of one request. `scopes` narrow what the grants allow, where the key has some."""

    principal_id: UUID | None
    name: str
    grants: tuple[Grant, ...]
    scopes: frozenset[str] | None = None

    def allows(self, permission: str) -> bool:
        """Whether it is allowed anywhere at all."""
        return any(self._granting(permission))

    def enters(self, area: str) -> bool:
        """Whether its key may do anything there: who may write is shown what is there, too."""
        return self.scopes is None or any(scope.startswith(f"{area}:") for scope in self.scopes)

    def circles(self, permission: str) -> Circles:
        """Where it is allowed, and on which lines."""
        found: Circles = {}
        for grant in self._granting(permission):
            found[grant.organization_id] = found.get(grant.organization_id, 0) | grant.lines
        return found

    @cached_property
    def sees(self) -> Circles:
        """The circles the caller belongs to."""
        found: Circles = {}
        for grant in self.grants:
            found[grant.organization_id] = found.get(grant.organization_id, 0) | grant.lines
            if grant.role == Role.ADMIN:
                own = administrators_of(grant.organization_id)
                found[own] = found.get(own, 0) | grant.lines
        return found | {everyone_in(tenant): ALL_LINES for tenant in self.tenants}

    @cached_property
    def tenants(self) -> tuple[UUID, ...]:
        """The roots under which the caller holds anything."""
        return tuple(sorted({grant.tenant_id for grant in self.grants}))

    @cached_property
    def is_narrow(self) -> bool:
        """Whether all that the caller sees is few enough to begin with."""
        return not any(grant.is_wide for grant in self.grants)

    def breadth(self, permission: str) -> Breadth:
        """The shape of this caller's parameters."""
        return Breadth(len(self.sees), len(self.circles(permission)), len(self.tenants), self.is_narrow)

    def parameters(self, permission: str) -> dict[str, Any]:
        """What binds tenancy into every statement."""
        known = numbered("sees", self.sees) | numbered("may", self.circles(permission))
        return known | {f"tenant_{n}": tenant for n, tenant in enumerate(self.tenants)}

    @cached_property
    def fingerprint(self) -> tuple[object, ...]:
        """What makes two callers see the same list."""
        return (tuple(sorted(self.sees.items())), self.grants, self.scopes)

    def _granting(self, permission: str) -> Iterable[Grant]:
        if self.scopes is not None and permission not in self.scopes:
            return ()
        return (grant for grant in self.grants if permission in PERMISSIONS[grant.role])


@dataclass(frozen=True)
class Passerby(Actor):
    """A caller without a credential, where public meetings may be read so."""

    public_in: tuple[UUID, ...] = ()

    def allows(self, permission: str) -> bool:
        return permission in {"meetings:read", "attachments:read"}

    @cached_property
    def sees(self) -> Circles:
        return {everyone_in(tenant): ALL_LINES for tenant in self.public_in}


SYSTEM = Actor(None, "system", ())
