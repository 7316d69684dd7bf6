"""Whom a bare surname of one article means: the full name that has it, or somebody whom it never names in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from summarise.extractive.clause import Clause
from summarise.extractive.naming import Mention
from summarise.extractive.tables import words
from summarise.names import fold, looks_like_person, place_of, plain, surname, title_of

_KIN = words("wife husband son sons daughter brother sister father mother lady widow cousin uncle aunt nephew niece")
_OF_NO_OFFICE = words("mr mrs ms miss former then the")
_SHORT = {"sen": "senator", "gov": "governor", "rep": "representative", "gen": "general"}
_SHE, _HE = words("she her hers herself mrs mrs. ms ms."), words("he his him himself mr mr.")
_OFTEN = 3  # times as frequent as the full name


@dataclass(frozen=True)
class Surnames:
    """`full`: surname to the folded full name it stands for; `apart`: surnames of persons never named in full."""

    full: dict[str, str]
    apart: frozenset[str]


@dataclass
class _Named:
    """Where a name stands, and what is said of its bearer: titles, gender (she above 0), whether somebody's kin."""

    mentions: list[int] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    gender: int = 0
    kin: bool = False


def surnames(mentions: Sequence[Mention], clauses: dict[int, Clause]) -> Surnames:
    """Reads all mentions of an article.

    News gives a name in full first, so a surname means the first full name that has it. Not where it came before that
    name, is three times as frequent, shares no title with it, and the full name is told from it: it is a "wife" or
    "son", stands beside it ("President Lee and Ann Lee"), or is a she where the other is a he.
    """
    whole: dict[str, dict[str, _Named]] = {}
    alone: dict[str, _Named] = {}
    for order, m in enumerate(mentions):
        name = fold(m.text)
        if " " in name and looks_like_person(m.text):
            one = whole.setdefault(surname(m.text), {}).setdefault(name, _Named())
            one.kin = one.kin or _is_kin(m, clauses[m.sentence]) or _beside(mentions, order, clauses[m.sentence])
        elif " " not in name and len(name) > 2 and not place_of(m.text):
            one = alone.setdefault(surname(m.text), _Named())
        else:
            continue
        one.mentions.append(order)
        one.titles |= {_SHORT.get(w, w) for w in plain(title_of(m.text)).split()} - _OF_NO_OFFICE
        one.gender += _gender(m, clauses)
    full: dict[str, str] = {}
    apart: set[str] = set()
    for last, names in whole.items():
        name, one = next(iter(names.items()))
        if last in alone and _told_apart(alone[last], one, name):
            apart.add(last)
        else:
            full[last] = name
    return Surnames(full, frozenset(apart))


def _told_apart(bare: _Named, one: _Named, name: str) -> bool:
    earlier = bare.mentions[0] < one.mentions[0] and len(bare.mentions) >= _OFTEN * len(one.mentions)
    she = one.gender or (1 if name.split()[0].endswith("a") else 0)  # given names in -a, where no pronoun tells
    return (
        earlier
        and bare.titles.isdisjoint(one.titles)
        and (one.kin or (she > 0 > bare.gender) or (she < -1 and bare.gender > 0))
    )


def _is_kin(m: Mention, c: Clause) -> bool:
    """ "his wife, Ann Lee", "First Lady Ann Lee", "Ann Lee, the president's wife"."""
    before, after = c.low[max(0, m.span.first - 2) : m.span.first], c.low[m.span.last + 1 : m.span.last + 5]
    behind = after[:1] == (",",) and "whose" not in after and not _KIN.isdisjoint(after)
    return behind or not _KIN.isdisjoint(before) or not _KIN.isdisjoint(plain(m.text).split())


def _beside(mentions: Sequence[Mention], order: int, c: Clause) -> bool:
    """Whether the bare surname is joined to the full name by an "and"."""
    m, last = mentions[order], surname(mentions[order].text)
    for other in mentions[max(0, order - 1) : order + 2]:
        left, right = sorted((m, other), key=lambda one: one.span.first)
        if other.sentence == m.sentence and fold(other.text) == last and surname(other.text) == last:
            return c.low[left.span.last + 1 : right.span.first] == ("and",)
    return False


def _gender(m: Mention, clauses: dict[int, Clause]) -> int:
    """+1 where "Mrs." or the next "she" goes with a mention, -1 where "he" does, 0 where no pronoun comes before
    another name."""
    c, after = clauses[m.sentence], clauses.get(m.sentence + 1)
    behind = m.span.last + 1
    name = next((n for n in range(behind, len(c)) if c.named[n]), len(c))
    near = (c.low[m.span.first], *c.low[behind:name], *(after.low[:1] if after and name == len(c) else ()))
    return next((1 if w in _SHE else -1 for w in near if w in _SHE or w in _HE), 0)
