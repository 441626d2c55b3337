import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text import fold, nfc, person_sort_key, searchable, sort_key, words

quick = settings(max_examples=60, deadline=None)

# The alphabet as a dictionary prints it: a row is a letter, a column is a tone.
ALPHABET = (
    *(
        "aàảãáạ",
        "ăằẳẵắặ",
        "âầẩẫấậ",
        "b",
        "c",
        "d",
        "đ",
        "eèẻẽéẹ",
        "êềểễếệ",
        "f",
        "g",
        "h",
        "iìỉĩíị",
        "j",
        "k",
        "l",
    ),
    *("m", "n", "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "p", "q", "r", "s", "t", "uùủũúụ", "ưừửữứự", "v", "w", "x"),
    *("yỳỷỹýỵ", "z"),
)
PLACE = {letter: (10 + row, tone) for row, tones in enumerate(ALPHABET) for tone, letter in enumerate(tones)}
PLACE |= {digit: (int(digit), 0) for digit in "0123456789"}
GAP = -1

letters = st.sampled_from(sorted(PLACE))
look_alikes = st.sampled_from("aàạăắâấdđeéêoóôơớuưz")
vietnamese_words = st.text(letters | look_alikes | letters.map(str.upper), min_size=1, max_size=5)
vietnamese = st.lists(vietnamese_words, max_size=4).map(" ".join)
accented = vietnamese | st.text(st.sampled_from("ngA đĐ\u0301\u0323\u0302\u031b\u0345ᾳß ́"))
anything = st.text(st.characters(codec=None)) | accented


def order(text: str) -> tuple[list[int], list[list[int]]]:
    """What sort_key says in ASCII, said in numbers: every letter's place, then every word's tones."""
    spelled = [[PLACE[letter] for letter in word] for word in text.lower().split()]
    places = [place for word in spelled for place in [GAP, *(place for place, _ in word)]]
    return places, [[tone for _, tone in word if tone] for word in spelled]


@quick
@given(anything)
def test_nfc_makes_one_form_of_both(text: str) -> None:
    assert nfc(unicodedata.normalize("NFD", text)) == nfc(text) == nfc(nfc(text))


@quick
@given(anything)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@quick
@given(anything)
def test_composed_and_decomposed_text_are_alike(text: str) -> None:
    composed, decomposed = nfc(text), unicodedata.normalize("NFD", text)
    assert fold(composed) == fold(decomposed) == fold(text)
    assert searchable(composed) == searchable(decomposed)
    assert sort_key(composed) == sort_key(decomposed)
    assert person_sort_key(composed) == person_sort_key(decomposed)


@quick
@given(vietnamese)
def test_folded_vietnamese_is_plain_ascii(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text.upper()) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ủy ban", "uỷ ban"), ("hòa", "hoà"), ("Đại  hội\n", "dai hoi"), ("NGHỊ QUYẾT", "nghị quyết")],
)
def test_spellings_of_the_same_words_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("dai hoi", "Đại hội Đảng bộ xã"),
        ("hội đại", "Đại hội"),
        ("uỷ ban", "Ủy ban nhân dân"),
        ("05-BB", "Số 05-BB/ĐU"),
        ("bi thu", "Phó Bí thư, Chủ tịch HĐND"),
        ("hộ", "Đại hội"),
    ],
)
def test_a_query_finds_text_in_which_each_of_its_words_begins_one(query: str, text: str) -> None:
    assert all(word in searchable(text) for word in words(query))


@pytest.mark.parametrize("query", ["ội", "đại biểu", "d hoi x"])
def test_a_query_with_one_word_that_begins_none_finds_nothing(query: str) -> None:
    assert not all(word in searchable("Đại hội") for word in words(query))


@quick
@given(anything)
def test_text_is_found_by_each_of_its_own_words(text: str) -> None:
    assert all(word in searchable("Đảng ủy", None, text) for word in words(text))


@quick
@given(anything, anything)
def test_several_texts_are_searched_as_if_they_were_one(one: str, other: str) -> None:
    assert (
        searchable(one, None, other) == searchable(one) + searchable(other) == searchable(f"{one}\n{other}")
    )


def test_a_query_keeps_its_first_sixteen_different_words() -> None:
    assert words("Quý quy, QUÝ") == [" quy"]
    assert words(" ".join(f"{i} {i}" for i in range(20))) == [f" {i}" for i in range(16)]


def test_nothing_searched_or_stored_is_nothing() -> None:
    assert words(" -/.,😀 ") == []
    assert searchable(None, "", "…") == ""


@quick
@given(st.lists(vietnamese, max_size=12))
def test_keys_sort_as_the_alphabet_does(texts: list[str]) -> None:
    assert sorted(texts, key=sort_key) == sorted(texts, key=order)


@quick
@given(vietnamese, vietnamese)
def test_two_keys_are_equal_only_where_letters_and_tones_are(one: str, other: str) -> None:
    assert (sort_key(one) < sort_key(other)) is (order(one) < order(other))
    assert (sort_key(one) == sort_key(other)) is (order(one) == order(other))


@pytest.mark.parametrize(
    "in_order",
    [
        ["Danh", "Đặng", "Em"],
        ["An", "Ánh", "Bình"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "măm"],
        ["An", "An Bình", "An Giang", "Anh"],
        ["Xã 1", "Xã 2", "Xã An", "Xã Ân"],
        ["oz", "o中", "ô", "ơ", "p"],
        ["hoa", "hoà", "hỏa", "hoá", "hoạ"],
        ["Lê", "Lý", "Za", "Я", "中"],
    ],
)
def test_lists_stand_as_a_vietnamese_reader_expects(in_order: list[str]) -> None:
    backwards = in_order[::-1]
    assert sorted(backwards, key=sort_key) == in_order


def test_neither_case_nor_tone_spelling_nor_punctuation_counts_in_the_order() -> None:
    assert sort_key("HÒA, bình") == sort_key("hoà - Bình.")


@quick
@given(anything)
def test_a_key_is_ascii_and_bounded(text: str) -> None:
    assert sort_key(text).isascii()
    assert person_sort_key(text).isascii()
    assert sort_key(nfc(text)[:120]) == sort_key(text)


@pytest.mark.parametrize("letter", ["a", "ậ", "ậ ", "đ", "ά", "中", "中 ", "ﬃ", "각", "\u0323", "😀"])
def test_no_key_outgrows_an_index(letter: str) -> None:
    assert len(sort_key(letter * 1000)) <= 420
    assert len(person_sort_key(letter * 500 + " " + letter * 500)) <= 850


def test_no_vietnamese_key_is_cut_before_its_last_letter() -> None:
    assert sort_key("ậ" * 119 + "a") != sort_key("ậ" * 119 + "b")
    assert sort_key("ậ" * 120 + "a") == sort_key("ậ" * 120 + "b")
    assert sort_key(unicodedata.normalize("NFD", "ậ" * 120)) == sort_key("ậ" * 120)


def test_people_are_listed_by_given_name_and_then_the_rest() -> None:
    listed = ["Nguyễn Văn An", "Lê Thị Ánh", "Bùi Thanh", "Trần Công Thanh", "An Văn Thành", "Y"]
    backwards = listed[::-1]
    assert sorted(backwards, key=person_sort_key) == listed


@quick
@given(vietnamese, vietnamese_words, vietnamese, vietnamese_words)
def test_a_family_name_decides_only_between_equal_given_names(
    family: str, name: str, other_family: str, other_name: str
) -> None:
    expected = (order(name), order(family)) < (order(other_name), order(other_family))
    assert (person_sort_key(f"{family} {name}") < person_sort_key(f"{other_family} {other_name}")) is expected
