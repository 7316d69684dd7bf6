"""Who is named in one article: names joined to actors, and the actor that a speaker's words mean.

Governments are one actor whatever they are called; a surname goes to the full name before it; "the source", "he" and
"the Russian diplomat" go to whom they last could mean. Bases, ports, seas and days are nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from summarise.contract import ActorKind
from summarise.extractive import tables as t
from summarise.extractive.clause import Clause
from summarise.extractive.media import medium_of
from summarise.extractive.naming import ORGANISATION, Mention, Naming
from summarise.extractive.surnames import surnames
from summarise.extractive.tables import words as table
from summarise.extractive.words import has_any, owner
from summarise.names import (
    fold,
    government_of,
    is_generic,
    looks_like_person,
    place_of,
    plain,
    surname,
    title_of,
)

_UNNAMED = table("source sources official officials diplomat diplomats person people insider insiders aide aides")
_CITED = re.compile(
    r"\b(?:citing|quoting|cited|quoted|according to) (?P<who>(?:an?|one|two|three|four|several|"
    r"unnamed|anonymous|senior)\b[^,.;]{0,60}?"
    r"(?:sources?|officials?|diplomats?|insiders?|aides?)\b(?: in [A-Z][\w-]+)?)"
)
_CITING = ("citing", "quoting", "cited", "quoted", "according to")
_KNOWING = table("familiar close briefed knowledgeable speaking involved with and")
_GOES_ON = t.PREPOSITIONS | t.RELATIVES | _KNOWING
_CLOSED = t.STARTING | t.PREPOSITIONS | t.SUBORDINATORS | t.ADVERBS | t.AUXILIARIES | t.NUMBERS
_COUNTING = t.DETERMINERS | t.NUMBERS
_EU_MEMBERS = re.compile(
    r"^(?:eu|european|european union)(?:s)? (?:foreign |member |defence |finance )?(?:powers|"
    r"ministers|leaders|states|countries|nations|governments|members|officials)$"
)
_MEMBERS = re.compile(
    r"^(?:some|many|several|most|all|other|the|a number of)? ?(?P<name>[A-Z][\w’'-]*(?: (?:of )"
    r"?[A-Z][\w’'-]*)*)(?: \([A-Z]\w+\))?"
    r" (?:nations|countries|members|states|leaders|powers|allies)\b",
    re.IGNORECASE,
)


@dataclass
class Actor:
    """An actor of one article while it is being read."""

    key: str
    kind: ActorKind
    names: Counter[str] = field(default_factory=Counter)
    role: str = ""
    sentences: list[int] = field(default_factory=list)
    acts: int = 0

    @property
    def name(self) -> str:
        """The fullest name of a person or group, the plainest of a government."""
        if self.kind == "government":
            return min(self.names, key=lambda n: (fold(n) != self.key, place_of(n) != fold(n), -self.names[n], n))
        if self.kind == "person":
            return max(self.names, key=lambda n: (min(len(n.split()), 4), self.names[n], n))
        return max(self.names, key=lambda n: (len(n.split()) > 1, self.names[n], len(n), n))


class Cast:
    """All actors of one article; `actor_of` reads a speaker's words."""

    def __init__(self, clauses: Sequence[Clause], numbers: Sequence[int]) -> None:
        self.actors: dict[str, Actor] = {}
        self._people: dict[str, list[str]] = {}  # by the last word of their keys
        self._last: dict[str, str] = {}
        self._body_seen = 0
        self._naming = Naming(clauses, numbers)
        self.mentions = self._naming.mentions
        self._names = tuple(dict.fromkeys(m.text for m in self.mentions))
        self._folded = frozenset(map(fold, self._names))
        self._mentions_of: dict[int, list[Mention]] = {}
        for m in self.mentions:
            self._mentions_of.setdefault(m.sentence, []).append(m)
        self._clauses = dict(zip(numbers, clauses, strict=True))
        who = surnames(self.mentions, self._clauses)
        self._full, self._apart = who.full, who.apart

    def see(self, number: int) -> None:
        """Takes notice of the persons named in a sentence, before anything in it is asked about."""
        for m in self.named_in(number):
            if looks_like_person(m.text):
                key = self._person_in(m.text)
                if key and m.span.first <= 1:
                    self._last["person"] = key
        text = self._clauses[number].text
        for match in _CITED.finditer(text) if has_any(text, _CITING) else ():
            phrase = match["who"]
            words = plain(phrase).split()
            role = next((k for k, w in enumerate(words) if w in _UNNAMED), -1)
            if role >= 0:
                self._by_role(phrase, words, role)

    def named_in(self, number: int) -> Sequence[Mention]:
        """The mentions of one sentence."""
        return self._mentions_of.get(number, ())

    # ---- speakers

    def actor_of(self, phrase: str, sentence: int, *, acts: bool = True) -> str:
        """The key of the actor that these words mean, listed from now on; empty where they mean nobody."""
        key = self._key(phrase.strip(" ,"), sentence)
        if key:
            actor = self.actors[key]
            actor.acts += acts
            if sentence not in actor.sentences:
                actor.sentences.append(sentence)
            if actor.kind == "person":
                self._last["person"] = key
            elif actor.kind in {"government", "organisation", "group"}:
                self._last["body"] = key
                self._body_seen = sentence
        return key

    def _key(self, phrase: str, sentence: int) -> str:
        low = phrase.lower().replace("’", "'")
        if low in {"he", "she", "his", "her"}:
            return self._last.get("person", "")
        if low in {"they", "their", "it", "its"}:
            return self._last.get("body", "") if low != "it" and sentence - self._body_seen <= 1 else ""
        if low in t.SUBJECTS or not low:
            return ""
        if sentence in self._naming.headings:
            phrase = self._in_heading(phrase)
        named = self._named_in(phrase)
        if named:
            return named
        words = plain(phrase).split()
        role = next((k for k, w in enumerate(words) if w in t.ROLE_NOUNS), -1)
        if role < 0:
            return self._issuer() if words and words[-1] in {"statement", "communique"} else ""
        return self._by_role(phrase, words, role)

    def _in_heading(self, phrase: str) -> str:
        """Of a phrase in title case, the name that the text below the heading knows; else the phrase."""
        words = [re.sub(r"[’']s$", "", w) for w in phrase.split()]
        known = next((w for w in words if w and (surname(w) in self._full or surname(w) in self._apart)), "")
        return known or (phrase if not looks_like_person(phrase) else "")

    def _named_in(self, phrase: str) -> str:
        person = self._person_in(phrase)
        if person:
            return person
        place = place_of(phrase)
        if _EU_MEMBERS.match(re.sub(r"^the ", "", plain(phrase))):
            place = "european union"
        if place:
            return self._add(
                place,
                "organisation" if place == "european union" else "government",
                re.sub(r"^(?:[Tt]he|[Aa]n?) ", "", phrase),
            )
        members = _MEMBERS.match(phrase)
        if members and not place_of(members["name"]) and fold(members["name"]) in self._folded:
            return self._organisation(members["name"])
        medium = medium_of(phrase)
        if medium:
            return self._add(medium, "media", re.sub(r"^(?:an?) ", "", phrase))
        names = [name for name in self._names if name in phrase]
        words = phrase.split()
        if not names or any(w.lower() in t.ROLE_NOUNS for w in words if w[:1].islower()):
            return ""
        head = max(names, key=lambda name: (phrase.endswith(name), len(name)))
        if not (phrase.endswith(head) or phrase.startswith((head, "the " + head, "The " + head))):
            return ""
        if len(words) - len(head.split()) > 2:
            return ""
        return self._organisation(head)

    def _organisation(self, name: str) -> str:
        key = fold(name)
        if key in self._naming.places or is_generic(name):
            return ""
        full = self._naming.acronyms.get(key)
        if full:
            self._add(fold(full), "group", full)
            return self._add(fold(full), "group", name)
        if key in self._naming.defined:
            return self._add(key, "group", name)
        long = key.split()
        kind: ActorKind = (
            "organisation" if len(long) > 1 or name.isupper() or any(w in ORGANISATION for w in long) else "other"
        )
        return self._add(key, kind, name)

    def _person_in(self, phrase: str) -> str:
        """The person whose name ends the phrase, or opens it before an apposition."""
        words = re.sub(r"[’']s$", "", phrase).split()
        if fold(phrase) in self._naming.defined:
            return ""
        for size in range(min(7, len(words)), 0, -1):
            tail = " ".join(words[-size:])
            if tail[0].isupper() and looks_like_person(tail) and not (size > 1 and self._naming.common(words[-size])):
                return self._add_person(tail)
        for size in (3, 2):
            head = " ".join(words[:size])
            if len(words) > size and words[size].islower() and looks_like_person(head):
                return self._add_person(head)
        last = words[-1] if words else ""
        if last[:1].isupper() or last.startswith("al-"):
            alone = len(words) == 1 or all(w.lower() in {"mr.", "mrs.", "ms."} for w in words[:-1])
            known = surname(last) in self._full or surname(last) in self._apart
            if known and (alone or words[-2][:1].islower() or self._naming.common(words[-2])):
                return self._add_person(last)
            if alone and self._single_person(last):
                return self._add_person(last)
        return ""

    def _single_person(self, word: str) -> bool:
        key = fold(word)
        plural = key.endswith("s") and not key.endswith("ss") and fold(word[:-1]) in self._naming.known
        if (key not in self._naming.known and key not in self._full) or word.lower() in _CLOSED:
            return False
        return not (
            place_of(word)
            or medium_of(word)
            or word.isupper()
            or key in self._naming.places
            or key in t.ROLE_NOUNS
            or plural
            or key in ORGANISATION
            or any(c.isdigit() for c in word)
            or key in t.DOCUMENT_NOUNS
            or key.endswith(("ists", "ians", "crats", "cans"))
        )

    def _add_person(self, name: str) -> str:
        role = title_of(name)
        short = name[len(role) :].strip() if role else name
        key = self._full.get(surname(short), fold(short)) if len(fold(short).split()) == 1 else fold(short)
        same = self._people.get(key.rpartition(" ")[2], []) if key not in self._apart else []
        if key not in self.actors and same and (" " not in key or key.split()[0] == same[0].split()[0]):
            key = same[0]
        self._add(key, "person", re.sub(r"^(?:Mr|Mrs|Ms|Dr)\.? ", "", short))
        if (
            role
            and len(role) > len(self.actors[key].role)
            and role.lower() not in {"mr.", "mrs.", "ms.", "mr", "mrs", "ms"}
        ):
            self.actors[key].role = role
        return key

    def _by_role(self, phrase: str, words: list[str], role: int) -> str:
        noun, definite = words[role], words[0] in {"the", "this", "that", "his", "her", "its"}
        spoken = phrase.split()
        if noun in {"government", "administration", "authorities", "leadership", "regime"}:
            return self._last_government() if definite else ""
        if noun in {"party", "campaign", "court", "police", "army", "congress", "parliament", "senate"} and definite:
            return ""
        owned = any(w.endswith("'s") for w in words[1:role]) or (role > 0 and words[0].endswith("'s"))
        country = next((place_of(w) for w in words[:role] if place_of(w)), "")
        singular = not noun.endswith("s")
        if definite and singular and not owned and noun not in {"source", "official", "person"}:
            found = self._described(noun, country)
            if found:
                return found
        if definite and noun in _UNNAMED:
            unnamed = [k for k, a in self.actors.items() if k.split()[-1:] == [noun] or f" {noun} " in f" {k} "]
            if unnamed:
                return unnamed[-1]
        if noun in {"people", "person", "persons"} and not _KNOWING & set(words[role + 1 : role + 4]):
            return ""
        if role + 1 < len(words) and words[role + 1] not in _GOES_ON and spoken[role + 1][:1].islower():
            return ""
        end = role + 1
        if (
            end + 1 < len(spoken)
            and words[end : end + 1]
            and words[end] in {"in", "from", "of", "at"}
            and spoken[end + 1][:1].isupper()
        ):
            end += 2
        name = " ".join(spoken[:end]).strip(" ,")
        if spoken[0][:1].islower() and not self._noun_phrase(words[: role + 1]):
            return ""
        if len(name.split()) < 2 and not country and noun not in _UNNAMED:
            return ""
        if definite and noun not in _UNNAMED and not (country or owned):
            return ""
        if noun in {"people", "persons"} and len(spoken) <= 10:
            name = phrase
        kind: ActorKind = (
            "person"
            if singular and noun in _UNNAMED | {"lawyer", "analyst", "aide", "adviser", "spokesman"}
            else "group"
        )
        return self._add(fold(name), kind, name)

    def _noun_phrase(self, words: list[str]) -> bool:
        """Whether the words up to the role noun are one noun phrase and not a piece of a clause."""
        opens = words[0] in _COUNTING or words[0][0].isdigit() or len(words) <= 3
        return (
            opens and words[0] not in t.POSSESSIVES and not any(w in t.PREPOSITIONS or w.endswith("ing") for w in words)
        )

    def _described(self, noun: str, country: str) -> str:
        """ "The Russian diplomat": the last person whose title has the noun, or the country where one is named."""
        fits = [k for k, a in self.actors.items() if a.kind == "person" and noun in plain(a.role).split()]
        if country:
            fits = [
                k
                for k, a in self.actors.items()
                if a.kind == "person" and any(place_of(w) == country for w in plain(a.role).split())
            ] or fits
        last = self._last.get("person", "")
        return last if last in fits else fits[-1] if fits else ""

    def _issuer(self) -> str:
        return self._last.get("body", "")

    def _last_government(self) -> str:
        last = self._last.get("body", "")
        return last if last and self.actors[last].kind == "government" else ""

    def _add(self, key: str, kind: ActorKind, name: str) -> str:
        if key not in self.actors:
            self.actors[key] = Actor(key=key, kind=kind)
            if kind == "person":
                self._people.setdefault(key.rpartition(" ")[2], []).append(key)
        self.actors[key].names[owner(name.strip())] += 1
        return key

    def defined(self, name: str) -> bool:
        """Whether the article gives an acronym for this name."""
        return fold(name) in self._naming.defined

    def unnamed(self, key: str) -> bool:
        """Whether the actor is an unnamed source."""
        return bool(set(key.split()) & _UNNAMED) and key not in self._full.values()

    def entity(self, key: str) -> str:
        """The full name an encyclopedia would list, where the article or the table gives it."""
        actor = self.actors[key]
        if actor.kind == "government":
            return government_of(key)
        if key == "european union":
            return "European Union"
        return actor.name if not self.unnamed(key) and len(actor.name.split()) > 1 else ""
