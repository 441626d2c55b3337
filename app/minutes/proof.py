"""What proves that a version is the one that was signed: the record, the chain up to it, and the keys."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.minutes.record import MinutesRecord, Recorded
from app.minutes.vocabulary import DocumentKind
from app.schema import Instant, Version

FIRST_LINK: Literal["minutes-link/1"] = "minutes-link/1"
ALGORITHM = "Ed25519"  # by its name in RFC 9864, which retires EdDSA
Digest = Annotated[
    str, Field(max_length=64, pattern="^[0-9a-f]{64}$", description="SHA-256, in hexadecimal digits.")
]
Thumbprint = Annotated[str, Field(max_length=43, pattern="^[A-Za-z0-9_-]{43}$", description="RFC 7638.")]


class Link(Recorded):
    """A link as it is signed: its canonical JSON (RFC 8785) is the payload of the signature."""

    form: Literal["minutes-link/1"] = FIRST_LINK
    host_id: UUID
    position: Annotated[Version, Field(description="In the chain of its host.")]
    document_id: UUID
    kind: DocumentKind
    version: Version
    sha256: Annotated[Digest, Field(description="Of the record's canonical JSON.")]
    previous_sha256: Annotated[
        Digest | None, Field(description="Of the canonical JSON of the link before; null in the first.")
    ]
    signed_at: Instant
    key_id: Thumbprint


class SignedLink(Recorded):
    """A link and its signature: a JWS in compact form, detached (RFC 7515, appendix F)."""

    link: Link
    jws: Annotated[str, Field(max_length=400, pattern=r"^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]{86}$")]


class PublicKey(Recorded):
    """A key that signed links, as a JWK (RFC 8037); `kid` is its thumbprint."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: Thumbprint
    kid: Thumbprint


class Proof(Recorded):
    """One version, and all it takes to verify it without asking anybody.

    The last link of `chain` is that of the record; the first is the chain's first, or the one asked for.
    """

    form: Literal["minutes-proof/1"] = "minutes-proof/1"
    record: MinutesRecord
    chain: Annotated[list[SignedLink], Field(min_length=1)]
    keys: Annotated[list[PublicKey], Field(min_length=1, description="By `kid`, each once.")]
