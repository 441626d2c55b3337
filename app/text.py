"""Vietnamese text: one form, one folding, one order."""

import re
import unicodedata

MOST_QUERY_WORDS = 16
MOST_SORTED_LETTERS = 120
MOST_SORTED_CODES = 3 * MOST_SORTED_LETTERS  # ậ has three; longer codes are cut, for a key must fit an index

_WORD = re.compile(r"[^\W_]+")
_HEAP = re.compile(rb"\x01{31}")  # in a text where 1 stands for a mark and 0 for anything else
_TWO_IN_ONE = "\u0f73\u0f75\u0f81"  # marks that Unicode takes for letters, made of two that it does not

# ASCII's own order does the work: space between the levels < - between words < digits < A-E, the tones
# < a-z < {, any other letter < | } ~, which make ă â of a, đ of d, ê of e, ô ơ of o, ư of u: so ă, a|,
# comes after az and before b.
_TONES = {"\u0300": "A", "\u0309": "B", "\u0303": "C", "\u0301": "D", "\u0323": "E"}
_CODES = _TONES | {"\u0306": "|", "\u0302": "}", "\u031b": "~", "đ": "d|"}
_TONE = re.compile("[A-E]")
_NEITHER_TONE_NOR_GAP = re.compile("[^A-E-]")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def is_heaped(text: str) -> bool:
    """More than thirty marks on one letter: no script has them, and to order n marks takes n² steps."""
    marks = {one for one in set(text) if unicodedata.combining(one) or one in _TWO_IN_ONE}
    return bool(marks) and _HEAP.search(bytes(map(marks.__contains__, text))) is not None


def fold(text: str) -> str:
    """Đại  hội → dai hoi: what is left when case, accents and spacing do not count."""
    letters = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.replace("đ", "d").split())


def words(query: str) -> list[str]:
    """Đại hội → [" dai", " hoi"]: each occurs in a searchable text where a word begins with it."""
    return list(dict.fromkeys(_spaced_words(query)))[:MOST_QUERY_WORDS]


def searchable(*texts: str | None) -> str:
    """Đại hội, 2025 → " dai hoi 2025": what is stored for `words` to be found in."""
    return "".join(word for text in texts if text for word in _spaced_words(text))


def sort_key(text: str) -> str:
    """Đặng Văn → "d|a|ng-va|n E-": all letters, then the tone of each word. ASCII, compared as bytes."""
    letters = unicodedata.normalize("NFD", nfc(text)[:MOST_SORTED_LETTERS].casefold())
    spelled = "-".join("".join(map(_code, letters)).split())[:MOST_SORTED_CODES]
    return f"{_TONE.sub('', spelled)} {_NEITHER_TONE_NOR_GAP.sub('', spelled)}"


def person_sort_key(full_name: str) -> str:
    """People are listed by given name, the last word, then the rest; Thanh and Thành are two names."""
    *rest, given_name = full_name.split() or [""]
    return f"{sort_key(given_name)} {sort_key(' '.join(rest))}"


def _spaced_words(text: str) -> list[str]:
    return [f" {word}" for word in _WORD.findall(fold(text))]


def _code(letter: str) -> str:
    if letter in _CODES:
        return _CODES[letter]
    if unicodedata.combining(letter):
        return ""
    if not letter.isalnum():
        return " "
    return letter if letter.isascii() else f"{{{ord(letter):05x}"
