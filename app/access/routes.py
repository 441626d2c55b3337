"""Principals, grants and keys over HTTP: an administrator's own business."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from sqlalchemy import func, select

from app import example_ids as ids
from app.access.delegating import WRITE, refuse_more_than_by_this_key, refuse_more_than_held
from app.access.gate import as_shown, digest, new_secret
from app.access.models import GrantRow, Key, Principal
from app.access.queries import GRANTS, KEYS, PRINCIPALS
from app.access.schemas import (
    GrantIn,
    GrantList,
    GrantOut,
    KeyIn,
    KeyList,
    KeyMade,
    KeyOut,
    PrincipalIn,
    PrincipalList,
    PrincipalOut,
    PrincipalPatch,
)
from app.db import new_id, one_transaction
from app.errors import Conflict, Words
from app.http import routes_of
from app.organizations.queries import ORGANIZATIONS
from app.paging import Page
from app.reader import Looking
from app.work import Answer, Doing

router = routes_of("principals", "access")
LIVING = 2  # keys of one principal at a time
Keyless = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.KEYLESS_CALLER}})]


@router.get("/v1/principals", response_model=Page[PrincipalOut])
async def list_principals(wanted: Annotated[PrincipalList, Query()], look: Looking) -> Response:
    """Those at home in the organizations that you administer."""
    return await look.page(PRINCIPALS, wanted)


@router.post("/v1/principals", status_code=201, response_model=PrincipalOut)
@one_transaction
def create_principal(body: PrincipalIn, work: Doing) -> Response:
    """Add a person or system. It can do nothing until it has a grant and a key."""
    home = work.governed(ORGANIZATIONS, body.organization_id, WRITE, at="organization_id")
    return work.created(PRINCIPALS, Principal(**body.model_dump(), id=new_id(), tenant_id=home.tenant_id))


@router.get("/v1/principals/{principal_id}", response_model=PrincipalOut)
async def get_principal(principal_id: UUID, look: Looking) -> Response:
    """One principal. 404 unless you administer its organization."""
    return await look.one(PRINCIPALS, principal_id)


@router.patch("/v1/principals/{principal_id}", response_model=PrincipalOut)
@one_transaction
def update_principal(principal_id: UUID, body: PrincipalPatch, work: Doing) -> Response:
    """Rename it, or let its keys be refused with `is_active: false`. Needs If-Match."""
    return work.changed(PRINCIPALS, work.unchanged(PRINCIPALS, principal_id), **body.model_dump())


@router.delete("/v1/principals/{principal_id}", status_code=204)
@one_transaction
def delete_principal(principal_id: UUID, work: Doing) -> Response:
    """Delete one that has neither grants nor keys; otherwise 409 names them. Needs If-Match."""
    work.remove(work.unchanged(PRINCIPALS, principal_id))
    return Response(status_code=204)


@router.get("/v1/principals/{principal_id}/grants", response_model=Page[GrantOut])
async def list_grants(principal_id: UUID, wanted: Annotated[GrantList, Query()], look: Looking) -> Response:
    """What the principal may do, and where."""
    return await look.page(GRANTS, wanted, inside=PRINCIPALS, principal_id=principal_id)


@router.post("/v1/principals/{principal_id}/grants", status_code=201, response_model=GrantOut)
@one_transaction
def create_grant(principal_id: UUID, body: GrantIn, work: Doing) -> Response:
    """Give a role in an organization that you administer, on no more lines than yours.

    409 where the principal has it already, as when the example is sent again.
    """
    principal = work.governed(PRINCIPALS, principal_id, WRITE)
    there = work.governed(ORGANIZATIONS, body.organization_id, WRITE, at="organization_id")
    refuse_more_than_held(work, [(there.id, body.lines)])
    made = GrantRow(**body.model_dump(), id=new_id(), principal_id=principal.id, tenant_id=there.tenant_id)
    return work.created(GRANTS, made)


@router.get("/v1/grants/{grant_id}", response_model=GrantOut)
async def get_grant(grant_id: UUID, look: Looking) -> Response:
    """One grant."""
    return await look.one(GRANTS, grant_id)


@router.delete("/v1/grants/{grant_id}", status_code=204)
@one_transaction
def delete_grant(grant_id: UUID, work: Doing) -> Response:
    """Take it away: it holds no more from the next request on. Needs If-Match."""
    work.remove(work.unchanged(GRANTS, grant_id))
    return Response(status_code=204)


@router.get("/v1/principals/{principal_id}/keys", response_model=Page[KeyOut])
async def list_keys(principal_id: UUID, wanted: Annotated[KeyList, Query()], look: Looking) -> Response:
    """Its keys, without their secrets."""
    return await look.page(KEYS, wanted, inside=PRINCIPALS, principal_id=principal_id)


@router.post("/v1/principals/{principal_id}/keys", status_code=201, response_model=KeyMade)
@one_transaction
def create_key(principal_id: Keyless, body: KeyIn, work: Doing) -> Response:
    """Make a key. `key` is shown this once; a replay omits it. 409 where two are live already.

    403 where the principal may do more, or elsewhere, than you administer; and where the key that you use was
    narrowed and the new one would not be as narrow. The example is refused (409) the third time, until one of
    its keys is revoked.
    """
    principal = work.locked(PRINCIPALS, principal_id, WRITE)
    refuse_more_than_by_this_key(work, body.scopes)
    grants = select(GrantRow.organization_id, GrantRow.lines).where(GrantRow.principal_id == principal.id)
    refuse_more_than_held(work, [(where, lines) for where, lines in work.db.execute(grants)])
    live = select(func.count()).where(
        Key.principal_id == principal.id,
        Key.revoked_at.is_(None),
        Key.expires_at.is_(None) | (Key.expires_at > work.now),
    )
    if (work.db.scalar(live) or 0) >= LIVING:
        raise Conflict(Words("Đã có hai khóa còn hiệu lực", "Two of its keys are live already: revoke one"))
    secret = new_secret()
    made = Key(
        **body.model_dump(),
        id=new_id(),
        principal_id=principal.id,
        home_id=principal.organization_id,
        tenant_id=principal.tenant_id,
        secret_sha256=digest(secret),
    )
    shown = work.created(KEYS, made)
    body_of_get = bytes(shown.body).decode()
    headers = {name: shown.headers[name] for name in ("ETag", "Location", "Cache-Control")}
    answer = Answer(f'{body_of_get[:-1]},"key":{json.dumps(as_shown(made.id, secret))}}}', 201, headers)
    answer.kept = body_of_get
    return answer


@router.get("/v1/keys/{key_id}", response_model=KeyOut)
async def get_key(key_id: UUID, look: Looking) -> Response:
    """One key, without its secret."""
    return await look.one(KEYS, key_id)


@router.put("/v1/keys/{key_id}/revocation", response_model=KeyOut)
@one_transaction
def replace_key_revocation(key_id: UUID, work: Doing) -> Response:
    """Refuse the key from the next request on. Doing it again changes nothing; it needs no If-Match."""
    key = work.locked(KEYS, key_id, WRITE)
    if key.revoked_at is None:
        work.change(key, "revoked", revoked_at=work.now)
    return work.shown(KEYS, key)
