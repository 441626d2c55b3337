"""What the documentation shows of speakers and positions, in terms of the example data."""

from app import example_ids as ids
from app.types import Json

POSITION_IN: Json = {
    "organization_id": ids.COUNCIL,
    "title": "Đại biểu HĐND xã",
    "started_on": "2026-04-01",
    "ended_on": None,
    "is_primary": False,
}
POSITION_PATCH: Json = {"started_on": "2026-04-15", "ended_on": None}
POSITION: Json = {
    **ids.resource(ids.POSITION),
    "speaker_id": ids.PARTY_BUILDING_HEAD,
    "organization_id": ids.PARTY_BUILDING,
    "title": "Trưởng Ban Xây dựng Đảng",
    "started_on": "2026-04-01",
    "ended_on": None,
    "is_primary": True,
}
SPEAKER_IN: Json = {
    "full_name": "Đinh Thị Mẫu",
    "honorific": "mrs",
    "organization_id": ids.FRONT,
    "email": "dmau@minh-hoa.example",
    "phone": "000 000 0017",
    "positions": [
        {
            "organization_id": ids.FRONT,
            "title": "Phó Chủ tịch Ủy ban MTTQ Việt Nam xã",
            "started_on": "2025-07-01",
            "is_primary": True,
        },
        {"organization_id": ids.COUNCIL, "title": "Đại biểu HĐND xã", "started_on": "2026-04-01"},
    ],
}
SPEAKER_PATCH: Json = {"honorific": "comrade", "phone": "000 000 0099"}
SPEAKER: Json = {
    **ids.resource(ids.COMMITTEE_CHAIR),
    "full_name": "Lê Quang Đạo",
    "honorific": "mr",
    "organization_id": ids.COMMITTEE,
    "email": "ldao@minh-hoa.example",
    "phone": "000 000 0012",
    "titles": ["Chủ tịch UBND xã", "Phó Bí thư Đảng ủy xã"],
}
