"""How good is a brief? It is held against a reference reading that a person made of the same articles.

    reference.py   what a reference reading says
    articles.py    the articles as both are compared with: folded, in sentences
    evidence.py    which of a brief's passages bear out which part of the reference
    matching.py    each item finds one counterpart at most
    figures.py     what is counted
    score.py       the whole: brief and reference to figures
    floors.py      what the figures must not fall below

`docs/evaluation.md` says what every figure means.
"""

from summarise.evaluation.articles import Articles
from summarise.evaluation.figures import Scores
from summarise.evaluation.floors import Floor, Miss, load_floors, missed
from summarise.evaluation.reference import Reference, load_reference, problems
from summarise.evaluation.score import score

__all__ = [
    "Articles",
    "Floor",
    "Miss",
    "Reference",
    "Scores",
    "load_floors",
    "load_reference",
    "missed",
    "problems",
    "score",
]
