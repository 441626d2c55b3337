"""What principals, grants and keys show, and to whom; and the statement that lets a caller in."""

from sqlalchemy import Select, bindparam, case, select

from app.access.models import GrantRow, Key, Principal, PrincipalAudience
from app.access.schemas import GrantOut, KeyOut, PrincipalOut
from app.organizations.models import Level, Organization, OrganizationKind
from app.reading import Reading, ToAudience
from app.sql import as_text, constant, json_object, whole
from app.types import Id

PRINCIPALS = Reading(
    Principal,
    PrincipalOut,
    path="/v1/principals",
    area="principals",
    visible=ToAudience(PrincipalAudience, Principal.id),
    governed_by=Principal.organization_id,
    by={"organization_id": Principal.organization_id, "is_active": Principal.is_active},
    anchors={"organization_id"},
    sorts={"created_at": Principal.id},
)
GRANTS = Reading(
    GrantRow,
    GrantOut,
    path="/v1/grants",
    area="principals",
    visible=ToAudience(PrincipalAudience, GrantRow.principal_id),
    governed_by=GrantRow.organization_id,
    by={"principal_id": GrantRow.principal_id},
    anchors={"principal_id"},
    sorts={"created_at": GrantRow.id},
)
KEYS = Reading(
    Key,
    KeyOut,
    path="/v1/keys",
    area="principals",
    visible=ToAudience(PrincipalAudience, Key.principal_id),
    governed_by=Key.home_id,
    by={"principal_id": Key.principal_id},
    anchors={"principal_id"},
    sorts={"created_at": Key.id},
    shows_other_rows=True,
    has_bookkeeping=True,
)


def holder_of_a_key() -> Select[str]:
    """A live key by its id: its secret's digest, whose it is, and each of their grants on a row."""
    is_wide = (Organization.kind == OrganizationKind.LOCALITY) & Organization.level.in_(
        [constant(Level.CENTRAL), constant(Level.PROVINCE)]
    )
    members = {
        "secret_sha256": Key.secret_sha256,
        "expires_at": Key.expires_at,
        "last_used_at": Key.last_used_at,
        "scopes": Key.scopes,
        "principal_id": Principal.id,
        "name": Principal.name,
        "role": GrantRow.role,
        "organization_id": GrantRow.organization_id,
        "tenant_id": Organization.tenant_id,
        "lines": GrantRow.lines,
        "is_wide": case((is_wide, whole(1)), else_=whole(0)),
    }
    return (
        select(as_text(json_object(members)))
        .select_from(Key)
        .join(Principal, Principal.id == Key.principal_id)
        .outerjoin(GrantRow, GrantRow.principal_id == Principal.id)
        .outerjoin(Organization, Organization.id == GrantRow.organization_id)
        .where(Key.id == bindparam("id", type_=Id()), Key.revoked_at.is_(None), Principal.is_active)
    )
