"""The bottom of a document: who signs it in what form, and who gets it."""

import re
from collections.abc import Iterable

from app.documents.paper import Line
from app.documents.styles import Role, Style
from app.minutes.record import Host, Signer

_ACTING = re.compile(r"^(T/?UQ|T/?M|K/?T|T/?L)[./]?(?=\s|$)", re.IGNORECASE)  # T/M, TM., KT.
_RANK = re.compile(
    r"^(?:(?:GS|PGS|TS|ThS|BS|CN|KS|NCS|TSKH|NGND|NGƯT)\.\s*|(?:Đại|Thượng|Trung|Thiếu)\s+(?:tướng|tá|úy|uý)\s+)+",
    re.IGNORECASE,
)


def form(style: Style, sign_as: str) -> str:
    """T/M BAN THƯỜNG VỤ in a Party document, TM. in another's, however it was typed."""
    found = _ACTING.match(sign_as.strip())
    if not found:
        return sign_as.strip().upper()
    letters = found[1].upper().replace("/", "")
    acting = f"{letters[0]}/{letters[1:]}" if style.acting_with == "/" else f"{letters}."
    return f"{acting}{sign_as.strip()[found.end() :]}".upper()


def recorder(style: Style, signers: Iterable[Signer]) -> tuple[Line, ...]:
    """At the left of minutes."""
    return _signed(Line(Role.SIGNER, style.recorder), _who("recorder", signers))


def chair(style: Style, signers: Iterable[Signer]) -> tuple[Line, ...]:
    """At the right of minutes."""
    signer = _who("chair", signers)
    acting = Line(Role.SIGN_AS, form(style, signer.sign_as)) if signer and signer.sign_as else None
    head = Line(Role.SIGNER, style.chair)
    return (*((acting,) if acting else ()), *_signed(head, signer))


def approver(style: Style, host: Host, signers: Iterable[Signer]) -> tuple[Line, ...]:
    """Of what is issued: by whom it is signed, in what form, in what office without the body's name."""
    signer = _who("approver", signers) or _who("chair", signers)
    default = f"T/M {host.name}"
    acting = Line(Role.SIGN_AS, form(style, signer.sign_as if signer and signer.sign_as else default))
    head = Line(Role.SIGNER, without_body(signer.title, host).upper() if signer and signer.title else "")
    return (acting, *_signed(head, signer))


def without_body(title: str, host: Host) -> str:
    """Phó Bí thư Thường trực Đảng ủy xã: Phó Bí thư Thường trực."""
    first = title.partition(",")[0]
    names = (host.name, *(host.name.rpartition(" ")[0],), *(("Đảng ủy",) if "Đảng ủy" in host.name else ()))
    for name in names:
        at = first.lower().find(name.lower()) if name else -1
        if at > 0:
            return first[:at].strip()
    return first


def _who(role: str, signers: Iterable[Signer]) -> Signer | None:
    return next((one for one in signers if one.role == role), None)


def _signed(head: Line, signer: Signer | None) -> tuple[Line, ...]:
    """No academic or military title stands before a signer's name."""
    return head, Line(Role.NAME, _RANK.sub("", signer.full_name) if signer else "")


def recipients(style: Style, named: Iterable[str]) -> tuple[str, ...]:
    """One a line, each with the stop that the style puts after it."""
    known = [one.strip().removeprefix("-").strip().rstrip(" ,;.") for one in named]
    kept = style.recipients.kept
    if kept and not any(one.lower().startswith("lưu") for one in known):
        known.append(kept)
    if not known:
        return ()
    stops = [style.recipients.between] * (len(known) - 1) + ["."]
    return tuple(f"- {one}{stop}" for one, stop in zip(known, stops, strict=True))
