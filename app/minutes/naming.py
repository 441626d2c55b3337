"""What a person calls each part of a record, in both languages."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, get_args

from pydantic import BaseModel

from app.db import ZONE
from app.errors import Words
from app.types import Json
from app.vocabulary import Vocabulary

LISTS: Mapping[str, Words] = {
    "participations": Words("Thành phần dự", "Participation"),
    "agenda_items": Words("Nội dung chương trình", "Agenda item"),
    "speeches": Words("Phát biểu", "Speech"),
    "findings": Words("Nội dung đánh giá", "Finding"),
    "directives": Words("Chỉ đạo, kết luận", "Directive"),
    "reviews": Words("Đánh giá nhiệm vụ", "Task review"),
    "quarterly_tasks": Words("Nhiệm vụ", "Task"),
}
MEMBERS: Mapping[str, Words] = {
    "above": Words("cơ quan cấp trên", "bodies above"),
    "absence_reason": Words("lý do vắng", "reason of absence"),
    "agenda_item_id": Words("thuộc mục chương trình", "agenda item"),
    "assessed_progress": Words("tiến độ đánh giá (%)", "assessed progress (%)"),
    "assignments": Words("phân công", "assignments"),
    "attendance": Words("có mặt", "attendance"),
    "attribution_text": Words("người phát biểu (ghi theo lời)", "attribution"),
    "audience": Words("đối tượng dự", "audience"),
    "carried_from_id": Words("chuyển từ nhiệm vụ", "carried from"),
    "cause_of_id": Words("là nguyên nhân của", "cause of"),
    "change_note": Words("nội dung sửa đổi", "change note"),
    "code": Words("mã", "code"),
    "comment": Words("nhận xét", "comment"),
    "data_cutoff_on": Words("số liệu tính đến ngày", "data cut-off"),
    "date": Words("ngày văn bản", "date"),
    "description": Words("mô tả", "description"),
    "directive_id": Words("theo chỉ đạo", "directive"),
    "disposition": Words("hướng xử lý", "disposition"),
    "document": Words("Văn bản", "Document"),
    "due_date": Words("thời hạn", "due date"),
    "ended_at": Words("kết thúc lúc", "ended at"),
    "ends_at": Words("kết thúc lúc", "ends at"),
    "expected_result": Words("sản phẩm phải đạt", "expected result"),
    "field": Words("lĩnh vực", "field"),
    "form": Words("dạng dữ liệu", "form"),
    "format": Words("hình thức", "format"),
    "full_name": Words("họ tên", "full name"),
    "full_text": Words("toàn văn", "full text"),
    "headcount": Words("số người", "headcount"),
    "held_on": Words("ngày họp", "day"),
    "honorific": Words("danh xưng", "honorific"),
    "host": Words("cơ quan chủ trì", "host"),
    "id": Words("mã định danh", "id"),
    "issued_by": Words("người chỉ đạo", "issued by"),
    "kind": Words("loại", "kind"),
    "lead": Words("cơ quan chủ trì", "lead"),
    "level": Words("cấp", "level"),
    "line": Words("khối", "line"),
    "location": Words("địa điểm", "location"),
    "meeting": Words("Hội nghị", "Meeting"),
    "minutes_text": Words("diễn biến", "minutes"),
    "name": Words("tên", "name"),
    "new_lead": Words("cơ quan chủ trì mới", "new lead"),
    "number": Words("số", "number"),
    "online_url": Words("đường dẫn trực tuyến", "online address"),
    "organization": Words("cơ quan", "organization"),
    "parent_id": Words("thuộc mục", "parent"),
    "period": Words("kỳ", "period"),
    "place": Words("nơi ban hành", "place"),
    "plan_period": Words("kỳ triển khai", "planned period"),
    "position": Words("thứ tự", "position"),
    "presenter": Words("người trình bày", "presenter"),
    "presenting_organization": Words("cơ quan trình bày", "presenting organization"),
    "previous_meeting_id": Words("hội nghị trước", "previous meeting"),
    "quarter": Words("quý", "quarter"),
    "rating": Words("kết quả đánh giá", "rating"),
    "recipients": Words("nơi nhận", "recipients"),
    "record": Words("nguồn ghi", "record"),
    "response_status": Words("trạng thái trả lời", "response status"),
    "response_text": Words("trả lời", "response"),
    "review_period": Words("kỳ đánh giá", "reviewed period"),
    "role": Words("vai trò", "role"),
    "short_name": Words("tên tắt", "short name"),
    "sign_as": Words("thể thức ký", "signs as"),
    "signers": Words("người ký", "signers"),
    "source_text": Words("nguồn", "source"),
    "speaker": Words("người", "person"),
    "speech_id": Words("theo phát biểu", "speech"),
    "started_at": Words("bắt đầu lúc", "started at"),
    "starts_at": Words("bắt đầu lúc", "starts at"),
    "status": Words("trạng thái", "status"),
    "substitute_for": Words("dự thay", "substitute for"),
    "summary": Words("tóm tắt", "summary"),
    "symbol": Words("số, ký hiệu", "number and symbol"),
    "task_code": Words("mã nhiệm vụ", "task code"),
    "task_id": Words("nhiệm vụ", "task"),
    "task_quarter": Words("quý của nhiệm vụ", "quarter of the task"),
    "task_title": Words("tên nhiệm vụ", "task title"),
    "text": Words("nội dung", "text"),
    "title": Words("tên", "title"),
    "title_snapshot": Words("chức vụ", "title of the day"),
    "version": Words("lần ký", "version"),
    **LISTS,
}
NOTHING = Words("(không có)", "(none)")
TITLED_BY = ("task_title", "title", "text", "attribution_text", "full_name", "name")
NAMED = ("speaker", "organization")  # where a row has no title of its own


def kinds_in(annotation: Any) -> list[type]:
    """Every class that an annotation is made of."""
    if inner := get_args(annotation):
        return [one for each in inner for one in kinds_in(each)]
    return [annotation] if isinstance(annotation, type) else []


def kind_in(annotation: Any, of: type) -> type | None:
    """The one in it that is such a class."""
    return next((one for one in kinds_in(annotation) if issubclass(one, of)), None)


def title(row: Json) -> str:
    """By which a person recognises a row: its title, its text, or whose it is."""
    own = next((str(row[name]) for name in TITLED_BY if row.get(name)), "")
    whose = next((title(row[name]) for name in NAMED if row.get(name)), "")
    code = row.get("task_code") or (row.get("code") if own else None) or row.get("number")
    return " ".join(str(part) for part in (code, own or whose) if part)


def spoken(value: Any, annotation: Any) -> Words:
    """A value of a record, in words."""
    if value is None or value == []:
        return NOTHING
    if isinstance(value, list):
        each = [spoken(one, annotation) for one in value]
        return Words(*("; ".join(one) for one in zip(*each, strict=True)))
    if isinstance(value, dict):
        return _of_an_object(value, kind_in(annotation, BaseModel))
    return _of_a_word(value, annotation)


def _of_a_word(value: Any, annotation: Any) -> Words:
    if (vocabulary := kind_in(annotation, Vocabulary)) is not None:
        known: Any = vocabulary(value)
        return Words(known.label_vi, known.label_en)
    if kind_in(annotation, datetime) is not None:
        moment = datetime.fromisoformat(value).astimezone(ZONE)
        return Words(f"{moment:%H:%M %d/%m/%Y}", f"{moment:%Y-%m-%d %H:%M}")
    if kind_in(annotation, date) is not None:
        return Words(f"{date.fromisoformat(value):%d/%m/%Y}", value)
    return Words(str(value), str(value))


def _of_an_object(value: Json, kind: type | None) -> Words:
    """Whose it is, and in which role."""
    fields = getattr(kind, "model_fields", {})
    role = spoken(value["role"], fields["role"].annotation) if "role" in fields else None
    if role is None:
        return Words(title(value), title(value))
    return Words(f"{title(value)} ({role.vi})", f"{title(value)} ({role.en})")
