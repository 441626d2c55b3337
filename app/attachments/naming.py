"""The name of a file: kept to be shown and offered, in one form, and never used as a path."""

import re
import unicodedata
from urllib.parse import quote

from app import text
from app.schema import refuse

LONGEST = 255  # bytes, as file systems count
SEPARATORS = frozenset("/\\:")
# What is not shown, or turns around what stands beside it: "gpj.exe" read from the right is another file.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
BACKWARDS = {"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"}
PLAIN = re.compile(r"[^A-Za-z0-9._ -]")


def checked(given: str | None) -> str:
    """The name in NFC. Raises ValidationError where it could mislead, or stand for a place."""
    name = text.nfc(given or "").strip()
    if not name.strip("."):
        _refuse("file_name_missing", "Tệp phải có tên", "The file needs a name")
    if len(name.encode(errors="surrogatepass")) > LONGEST:
        _refuse(
            "file_name_too_long",
            f"Tên tệp nhiều nhất {LONGEST} byte",
            f"The file's name is {LONGEST} bytes at most",
        )
    if text.is_heaped(name) or not all(map(_is_plain, name)):
        _refuse(
            "file_name_characters",
            "Tên tệp có ký tự không dùng được: dấu phân cách thư mục, ký tự ẩn hoặc viết từ phải sang trái",
            "The file's name has what no name may: a separator of folders, hidden letters, or such as are "
            "written from the right",
        )
    return name


def _is_plain(letter: str) -> bool:
    return (
        letter not in SEPARATORS
        and unicodedata.category(letter) not in HIDDEN
        and unicodedata.bidirectional(letter) not in BACKWARDS
    )


def ending(name: str) -> str:
    """What it ends with, in lower case: pdf."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def disposition(name: str) -> str:
    """For Content-Disposition, as RFC 6266 and RFC 5987 write it: once for everybody, once as it is."""
    ascii_name = PLAIN.sub("_", unicodedata.normalize("NFKD", name).replace("đ", "d").replace("Đ", "D"))
    ascii_name = re.sub("_+", "_", ascii_name)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _refuse(code: str, vi: str, en: str) -> None:
    refuse("file", code, vi, en)
