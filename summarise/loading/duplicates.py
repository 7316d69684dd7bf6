"""Near-duplicates: articles that share most of their words in the same order."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field

from summarise.article import Article

SHINGLE = 5
"""Words in a row that make one shingle."""

ALIKE = 0.6
"""Share of the shorter article's shingles that also stand in the longer, from which two are near-duplicates."""


class NearDuplicate(BaseModel):
    """Two articles of which the shorter has `shared` of its text (0 to 1, by shingles) in the other too."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    first: str = Field(description="article id, the smaller of the two")
    second: str
    shared: float = Field(ge=0, le=1)


# as text: compiled when it is first used, which is not where nothing is new
_WORD = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
_PERMUTATIONS = 128
_BANDS = 64  # two rows a band: a pair with Jaccard .2, a short text inside one five times as long, is found by 93 %
_SEED = 1
_AT_ONCE = 32  # articles whose shingles are held as text
_DOUBT = 0.2  # five standard deviations of what two sketches tell of the share that two texts have in common


def near_duplicates(articles: Iterable[Article]) -> tuple[NearDuplicate, ...]:
    """Pairs of used articles that share at least `ALIKE` of the shorter one's text, in the order of their ids.

    Candidates come from MinHash with banding (Broder 1997; rensa), each is then confirmed on the exact sets of
    shingles, as containment in the shorter one, for an agency's report is often printed inside a longer one.
    """
    texts = {article.id: article.text for article in articles if article.status == "used"}
    ids: list[str] = []
    hashes: list[array[int]] = []
    sketches: list[RMinHash] = []
    from rensa import RMinHash, RMinHashLSH

    for some in _in_turn(sorted(texts), _AT_ONCE):  # as strings the shingles take far more room than the texts
        found = {name: shingles for name in some if (shingles := _shingles(texts[name]))}
        ids += found
        hashes += [array("q", map(hash, shingles)) for shingles in found.values()]
        sketches += RMinHash.from_token_sets([sorted(shingles) for shingles in found.values()], _PERMUTATIONS, _SEED)
    if len(ids) < 2:
        return ()
    index = RMinHashLSH(0.2, _PERMUTATIONS, _BANDS)
    index.insert_many(sketches)
    pairs: list[NearDuplicate] = []
    for position, sketch in enumerate(sketches):
        mine = frozenset(hashes[position])
        for other in sorted(set(index.query(sketch))):  # one by one: of a large story all together take much room
            if other <= position:
                continue
            fewer, more = sorted((len(mine), len(hashes[other])))
            least = ALIKE * fewer / (fewer + more - ALIKE * fewer)  # of what both have, where they are alike
            if sketch.jaccard(sketches[other]) < least - _DOUBT:
                continue
            shared = sum(map(mine.__contains__, hashes[other])) / fewer
            if shared >= ALIKE:
                pairs.append(NearDuplicate(first=ids[position], second=ids[other], shared=round(shared, 3)))
    return tuple(pairs)


def _in_turn(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[at : at + size] for at in range(0, len(names), size))


def _shingles(text: str) -> frozenset[str]:
    words = re.findall(_WORD, text.casefold())
    return frozenset(" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))
