"""Which sentences of an article talk to a machine.

One sentence tells by its wording, by being program code, or by what it carries in another writing. An article tells
more: a question or an order that has nothing to do with anything else in it was not put to its readers, and what
stands in one paragraph with such a sentence, or between two lines of code, belongs to the passage.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from summarise.article import Article, Sentence
from summarise.extractive.encoded import decoded
from summarise.extractive.machine_wordings import speaks_to_machine
from summarise.extractive.words import STOP

MOST_OF_A_PARAGRAPH = 6
"""Sentences of a paragraph up to which all of it is one passage; of a longer one, the neighbours are."""

_MOST_LOOKED_AT = 2_000  # characters of one sentence, which are never so many; a title can be any length

_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝвмнктАВЕКМНОРСТХІЈЅαοινρτυχκΑΒΕΖΗΙΚΜΝΟΡΤΥΧıſ",
    "aeopcyxijsdhqwbmhktABEKMHOPCTXIJSaoivptuxkABEZHIKMNOPTYXis",
)
_LATIN = re.compile(r"[a-zA-Z]")
_ODD = re.compile(r"[^\x00-\u02ff\u2010-\u2027\u2030-\u203a\u20ac]")

_TAG = re.compile(r"</?[a-z!][^<>]{0,500}>?|-->", re.IGNORECASE)
_VALUE = re.compile(r"=\"([^\"<>]{10,500})\"|='([^'<>]{10,500})'|<!--(.{10,500}?)-->", re.DOTALL)
_SURELY_CODE = re.compile(
    r"^[\"'][^\"'\s]{1,60}[\"'],$|```|<!--|<\w+[^<>]*(?:display: ?none|visibility: ?hidden|font-size: ?[01]px|"
    r"opacity: ?0\b)"
    r"|^[\[\]{}(),:;\"'\s]{3,}$|^(?:\W*<[^<>]{1,60}>)+\W*$"
    r"|(?m:^\s*(?:import [\w.]+(?:\s*,\s*[\w.]+)*|from [\w.]+ import [\w*, ]+)(?: as \w+)?\s*;?$)"
    r"|(?m:^\s*(?:def|class|function|const|let|var|public|private|static|void|async) [\w ]+[({=:])"
    r"|(?m:^\s*#include\b|^\s*<\?php|^\s*#!/|^\s*(?:sudo|curl|wget|pip|npm|chmod|rm) -?\S*[-/.])"
    r"|\)\.\w+\(|\(\)[.)\]]|\w\[[\"']\w|[({,]\s*\w+=[\w\"'\[{(]|(?m:^\s*\w+(?:, \w+)* = [\w.]+[.(\[]\S*)"
    r"|(?m:^\s*[a-z]+(?:_[a-z]+)+ ?[-+]?= ?\S)|\b(?:SELECT|DELETE|INSERT)\b.{1,60}\b(?:FROM|INTO) \w+|"
    r"\b[a-z]+_[a-z_]+\("
)
_ADDRESS = re.compile(r"(?<![\"'])\bhttps?://[^\s\"'<>)]+")
_LIKE_CODE = (
    re.compile(r"\w\([\"']"),
    re.compile(r"\b[a-z]\w*\(\w*\)"),
    re.compile(r"\b\w+\.[a-z_]\w*\("),
    re.compile(r"\b[a-z]+\.[a-z]+\.[a-z_]+\b(?!\.)"),
    re.compile(r";\s*$|[{}]|\);"),
    re.compile(r"\b[a-z]+_[a-z]\w*\b"),
    re.compile(r"\s[=!]=\s|\s(?:&&|\|\|)\s|\s=\s"),
    re.compile(r"\bf?[\"']\w+://|[\"']/\w+/"),
    re.compile(r"\b[A-Z]{3,}_[A-Z_]+\b"),
)
_MARKS_OF_CODE = frozenset("`=()[]{}_;#<")

# What people ask of an assistant; in the news an order of these is rare, and one that is off the subject rarer.
_TASKS = """
add advertise advise allocate analyse analyze answer arrange ask assert assess assign assist attach book brainstorm
build calculate change claim collect compile compute confirm convert convince create customise customize decide
design detect determine develop devise direct discuss display distribute divide download embed encourage endorse
estimate evaluate execute express extract filter find fix flag forecast format forward gather generate give
highlight identify illustrate implement improve include inform insert inspire install instruct integrate
interpret introduce investigate invite link list locate make manage map mention monitor notify offer
optimise optimize order organise organize outline persuade plan post predict prepare present print prioritise prioritize
process produce promote propose prove provide publish rank rate recommend redirect reference refer remind rename
repeat reply report research respond retrieve review run save schedule search select send share show simplify
solve spread suggest summarise summarize supply teach tell test track translate troubleshoot type update
upload urge use validate verify warn write
"""
# Where somebody begins to speak: a sentence, or a quotation, with a capital letter.
_WITHIN = r"(?<=[.:;!?—–,]\s)[\"“‘'(]+(?=[A-Z])"
_QUESTION = re.compile(
    rf"(?:^[\W_]*(?:\w+: )?(?=[A-Z])|{_WITHIN})"
    r"(?i:((?:what|who|whose|whom|which|when|where|why|how|is|are|do|does|did|can|could|would|should)"
    r"(?:[’']s)?\b[^?]{8,200}\?))"
)
_ORDERED = (
    r"(?i:(?:please |now |also |then |instead |just |always |kindly )*(?:"
    + _TASKS.strip().replace("\n", " ").replace(" ", "|")
    + r"|set up|help me|(?:say|state) that)\b(?!-| (?:it|he|she|they|we|us|out|off|said|says|was|is|are|were|has|"
    r"have|had|"
    r"will|would)\b)"
    r"(?-i:(?! [A-Z][a-z]+ [A-Z]))[^.!?]{10,300})"
)
_ORDER_FIRST = re.compile(r"[\W_]*(?:\w+: )?(?=[A-Z])" + _ORDERED)
_ORDER_WITHIN = re.compile(_WITHIN + _ORDERED)
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_NAMED = re.compile(r"(?<=\s)[A-Z][\w’'-]{3,}")
_OF_SOMEBODY = re.compile(r"\b(?:we|us|our|they|them|their|he|she|him|his|her|these|those)\b.*\?", re.I | re.S)
_MOST_SHARED = 0.5  # of the words of an order that has nothing to do with the article
_FEW_WORDS = 3
_LINES = 12  # without anything of a program in them, between two that have
_COMMON = frozenset(
    [
        "work",
        "works",
        "make",
        "makes",
        "made",
        "many",
        "much",
        "more",
        "most",
        "main",
        "mean",
        "first",
        "know",
        "want",
        "need",
        "take",
        "give",
        "tell",
        "said",
        "says",
        "think",
        "thing",
        "things",
        "people",
        "time",
        "year",
        "years",
        "good",
        "part",
        "place",
        "kind",
        "first",
        "last",
        "does",
        "done",
        "have",
        "been",
        "with",
        "from",
        "will",
        "your",
        "primary",
        "differences",
        "difference",
        "year",
        "used",
        "using",
        "following",
        "write",
        "provide",
        "include",
        "create",
        "users",
        "user",
    ]
)


@lru_cache(maxsize=8192)
def addressed_to_machine(text: str) -> bool:
    """Whether a sentence, looked at alone, was written for a program and not for people."""
    plain = _plain(text[:_MOST_LOOKED_AT])
    if any(map(speaks_to_machine, _readings(plain))):
        return True
    return _is_code(plain) or bool(decoded(plain))


def talking(article: Article) -> frozenset[int]:
    """The numbers of the sentences of an article that talk to a machine."""
    sentences = article.sentences
    found = {s.number for s in sentences if addressed_to_machine(s.text)}
    strange = _off_topic(sentences, found)
    passage = found | strange
    for paragraph in _paragraphs(article.text, sentences):
        hit = [at for at, number in enumerate(paragraph) if number in found]
        if hit and len(paragraph) <= MOST_OF_A_PARAGRAPH:
            passage.update(paragraph)
        else:
            passage.update(number for at in hit for number in paragraph[max(0, at - 1) : at + 2])
    return frozenset(passage | _between_code(sentences, found))


def _plain(text: str) -> str:
    """The sentence in plain letters: what looks like a Latin letter among Latin letters is one."""
    if not _ODD.search(text):
        return text
    folded = unicodedata.normalize("NFKC", text)
    return folded.translate(_LOOKALIKES) if _LATIN.search(folded) else folded


def _readings(text: str) -> Iterator[str]:
    """The text; and where it is written with a page's tags, what stands between and within them."""
    yield text
    if "<" in text and (bare := _TAG.sub(" ", text).strip()) != text:
        yield bare
        yield from (value for quoted in _VALUE.findall(text) for value in quoted if " " in value)


def _is_code(text: str) -> bool:
    """Whether it is a piece of a program."""
    if _MARKS_OF_CODE.isdisjoint(text) and not text.startswith(("import ", "from ", '"', "'")):
        return False
    bare = _ADDRESS.sub(" ", text)
    return _SURELY_CODE.search(bare) is not None or sum(p.search(bare) is not None for p in _LIKE_CODE) > 1


def _between_code(sentences: Sequence[Sentence], found: set[int]) -> set[int]:
    """Lines without a sentence in them that stand between lines of code."""
    code = [at for at, s in enumerate(sentences) if s.number in found and _is_code(_plain(s.text))]
    between: set[int] = set()
    for one, other in pairwise(code):
        gap = sentences[one + 1 : other]
        if len(gap) <= _LINES and not any(map(_is_prose, gap)):
            between.update(s.number for s in gap)
    return between


def _is_prose(sentence: Sentence) -> bool:
    """Whether it reads as a sentence: some words, and a mark at its end."""
    return len(_CONTENT.findall(sentence.text)) > _FEW_WORDS and sentence.text.rstrip("\"'”’) ")[-1:] in {".", "!", "?"}


def _paragraphs(text: str, sentences: Sequence[Sentence]) -> list[list[int]]:
    found: list[list[int]] = []
    end = -1
    for sentence in sentences:
        if end < 0 or "\n" in text[end : sentence.start]:
            found.append([])
        found[-1].append(sentence.number)
        end = sentence.end
    return found


def _off_topic(sentences: Sequence[Sentence], known: set[int]) -> set[int]:
    """Questions and orders that share no word with what else the article says."""
    asked = {s.number: ask for s in sentences if s.number not in known and (ask := _ask(s.text))}
    if not asked:
        return set()
    told = Counter(word for text in {s.text for s in sentences} for word in _stems(text))
    by_number = {s.number: s.text for s in sentences}
    return {n for n, ask in asked.items() if _is_strange(ask, told, by_number[n])}


def _ask(text: str) -> str:
    """The question or order in a sentence, its own or that of somebody quoted; empty where there is none."""
    for said in _readings(text):
        found = _QUESTION.search(said) if "?" in said else None
        found = found or _ORDER_FIRST.match(said) or _ORDER_WITHIN.search(said)
        if found:
            return found[0]
    return ""


def _is_strange(ask: str, told: Counter[str], own: str) -> bool:
    stems = _stems(ask)
    here = _stems(own)
    shared = {stem for stem in stems if told[stem] > (stem in here)}
    if _OF_SOMEBODY.search(ask):
        return False
    if not ask.endswith("?"):
        return len(stems) > 1 and len(shared) <= _MOST_SHARED * len(stems)
    if len(stems) > _FEW_WORDS and len(shared) <= 1:
        return True
    return not shared and (len(stems) > 1 or _NAMED.search(ask) is not None)


def _stems(text: str) -> frozenset[str]:
    words = (word.lower() for word in _CONTENT.findall(text))
    return frozenset(word[:6] for word in words if word not in STOP and word not in _COMMON)
