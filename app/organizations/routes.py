"""Organizations over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.db import new_code, new_id, one_transaction
from app.http import routes_of
from app.organizations.models import Organization
from app.organizations.queries import ORGANIZATIONS
from app.organizations.schemas import (
    OrganizationIn,
    OrganizationList,
    OrganizationOut,
    OrganizationPatch,
)
from app.paging import Page
from app.reader import Looking
from app.schema import refuse_backwards
from app.work import Doing

router = routes_of("organizations", "organizations")


@router.get("/v1/organizations", response_model=Page[OrganizationOut])
async def list_organizations(wanted: Annotated[OrganizationList, Query()], look: Looking) -> Response:
    """The directory of bodies: every caller of the tenant sees all of it."""
    return await look.page(ORGANIZATIONS, wanted)


@router.post("/v1/organizations", status_code=201, response_model=OrganizationOut)
@one_transaction
def create_organization(body: OrganizationIn, work: Doing) -> Response:
    """Add a body below one that you administer. Parent and line are for good.

    404 where the parent is not visible, 403 where you do not administer it, 409 where the code is taken.
    """
    parent = work.governed(ORGANIZATIONS, body.parent_id, "organizations:write", at="parent_id")
    made = Organization(**body.model_dump(), id=new_id(), tenant_id=parent.tenant_id)
    made.code = made.code or new_code("CQ", made.id)
    return work.created(ORGANIZATIONS, made)


@router.get("/v1/organizations/{organization_id}", response_model=OrganizationOut)
async def get_organization(organization_id: UUID, look: Looking) -> Response:
    """One body. 404 where it is not there or in another tenant."""
    return await look.one(ORGANIZATIONS, organization_id)


@router.patch("/v1/organizations/{organization_id}", response_model=OrganizationOut)
@one_transaction
def update_organization(organization_id: UUID, body: OrganizationPatch, work: Doing) -> Response:
    """Change what is named; needs If-Match (428 without, 412 where it changed meanwhile)."""
    organization = work.unchanged(ORGANIZATIONS, organization_id)
    values = body.model_dump()
    refuse_backwards(
        values.get("founded_on", organization.founded_on),
        values.get("dissolved_on", organization.dissolved_on),
    )
    return work.changed(ORGANIZATIONS, organization, **values)


@router.delete("/v1/organizations/{organization_id}", status_code=204)
@one_transaction
def delete_organization(organization_id: UUID, work: Doing) -> Response:
    """Delete a body on which nothing stands; otherwise 409 names what does. Needs If-Match."""
    work.remove(work.unchanged(ORGANIZATIONS, organization_id))
    return Response(status_code=204)
