"""Files as people send them, and as nobody should."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
TEXT = "Biên bản, bản chụp\n".encode()
CSV = "﻿Chỉ tiêu,Kế hoạch\nThu ngân sách,100\n".encode()
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x11" * 64 + b"\xff\xd9"


def packed(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return into.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + _chunk(b"IEND", b"")
)
_VP8 = b"VP8 " + struct.pack("<I", 10) + b"\x00" * 10
WEBP = b"RIFF" + struct.pack("<I", 4 + len(_VP8)) + b"WEBP" + _VP8


def office(part: str, **more: bytes) -> dict[str, bytes | str]:
    """The members of a document of Microsoft's kind."""
    return {"[Content_Types].xml": "<Types/>", "_rels/.rels": "<Relationships/>", part: "<x/>", **more}


def open_document(kind: str) -> dict[str, bytes | str]:
    """The members of an OpenDocument."""
    return {"mimetype": OPEN + kind, "content.xml": "<x/>", "META-INF/manifest.xml": "<x/>"}


DOCX = packed(office("word/document.xml"))
TAKEN: dict[str, tuple[str, bytes, str]] = {
    "pdf": ("Biên bản đã ký.pdf", PDF, "application/pdf"),
    "png": ("ảnh.PNG", PNG, "image/png"),
    "jpeg": ("scan 1.jpeg", JPEG, "image/jpeg"),
    "webp": ("ảnh.webp", WEBP, "image/webp"),
    "docx": ("báo cáo.docx", DOCX, f"{OFFICE}wordprocessingml.document"),
    "docx with a sheet in it": (
        "báo cáo.docx",
        packed(office("word/document.xml") | {"word/embeddings/s.xlsx": packed(office("xl/workbook.xml"))}),
        f"{OFFICE}wordprocessingml.document",
    ),
    "xlsx": ("số liệu.xlsx", packed(office("xl/workbook.xml")), f"{OFFICE}spreadsheetml.sheet"),
    "pptx": (
        "trình chiếu.pptx",
        packed(office("ppt/presentation.xml")),
        f"{OFFICE}presentationml.presentation",
    ),
    "odt": ("báo cáo.odt", packed(open_document("text")), f"{OPEN}text"),
    "ods": ("số liệu.ods", packed(open_document("spreadsheet")), f"{OPEN}spreadsheet"),
    "txt": ("ghi chú.txt", TEXT, "text/plain"),
    "csv": ("số liệu.csv", CSV, "text/csv"),
}


def _bomb() -> bytes:
    return packed(office("word/document.xml", bomb=b"\x00" * 50_000_000))


def _many() -> bytes:
    """Forty thousand members of nothing."""
    return packed({f"{n}": b"" for n in range(20_000)}, zipfile.ZIP_STORED)


def _nested() -> bytes:
    inner = packed(office("xl/workbook.xml"))
    middle = packed(office("word/document.xml") | {"a.xlsx": inner})
    return packed(office("word/document.xml") | {"b.docx": middle})


def _overlapping() -> bytes:
    """Two names for the same bytes: the directory says them twice."""
    whole = packed({"a": b"x" * 1000, "b": b"x" * 1000}, zipfile.ZIP_STORED)
    at = whole.index(b"PK\x01\x02")
    second = whole.index(b"PK\x01\x02", at + 1)
    return whole[: second + 42] + b"\x00" * 4 + whole[second + 46 :]


def _lying() -> bytes:
    """A member that says it is small, and is not."""
    whole = bytearray(packed(office("word/document.xml", big=b"\x00" * 3_000_000)))
    for place in (whole.index(b"big") - 8, whole.rindex(b"big") - 22):
        whole[place : place + 4] = struct.pack("<I", 10)
    return bytes(whole)


HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "nothing": ("a.txt", b"", "file_empty"),
    "a zip bomb": ("a.docx", _bomb(), "archive_too_large"),
    "an archive of very many": ("a.docx", _many(), "archive_too_large"),
    "archives nested three deep": ("a.docx", _nested(), "archive_too_deep"),
    "members that share their bytes": ("a.docx", _overlapping(), "archive_broken"),
    "a member that lies of its size": ("a.docx", _lying(), "archive_broken"),
    "a member above its folder": (
        "a.docx",
        packed(office("word/document.xml") | {"../../etc/cron.d/x": "x"}),
        "archive_path",
    ),
    "a member of another drive": (
        "a.docx",
        packed(office("word/document.xml") | {"C:x": "x"}),
        "archive_path",
    ),
    "a member at the root": (
        "a.docx",
        packed(office("word/document.xml") | {"/etc/x": "x"}),
        "archive_path",
    ),
    "macros": ("a.docx", packed(office("word/document.xml") | {"word/vbaProject.bin": "x"}), "file_active"),
    "a plain archive": ("a.docx", packed({"a.txt": "x"}), "file_kind"),
    "two documents in one": (
        "a.docx",
        packed(office("word/document.xml") | {"xl/workbook.xml": "x"}),
        "file_kind",
    ),
    "an archive cut off": ("a.docx", DOCX[:-30], "archive_broken"),
    "an archive with something after it": ("a.docx", DOCX + b"<script>", "archive_broken"),
    "a PDF after a beginning of an archive": ("a.docx", DOCX[:30] + PDF + DOCX[30:], "file_of_two_kinds"),
    "a PDF that is an archive too": ("a.pdf", PDF + DOCX, "file_of_two_kinds"),
    "a PDF after junk": ("a.pdf", b"junk\n" + PDF, "file_of_two_kinds"),
    "a PDF after junk that is no text": ("a.pdf", b"\x00junk\n" + PDF, "file_of_two_kinds"),
    "a PDF cut off": ("a.pdf", PDF[:40], "file_broken"),
    "a picture that is an archive too": ("a.jpg", JPEG + DOCX, "file_of_two_kinds"),
    "a PNG with something after it": ("a.png", PNG + b"MZ\x90\x00", "file_broken"),
    "a picture with a PDF in it": ("a.jpg", JPEG[:20] + PDF + JPEG[20:], "file_of_two_kinds"),
    "a page called text": (
        "a.txt",
        "Xin chào <ScRiPt src=//a>".encode(),
        "file_markup",
    ),
    "a page": ("a.html", b"<!DOCTYPE html><html><body>", "file_markup"),
    "a drawing": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "file_markup"),
    "XML": ("a.txt", b'<?xml version="1.0"?><!DOCTYPE a>', "file_markup"),
    "a program": ("a.pdf", b"MZ\x90\x00" + b"\x00" * 100, "file_kind"),
    "a moving picture": ("a.png", b"GIF89a" + b"\x00" * 30, "file_kind"),
    "text of another encoding": ("a.txt", "Biên bản".encode("utf-16"), "file_kind"),
    "text with a NUL": ("a.txt", b"a\x00b", "file_kind"),
    "an old Word document": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file_kind"),
    "text that is called a program": ("a.exe", TEXT, "file_name_ending"),
    "a picture that is called a document": ("a.pdf", PNG, "file_name_ending"),
    "text without an ending": ("README", TEXT, "file_name_ending"),
}
NAMES: dict[str, str] = {
    "x" * 300 + ".pdf": "file_name_too_long",
    "ế" * 90 + ".pdf": "file_name_too_long",
    "../../etc/passwd.pdf": "file_name_characters",
    "a/b.pdf": "file_name_characters",
    "a\\b.pdf": "file_name_characters",
    "C:a.pdf": "file_name_characters",
    "a\u202efdp.exe": "file_name_characters",
    "a\u2066b.pdf": "file_name_characters",
    "\u05d0\u05d1.pdf": "file_name_characters",
    "\u0645\u0644\u0641.pdf": "file_name_characters",
    "a\u200bb.pdf": "file_name_characters",
    "a\u0085b.pdf": "file_name_characters",
    "a" + "\u0301" * 60 + ".pdf": "file_name_characters",
    "..": "file_name_missing",
    " ": "file_name_missing",
}
