"""The vocabularies over HTTP."""

from functools import cache
from typing import Annotated

from fastapi import Response
from pydantic import ConfigDict, Field

from app import tags
from app.http import routes_of
from app.reader import Looking, answer
from app.schema import Code, Name, Shown
from app.types import Json
from app.vocabulary import Vocabulary

EXAMPLE: Json = {
    "items": [
        {
            "name": "record",
            "terms": [
                {"value": "minuted", "label_vi": "Có ghi biên bản", "label_en": "Minuted"},
                {
                    "value": "reported",
                    "label_vi": "Ghi lại theo tin, báo cáo",
                    "label_en": "Taken from a report",
                },
            ],
        }
    ]
}


class TermOut(Shown):
    """One value, and what it is called."""

    value: Code
    label_vi: Name
    label_en: Name


class VocabularyOut(Shown):
    """One closed vocabulary, in its order."""

    name: Code
    terms: Annotated[list[TermOut], Field(max_length=100)]


class Vocabularies(Shown):
    """All of them."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})

    items: Annotated[list[VocabularyOut], Field(max_length=100)]


router = routes_of("", "vocabularies")


@router.get("/v1/vocabularies", response_model=Vocabularies)
async def list_vocabularies(look: Looking) -> Response:
    """The closed vocabularies: each value with its label in Vietnamese and English."""
    body = _body()
    tag = tags.of_row(1, body, only_its_row=False)
    return look.unchanged(tag) or answer(body, tag)


@cache
def _body() -> bytes:
    return _all().model_dump_json().encode()


def _all() -> Vocabularies:
    found = sorted(Vocabulary.__subclasses__(), key=lambda kind: kind.__name__)
    return Vocabularies(
        items=[VocabularyOut(name=_snake(kind.__name__), terms=_terms(kind)) for kind in found]
    )


def _terms(kind: type[Vocabulary]) -> list[TermOut]:
    return [TermOut(value=one.value, label_vi=one.label_vi, label_en=one.label_en) for one in kind]


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
