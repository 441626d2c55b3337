"""What pydantic found wrong, where it stands, and what to mend, in both languages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from app.errors import Fault, ValidationError, Words

MOST = 100  # faults that one answer lists

SAYINGS: Mapping[str, Words] = {
    "repeated": Words("Chỉ được nêu một lần", "It may be given but once"),
    "too_many": Words("Nhiều nhất 1000 giá trị", "At most 1000 values"),
    "too_many_faults": Words("Hơn 1000 lỗi", "More than 1000 errors"),
    "missing": Words("Bắt buộc phải có", "It is required"),
    "extra_forbidden": Words("Không có thành phần này", "There is no such member"),
    "string_type": Words("Phải là chuỗi", "It must be a string"),
    "string_too_short": Words("Ít nhất {min_length} ký tự", "At least {min_length} characters"),
    "string_too_long": Words("Nhiều nhất {max_length} ký tự", "At most {max_length} characters"),
    "string_pattern_mismatch": Words("Phải theo mẫu {pattern}", "It must match {pattern}"),
    "control_character": Words(
        "Không được có ký tự điều khiển", "Control characters other than line breaks are refused"
    ),
    "heaped_marks": Words("Nhiều nhất 30 dấu trên một chữ", "At most 30 marks on one letter"),
    "int_type": Words("Phải là số nguyên", "It must be a whole number"),
    "int_parsing": Words("Phải là số nguyên", "It must be a whole number"),
    "int_from_float": Words("Phải là số nguyên", "It must be a whole number"),
    "int_parsing_size": Words("Số quá lớn", "The number is too large"),
    "float_type": Words("Phải là số", "It must be a number"),
    "bool_type": Words("Phải là true hoặc false", "It must be true or false"),
    "bool_parsing": Words("Phải là true hoặc false", "It must be true or false"),
    "greater_than_equal": Words("Ít nhất là {ge}", "At least {ge}"),
    "less_than_equal": Words("Nhiều nhất là {le}", "At most {le}"),
    "uuid_type": Words("Phải là UUID", "It must be a UUID"),
    "uuid_parsing": Words("Phải là UUID", "It must be a UUID"),
    "enum": Words("Phải là một trong: {expected}", "It must be one of: {expected}"),
    "literal_error": Words("Phải là một trong: {expected}", "It must be one of: {expected}"),
    "list_type": Words("Phải là danh sách", "It must be a list"),
    "too_long": Words("Nhiều nhất {max_length} phần tử", "At most {max_length} items"),
    "too_short": Words("Ít nhất {min_length} phần tử", "At least {min_length} items"),
    "model_attributes_type": Words("Phải là đối tượng JSON", "It must be a JSON object"),
    "model_type": Words("Phải là đối tượng JSON", "It must be a JSON object"),
    "dict_type": Words("Phải là đối tượng JSON", "It must be a JSON object"),
    "instant_format": Words(
        "Thời điểm phải theo RFC 3339 và có múi giờ, ví dụ 2025-09-04T08:00:00+07:00",
        "An instant is RFC 3339 with its offset, such as 2025-09-04T08:00:00+07:00",
    ),
    "date_format": Words(
        "Ngày phải theo YYYY-MM-DD, ví dụ 2025-09-04", "A date is YYYY-MM-DD, such as 2025-09-04"
    ),
    "date_from_datetime_parsing": Words("Không có ngày này trong lịch", "There is no such day"),
    "date_parsing": Words("Không có ngày này trong lịch", "There is no such day"),
    "datetime_parsing": Words("Không có thời điểm này", "There is no such instant"),
    "datetime_from_date_parsing": Words("Không có thời điểm này", "There is no such instant"),
    "quarter_format": Words("Quý phải theo dạng 2025-Q4", "A quarter is written 2025-Q4"),
    "period_format": Words(
        "Kỳ phải theo dạng 2025-Q3, 2025-M09, 2025-H1, 2025-9M hoặc 2025",
        "A period is written 2025-Q3, 2025-M09, 2025-H1, 2025-9M or 2025",
    ),
}
OTHER = Words("Giá trị không hợp lệ", "This value is not valid")


def faults(errors: Iterable[Mapping[str, Any]]) -> Sequence[Fault]:
    """Each of pydantic's errors, and of what our models refuse. Values are never echoed."""
    return list(islice((fault for error in errors for fault in _faults(error)), MOST))


def _faults(error: Mapping[str, Any]) -> Iterator[Fault]:
    refused = (error.get("ctx") or {}).get("error")
    if not isinstance(refused, ValidationError):
        yield _fault(error)
        return
    within = pointer(error["loc"][1:])
    for one in refused.errors:
        yield one._replace(name=within + one.name.removeprefix("#"))


def _fault(error: Mapping[str, Any]) -> Fault:
    where, *path = error["loc"]
    kind = str(error["type"])
    words = (error.get("ctx") or {}).get("words") or SAYINGS.get(kind, OTHER)
    known = {k: v for k, v in (error.get("ctx") or {}).items() if isinstance(v, int | float | str)}
    said = Words(*(_filled(one, known) for one in words))
    if where != "body":
        return Fault(str(where), str(path[0]) if path else "", kind, said)
    return Fault("body", pointer(path), kind, said)


def pointer(path: Iterable[object]) -> str:
    """RFC 6901, as a fragment in raw Unicode."""
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _filled(saying: str, known: Mapping[str, Any]) -> str:
    try:
        return saying.format(**known)
    except (KeyError, ValueError):
        return saying
