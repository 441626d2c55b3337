"""What a file is, by its bytes: one of a few kinds, wholly that, and nothing else besides."""

import codecs
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import IO, NoReturn

from app.attachments import archives
from app.attachments.naming import ending
from app.schema import refuse

HEAD = 4096
PART = 65_536
MOST_CHUNKS = 20_000  # of a PNG
ELSEWHERE = 1024  # bytes within which readers of PDF look for its beginning
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
    f"{OFFICE}wordprocessingml.document": ("docx",),
    f"{OFFICE}spreadsheetml.sheet": ("xlsx",),
    f"{OFFICE}presentationml.presentation": ("pptx",),
    f"{OPEN}text": ("odt",),
    f"{OPEN}spreadsheet": ("ods",),
    "text/plain": ("txt",),
    "text/csv": ("csv",),
}
MEDIA_TYPES = tuple(ENDINGS)
MAIN_PART = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
ACTIVE = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml)$|^(Basic|Scripts)/", re.IGNORECASE)
MARKUP = re.compile(
    r"<\s*(?:!\s*(?:doctype|entity)|\?\s*xml|/?\s*(?:html|head|body|script|style|svg|iframe|frame|object|embed"
    r"|img|link|meta|form|base)\b)",
    re.IGNORECASE,
)
REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"


def recognised(file: IO[bytes], name: str) -> str:
    """The media type of the bytes. Raises ValidationError where it is none of ours, or more than one."""
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        refuse("file", "file_empty", "Tệp rỗng", "The file is empty")
    for beginning, kind in KINDS.items():
        if head.startswith(beginning):
            found = kind(file, head)
            break
    else:
        found = _text(file, head, name)
    file.seek(0)
    if ending(name) not in ENDINGS[found]:
        wanted = ", ".join(ENDINGS[found])
        refuse(
            "file",
            "file_name_ending",
            f"Nội dung là {found}: tên tệp phải kết thúc bằng {wanted}",
            f"It is {found}: its name must end with {wanted}",
        )
    return found


def _pdf(file: IO[bytes], _: bytes) -> str:
    size = file.seek(0, 2)
    file.seek(max(0, size - ELSEWHERE))
    if b"%%EOF" not in file.read():
        _refuse_broken()
    _refuse_a_second(file)
    return "application/pdf"


def _png(file: IO[bytes], head: bytes) -> str:
    """Each chunk after the other, and the last one ends the file."""
    size = file.seek(0, 2)
    at, name = len(PNG), b""
    for _ in range(MOST_CHUNKS):
        file.seek(at)
        begins = file.read(8)
        if len(begins) < 8:  # noqa: PLR2004  a length and a name
            break
        length, name = struct.unpack(">I4s", begins)
        at += length + 12
        if name == b"IEND":
            break
    if name != b"IEND" or at != size or head[12:16] != b"IHDR":
        _refuse_broken()
    _refuse_a_second(file, head)
    return "image/png"


def _jpeg(file: IO[bytes], head: bytes) -> str:
    size = file.seek(0, 2)
    file.seek(max(0, size - PART))
    if b"\xff\xd9" not in file.read():
        _refuse_broken()
    _refuse_a_second(file, head)
    return "image/jpeg"


def _webp(file: IO[bytes], head: bytes) -> str:
    size = file.seek(0, 2)
    if head[8:12] != b"WEBP" or int.from_bytes(head[4:8], "little") + 8 not in {size, size - 1}:
        _refuse_unknown(head)
    _refuse_a_second(file, head)
    return "image/webp"


def _packed(file: IO[bytes], head: bytes) -> str:
    if PDF in head[:ELSEWHERE]:
        _refuse_both()
    members = archives.inspected(file)
    if any(ACTIVE.search(one) for one in members):
        refuse("file", "file_active", "Không nhận tệp có macro", "A file with macros is not taken")
    if {"[Content_Types].xml", "_rels/.rels"} <= members.keys():
        found = [kind for part, kind in MAIN_PART.items() if part in members]
        if len(found) == 1:
            return found[0]
    is_open = {"content.xml", "META-INF/manifest.xml"} <= members.keys() and next(iter(members)) == "mimetype"
    said = members["mimetype"].decode("latin-1") if is_open else ""
    if said not in {f"{OPEN}text", f"{OPEN}spreadsheet"}:
        _refuse_unknown(head)
    return said


def _text(file: IO[bytes], head: bytes, name: str) -> str:
    """UTF-8 throughout, no control characters, and nothing that a browser would take for a page."""
    if PDF in head[:ELSEWHERE]:
        _refuse_both()
    decoder, kept = codecs.getincrementaldecoder("utf-8")(), ""
    file.seek(0)
    try:
        while part := file.read(PART):
            said = kept + decoder.decode(part)
            if REFUSED.search(said):
                _refuse_unknown(head)
            if MARKUP.search(said):
                words = "Không nhận HTML, SVG, XML", "HTML, SVG and XML are not taken"
                refuse("file", "file_markup", *words)
            kept = said[-100:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        _refuse_unknown(head)
    return "text/csv" if ending(name) == "csv" else "text/plain"


KINDS: Mapping[bytes, Callable[[IO[bytes], bytes], str]] = {
    PDF: _pdf,
    PNG: _png,
    JPEG: _jpeg,
    b"RIFF": _webp,
    archives.SIGNATURE: _packed,
}


def _refuse_a_second(file: IO[bytes], head: bytes = b"") -> None:
    """An archive at its end, or a PDF soon after its beginning: another reader would see another file."""
    if PDF in head[:ELSEWHERE] or zipfile.is_zipfile(file):
        _refuse_both()


def _refuse_both() -> NoReturn:
    words = "Tệp vừa là loại này vừa là loại khác", "The file is of two kinds at once"
    refuse("file", "file_of_two_kinds", *words)


def _refuse_broken() -> NoReturn:
    refuse("file", "file_broken", "Tệp bị hỏng hoặc bị cắt", "The file is broken or cut off")


def _refuse_unknown(head: bytes) -> NoReturn:
    """Say what it looks like, so that the sender knows what went wrong."""
    import puremagic  # noqa: PLC0415  it reads its lists when it is imported, and is seldom needed

    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    seems = (f" (giống {found})", f" (it looks like {found})") if found else ("", "")
    refuse(
        "file",
        "file_kind",
        f"Loại tệp không được nhận{seems[0]}",
        f"This kind of file is not taken{seems[1]}",
    )
