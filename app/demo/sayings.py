"""What was said, found and directed at the made-up briefing."""

from app import example_ids as ids
from app.demo import making
from app.types import Json
from app.work import Work

SPEECHES: tuple[Json, ...] = (
    {
        "speaker_id": ids.STANDING_DEPUTY,
        "organization_id": ids.PARTY,
        "agenda_item_id": ids.BRIEFING_REPORT,
        "kind": "report",
        "summary": "Trình bày báo cáo kết quả quý và phương hướng quý tới.",
    },
    {
        "speaker_id": ids.UNION_CHAIR,
        "organization_id": ids.TRADE_UNION,
        "agenda_item_id": ids.BRIEFING_DISCUSSION,
        "kind": "discussion",
        "summary": "Công nhân làm ca nên khó tổ chức sinh hoạt; đề nghị họp vào cuối tuần.",
    },
    {
        "attribution_text": "Đại diện Thôn Một",
        "organization_id": ids.VILLAGE_ONE,
        "agenda_item_id": ids.BRIEFING_DISCUSSION,
        "kind": "discussion",
        "summary": "Đường liên thôn xuống cấp sau mưa, đề nghị xã bố trí kinh phí duy tu.",
    },
    {
        "speaker_id": ids.PROVINCIAL_OFFICIAL,
        "organization_id": ids.PROVINCE_OFFICE,
        "agenda_item_id": ids.BRIEFING_DIRECTIVE,
        "kind": "directive",
        "summary": "Đề nghị xã rà soát việc chậm, phân công rõ người, rõ việc, rõ thời hạn.",
    },
    {
        "speaker_id": ids.SECRETARY,
        "organization_id": ids.PARTY,
        "kind": "closing_remarks",
        "summary": "Cảm ơn các đại biểu; tuyên bố bế mạc.",
    },
)
FINDINGS: tuple[Json, ...] = (
    {
        "kind": "result",
        "field": "party_building",
        "organization_id": ids.PARTY_BUILDING,
        "text": "12/12 chi bộ sinh hoạt chuyên đề; kết nạp 3 đảng viên (số liệu mẫu).",
    },
    {
        "kind": "result",
        "field": "socio_economic",
        "organization_id": ids.COMMITTEE,
        "text": "Thu ngân sách đạt 78% dự toán; giải quyết hồ sơ đúng hạn 96% (số liệu mẫu).",
    },
    {
        "kind": "limitation",
        "field": "digital_transformation",
        "organization_id": ids.COMMITTEE,
        "agenda_item_id": ids.BRIEFING_DISCUSSION,
        "text": "Số hóa hồ sơ đất đai mới đạt 40% kế hoạch quý (số liệu mẫu).",
    },
    {
        "kind": "cause",
        "field": "digital_transformation",
        "agenda_item_id": ids.BRIEFING_DISCUSSION,
        "text": "Thiếu máy quét; cán bộ kiêm nhiệm nhiều việc.",
        "cause_of_id": ids.LIMITATION,
    },
    {
        "kind": "recommendation",
        "field": "digital_transformation",
        "organization_id": ids.COMMITTEE,
        "text": "Đề nghị tỉnh bổ sung thiết bị số hóa.",
        "response_status": "referred",
        "response_text": "Văn phòng Tỉnh ủy ghi nhận, chuyển Sở phụ trách.",
    },
    {
        "kind": "recommendation",
        "field": "socio_economic",
        "organization_id": ids.VILLAGE_ONE,
        "text": "Bố trí kinh phí duy tu đường liên thôn.",
    },
    {
        "kind": "lesson",
        "text": "Việc có người phụ trách và thời hạn cụ thể thì hoàn thành đúng hạn.",
    },
)
DIRECTIVES: tuple[Json, ...] = (
    {"speech_id": ids.SPEECH, "text": "Rà soát các việc chậm; phân công rõ người, rõ việc, rõ thời hạn."},
    {
        "speech_id": ids.SPEECH,
        "field": "digital_transformation",
        "text": "Hoàn thành số hóa hồ sơ đất đai trong quý tới.",
    },
    {
        "kind": "conclusion",
        "issued_by_id": ids.SECRETARY,
        "text": "Giao Văn phòng ban hành thông báo kết luận trong ba ngày.",
    },
)


def make(work: Work) -> None:
    """In the order in which they were said."""
    making.said_there(work, ids.BRIEFING, SPEECHES, FINDINGS, DIRECTIVES)
