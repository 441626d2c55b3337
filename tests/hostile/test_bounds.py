"""Promise 15, without a service: nothing that is read takes the square of its length, or too long at its longest."""

import contextlib
import json
import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app import strict_json, text
from app.documents.paper import Document, Paragraph, Run
from app.documents.styles import STYLES, DocumentStyle, Role
from app.documents.word import as_docx
from app.errors import MalformedRequest
from app.meetings.schemas import MeetingIn, MeetingList
from app.schema import clean
from tests.hostile import corpus

quick = settings(max_examples=100, deadline=None)
PATIENCE = 0.25  # seconds of this thread: what one request may hold the others up for
HOPELESS = 20  # times as long: no work of others makes it that


def is_done_within(seconds: float, call: Callable[[], object]) -> bool:
    """Of this thread's own time, at one of three tries: others are at work on the machine."""
    for _ in range(3):
        began = time.thread_time()
        call()
        taken = time.thread_time() - began
        if taken < seconds:
            return True
        if taken > HOPELESS * seconds:
            return False
    return False


# -- texts

SLOW: dict[str, str] = {
    **corpus.LONG,
    "marks out of order": "a" + "\u0301\u0323" * 25_000,
    "marks upside down": "a" + "\u0301" * 25_000 + "\u0323" * 25_000,
    "marks that are two each": "a" + "\u0f73" * 50_000,
    "marks of three classes": "a" + "\u0301\u031b\u0323" * 20_000,
}


@pytest.mark.parametrize("unit", SLOW.values(), ids=SLOW)
def test_a_body_of_one_mebibyte_of_any_text_is_checked_at_once(unit: str) -> None:
    """The largest body there is, as full as it gets, from its bytes to the checked values."""
    prose = corpus.long(unit, 50_000)
    number = max(1, 950_000 // len(json.dumps(prose, ensure_ascii=False).encode()))
    right = {"host_organization_id": "0199a000-0000-7000-8000-00000000dead", "held_on": "2025-09-04"}
    items = [{"title": "a", "minutes_text": prose}] * number
    raw = corpus.raw({**right, "title": "a", "agenda_items": items})
    assert len(raw) < 1 << 20

    def check() -> None:
        try:
            MeetingIn.model_validate(strict_json.parse(raw))
        except ValidationError as error:
            assert {one["type"] for one in error.errors()} == {"heaped_marks"}  # noqa: PT017  either will do

    assert is_done_within(PATIENCE, check)


@pytest.mark.parametrize("unit", SLOW.values(), ids=SLOW)
def test_a_name_and_a_query_of_any_text_are_folded_and_sorted_at_once(unit: str) -> None:
    name, query = corpus.long(unit, 500), corpus.long(unit, 200)
    assert is_done_within(
        0.02, lambda: (text.searchable(name), text.sort_key(name), text.person_sort_key(name))
    )
    assert is_done_within(0.02, lambda: text.words(query))
    assert len(text.person_sort_key(name)) < 2_000  # bytes of an index


MARKS = "\u0300\u0301\u0302\u0303\u0309\u031b\u0323\u0345\u0f71\u0f73\u0f75\u0f81\u3099\U0001d165"
heaps = st.text(st.sampled_from("aậ… " + MARKS), max_size=80) | st.text(
    st.sampled_from("\u0301\u0323"), max_size=40
)


@quick
@given(heaps)
def test_a_text_is_heaped_where_more_than_thirty_marks_follow_each_other(given: str) -> None:
    marks, most = 0, 0
    for letter in given:
        marks = marks + 1 if unicodedata.combining(unicodedata.normalize("NFD", letter)[0]) else 0
        most = max(most, marks)
    assert text.is_heaped(given) == (most > 30)


@pytest.mark.parametrize("kind", corpus.TEXTS)
def test_no_text_that_somebody_may_mean_is_heaped(kind: str) -> None:
    assert clean(corpus.TEXTS[kind])
    assert clean(unicodedata.normalize("NFD", corpus.TEXTS[kind]))


# -- counting the values of a body before it is read

tricky = st.text('a",[]{}\\:\u1ebf', max_size=6)
anything = st.recursive(
    st.none() | st.integers(0, 9) | tricky,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(tricky, inner, max_size=4),
    max_leaves=20,
)


@quick
@given(anything, st.booleans())
def test_the_values_of_a_body_are_counted_outside_of_its_texts(value: Any, ascii_only: bool) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only).encode()
    inside, containers = counted(value)
    assert inside <= strict_json.values(strict_json.TEXT.sub(b"", raw)) <= inside + containers
    assert strict_json.parse(raw) == value


def counted(value: Any) -> tuple[int, int]:
    """The values within it, and the lists and objects, itself among them."""
    if not isinstance(value, list | dict):
        return 0, 0
    parts = [counted(one) for one in (value.values() if isinstance(value, dict) else value)]
    return len(parts) + sum(one for one, _ in parts), 1 + sum(one for _, one in parts)


@pytest.mark.parametrize(
    "raw",
    [
        b'"' + b'\\"' * 500_000,
        b'{"a":"' + b'\\"' * 500_000 + b'"}',
        b'"\\' * 500_000,
        b'""' * 500_000,
        b'"' + b"," * 1_000_000,
        b'{"a":' * 200_000,
        b"[" * 1_000_000,
        b'["' + b'","' * 300_000 + b'"]',
    ],
    ids=range(8),
)
def test_a_body_of_any_bytes_is_read_or_refused_at_once(raw: bytes) -> None:
    def read() -> None:
        with contextlib.suppress(MalformedRequest):
            strict_json.parse(raw)

    assert is_done_within(PATIENCE, read)


def test_the_largest_query_is_read_at_once() -> None:
    """What a thousand wrong values cost, the most that a query may bring."""
    wrong = {f"a{n}": "x" for n in range(1_000)}

    def read() -> None:
        with pytest.raises(ValidationError):
            MeetingList.model_validate(wrong)

    assert is_done_within(PATIENCE / 5, read)


# -- documents


def test_a_document_of_four_times_the_paragraphs_takes_word_no_square_of_that() -> None:
    """One person may write as many lines as fit into a meeting; who waits for a press is everybody."""
    quarter, whole = (of_paragraphs(number) for number in (4_000, 16_000))
    as_docx(of_paragraphs(1))  # what is made once
    ratios = (time_of(lambda: as_docx(whole)) / time_of(lambda: as_docx(quarter)) for _ in range(3))
    assert any(ratio < 7 for ratio in ratios)


def of_paragraphs(number: int) -> Document:
    one, nothing = Paragraph(Role.BODY, (Run("a"),)), ((), (), ())
    heading = ("a", STYLES[DocumentStyle.STATE], *nothing, "a", "a", None)
    return Document(*heading, (one,) * number, *nothing, None)


def time_of(call: Callable[[], object]) -> float:
    began = time.thread_time()
    call()
    return time.thread_time() - began
