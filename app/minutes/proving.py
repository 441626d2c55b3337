"""A proof as it is handed out: canonical JSON, so that not a byte of it can be changed unseen."""

from collections.abc import Sequence

from pydantic import BaseModel

from app.minutes.proof import PublicKey, SignedLink


def proof(content: bytes, chain: Sequence[SignedLink], keys: Sequence[PublicKey]) -> bytes:
    """Of the version with this content, the one that the last link of the chain names."""
    known = {one.kid: one for one in keys}
    used = sorted({one.link.key_id for one in chain})
    return b"".join(
        [  # by name, as canonical JSON has it; the content is already
            b'{"chain":',
            _canonical(chain),
            b',"form":"minutes-proof/1","keys":',
            _canonical([known[one] for one in used]),
            b',"record":',
            content,
            b"}",
        ]
    )


def _canonical(several: Sequence[BaseModel]) -> bytes:
    import rfc8785  # noqa: PLC0415  few processes sign or prove

    return rfc8785.dumps([one.model_dump(mode="json") for one in several])
