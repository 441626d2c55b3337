"""How a tenant begins: its root, a first principal who may do everything in it, and that one's key."""

from sqlalchemy import select, text

from app.access.gate import as_shown, digest, new_secret
from app.access.models import GrantRow, Key, Principal
from app.actor import Role
from app.db import new_code, new_id, one_transaction
from app.errors import Conflict, Words
from app.organizations.models import Level, Line, Organization, OrganizationKind
from app.work import Work

FOUNDERS_ROLES = (Role.ADMIN, Role.SECRETARY, Role.APPROVER)


@one_transaction
def found(*, work: Work, name: str, level: Level, principal: str) -> str:
    """Make the tenant and answer its first key, shown this once. Raises Conflict where it is there."""
    if work.engine.dialect.name == "postgresql":
        work.db.execute(text("SELECT pg_advisory_xact_lock(hashtext('found a tenant'))"))
    roots = select(Organization.id).where(Organization.parent_id.is_(None), Organization.name == name)
    if work.db.scalar(roots) is not None:
        raise Conflict(
            Words(
                f"Đã có {name} và khóa đầu tiên của nó", f"{name} is there, and has got its first key already"
            )
        )
    root = root_of_a_tenant(name, level)
    work.add(root)
    return key_for(work, root, principal, FOUNDERS_ROLES)


def root_of_a_tenant(name: str, level: Level) -> Organization:
    """A place with nothing above it."""
    made = Organization(
        id=new_id(), name=name, kind=OrganizationKind.LOCALITY, line=Line.OTHER, level=level, former_names=[]
    )
    made.tenant_id, made.code = made.id, new_code("CQ", made.id)
    return made


def key_for(work: Work, home: Organization, name: str, roles: tuple[Role, ...]) -> str:
    """A principal at home there, with these roles there and below, and its key."""
    who = Principal(id=new_id(), name=name, organization_id=home.id, tenant_id=home.tenant_id)
    work.add(who)
    for role in roles:
        grant = {"role": role, "organization_id": home.id, "lines": None}
        work.add(GrantRow(id=new_id(), principal_id=who.id, tenant_id=home.tenant_id, **grant))
    secret = new_secret()
    key = Key(
        id=new_id(),
        principal_id=who.id,
        home_id=home.id,
        tenant_id=home.tenant_id,
        label="first",
        secret_sha256=digest(secret),
    )
    work.add(key)
    return as_shown(key.id, secret)
