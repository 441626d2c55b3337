"""What an answer is recognised by: a row's version and, where it shows more than its row, what it shows."""

import hashlib

from app.errors import Fault, MalformedRequest, Words

LONGEST = 255  # letters of If-Match and If-None-Match, as the document says
PRIVATE = "private, no-cache"  # for Cache-Control: to be asked again each time, and kept by nobody between


def digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def of_row(version: int, body: bytes, *, only_its_row: bool) -> str:
    """The tag of one resource; weak where the same version can look different tomorrow or to others."""
    return f'"{version}"' if only_its_row else f'W/"{version}-{digest(body)}"'


def of_list(heads: object, question: object) -> str:
    """The tag of a list: the journal's heads for this caller, and all else that would change the answer."""
    return f'W/"{digest(repr((heads, question)).encode())}"'


def has_version(if_match: str, version: int) -> bool:
    """Proxies weaken tags, and some of ours say more than the version: neither matters to a write."""
    given = [tag.removeprefix("W/").strip('"') for tag in _each("If-Match", if_match)]
    return "*" in given or str(version) in [tag.partition("-")[0] for tag in given]


def shows(if_match: str, body: bytes) -> bool:
    """Whether the caller has seen this very body: for what is more than one row, such as an agenda."""
    given = [tag.strip('"').rpartition("-")[2] for tag in _each("If-Match", if_match)]
    return "*" in given or digest(body) in given


def same(if_none_match: str | None, tag: str) -> bool:
    """Whether the caller already has it. Weak comparison, as RFC 9110 asks for If-None-Match."""
    if if_none_match is None:
        return False
    given = [one.removeprefix("W/") for one in _each("If-None-Match", if_none_match)]
    return "*" in given or tag.removeprefix("W/") in given


def _each(header: str, given: str) -> list[str]:
    if len(given) > LONGEST:
        words = Words(f"Nhiều nhất {LONGEST} ký tự", f"At most {LONGEST} characters")
        raise MalformedRequest(errors=[Fault("header", header, "string_too_long", words)])
    return [one.strip() for one in given.split(",")]
