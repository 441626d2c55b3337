"""What the documentation shows of findings and directives, in terms of the example data."""

from app import example_ids as ids
from app.types import Json

FINDING_IN: Json = {
    "agenda_item_id": ids.BRIEFING_DISCUSSION,
    "speech_id": ids.SPEECH,
    "kind": "cause",
    "field": "digital_transformation",
    "organization_id": ids.COMMITTEE,
    "text": "Một bộ phận hồ sơ giấy cũ rách, mờ, phải đối chiếu thủ công trước khi số hóa (dữ liệu mẫu).",
    "cause_of_id": ids.LIMITATION,
}
FINDING_PATCH: Json = {
    "field": "digital_transformation",
    "text": "Số hóa hồ sơ đất đai mới đạt 40% kế hoạch quý, chậm so với yêu cầu (số liệu mẫu).",
}
FINDING: Json = {
    **ids.resource(ids.LIMITATION),
    "meeting_id": ids.BRIEFING,
    "period": "2026-Q3",
    "agenda_item_id": ids.BRIEFING_DISCUSSION,
    "speech_id": None,
    "position": 2,
    "kind": "limitation",
    "field": "digital_transformation",
    "organization_id": ids.COMMITTEE,
    "text": "Số hóa hồ sơ đất đai mới đạt 40% kế hoạch quý (số liệu mẫu).",
    "cause_of_id": None,
    "response_text": None,
    "response_status": None,
}
DIRECTIVE_IN: Json = {
    "speech_id": ids.SPEECH,
    "kind": "instruction",
    "field": "digital_transformation",
    "text": "UBND xã lập tổ số hóa lưu động, mỗi tuần đến một thôn (dữ liệu mẫu).",
}
DIRECTIVE_PATCH: Json = {
    "kind": "instruction",
    "text": "Rà soát các việc chậm; mỗi việc ghi rõ người làm, thời hạn và kết quả phải đạt.",
}
DIRECTIVE: Json = {
    **ids.resource(ids.DIRECTIVE),
    "meeting_id": ids.BRIEFING,
    "speech_id": ids.SPEECH,
    "agenda_item_id": ids.BRIEFING_DIRECTIVE,
    "position": 0,
    "kind": "instruction",
    "issued_by_id": ids.PROVINCIAL_OFFICIAL,
    "title_snapshot": "Phó Chánh Văn phòng Tỉnh ủy",
    "field": None,
    "text": "Rà soát các việc chậm; phân công rõ người, rõ việc, rõ thời hạn.",
}
