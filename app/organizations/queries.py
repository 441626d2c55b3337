"""What an organization shows, who sees it, and how organizations are found."""

from app.organizations.models import Organization
from app.organizations.schemas import OrganizationOut
from app.reading import Reading, ToTenant

ORGANIZATIONS = Reading(
    Organization,
    OrganizationOut,
    path="/v1/organizations",
    area="organizations",
    visible=ToTenant(Organization.tenant_id),
    governed_by=Organization.id,
    by={
        "parent_id": Organization.parent_id,
        "kind": Organization.kind,
        "line": Organization.line,
        "level": Organization.level,
        "code": Organization.code,
    },
    sorts={"name": Organization.name_key, "code": Organization.code, "created_at": Organization.id},
    folded=Organization.folded,
)
