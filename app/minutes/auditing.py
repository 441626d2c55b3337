"""Is every chain whole, and every version the one that was signed: looked at where they are kept."""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection, func, select

from app.minutes.links import MinutesChain, MinutesLink, SigningKey
from app.minutes.models import MinutesVersion
from app.minutes.witnessing import LINK
from app.sql import as_text

FEW = {"yield_per": 1_000}  # rows that are held at once


def broken(connection: Connection) -> Iterator[str]:
    """What is not as it was signed, a sentence each."""
    yield from _chains(connection)
    yield from _versions(connection)


def _chains(connection: Connection) -> Iterator[str]:
    from app.minutes.verify import Refused, chained, trusted  # noqa: PLC0415  cryptography is slow to load

    keys = trusted({"keys": list(connection.scalars(select(SigningKey.public_jwk)))})
    lengths = _lengths(connection)
    links = select(MinutesLink.host_id, as_text(LINK), MinutesLink.jws)
    links = links.order_by(MinutesLink.host_id, MinutesLink.position)
    rows = connection.execute(links, execution_options=FEW)
    for host, each in groupby(rows, key=lambda row: row[0]):
        entries = [{"link": json.loads(link), "jws": jws} for _, link, jws in each]
        try:
            found = chained(entries, keys)
        except Refused as refused:
            yield f"minutes_links: the chain of {host}: {refused}"
        else:
            if (found[0]["position"], found[-1]["position"]) != (1, lengths.get(host)):
                yield f"minutes_links: the chain of {host} has lost links at an end."
        lengths.pop(host, None)
    yield from (f"minutes_links: the chain of {host} is gone." for host in lengths)


def _lengths(connection: Connection) -> dict[UUID, int]:
    rows = connection.execute(select(MinutesChain.host_id, MinutesChain.length))
    return {host: length for host, length in rows}  # noqa: C416  dict() does not see that a row is a pair


def _versions(connection: Connection) -> Iterator[str]:
    """Each version has its link, and each link its version."""
    document = func.coalesce(MinutesVersion.minutes_id, MinutesVersion.conclusion_notice_id)
    named = (MinutesLink.document_id == document) & (MinutesLink.version == MinutesVersion.number)
    both = select(MinutesVersion.id, MinutesVersion.content, MinutesLink.sha256)
    both = both.outerjoin(MinutesLink, named).order_by(MinutesVersion.id)
    for id, content, signed in connection.execute(both, execution_options=FEW):
        if sha256(content.encode()).hexdigest() != signed:
            yield f"minutes_versions: {id} is not what was signed."
    alone = select(MinutesLink.id).outerjoin(MinutesVersion, named).where(MinutesVersion.id.is_(None))
    yield from (f"minutes_links: of {id} the version is gone." for id in connection.scalars(alone))
