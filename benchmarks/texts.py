"""Vietnamese names and sentences, put together as minutes and task lists put them."""

# ruff: noqa: SIM905  a text is read more easily than a column of strings

from random import Random

PLACES = (
    "Hòa An, Bình Yên, Tân Lập, Phú Thịnh, Đông Sơn, Vĩnh Lộc, Thanh Bình, Quảng Phú, Long Hưng, Mỹ "
    "Đức, An Khánh, Cẩm Thủy, Đại Đồng, Gia Lâm, Hải Châu, Kim Liên, Lạc Sơn, Nam Đàn, Nghĩa Hành, Sơn "
    "Tịnh, Thuận Thành, Trà Bồng, Xuân Trường, Yên Thế, Ức Tề, Ô Lâm, Đắk Nia, Krông Búk, Ea Súp, Phước "
    "Long"
).split(", ")
PROVINCES = "Thái Sơn, Bắc Hà, Đông Hải, Tây Đô, Nam Cường, Trung Lương, Quảng Xuyên, Hà Khê".split(", ")
FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Hà".split()
MIDDLES = "Văn, Thị, Đức, Minh, Thanh, Quang, Hữu, Ngọc, Xuân, Thu, Kim, Bá, Công, Đình, Hồng, Bích".split(
    ", "
)
GIVEN = (
    "An, Ánh, Bảo, Bình, Châu, Cường, Dũng, Đạt, Điệp, Giang, Hà, Hải, Hạnh, Hiền, Hoa, Hùng, Hương, "
    "Khánh, Lan, Linh, Long, Mai, Nam, Nga, Nghĩa, Oanh, Phúc, Phương, Quân, Quyền, Sơn, Tâm, Thành, "
    "Thảo, Thắng, Thủy, Trang, Trung, Tuấn, Tùng, Uyên, Vân, Việt, Xuân, Yến"
).split(", ")
TITLES = (
    "Bí thư, Phó Bí thư Thường trực, Chủ tịch, Phó Chủ tịch, Trưởng ban, Phó Trưởng ban, Chánh Văn "
    "phòng, Phó Chánh Văn phòng, Trưởng phòng, Phó Trưởng phòng, Ủy viên, Chuyên viên, Trưởng Công an, "
    "Chỉ huy trưởng"
).split(", ")
VERBS = (
    "Hoàn thành; Triển khai; Rà soát; Tổ chức; Tham mưu ban hành; Kiểm tra, giám sát; Đẩy nhanh tiến "
    "độ; Báo cáo kết quả; Xây dựng kế hoạch; Tiếp tục thực hiện; Củng cố; Giải quyết dứt điểm"
).split("; ")
OBJECTS = (
    "giải ngân vốn đầu tư công các công trình giao thông nông thôn; số hóa hồ sơ, kết quả giải quyết "
    "thủ tục hành chính; công tác phát triển đảng viên mới tại các chi bộ thôn; tiêu chí nông thôn mới "
    "nâng cao về môi trường; đơn thư khiếu nại, tố cáo tồn đọng kéo dài; kế hoạch tuyển quân và huấn "
    "luyện dân quân tự vệ; phòng, chống dịch bệnh trên đàn gia súc, gia cầm; thu ngân sách và chống "
    "thất thu thuế trên địa bàn; bồi thường, giải phóng mặt bằng dự án khu dân cư; chương trình giảm "
    "nghèo bền vững và an sinh xã hội; học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh; "
    "cuộc vận động toàn dân đoàn kết; chuẩn bị năm học mới và cơ sở vật chất trường học; quy chế dân "
    "chủ ở cơ sở; bảo hiểm y tế toàn dân"
).split("; ")
CIRCUMSTANCES = (
    "theo Nghị quyết của Ban Chấp hành Đảng bộ; bảo đảm đúng tiến độ và chất lượng; gắn với trách nhiệm "
    "người đứng đầu; trên địa bàn các thôn, tổ dân phố; trước ngày 25 của tháng cuối quý; nhất là tại "
    "những nơi còn yếu, kém; phối hợp chặt chẽ với Ủy ban Mặt trận Tổ quốc và các đoàn thể; kịp thời "
    "báo cáo Thường trực Đảng ủy; khắc phục những hạn chế đã nêu tại hội nghị giao ban quý trước; đạt "
    "từ 95% kế hoạch trở lên"
).split("; ")
ITEMS = (
    "Khai mạc, giới thiệu đại biểu; Báo cáo việc thực hiện kết luận kỳ trước; Báo cáo kết quả thực hiện "
    "nhiệm vụ quý; Thảo luận, tham gia ý kiến; Đánh giá, kiểm điểm trách nhiệm; Phương hướng, nhiệm vụ "
    "trọng tâm quý tới; Phát biểu chỉ đạo; Kết luận hội nghị; Bế mạc"
).split("; ")


def person(chance: Random) -> str:
    return f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"


def task(chance: Random) -> str:
    """A task in one line of about a hundred letters."""
    return f"{chance.choice(VERBS)} {chance.choice(OBJECTS)} {chance.choice(CIRCUMSTANCES)}"


def prose(chance: Random, sentences: int) -> str:
    return " ".join(f"{task(chance)}." for _ in range(sentences))
