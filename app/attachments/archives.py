"""Packed documents: whether an archive is what it says, opens to a bounded size, and names no place."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, NoReturn

from app.schema import refuse

END = struct.Struct("<4s4H2LH")  # of the central directory
HEADER = 30  # bytes before a member, and its name after them
SIGNATURE = b"PK\x03\x04"
MOST_MEMBERS = 5_000
MOST_DIRECTORY = 1_048_576  # bytes of the central directory, which is read whole
MOST_UNPACKED = 209_715_200
MOST_RATIO = 200  # unpacked to packed, of what is more than small
SMALL = 1_048_576
DEEPEST = 2  # an archive in an archive, as a sheet in a text; not one in that
PART = 65_536
OUTSIDE = re.compile(r"(^|/)\.\.(/|$)|^/|^[A-Za-z]:|[\\\x00-\x1f\x7f]")
READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error)


@dataclass
class Budget:
    """What may still be unpacked."""

    left: int = MOST_UNPACKED

    def spend(self, size: int) -> None:
        """Raises ValidationError where it is used up."""
        self.left -= size
        if self.left < 0:
            too_large()


def too_large() -> NoReturn:
    """Refuse what opens to more than anybody would store."""
    words = "Tệp nén mở ra quá lớn", "The packed file opens to too much"
    refuse("file", "archive_too_large", *words)


def broken() -> NoReturn:
    """Refuse what is no sound archive."""
    refuse(
        "file", "archive_broken", "Tệp nén bị hỏng hoặc bị sửa", "The packed file is broken or tampered with"
    )


def inspected(file: IO[bytes]) -> dict[str, bytes]:
    """The names of its members, each with how it begins. Every byte has been unpacked, and none kept."""
    return _opened(file, Budget(), depth=1)


def _opened(file: IO[bytes], budget: Budget, depth: int) -> dict[str, bytes]:
    _refuse_a_tail(file)
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _refuse_members(members)
            for one in members:
                found[one.filename] = _unpacked(archive, one, budget, depth)
    except BROKEN:
        broken()
    return found


def _refuse_a_tail(file: IO[bytes]) -> None:
    """It begins and ends as an archive, with nothing before, between or after: else it is also another."""
    size = file.seek(0, 2)
    if size < END.size:
        broken()
    file.seek(size - END.size)
    signature, disk, first, here, number, length, begins, comment = END.unpack(file.read(END.size))
    is_whole = signature == b"PK\x05\x06" and not (disk or first or comment) and here == number
    if not is_whole or begins + length + END.size != size:
        broken()
    if number > MOST_MEMBERS or length > MOST_DIRECTORY:
        too_large()
    file.seek(0)
    if file.read(len(SIGNATURE)) != SIGNATURE:
        broken()
    file.seek(0)


def _refuse_members(members: Sequence[zipfile.ZipInfo]) -> None:
    for one in members:
        if OUTSIDE.search(one.orig_filename) or stat.S_ISLNK(one.external_attr >> 16):
            words = "Tệp nén chỉ ra ngoài thư mục", "A member of the packed file points outside it"
            refuse("file", "archive_path", *words)
        if one.flag_bits & 1:
            words = "Không nhận tệp có mật khẩu", "A file with a password is not taken"
            refuse("file", "archive_encrypted", *words)
        if one.compress_type not in READABLE:
            broken()
        if one.file_size > SMALL and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            too_large()
    if len({one.filename for one in members}) != len(members) or _overlap(members):
        broken()
    Budget().spend(sum(one.file_size for one in members))


def _overlap(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Two members that share their bytes unpack to more than the file says."""
    ends = 0
    for one in sorted(members, key=lambda member: member.header_offset):
        if one.header_offset < ends:
            return True
        ends = one.header_offset + HEADER + one.compress_size
    return False


def _unpacked(archive: zipfile.ZipFile, one: zipfile.ZipInfo, budget: Budget, depth: int) -> bytes:
    with archive.open(one) as member:
        first = member.read(PART)
        budget.spend(len(first))
        if not first.startswith(SIGNATURE):
            for part in _rest(member):
                budget.spend(len(part))
            return first
        if depth >= DEEPEST:
            words = "Tệp nén lồng quá sâu", "Packed files are nested too deep"
            refuse("file", "archive_too_deep", *words)
        with SpooledTemporaryFile(max_size=SMALL) as inner:
            inner.write(first)
            for part in _rest(member):
                budget.spend(len(part))
                inner.write(part)
            _opened(inner, budget, depth + 1)
    return first


def _rest(member: IO[bytes]) -> Iterator[bytes]:
    while part := member.read(PART):
        yield part
