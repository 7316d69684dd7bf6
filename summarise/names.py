"""Names: one folded form of each, and whether two are plainly the same actor.

Used by the pipeline (join without asking what is certain) and by the rules of `extractive`. All here is English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from summarise.gazetteer import NAMES_OF

_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
    }
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARTICLES = {"the", "a", "an"}
_RANKS = _words(
    "mr mrs ms miss mx dr prof professor sir dame lord lady madam president vice-president "
    "vicepresident premier "
    "chancellor prime foreign interior defence defense finance justice health energy trade agriculture minister "
    "ministers secretary secretary-general spokesman spokeswoman spokesperson senator sen "
    "rep representative congressman "
    "congresswoman gov governor mayor judge justice attorney ambassador envoy gen general "
    "lt lieutenant col colonel maj "
    "major capt captain sgt sergeant adm admiral brig brigadier cmdr commander king queen prince princess sheikh sheik "
    "emir sultan pope cardinal archbishop bishop rev reverend rabbi imam ayatollah chief director chairman chairwoman "
    "chair speaker deputy vice acting former ex-president ex-minister then-president special interim first lady "
    "commissioner lawmaker leader candidate nominee counsel inspector detective officer agent coach author analyst "
    "economist journalist reporter correspondent editor host ceo cfo coo founder adviser advisor aide lawyer "
    "undersecretary under permanent house senate majority minority republican democratic democrat gop state national "
    "security district court supreme campaign manager press"
)
_TITLES = _words(
    "mr mrs ms miss mx dr prof professor sir dame lord lady president vice-president premier "
    "chancellor minister ministers "
    "secretary secretary-general spokesman spokeswoman spokesperson senator sen rep representative congressman "
    "congresswoman gov governor mayor judge justice ambassador envoy gen general lt lieutenant "
    "col colonel maj major capt "
    "captain sgt sergeant adm admiral brigadier cmdr commander king queen prince princess "
    "sheikh sheik emir sultan pope "
    "cardinal archbishop bishop rev reverend rabbi imam ayatollah chief director chairman "
    "chairwoman chair speaker leader "
    "candidate nominee counsel commissioner lawmaker inspector detective officer agent coach author analyst economist "
    "journalist reporter correspondent editor host ceo cfo coo founder adviser advisor aide lawyer attorney "
    "undersecretary ex-president then-president democrat republican manager"
)
_AFTER_TITLE_NO_NAME = _words(
    "motors electric assembly dynamics mills university league court election elections "
    "staff council office house "
    "institute hospital committee affairs department ministry of for and to in at on general counsel union day"
)
_SUFFIXES = {"ii", "iii", "iv", "esq", "phd", "md"}
_GENERATIONS = {"jr", "sr", "junior", "senior"}  # tell a son from his father: kept
_ARABIC = re.compile(r"\b(?:al|el|ar|as|ash|at|an|ad)-(?=[a-z])|\bal (?=[a-z])")
_NUMBERS = {
    word: str(n)
    for n, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
} | {
    "fifteen": "15",
    "twenty": "20",
    "seventy-seven": "77",
}
_GENERIC_WORDS = _words(
    "source sources official officials spokesman spokeswoman spokesperson analyst analysts "
    "expert experts people person "
    "diplomat diplomats lawyer lawyers aide aides critics supporters observers residents witness witnesses reporter "
    "reporters statement report reports government administration authorities leadership minister ministers ministry "
    "president leader leaders senior two three four five several some many anonymous unnamed "
    "familiar another other new "
    "top former current police court troops army military soldiers rebels opposition man woman men women"
)
_RULE_WORDS = "government|administration|authorities|leadership|regime|cabinet|state|republic|rulers?|side"
_RULE = (  # as text: compiled when it is first used
    rf"^(?:(?:government|administration|authorities|leadership|republic) of )?(?P<head>.+?)"
    rf"(?: (?:new|interim|transitional|current|federal|central|incoming))*(?: (?:{_RULE_WORDS}))?$"
)
_PARTICLES = {"von", "van", "der", "den", "de", "da", "di", "del", "la", "le", "bin", "ibn", "abu", "dos", "ben", "ter"}
_NOT_A_PERSON = _words(
    "party union bank house senate court committee council ministry department office agency "
    "institute university company "
    "corp inc group association federation league organization organisation commission board post times news journal "
    "tribune army force forces guard police church school era center centre foundation "
    "campaign network agency street airport "
    "state states republic kingdom city county north south east west united national international world federal "
    "government congress parliament assembly administration movement front alliance coalition team press service "
    "act bill amendment war treaty agreement project tower hall avenue square park river sea ocean island islands "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december"
)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Lower case without accents; apostrophes, dashes and spaces each of one kind; full stops of abbreviations off."""
    flat = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    flat = "".join(c for c in flat if not unicodedata.combining(c))
    flat = re.sub(r"[‘’‛ʼʻ`´′ʿʾ]", "'", flat)
    flat = re.sub(r"[‐-―−]", "-", flat)
    flat = re.sub(r"\b([A-Za-z])\.(?=[A-Za-z]\b)", r"\1", flat)
    flat = re.sub(r"\b([A-Za-z]{1,4})\.(?=\s|$)", r"\1", flat)
    return re.sub(r"\s+", " ", flat).strip(" \"'.,;:()[]").casefold()


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """The form in which names are compared: "Russian President Putin’s" and "Mr. Putin" are both "putin".

    Without accents, case, possessives, inner apostrophes, leading articles, titles and forms of address; the Arabic
    article is written "al-" however it was transliterated. Empty only where `name` has no letter or digit.
    """
    text = re.sub(r"'s\b|(?<=s)'(?=\s|$)", "", plain(name))
    text = _ARABIC.sub("al-", re.sub(r"[\"“”„«»,]", "", text).replace("'", ""))
    words = text.split()
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    return " ".join(_without_title(words))


def _without_title(words: list[str]) -> list[str]:
    """Strip a run of ranks that ends in a title, a demonym or an organisation before it included."""
    last = -1
    for n, word in enumerate(words[:-1]):
        if word in _TITLES:
            last = n
        elif word == "of" and n and words[n + 1] in {"state", "defense", "defence", "staff", "commerce", "labor"}:
            continue
        elif word in {"state", "defense", "staff", "commerce", "labor"} and n and words[n - 1] == "of":
            last = n
        elif (
            word not in _RANKS and not (n < 3 and _country(word)) and not (n == 0 and words[1:2] and words[1] in _RANKS)
        ):
            break
    if last < 0 or words[last + 1] in _AFTER_TITLE_NO_NAME or words[last + 1] in _RANKS - {"state"}:
        return words
    return words[last + 1 :]


def title_of(name: str) -> str:
    """What `fold` takes off the front of a person's name, as written: "Russian Deputy Foreign Minister"."""
    words = name.split()
    kept = len(fold(name).split())
    count = len([w for w in words if plain(w) not in _SUFFIXES])
    return " ".join(words[: max(0, count - kept)]) if looks_like_person(name) else ""


def is_rank(word: str) -> bool:
    """Whether a lower-case word stands in titles: "president", "former", "deputy"."""
    return word.rstrip(".") in _RANKS


def surname(name: str) -> str:
    """The last word of the folded name without the Arabic article: "assad" for "President Bashar al-Assad"."""
    words = [w for w in fold(name).split() if w not in _GENERATIONS]
    return words[-1].removeprefix("al-") if words else ""


def acronym_of(long: str) -> str:
    """Initials of the words that count, in capitals: "HTS" for "Hay'at Tahrir al-Sham", "G7" for "Group of Seven"."""
    words = [w.removeprefix("al-") for w in re.sub(r"'s\b", "", plain(long)).replace("'", "").split()]
    words = [w for w in words if w not in {"the", "of", "and", "for", "in", "on", "to", "a", "an", "&", "de", "al"}]
    return "".join(_NUMBERS.get(w, w[0].upper()) for w in words if w)


@lru_cache(maxsize=8192)
def looks_like_person(name: str) -> bool:
    """Two to five capitalised words (titles aside), none of an institution or a place; or a surname with a title."""
    words = fold(name).split()
    titled = len(plain(name).split()) > len(words) and any(w in _TITLES for w in plain(name).split())
    if not words or place_of(name) or any(w in _NOT_A_PERSON or w in _GENERIC_WORDS for w in words):
        return False
    if all(w in _RANKS for w in words) or any(p in _NOT_A_PERSON for w in words for p in w.split("-")[1:]):
        return False
    if any(c.isdigit() for c in name) or any(
        _country(w) for w in words if w not in {"jordan", "chad", "georgia", "paris"}
    ):
        return False
    tail = re.sub(r"['’]s\b", "", name).split()[-len(words) :]
    capitals = [
        w for w in tail if w[:1].isupper() or w.casefold() in _PARTICLES or w.casefold().startswith(("al-", "el-"))
    ]
    if len(capitals) < len(tail) or all(w.isupper() and len(w) > 1 for w in tail):
        return False
    return 2 <= len(words) <= 5 or (titled and len(words) == 1)


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for country, names in NAMES_OF.items():
        for name in names:
            table.setdefault(re.sub(r"['.]", "", name).removeprefix("the "), country)
    return table


def _country(folded: str) -> str:
    return _table().get(folded, "")


@lru_cache(maxsize=8192)
def place_of(name: str) -> str:
    """The country (or union of them) whose government newspapers mean by `name`; empty where it is none or unknown.

    Knows names, capitals, demonyms and metonyms ("the Kremlin"), alone or with a word for those who rule ("the new
    Syrian authorities"). Ministries, officials and persons are not their government: empty.
    """
    text = re.sub(r"'s\b|(?<=s)'(?=\s|$)", "", plain(name)).replace("'", "")
    text = re.sub(r"^(?:(?:the|a|new|interim|transitional|current|incoming|todays) )+", "", text)
    if _country(text):
        return _country(text)
    match = re.match(_RULE, text)
    return _country(match["head"].removeprefix("the ")) if match else ""


def government_of(name: str) -> str:
    """The full name of that government, as in an encyclopedia: "Government of Russia"; empty where `place_of` is."""
    place = place_of(name)
    if not place or place == "european union":
        return place.title()
    small = {"of", "and", "the"}
    words = " ".join(w if w in small else w.capitalize() for w in place.split())
    article = (
        "the "
        if place.startswith(("united", "czech", "dominican", "central", "democratic", "republic"))
        or place
        in {"netherlands", "philippines", "bahamas", "maldives", "gambia", "solomon islands", "marshall islands"}
        else ""
    )
    return f"Government of {article}{words}"


def is_generic(name: str) -> bool:
    """Whether a name only describes ("the source", "two officials") and so may mean another in another article."""
    return all(w in _GENERIC_WORDS or not any(c.isalpha() for c in w) for w in fold(name).split())


def same_actor(a: Sequence[str], kind_a: str, b: Sequence[str], kind_b: str) -> str:
    """Why two lists of names are certainly one actor; empty where that is not certain.

    Reasons: "same name", "surname of a full name", "acronym", "same government by capital or demonym". A bare surname
    fits every full name that ends in it: a caller that joins many must see that only one does.
    """
    persons = kind_a == "person", kind_b == "person"
    if persons[0] != persons[1] and "other" not in (kind_a, kind_b):
        return ""
    folded_a, folded_b = ([fold(n) for n in names if fold(n) and not is_generic(n)] for names in (a, b))
    if {_office(n) for n in folded_a} & {_office(n) for n in folded_b}:
        return "same name"
    if all(persons):
        return _same_person(folded_a, folded_b)
    if any(persons):
        return ""
    if any(_is_acronym(x, y) or _is_acronym(y, x) for x in a for y in b):
        return "acronym"
    governments = {"government", "organisation"}
    if (
        kind_a in governments and kind_b in governments and "government" in (kind_a, kind_b)
    ) or kind_a == kind_b == "organisation":
        places = {place_of(n) for n in a} & {place_of(n) for n in b} - {""}
        if places and (kind_a == kind_b == "government" or places == {"european union"}):
            return "same government by capital or demonym"
    return ""


def alike_by(name: str) -> frozenset[str]:
    """What two names have in common, at least one of these, where `same_actor` gives a reason other than a surname.

    The name folded (as an office is written), a person's first and last word, letters that could be an acronym, the
    country that is meant: so that of many names not every pair need be compared.
    """
    folded = fold(name)
    words = folded.split()
    found = {f"name {_office(folded)}", f"place {place_of(name)}", f"letters {acronym_of(name)}"}
    found.add(f"letters {_letters(name)}")
    if words:
        found |= {f"ends {words[0]} {words[-1]}", f"one {words[0].removeprefix('al-')}"}
    return frozenset(trait for trait in found if trait not in {"name ", "place ", "letters "})


def _letters(name: str) -> str:
    return re.sub(r"[.\s]|^the ", "", name)


def _office(folded: str) -> str:
    """ "department of justice" as "justice department", so that both are one."""
    match = re.fullmatch(r"(department|ministry) of (?:the )?(.+)", folded)
    return f"{match[2]} {match[1]}" if match else folded


def _same_person(a: list[str], b: list[str]) -> str:
    longest_a, longest_b = max(a, key=len, default=""), max(b, key=len, default="")
    for short, long in ((longest_a, longest_b), (longest_b, longest_a)):
        words, full = short.split(), long.split()
        if not words or not full:
            return ""
        if len(words) == 1 < len(full) and words[0].removeprefix("al-") == full[-1].removeprefix("al-"):
            return "surname of a full name"
        if len(words) == len(full) == 1 and words[0].removeprefix("al-") == full[0].removeprefix("al-"):
            return "same name"
        if (
            len(words) >= 2
            and len(full) > 2
            and words[0] == full[0]
            and words[-1] == full[-1]
            and len(words) < len(full)
        ):
            return "same name"
    return ""


def _is_acronym(short: str, long: str) -> bool:
    letters = _letters(short)
    return (
        2 <= len(letters) <= 6 and letters.upper() == letters and len(long.split()) > 1 and acronym_of(long) == letters
    )
