"""The words of findings and directives."""

from app.vocabulary import Vocabulary


class FindingKind(Vocabulary):
    """What the assessment of a period says."""

    RESULT = "result", "Kết quả đạt được", "Result"
    LIMITATION = "limitation", "Tồn tại, hạn chế", "Limitation"
    DIFFICULTY = "difficulty", "Khó khăn, vướng mắc", "Difficulty"
    CAUSE = "cause", "Nguyên nhân", "Cause"
    LESSON = "lesson", "Bài học kinh nghiệm", "Lesson"
    RECOMMENDATION = "recommendation", "Đề xuất, kiến nghị", "Recommendation"


class ResponseStatus(Vocabulary):
    """What became of a recommendation."""

    OPEN = "open", "Chưa trả lời", "Open"
    ANSWERED = "answered", "Đã trả lời", "Answered"
    REFERRED = "referred", "Chuyển cấp có thẩm quyền", "Referred"


class DirectiveKind(Vocabulary):
    """How binding it is."""

    DIRECTION = "direction", "Phương hướng", "Direction"
    INSTRUCTION = "instruction", "Chỉ đạo", "Instruction"
    CONCLUSION = "conclusion", "Kết luận", "Conclusion"
    DECISION = "decision", "Quyết định", "Decision"
