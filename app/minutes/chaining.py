"""Signing: what is signed becomes the next link of its body's chain.

A link names the SHA-256 of the version and of the link before it, and is signed by the service's key. So
none can be changed, left out or put between without all after it being signed anew; and who keeps one link
outside can show even that.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Dialect, Integer, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from app.db import utcnow
from app.errors import Conflict, Words
from app.minutes.keys import signing_key
from app.minutes.links import MinutesChain, MinutesLink
from app.minutes.proof import ALGORITHM, Link
from app.minutes.vocabulary import DocumentKind
from app.prepared import Statement, written
from app.types import Id
from app.work import Work


def canonical(record: BaseModel) -> bytes:
    """The one way to write it down (RFC 8785): what is hashed and signed."""
    import rfc8785  # noqa: PLC0415  few processes sign

    return rfc8785.dumps(record.model_dump(mode="json"))


def add_link(  # noqa: PLR0913  what a link says, each by its name
    work: Work, host_id: UUID, *, document_id: UUID, kind: str, version: int, content: bytes
) -> MinutesLink:
    """Sign a version of a document, as the next link of its host's chain."""
    ((position,),) = _grown(work.engine.dialect).run(work.db, {"host_id": host_id})
    work.now = utcnow()  # it may have waited for another, and the chain is in the order of time
    key = signing_key(work.db, work.now)
    link = Link(
        host_id=host_id,
        position=position,
        document_id=document_id,
        kind=DocumentKind(kind),
        version=version,
        sha256=sha256(content).hexdigest(),
        previous_sha256=_last(work, host_id, position - 1),
        signed_at=work.now,
        key_id=str(key.thumbprint()),
    )
    made = MinutesLink(
        **link.model_dump(exclude={"form", "signed_at"}),
        recorded_at=work.now,
        recorded_by=work.actor.name,
        jws=signature(canonical(link), key),
    )
    work.db.add(made)
    work.db.flush()
    return made


def link_of(row: MinutesLink) -> Link:
    """The link as it was signed."""
    own = Link.model_fields.keys() - {"form", "signed_at"}
    return Link(**{name: getattr(row, name) for name in own}, signed_at=row.recorded_at)


def digest(link: Link) -> str:
    """By which the next link names it."""
    return sha256(canonical(link)).hexdigest()


def _last(work: Work, host_id: UUID, position: int) -> str | None:
    """Raises Conflict where the link before is not there: whoever removed it, the chain does not hide it."""
    if not position:
        return None
    there = MinutesLink.host_id == host_id, MinutesLink.position == position
    before = work.db.scalars(select(MinutesLink).where(*there)).one_or_none()
    if before is None:
        raise Conflict(
            Words(
                f"Chuỗi bản ký thiếu mắt xích {position}: báo người quản trị",
                f"Link {position} of the chain is missing: tell the administrator",
            )
        )
    return digest(link_of(before))


@lru_cache(maxsize=2)
def _grown(dialect: Dialect) -> Statement:
    """Lock the chain, or begin it; answers how long it is with what is about to be added."""
    into: Any = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    begun = into(MinutesChain).values(host_id=bindparam("host_id", type_=Id()), length=_ONE)
    one_more = begun.on_conflict_do_update(
        index_elements=["host_id"], set_={"length": MinutesChain.length + _ONE}
    )
    return written(one_more.returning(MinutesChain.length), dialect)


_ONE = bindparam("one", 1, type_=Integer())


def signature(payload: bytes, key: Any) -> str:
    """A JWS in compact form (RFC 7515), its payload left out: that is the link itself."""
    from joserfc import jws  # noqa: PLC0415  it is slow to load, and few processes sign

    header = {"alg": ALGORITHM, "kid": str(key.thumbprint())}
    whole = jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM])
    said, _, signature = whole.split(".")
    return f"{said}..{signature}"
