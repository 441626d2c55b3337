"""What the documentation shows of speeches, in terms of the example data."""

from app import example_ids as ids
from app.types import Json

SPEECH_IN: Json = {
    "agenda_item_id": ids.BRIEFING_DISCUSSION,
    "speaker_id": ids.YOUTH_SECRETARY,
    "organization_id": ids.YOUTH,
    "kind": "discussion",
    "summary": "Đoàn xã nhận hỗ trợ người cao tuổi nộp hồ sơ trực tuyến vào sáng thứ Bảy (dữ liệu mẫu).",
}
SPEECH_PATCH: Json = {
    "summary": "Đề nghị xã rà soát việc chậm, phân công rõ người, rõ việc, rõ thời hạn và rõ kết quả.",
    "full_text": None,
}
SPEECH: Json = {
    **ids.resource(ids.SPEECH),
    "meeting_id": ids.BRIEFING,
    "agenda_item_id": ids.BRIEFING_DIRECTIVE,
    "position": 3,
    "speaker_id": ids.PROVINCIAL_OFFICIAL,
    "attribution_text": None,
    "organization_id": ids.PROVINCE_OFFICE,
    "title_snapshot": "Phó Chánh Văn phòng Tỉnh ủy",
    "kind": "directive",
    "summary": "Đề nghị xã rà soát việc chậm, phân công rõ người, rõ việc, rõ thời hạn.",
    "full_text": None,
    "started_at": None,
    "ended_at": None,
}
