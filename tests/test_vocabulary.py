import json

import pytest
from pydantic import TypeAdapter, ValidationError

from app.text import nfc
from app.vocabulary import Vocabulary, WorkField


class Kind(Vocabulary):
    QUARTERLY_BRIEFING = "quarterly_briefing", "Hội nghị giao ban quý", "Quarterly briefing"
    OTHER = "other", "Khác", "Other"


def test_a_member_is_its_text() -> None:
    assert Kind.QUARTERLY_BRIEFING.value == "quarterly_briefing"
    assert str(Kind.QUARTERLY_BRIEFING) == f"{Kind.QUARTERLY_BRIEFING}" == "quarterly_briefing"
    assert Kind("quarterly_briefing") is Kind.QUARTERLY_BRIEFING
    assert json.dumps({Kind.OTHER: [Kind.OTHER]}) == '{"other": ["other"]}'


def test_a_member_carries_its_labels() -> None:
    assert Kind.QUARTERLY_BRIEFING.label_vi == "Hội nghị giao ban quý"
    assert Kind.QUARTERLY_BRIEFING.label_en == "Quarterly briefing"


def test_a_word_that_is_not_in_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="'Khác' is not a valid Kind"):
        Kind("Khác")


def test_a_member_without_both_labels_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="draft needs a label in both languages"):

        class Status(Vocabulary):
            DRAFT = "draft", "Dự thảo"


def test_pydantic_takes_and_gives_the_text() -> None:
    kinds = TypeAdapter(Kind)
    assert kinds.validate_json('"quarterly_briefing"') is Kind.QUARTERLY_BRIEFING
    assert kinds.dump_json(Kind.QUARTERLY_BRIEFING) == b'"quarterly_briefing"'
    with pytest.raises(ValidationError):
        kinds.validate_python("Hội nghị giao ban quý")


def test_the_schema_lists_the_values() -> None:
    assert TypeAdapter(Kind).json_schema() == {
        "title": "Kind",
        "type": "string",
        "enum": ["quarterly_briefing", "other"],
    }


def test_every_work_field_is_named_in_both_languages_and_by_its_own_labels() -> None:
    assert [field.value for field in WorkField] == [field.name.lower() for field in WorkField]
    assert len({field.label_vi for field in WorkField}) == len({field.label_en for field in WorkField}) == 15
    assert all(field.label_vi == nfc(field.label_vi).strip() for field in WorkField)
