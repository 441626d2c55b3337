"""Promises 14 and 15, texts: as long as a member may be, they are kept, folded, sorted and found."""

from typing import Any

import httpx
import pytest

from app import text
from tests.conftest import PROOF
from tests.hostile import corpus
from tests.hostile.corpus import Document, Operation, is_lawful, planted, pointers, sample, sent
from tests.test_contract import NOUNS, Town
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too


def of_length(unit: str, more: int = 0) -> corpus.Value:
    """As long as the place holds, and so many letters more; where it must be one of a kind, it is."""

    def value(schema: corpus.Schema, at: str) -> str:
        most = schema["maxLength"]
        unique = f"{next(corpus.COUNT)}-{at} " if at.endswith(("/code", "/id", "/system")) else ""
        return (unique + corpus.long(unit, most))[: most + more] + "b" * (more if not unique else 0)

    return value


@pytest.fixture(scope="module")
def makes(writes: list[Operation]) -> list[Operation]:
    """Every operation that makes something."""
    return [one for one in writes if one.method == "POST"]


@pytest.mark.parametrize("kind", corpus.LONG)
def test_a_text_as_long_as_its_member_may_be_is_kept_and_found(
    powerful: httpx.Client, town: Town, document: Document, makes: list[Operation], kind: str
) -> None:
    """In the short form each kind of text meets some of the operations."""
    step = 1 if PROOF else 8
    for one in makes[list(corpus.LONG).index(kind) % step :: step]:
        url, right = sample(town, one)
        body, places = planted(
            document, one.body or {}, right, corpus.is_free_text, of_length(corpus.LONG[kind])
        )
        if not places or not corpus.is_sent(body):
            continue
        answer = sent(powerful, one, url, body)
        is_lawful(one, answer)
        assert answer.status_code == 201, (str(one), answer.text[:500])
        kept = answer.json()
        for name in {at.split("/")[1] for at in places} & kept.keys():
            assert isinstance(body[name], list | dict) or kept[name] == corpus.as_kept(body[name]), name
        is_found(powerful, document, url, body, kept)


def is_found(client: httpx.Client, document: Document, url: str, body: Any, kept: Any) -> None:
    """By the first words of its title or name, in every order that the list has."""
    listing = next((one for one in document.operations if (one.method, one.url) == ("GET", url)), None)
    if listing is None or "q" not in listing.parameters:
        return
    names = ("title", "name", "full_name", "text", "summary", "attribution_text")
    said = next(body[name] for name in names if name in body)
    for order in listing.parameters["sort"][1]["enum"]:
        answer = client.get(url, params={"q": said[:200], "sort": order, "limit": 200})
        assert answer.status_code == 200, answer.text
        assert not text.words(said[:200]) or kept["id"] in {one["id"] for one in answer.json()["items"]}, (
            order
        )


@pytest.mark.in_turn
def test_one_letter_more_is_a_422_at_each_place(
    powerful: httpx.Client, town: Town, document: Document, writes: list[Operation]
) -> None:
    for one in writes:
        url, right = sample(town, one)
        body, places = planted(document, one.body or {}, right, corpus.is_free_text, of_length("ậ", 1))
        if places and corpus.is_sent(body):
            answer = sent(powerful, one, url, body)
            is_lawful(one, answer)
            assert (answer.status_code, pointers(answer)) == (422, places), str(one)


@pytest.mark.in_turn
def test_what_grows_beyond_its_length_as_it_is_kept_is_a_422_at_each_place(
    powerful: httpx.Client, town: Town, document: Document, writes: list[Operation]
) -> None:
    """Else what a GET shows could not be sent back: NFC spells this letter by two."""
    for one in writes[:: 1 if PROOF else 3]:
        url, right = sample(town, one)
        body, places = planted(document, one.body or {}, right, corpus.is_free_text, of_length("\ufb2e"))
        if places and corpus.is_sent(body):
            answer = sent(powerful, one, url, body)
            is_lawful(one, answer)
            assert (answer.status_code, pointers(answer)) == (422, places), str(one)


def test_texts_of_all_lengths_sort_alike_on_every_page(powerful: httpx.Client, document: Document) -> None:
    """Walked by pages of three, each list whose order is a text shows each row once."""
    for noun in NOUNS:
        listing = next(
            (one for one in document.operations if (one.method, one.path) == ("GET", noun.path)), None
        )
        if listing is None or "sort" not in listing.parameters:
            continue  # a way to make what is listed elsewhere, or what is alone where it stands
        for order in {"title", "name", "full_name", "code"} & set(listing.parameters["sort"][1]["enum"]):
            for sort in (order, f"-{order}"):
                seen, page = list[str](), {"sort": sort, "limit": "3"}
                while page.get("cursor") != "None" and len(seen) < 30:
                    answer = powerful.get(listing.url, params=page)
                    assert answer.status_code == 200, answer.text
                    seen += [one["id"] for one in answer.json()["items"]]
                    page["cursor"] = str(answer.json()["next_cursor"])
                assert len(seen) == len(set(seen))
