"""Closed vocabularies: text values that carry their labels in both languages."""

from enum import StrEnum
from typing import Self


class Vocabulary(StrEnum):
    """Members are declared as value, Vietnamese label, English label, and are the value to everybody else."""

    label_vi: str
    label_en: str

    # The labels have defaults because type checkers read WorkField("other"), a look-up, as a call of this.
    def __new__(cls, value: str, label_vi: str = "", label_en: str = "") -> Self:
        if not (label_vi and label_en):
            raise TypeError(f"{value} needs a label in both languages")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label_vi = label_vi
        member.label_en = label_en
        return member


class WorkField(Vocabulary):
    SOCIO_ECONOMIC = "socio_economic", "Kinh tế - xã hội", "Socio-economic affairs"
    DEFENSE_SECURITY = "defense_security", "Quốc phòng - an ninh", "Defense and security"
    PARTY_BUILDING = "party_building", "Xây dựng Đảng", "Party building"
    GOVERNMENT_BUILDING = "government_building", "Xây dựng chính quyền", "Government building"
    FRONT_MASS = "front_mass", "Mặt trận Tổ quốc và các đoàn thể", "Fatherland Front and mass organizations"
    INSPECTION = "inspection", "Kiểm tra, giám sát", "Inspection and supervision"
    INTERNAL_AFFAIRS = "internal_affairs", "Nội chính", "Internal affairs"
    ADMIN_REFORM = "admin_reform", "Cải cách hành chính", "Administrative reform"
    DIGITAL_TRANSFORMATION = "digital_transformation", "Chuyển đổi số", "Digital transformation"
    CULTURE_SOCIETY = "culture_society", "Văn hóa - xã hội", "Culture and society"
    AGRICULTURE_ENVIRONMENT = (
        "agriculture_environment",
        "Nông nghiệp và môi trường",
        "Agriculture and environment",
    )
    EDUCATION = "education", "Giáo dục và đào tạo", "Education and training"
    HEALTH = "health", "Y tế", "Health"
    BUDGET_FINANCE = "budget_finance", "Tài chính - ngân sách", "Budget and finance"
    OTHER = "other", "Lĩnh vực khác", "Other"
