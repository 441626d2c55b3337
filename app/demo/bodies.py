"""The bodies of the made-up province."""

from app import example_ids as ids
from app.demo import making
from app.organizations.models import Level, Line, OrganizationKind
from app.types import Json
from app.work import Work

PROVINCE = "Tỉnh Ví Dụ (dữ liệu mẫu)"
K, L = OrganizationKind, Line

# Above each: id, code, name, short name, kind, line
OF_THE_PROVINCE = ((ids.PROVINCE_PARTY, "VD-TU", "Tỉnh ủy Ví Dụ", None, K.PARTY_COMMITTEE, L.PARTY),)
COMMUNES = (
    (ids.COMMUNE, "MH", "Xã Minh Họa (dữ liệu mẫu)", "Xã Minh Họa", K.LOCALITY, L.OTHER),
    (ids.MAU_MOT, "M1", "Xã Mẫu Một (dữ liệu mẫu)", "Xã Mẫu Một", K.LOCALITY, L.OTHER),
    (ids.MAU_HAI, "M2", "Xã Mẫu Hai (dữ liệu mẫu)", "Xã Mẫu Hai", K.LOCALITY, L.OTHER),
)
OF_THE_COMMUNE = (
    (ids.PARTY, "MH-DU", "Đảng ủy xã Minh Họa", "Đảng ủy", K.PARTY_COMMITTEE, L.PARTY),
    (ids.COUNCIL, "MH-HDND", "Hội đồng nhân dân xã Minh Họa", "HĐND", K.PEOPLES_COUNCIL, L.STATE),
    (ids.COMMITTEE, "MH-UBND", "Ủy ban nhân dân xã Minh Họa", "UBND", K.PEOPLES_COMMITTEE, L.STATE),
    (ids.FRONT, "MH-MTTQ", "Ủy ban MTTQ Việt Nam xã Minh Họa", "MTTQ", K.FATHERLAND_FRONT, L.FRONT),
    (ids.POLICE, "MH-CA", "Công an xã Minh Họa", "Công an", K.POLICE, L.STATE),
    (ids.MILITARY, "MH-QS", "Ban Chỉ huy Quân sự xã Minh Họa", "Ban CHQS", K.MILITARY_COMMAND, L.STATE),
)
OF_THE_PARTY = (
    (ids.OFFICE, "MH-VP", "Văn phòng Đảng ủy xã Minh Họa", "Văn phòng", K.PARTY_ADVISORY_BODY, L.PARTY),
    (
        ids.PARTY_BUILDING,
        "MH-XDD",
        "Ban Xây dựng Đảng xã Minh Họa",
        "Ban XDĐ",
        K.PARTY_ADVISORY_BODY,
        L.PARTY,
    ),
    (
        ids.INSPECTION,
        "MH-UBKT",
        "Ủy ban Kiểm tra Đảng ủy xã Minh Họa",
        "UBKT",
        K.PARTY_ADVISORY_BODY,
        L.PARTY,
    ),
    (ids.SPARE_BODY, "MH-TEMP", "Tổ giúp việc lâm thời (để thử xóa)", None, K.OTHER, L.PARTY),
)
OF_THE_FRONT = (
    (ids.TRADE_UNION, "MH-CD", "Công đoàn xã Minh Họa", "Công đoàn", K.MASS_ORGANIZATION, L.FRONT),
    (ids.FARMERS, "MH-ND", "Hội Nông dân xã Minh Họa", "Hội ND", K.MASS_ORGANIZATION, L.FRONT),
    (ids.YOUTH, "MH-DTN", "Đoàn TNCS Hồ Chí Minh xã Minh Họa", "Đoàn TN", K.MASS_ORGANIZATION, L.FRONT),
    (ids.WOMEN, "MH-PN", "Hội Liên hiệp Phụ nữ xã Minh Họa", "Hội LHPN", K.MASS_ORGANIZATION, L.FRONT),
    (ids.VETERANS, "MH-CCB", "Hội Cựu chiến binh xã Minh Họa", "Hội CCB", K.MASS_ORGANIZATION, L.FRONT),
)
VILLAGES = (
    (ids.VILLAGE_ONE, "MH-T1", "Thôn Một", None, K.VILLAGE, L.OTHER),
    (ids.VILLAGE_TWO, "MH-T2", "Thôn Hai", None, K.VILLAGE, L.OTHER),
)
OF_MAU_MOT = (
    (ids.MAU_MOT_PARTY, "M1-DU", "Đảng ủy xã Mẫu Một", None, K.PARTY_COMMITTEE, L.PARTY),
    (ids.MAU_MOT_COMMITTEE, "M1-UBND", "Ủy ban nhân dân xã Mẫu Một", None, K.PEOPLES_COMMITTEE, L.STATE),
    (ids.MAU_MOT_FRONT, "M1-MTTQ", "Ủy ban MTTQ Việt Nam xã Mẫu Một", None, K.FATHERLAND_FRONT, L.FRONT),
)
OF_MAU_HAI = (
    (ids.MAU_HAI_PARTY, "M2-DU", "Đảng ủy xã Mẫu Hai", None, K.PARTY_COMMITTEE, L.PARTY),
    (ids.MAU_HAI_COMMITTEE, "M2-UBND", "Ủy ban nhân dân xã Mẫu Hai", None, K.PEOPLES_COMMITTEE, L.STATE),
)
TREE = (
    (ids.PROVINCE, Level.PROVINCE, OF_THE_PROVINCE),
    (
        ids.PROVINCE_PARTY,
        Level.PROVINCE,
        ((ids.PROVINCE_OFFICE, "VD-VP", "Văn phòng Tỉnh ủy Ví Dụ", None, K.PARTY_ADVISORY_BODY, L.PARTY),),
    ),
    (ids.PROVINCE, Level.COMMUNE, COMMUNES),
    (ids.COMMUNE, Level.COMMUNE, OF_THE_COMMUNE),
    (ids.PARTY, Level.COMMUNE, OF_THE_PARTY),
    (ids.FRONT, Level.COMMUNE, OF_THE_FRONT),
    (ids.COMMUNE, Level.VILLAGE, VILLAGES),
    (ids.MAU_MOT, Level.COMMUNE, OF_MAU_MOT),
    (ids.MAU_HAI, Level.COMMUNE, OF_MAU_HAI),
)
MORE: dict[str, Json] = {
    ids.COMMUNE: {"founded_on": "2025-07-01", "former_names": ["Xã Minh", "Xã Họa"]},
    ids.PARTY: {
        "founded_on": "2025-07-01",
        "contact": {"address": "Thôn Một, xã Minh Họa (dữ liệu mẫu)", "email": "vanthu@minh-hoa.example"},
        "external_refs": [{"system": "vi-du", "id": "DU-001"}],
    },
}


def make(work: Work) -> None:
    """All below the province, whoever stands above first."""
    for above, level, below in TREE:
        for id_, code, name, short_name, kind, line in below:
            making.body(
                work,
                id_,
                parent_id=above,
                code=code,
                name=name,
                short_name=short_name,
                kind=kind,
                line=line,
                level=level,
                **MORE.get(id_, {}),
            )
