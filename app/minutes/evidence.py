"""The chain of a body, proofs of versions, and what changed between two, over HTTP."""

import asyncio
import json
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import TypeAdapter

from app import example_ids as ids
from app import tags
from app.errors import NotFound
from app.http import routes_of
from app.minutes.comparing import compared
from app.minutes.proof import PublicKey, SignedLink
from app.minutes.proving import proof
from app.minutes.witnessing import (
    MINUTES_LINKS,
    DiffQuery,
    MinutesDiffOut,
    MinutesLinkList,
    MinutesLinkOut,
    MinutesProofOut,
    ProofQuery,
    both,
    proving,
)
from app.organizations.queries import ORGANIZATIONS
from app.paging import Page
from app.reader import Looking, answer
from app.schema import LATER

router = routes_of("meetings", "minutes")
chains = routes_of("organizations", "minutes")
READ, TASKS = "meetings:read", "quarterly_tasks:read"
Host = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PARTY}})]
CHAIN = TypeAdapter(list[SignedLink], config=LATER)
KEYS = TypeAdapter(list[PublicKey], config=LATER)


@chains.get("/v1/organizations/{organization_id}/minutes-links", response_model=Page[MinutesLinkOut])
async def list_minutes_links(
    organization_id: Host, wanted: Annotated[MinutesLinkList, Query()], look: Looking
) -> Response:
    """The chain of what a body signed, for everybody who sees the body: hashes and ids, nobody's texts.

    Each link names the one before it. Who keeps the last one can show later whether the body still stands
    by all that it had signed: see `/.well-known/minutes-verify.py`.
    """
    return await look.page(MINUTES_LINKS, wanted, inside=ORGANIZATIONS, host_id=organization_id)


@router.get("/v1/minutes-versions/{minutes_version_id}/proof", response_model=MinutesProofOut)
async def get_minutes_proof(
    minutes_version_id: UUID, wanted: Annotated[ProofQuery, Query()], look: Looking
) -> Response:
    """A signed version with all it takes to verify it offline: the record, the chain and the public keys.

    Save the body to the byte, and run `python -m app verify FILE`, or the script that is published at
    `/.well-known/minutes-verify.py`, alone. It records tasks and their reviews, whoever sees the meeting.
    """
    look.need(TASKS)
    statement = proving(look.actor.breadth(READ), look.lane.dialect)
    rows = await look.fetch(statement, {"id": minutes_version_id, "since": wanted.since}, READ)
    if not rows:
        raise NotFound
    body = await asyncio.to_thread(_proof, *rows[0])
    tag = tags.of_row(1, body, only_its_row=False)
    return look.unchanged(tag) or answer(body, tag)


def _proof(content: str, chain: str, keys: str) -> bytes:
    public = KEYS.validate_python([one["key"] for one in json.loads(keys)])
    return proof(content.encode(), CHAIN.validate_json(chain), public)


@router.get("/v1/minutes-versions/{minutes_version_id}/diff", response_model=MinutesDiffOut)
async def get_minutes_diff(
    minutes_version_id: UUID, wanted: Annotated[DiffQuery, Query()], look: Looking
) -> Response:
    """What changed from the version before, or another of the same document, also in words to be read.

    Rows of lists are the same by their id; other lists are replaced whole. 404 where the document has no
    version of that number.
    """
    look.need(TASKS)
    statement = both(look.actor.breadth(READ), look.lane.dialect)
    rows = await look.fetch(statement, {"id": minutes_version_id, "other": wanted.from_}, READ)
    if not rows or rows[0][2] is None:
        raise NotFound
    new, number, old, before = rows[0]
    body = await asyncio.to_thread(_diff, old, new, before, number)
    tag = tags.of_row(1, body, only_its_row=False)
    return look.unchanged(tag) or answer(body, tag)


def _diff(old: str, new: str, before: int, after: int) -> bytes:
    changes = [
        {
            "pointer": one.pointer,
            "op": one.op,
            "old": one.old,
            "new": one.new,
            "text_vi": one.words.vi,
            "text_en": one.words.en,
        }
        for one in compared(json.loads(old), json.loads(new))
    ]
    return json.dumps({"from": before, "to": after, "changes": changes}, ensure_ascii=False).encode()
