"""What the documentation shows of quarterly tasks, in terms of the example data.

The quarters of the example data are those of the day it was loaded, so what is sent names no meeting of it.
"""

from app import example_ids as ids
from app.types import Json

QUARTERLY_TASK_IN: Json = {
    "issuing_organization_id": ids.PARTY,
    "title": "Hướng dẫn người dân hai thôn sử dụng dịch vụ công trực tuyến",
    "description": "Mỗi thôn một tổ công nghệ số cộng đồng, hướng dẫn tại nhà văn hóa vào cuối tuần.",
    "expected_result": "70% hộ có người biết nộp hồ sơ trực tuyến.",
    "measures": [{"name": "Hộ được hướng dẫn", "unit": "hộ", "target": 350}],
    "kind": "key",
    "priority": "high",
    "field": "digital_transformation",
    "quarter": "2026-Q4",
    "source_document": {"number": "15-KH/ĐU (dữ liệu mẫu)", "date": "2026-10-02", "excerpt": None},
    "issued_by_id": ids.STANDING_DEPUTY,
    "start_date": "2026-12-01",
    "due_date": "2026-12-20",
    "assignments": [
        {"organization_id": ids.COMMITTEE, "role": "lead", "speaker_id": ids.COMMITTEE_CHAIR},
        {"organization_id": ids.YOUTH, "role": "coordinating"},
        {"organization_id": ids.OFFICE, "role": "supervising"},
    ],
}
QUARTERLY_TASK_FROM: Json = {
    "title": "Lập tổ số hóa hồ sơ lưu động, mỗi tuần đến một thôn",
    "expected_result": "100% hồ sơ đất đai phát sinh được số hóa.",
    "assignments": [
        {"organization_id": ids.COMMITTEE, "role": "lead", "speaker_id": ids.COMMITTEE_CHAIR},
        {"organization_id": ids.YOUTH, "role": "coordinating"},
    ],
}
QUARTERLY_TASK_PATCH: Json = {
    "expected_result": "12 chi bộ sinh hoạt chuyên đề; kết nạp 6 đảng viên.",
    "measures": [
        {"name": "Chi bộ sinh hoạt chuyên đề", "unit": "chi bộ", "target": 12, "achieved": 9},
        {"name": "Kết nạp đảng viên", "unit": "người", "target": 6, "achieved": 3},
    ],
    "priority": "urgent",
    "result_summary": None,
}
QUARTERLY_TASK: Json = {
    **ids.resource(ids.TASK, version=5),
    "code": "NV-0000200000",
    "title": "Nâng cao chất lượng sinh hoạt chi bộ, phát triển đảng viên mới",
    "description": "Mỗi chi bộ sinh hoạt chuyên đề ít nhất một buổi; kết nạp đảng viên mới.",
    "expected_result": "12 chi bộ sinh hoạt chuyên đề; kết nạp 5 đảng viên.",
    "measures": [
        {
            "name": "Chi bộ sinh hoạt chuyên đề",
            "unit": "chi bộ",
            "target": 12.0,
            "achieved": 7.0,
            "percent": 58.33,
        },
        {"name": "Kết nạp đảng viên", "unit": "người", "target": 5.0, "achieved": 2.0, "percent": 40.0},
    ],
    "kind": "key",
    "priority": "high",
    "field": "party_building",
    "quarter": "2026-Q4",
    "parent_id": None,
    "source_document": {
        "number": "12-CTr/ĐU (dữ liệu mẫu)",
        "date": "2026-01-05",
        "excerpt": "Chú trọng chất lượng sinh hoạt chi bộ và phát triển đảng viên.",
    },
    "set_at_meeting_id": ids.BRIEFING,
    "agenda_item_id": ids.BRIEFING_PLAN,
    "directive_id": None,
    "answers_finding_id": None,
    "issuing_organization_id": ids.PARTY,
    "issued_by_id": ids.SECRETARY,
    "lead_organization_id": ids.PARTY_BUILDING,
    "assignments": [
        {"organization_id": ids.PARTY_BUILDING, "role": "lead", "speaker_id": ids.PARTY_BUILDING_HEAD},
        {"organization_id": ids.YOUTH, "role": "coordinating", "speaker_id": None},
        {"organization_id": ids.TRADE_UNION, "role": "coordinating", "speaker_id": None},
        {"organization_id": ids.INSPECTION, "role": "supervising", "speaker_id": None},
    ],
    "start_date": None,
    "due_date": None,
    "effective_due_date": "2026-12-31",
    "due_beyond_quarter": False,
    "original_due_date": "2026-12-31",
    "root_due_date": "2026-12-31",
    "completed_on": None,
    "status": "in_progress",
    "allowed_transitions": ["suspend", "report_completion", "cancel"],
    "progress_percent": 45,
    "result_summary": None,
    "timeliness": "open_within_deadline",
    "days_overdue": 0,
    "carried_from_id": None,
    "root_task_id": ids.TASK,
    "carry_count": 0,
    "carry_reason": None,
}
TRANSITION_IN: Json = {
    "transition": "report_completion",
    "comment": "Văn phòng báo cáo hoàn thành.",
    "result_summary": "Đã phát thanh 12 buổi tại hai thôn và đăng 8 tin, bài (số liệu mẫu).",
}
DISTRIBUTION_IN: Json = {
    "organization_ids": [ids.MAU_MOT_PARTY, ids.MAU_HAI_PARTY],
    "issue": True,
}
DISTRIBUTION: Json = {
    "items": [
        {
            "organization_id": ids.MAU_MOT_PARTY,
            "quarterly_task_id": ids.task(0x51),
            "code": "NV-0000510000",
            "was_there": False,
        },
        {
            "organization_id": ids.MAU_HAI_PARTY,
            "quarterly_task_id": ids.task(0x52),
            "code": "NV-0000520000",
            "was_there": True,
        },
    ],
    "dry_run": False,
}
TASK_ENTRY_IN: Json = {
    "kind": "progress",
    "progress_percent": 60,
    "text": "Thêm hai chi bộ đã sinh hoạt chuyên đề; kết nạp một đảng viên.",
}
TASK_ENTRY: Json = {
    **ids.fact(ids.TASK_ENTRY),
    "task_id": ids.TASK,
    "kind": "progress",
    "effective_on": "2026-10-25",
    "old_values": {"progress_percent": 0},
    "new_values": {"progress_percent": 20},
    "progress_percent": 20,
    "text": "Xong bồi dưỡng nhận thức về Đảng",
}
