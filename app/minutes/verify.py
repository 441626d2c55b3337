"""Verify a proof of signed minutes offline: python verify.py PROOF [--keys FILE|URL] [--against OLDER_PROOF].

It needs Python 3.10 and the package `cryptography`, nothing of the service that made the proof. A proof is
verified when its bytes are those that were handed out; each link of the chain is signed by a key that the
proof names, and names the link before it; and the last link names the record.

Without --keys, whoever made the proof may have made its keys too: give the key set that you keep, or that
the service publishes at /.well-known/minutes-keys.json. With --against, the two proofs of one body must
agree on every link that both have: so what was signed cannot be rewritten, not even by who holds the keys.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn
from urllib.request import urlopen

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LINK = {
    *("document_id", "form", "host_id", "key_id", "kind", "position"),
    *("previous_sha256", "sha256", "signed_at", "version"),
}
KEY = {"crv", "kid", "kty", "x"}
DEEPEST = 100
SECONDS = 30  # to wait for a key set
LARGEST = 2**53 - 1


class Refused(Exception):
    """What is not verified, and why."""


# -- RFC 8785, for what a proof holds: no numbers but whole ones


def canonical(value: Any) -> bytes:
    """The one way to write it as JSON."""
    return _written(value, DEEPEST).encode("utf-8")


def _written(value: Any, deepest: int) -> str:
    if not deepest:
        raise Refused("It is nested too deep.")
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(n)}:{_written(value[n], deepest - 1)}" for n in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(one, deepest - 1) for one in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and -LARGEST <= value <= LARGEST:
        return str(value)
    raise Refused("It holds a number that no proof has.")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def read(content: bytes, what: str) -> Any:
    """JSON in its canonical form, else Refused: a byte that says nothing may not be changed either."""
    try:
        value = json.loads(content, parse_float=_no_number, parse_constant=_no_number)
        if canonical(value) == content:
            return value
    except (ValueError, UnicodeError, RecursionError) as error:
        raise Refused(f"{what} is not JSON.") from error
    raise Refused(f"{what} is not byte for byte as it was handed out.")


def _no_number(_: str) -> NoReturn:
    raise Refused("It holds a number that no proof has.")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def encoded(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The same back; no two texts are the same bytes."""
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encoded(content) != text:
        raise Refused("It holds base64 that is not written as it should be.")
    return content


# -- what is verified


def verified(proof: Any) -> list[dict[str, Any]]:
    """The links of the proof, each verified, the last one the record's. Raises Refused."""
    try:
        _need(set(proof) == {"chain", "form", "keys", "record"}, "It is not a proof.")
        _need(proof["form"] == "minutes-proof/1", "This is a form of proof that I do not know.")
        keys = {one["kid"]: _key(one) for one in proof["keys"]}
        _need([one["kid"] for one in proof["keys"]] == sorted(keys), "Its keys are not each there once.")
        links = chained(proof["chain"], keys)
        _need(set(keys) == {one["key_id"] for one in links}, "It holds keys that signed nothing in it.")
        _is_of(proof["record"], links[-1])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise Refused("It is not a proof.") from error
    return links


def chained(entries: list[dict[str, Any]], keys: dict[str, Ed25519PublicKey]) -> list[dict[str, Any]]:
    """The links of a chain, each signed and following the one before it. Raises Refused."""
    links = [_signed(one, keys) for one in entries]
    for before, link in pairwise(links):
        _follows(before, link)
    return links


def _need(holds: bool, why: str) -> None:
    if not holds:
        raise Refused(why)


def _key(jwk: dict[str, str]) -> Ed25519PublicKey:
    _need(set(jwk) == KEY and (jwk["kty"], jwk["crv"]) == ("OKP", "Ed25519"), "A key is not an Ed25519 key.")
    named = {name: jwk[name] for name in ("crv", "kty", "x")}
    thumbprint = encoded(hashlib.sha256(canonical(named)).digest())
    _need(jwk["kid"] == thumbprint, f"The key {jwk['kid']} is not the one that it is named after.")
    return Ed25519PublicKey.from_public_bytes(decoded(jwk["x"]))


def _signed(entry: dict[str, Any], keys: dict[str, Ed25519PublicKey]) -> dict[str, Any]:
    """A link under its own signature: a detached JWS whose payload is the link's canonical JSON."""
    _need(set(entry) == {"jws", "link"}, "A link of the chain is not a link.")
    link: dict[str, Any] = entry["link"]
    _need(set(link) == LINK and link["form"] == "minutes-link/1", "A link of the chain is not a link.")
    where = f"Link {link['position']}"
    header, payload, signature = entry["jws"].split(".")
    _need(not payload, f"{where} holds a payload of its own.")
    said = json.loads(decoded(header))
    _need(said == {"alg": "Ed25519", "kid": link["key_id"]}, f"{where} is signed in another way.")
    _need(link["key_id"] in keys, f"{where} is signed by a key that the proof does not hold.")
    try:
        keys[link["key_id"]].verify(decoded(signature), f"{header}.{encoded(canonical(link))}".encode())
    except InvalidSignature:
        raise Refused(f"{where} was changed after it was signed.") from None
    return link


def _follows(before: dict[str, Any], link: dict[str, Any]) -> None:
    where = f"Link {link['position']}"
    _need(link["position"] == before["position"] + 1, f"{where} does not come after {before['position']}.")
    _need(link["host_id"] == before["host_id"], f"{where} is of another body.")
    _need(link["previous_sha256"] == sha256(canonical(before)), f"{where} names another link before it.")
    _need(link["signed_at"] >= before["signed_at"], f"{where} was signed before the one before it.")


def _is_of(record: dict[str, Any], link: dict[str, Any]) -> None:
    _need(link["sha256"] == sha256(canonical(record)), "The record is not the one that was signed.")
    document = record["document"]
    named = (document["id"], document["kind"], document["version"], record["meeting"]["host"]["id"])
    signed = (link["document_id"], link["kind"], link["version"], link["host_id"])
    _need(named == signed, "The link is of another document.")


def trusted(keys: Any) -> dict[str, Ed25519PublicKey]:
    """The keys of a JWK Set. Raises Refused."""
    try:
        return {one["kid"]: _key({name: one[name] for name in KEY}) for one in keys["keys"]}
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("The key set cannot be read.") from error


def known_to(links: list[dict[str, Any]], keys: Any) -> None:
    """Every link is signed by a key of a set that is trusted, a JWK Set. Raises Refused."""
    strange = sorted({link["key_id"] for link in links} - set(trusted(keys)))
    _need(not strange, f"The key {', '.join(strange)} is not in the key set.")


def agreed(links: list[dict[str, Any]], older: list[dict[str, Any]]) -> None:
    """Two proofs of one body hold the same links wherever both hold one. Raises Refused."""
    _need(links[-1]["host_id"] == older[-1]["host_id"], "The two proofs are of different bodies.")
    kept = {one["position"]: one for one in older}
    both = [one for one in links if one["position"] in kept]
    _need(bool(both), "The two proofs have no link in common: ask for one with more of the chain.")
    for one in both:
        _need(one == kept[one["position"]], f"Link {one['position']} is not the one that was kept.")


def is_whole(links: list[dict[str, Any]]) -> bool:
    """Whether the chain begins with its first link."""
    first = links[0]
    _need((first["position"] == 1) == (first["previous_sha256"] is None), "The chain's first link is none.")
    return bool(first["position"] == 1)


def verify(content: bytes, keys: Any = None, against: bytes | None = None) -> list[dict[str, Any]]:
    """The verified links of a proof. Raises Refused."""
    links = verified(read(content, "The proof"))
    whole = is_whole(links)
    if keys is not None:
        known_to(links, keys)
    if against is not None:
        older = verified(read(against, "The older proof"))
        if keys is not None:
            known_to(older, keys)
        agreed(links, older)
    elif not whole:
        begin = links[0]["position"]
        raise Refused(f"The chain begins at link {begin}: verify it against a proof that holds that link.")
    return links


# -- the command


def _key_set(source: str) -> Any:
    if re.match(r"https?://", source):
        with urlopen(source, timeout=SECONDS) as answer:  # noqa: S310  http or https, as was just seen
            return json.loads(answer.read())
    return json.loads(Path(source).read_bytes())


def told(links: list[dict[str, Any]], *, trusted: bool) -> str:
    """What has been verified, in words."""
    last = links[-1]
    keys = ", ".join(sorted({link["key_id"] for link in links}))
    trust = (
        "are in the key set" if trusted else "are in the proof alone: compare them with a set that you trust"
    )
    return "\n".join(
        [
            "VERIFIED",
            f"{last['kind']} {last['document_id']}, version {last['version']}, signed at {last['signed_at']}",
            f"SHA-256 of the record: {last['sha256']}",
            f"Link {last['position']} of the chain of {last['host_id']}, from link {links[0]['position']} on",
            f"The keys {keys} {trust}.",
        ]
    )


def main(given: list[str] | None = None) -> int:
    """0 where it is verified, 1 where it is not, 2 where something cannot be read."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("proof", help="the file to verify")
    asked.add_argument("--keys", help="a trusted JWK Set: a file, or an address")
    asked.add_argument("--against", help="an older proof of the same body, kept elsewhere")
    wanted = asked.parse_args(given)
    try:
        keys = _key_set(wanted.keys) if wanted.keys else None
        against = Path(wanted.against).read_bytes() if wanted.against else None
        links = verify(Path(wanted.proof).read_bytes(), keys, against)
    except Refused as refused:
        sys.stderr.write(f"NOT VERIFIED: {refused}\n")
        return 1
    except (OSError, ValueError) as error:
        sys.stderr.write(f"It cannot be read: {error}\n")
        return 2
    sys.stdout.write(told(links, trusted=keys is not None) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
