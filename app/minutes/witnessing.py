"""What others need to hold a body to what it signed: its chain, a proof, two versions side by side."""

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from sqlalchemy import ColumnElement, Dialect, Integer, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased

from app.actor import Breadth
from app.minutes import examples
from app.minutes.links import MinutesLink, SigningKey
from app.minutes.models import MinutesVersion
from app.minutes.proof import FIRST_LINK, Link, PublicKey, SignedLink
from app.minutes.queries import WHOLE_VERSIONS
from app.organizations.models import Organization
from app.paging import PageQuery
from app.prepared import Statement, written
from app.reading import Reading, ToTenant
from app.schema import LARGEST, Schema, Shown, Version
from app.sql import as_text, constant, json_list, json_object
from app.types import Id

MOST_CHANGES = 100_000
MOST_LINKS = 100_000


class MinutesLinkOut(Shown):
    """A link of a body's chain as it was signed, and its signature; keep it, and hold the body to it."""

    model_config = ConfigDict(json_schema_extra={"example": examples.LINK})

    link: Link
    jws: Annotated[str, Field(max_length=400, description="Detached (RFC 7515, appendix F).")]


class MinutesLinkList(PageQuery):
    """The chain of one body."""

    sort: Literal["position", "-position"] = "position"


class ProofQuery(Schema):
    """How much of the chain."""

    since: Annotated[
        int, Field(ge=1, le=LARGEST, description="From this link on: where an older proof is kept of it.")
    ] = 1


class MinutesProofOut(Shown):
    """A proof: verify its very bytes, as they are canonical JSON (RFC 8785)."""

    model_config = ConfigDict(json_schema_extra={"example": examples.PROOF})

    form: Literal["minutes-proof/1"]
    record: Annotated[
        dict[str, Any], Field(description="What was signed, of the form `/schemas/minutes-record/1`.")
    ]
    chain: Annotated[list[SignedLink], Field(max_length=MOST_LINKS)]
    keys: Annotated[list[PublicKey], Field(max_length=MOST_LINKS)]


class DiffQuery(Schema):
    """With which other version."""

    from_: Annotated[
        int | None,
        Field(
            alias="from",
            ge=1,
            le=LARGEST,
            description="The number of the other; else the one before.",
        ),
    ] = None


class MinutesChangeOut(Shown):
    """One change: `pointer` leads into the version asked for, or where a row was removed into the other."""

    pointer: Annotated[str, Field(max_length=200)]
    op: Literal["add", "remove", "replace"]
    old: Any
    new: Any
    text_vi: Annotated[str, Field(max_length=2000)]
    text_en: Annotated[str, Field(max_length=2000)]


class MinutesDiffOut(Shown):
    """What changed from one version of a document to another."""

    model_config = ConfigDict(json_schema_extra={"example": examples.DIFF})

    from_: Annotated[Version, Field(alias="from")]
    to: Version
    changes: Annotated[list[MinutesChangeOut], Field(max_length=MOST_CHANGES)]


LINK = json_object(
    {
        "form": constant(FIRST_LINK),
        "host_id": MinutesLink.host_id,
        "position": MinutesLink.position,
        "document_id": MinutesLink.document_id,
        "kind": MinutesLink.kind,
        "version": MinutesLink.version,
        "sha256": MinutesLink.sha256,
        "previous_sha256": MinutesLink.previous_sha256,
        "signed_at": MinutesLink.recorded_at,
        "key_id": MinutesLink.key_id,
    }
)
_tenant = select(Organization.tenant_id).where(Organization.id == MinutesLink.host_id).correlate(MinutesLink)
MINUTES_LINKS = Reading(
    MinutesLink,
    MinutesLinkOut,
    path="/v1/minutes-links",
    area="organizations",
    visible=ToTenant(_tenant.scalar_subquery()),  # hashes and ids: whoever sees the body may keep them
    governed_by=MinutesLink.host_id,
    derived={"link": LINK},
    by={"host_id": MinutesLink.host_id},
    anchors={"host_id"},
    sorts={"position": MinutesLink.position},
    has_bookkeeping=True,  # a signature's event is told to those who see the meeting, who are fewer
)


@lru_cache(maxsize=256)
def proving(breadth: Breadth, dialect: Dialect) -> Statement:
    """The content of the version bound as `id`, the chain up to its link, and every public key."""
    of_it = aliased(MinutesLink)
    document = func.coalesce(MinutesVersion.minutes_id, MinutesVersion.conclusion_notice_id)
    here = select(of_it.position).where(of_it.document_id == document, of_it.version == MinutesVersion.number)
    at = here.correlate(MinutesVersion).scalar_subquery()
    asked = MinutesLink.position >= bindparam("since", type_=Integer())
    up_to = (MinutesLink.host_id == MinutesVersion.host_id) & (MinutesLink.position <= at)
    chain = json_list(
        {"link": LINK, "jws": MinutesLink.jws},
        of=MinutesLink,
        where=up_to & or_(asked, MinutesLink.position == at),
        order_by=(MinutesLink.position,),
    )
    keys = json_list({"key": SigningKey.public_jwk}, of=SigningKey, where=true(), order_by=(SigningKey.id,))
    return _of_a_version(breadth, dialect, as_text(chain), as_text(keys))


@lru_cache(maxsize=256)
def both(breadth: Breadth, dialect: Dialect) -> Statement:
    """The contents of the version bound as `id` and of the other, and their numbers.

    The other is that with the number bound as `other`, else the one before; the first has itself before it.
    """
    other, before = aliased(MinutesVersion), aliased(MinutesVersion)
    earlier = select(func.max(before.number)).where(
        _of_the_same(before), before.number < MinutesVersion.number
    )
    number = func.coalesce(
        bindparam("other", type_=Integer()),
        earlier.correlate(MinutesVersion).scalar_subquery(),
        MinutesVersion.number,
    )
    there = select(other.content).where(_of_the_same(other), other.number == number)
    content = there.correlate(MinutesVersion).scalar_subquery()
    return _of_a_version(breadth, dialect, MinutesVersion.number, content, number)


def _of_the_same(other: Any) -> ColumnElement[bool]:
    """A version of the same document."""
    return or_(
        other.minutes_id == MinutesVersion.minutes_id,
        other.conclusion_notice_id == MinutesVersion.conclusion_notice_id,
    )


def _of_a_version(breadth: Breadth, dialect: Dialect, *more: Any) -> Statement:
    this = MinutesVersion.id == bindparam("id", type_=Id())
    found = select(MinutesVersion.content, *more).where(this, WHOLE_VERSIONS.visible.to(breadth))
    return written(found, dialect)
