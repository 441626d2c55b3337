"""The words of a speech."""

from app.vocabulary import Vocabulary


class SpeechKind(Vocabulary):
    """What somebody said it for."""

    OPENING_REMARKS = "opening_remarks", "Phát biểu khai mạc", "Opening remarks"
    REPORT = "report", "Báo cáo", "Report"
    DISCUSSION = "discussion", "Thảo luận, tham luận", "Discussion"
    QUESTION = "question", "Chất vấn, câu hỏi", "Question"
    ANSWER = "answer", "Trả lời, giải trình", "Answer"
    DIRECTIVE = "directive", "Phát biểu chỉ đạo", "Directive speech"
    RESPONSE = "response", "Phát biểu đáp từ, tiếp thu", "Response"
    CONCLUSION = "conclusion", "Phát biểu kết luận", "Conclusion"
    CLOSING_REMARKS = "closing_remarks", "Phát biểu bế mạc", "Closing remarks"
