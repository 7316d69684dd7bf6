"""Briefs made by code from the two seeds: real passages, so that every quotation is in its file."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from summarise.contract import (
    Actor,
    ArticleEntry,
    Brief,
    Check,
    Disagreement,
    Event,
    Evidence,
    Fact,
    Flag,
    Issue,
    LeftOut,
    OpenQuestion,
    Origin,
    Position,
    Run,
    Side,
    Stance,
    SummarySentence,
    Usage,
)

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
FIRST = "000_b0d3ce1afcac1d89.txt"
SECOND = "001_ec90b97c2972eb70.txt"


@dataclass(frozen=True)
class Source:
    """One seed as it lies on disk; sentences end at a full stop or a line break."""

    path: str
    text: str

    @property
    def id(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def evidence(self, fragment: str) -> Evidence:
        """The sentence that holds `fragment`."""
        spans = [m.span() for m in re.finditer(r"[^\n]+?(?:\.[”\"]?(?=\s)|(?=\n)|$)", self.text)]
        for number, (start, end) in enumerate(spans, 1):
            start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
            if fragment in self.text[start:end]:
                return Evidence(article=self.id, sentence=number, start=start, end=end, quote=self.text[start:end])
        raise AssertionError(f"{fragment!r} is not in {self.path}")

    def entry(self, **changes: object) -> ArticleEntry:
        known = {
            "id": self.id,
            "path": self.path,
            "sha256": hashlib.sha256(self.text.encode()).hexdigest(),
            "title": self.text.splitlines()[0],
            "outlet": "",
            "author": "",
            "published": "",
            "published_from": "unknown",
            "language": "en",
            "words": len(self.text.split()),
            "status": "used",
            "reason": "",
            "duplicate_of": "",
        }
        return ArticleEntry.model_validate(known | changes)


def source(path: str) -> Source:
    return Source(path, (SEEDS / path).read_text(encoding="utf-8"))


def texts() -> dict[str, str]:
    return {one.id: one.text for one in (source(FIRST), source(SECOND))}


def position(name: str, actor: str, stance: Stance, statement: str, *evidence: Evidence, **changes: object) -> Position:
    known = {
        "id": name,
        "actor": actor,
        "stance": stance,
        "statement": statement,
        "quoted": False,
        "via": (),
        "said_on": "",
        "evidence": evidence,
        "origins": (),
        "checks": (Check(name="actor_named", ok=True, note=""),),
        "by": "model",
    }
    return Position.model_validate(known | changes)


def actor(name: str, title: str, kind: str, role: str, evidence: Evidence, *aliases: str) -> Actor:
    return Actor.model_validate(
        {
            "id": name,
            "name": title,
            "kind": kind,
            "role": role,
            "aliases": aliases,
            "evidence": (evidence,),
            "joins": (),
        }
    )


def run(**changes: object) -> Run:
    known = {
        "started": "2025-01-30T09:00:00Z",
        "seconds": 1.25,
        "version": "0.1.0",
        "model": "extractive",
        "usage": Usage(),
        "counts": {},
    }
    return Run.model_validate(known | changes)


def seeds_brief(**changes: object) -> Brief:
    """A brief of the seeds with something in every section."""
    a, b = source(FIRST), source(SECOND)
    stalled = (a.evidence("Negotiations with Syria’s new"), b.evidence("Negotiations with Syria’s new"))
    constructive = a.evidence("The meeting was generally constructive")
    consult = a.evidence("agreed to continue consultations")
    hopeful = a.evidence("The Kremlin had been hopeful")
    remove, unload = a.evidence("to remove military equipment"), b.evidence("to unload military equipment")
    handover = a.evidence("hand over al-Assad")
    peskov = a.evidence("I will leave that without comment")
    compensation = a.evidence("did not specify the form of compensation")
    turkey = (a.evidence("opposes Moscow’s continued"), b.evidence("opposes the continuation"))
    officials = a.evidence("Two senior Turkish officials stated")
    arms = a.evidence("has offered to supply")
    kallas = (a.evidence("Kaja Kallas"), b.evidence("Kaja Kallas"))
    wheat = a.evidence("Ukraine, which sent")
    tartus = a.evidence("purely technical issue")
    ship = (a.evidence("Sparta II"), b.evidence("Sparta II"))
    brief = Brief(
        story="seeds",
        complete=True,
        title="Russia's bases in Syria: talks after Assad",
        summary=(
            SummarySentence(
                checks=(),
                text="Russia has not secured its two bases: talks with Syria's new government have stalled, according "
                "to one unnamed source in Moscow speaking to Bloomberg, on whose report both articles rest.",
                evidence=stalled,
            ),
            SummarySentence(
                checks=(),
                text="Moscow's envoy says the opposite mood: three hours of constructive talks, consultations to "
                "continue, nothing changed for now.",
                evidence=(constructive, consult),
            ),
            SummarySentence(
                checks=(),
                text="Damascus asks for compensation and, according to an unnamed Syrian source, for Assad himself; "
                "the Kremlin does not comment.",
                evidence=(compensation, handover, peskov),
            ),
        ),
        articles=(
            a.entry(published="2025-01-29", published_from="inferred"),
            b.entry(
                outlet="Caliber.Az", author="Tamilla Hasanova", published="2025-01-29T11:32", published_from="stated"
            ),
        ),
        actors=(
            actor("russia", "Russia", "government", "holds two bases in Syria", hopeful, "Moscow", "the Kremlin"),
            actor("syria", "Syria's new government", "government", "in power since December", stalled[0], "Damascus"),
            actor("bogdanov", "Mikhail Bogdanov", "person", "Russia's envoy for the Middle East", consult),
            actor("peskov", "Dmitry Peskov", "person", "the Kremlin's spokesman", peskov),
            actor("source", "a source in Moscow", "person", "unnamed, speaks to Bloomberg", stalled[0]),
            actor("turkey", "Türkiye", "government", "backed the opposition that toppled Assad", turkey[0], "Turkey"),
            actor("eu", "European Union", "organisation", "", kallas[0], "EU"),
            actor("ukraine", "Ukraine", "government", "", wheat),
        ),
        issues=(
            Issue(
                id="i1",
                title="Russia's bases at Tartus and Hmeimim",
                positions=(
                    position("p1", "russia", "supports", "Wants to keep its two bases.", hopeful, origins=("o1",)),
                    position(
                        "p2",
                        "turkey",
                        "opposes",
                        "Opposes the Russian military presence in Syria.",
                        *turkey,
                        origins=("o1",),
                    ),
                    position(
                        "p3",
                        "turkey",
                        "predicts",
                        "Syria is unlikely to let Russia stay.",
                        officials,
                        via=("two officials",),
                    ),
                    position(
                        "p4",
                        "bogdanov",
                        "assesses",
                        "Consultations on the bases go on; nothing changes for now.",
                        consult,
                        said_on="2025-01-28",
                        origins=("o2",),
                        checks=(Check(name="numbers", ok=False, note="a number is not in its evidence"),),
                    ),
                ),
            ),
            Issue(
                id="i2",
                title="The talks in Damascus",
                positions=(
                    position(
                        "p5",
                        "source",
                        "alleges",
                        "The talks have stalled.",
                        *stalled,
                        via=("Bloomberg",),
                        origins=("o1",),
                    ),
                    position(
                        "p6",
                        "bogdanov",
                        "assesses",
                        "The talks were constructive.",
                        constructive,
                        quoted=True,
                        said_on="2025-01-28",
                        origins=("o2",),
                    ),
                ),
            ),
            Issue(
                id="i3",
                title="Assad's handover and compensation",
                positions=(
                    position("p7", "syria", "demands", "Asks Russia to hand over Assad.", handover, via=("Reuters",)),
                    position("p8", "peskov", "declines_to_comment", "Will not comment.", peskov, quoted=True),
                    position("p9", "syria", "demands", "Asks for compensation, its form unsaid.", compensation),
                ),
            ),
            Issue(
                id="i4",
                title="The Tartus port agreement",
                positions=(
                    position("p10", "bogdanov", "denies", "It is a purely technical issue.", tartus, quoted=True),
                ),
            ),
            Issue(
                id="i5",
                title="Help for the new Syria",
                positions=(
                    position("p11", "turkey", "offers", "Offers arms and training.", arms),
                    position("p12", "eu", "offers", "Will gradually ease sanctions.", *kallas),
                    position("p13", "ukraine", "offers", "Pledges more wheat.", wheat),
                ),
            ),
        ),
        disagreements=(
            Disagreement(
                id="d1",
                kind="between_actors",
                summary="Are the talks going anywhere?",
                sides=(
                    Side(statement="Stalled.", positions=("p5",), evidence=stalled),
                    Side(
                        statement="Constructive, to be continued.",
                        positions=("p6", "p4"),
                        evidence=(constructive, consult),
                    ),
                ),
            ),
            Disagreement(
                id="d2",
                kind="between_reports",
                summary="What were the ships for?",
                sides=(
                    Side(statement="To remove military equipment.", positions=(), evidence=(remove,)),
                    Side(statement="To unload it.", positions=(), evidence=(unload,)),
                ),
            ),
        ),
        open_questions=(
            OpenQuestion(
                id="q1",
                question="Will Russia keep Tartus and Hmeimim, and on what terms?",
                why_open="Consultations go on; the Syrian statement does not mention the bases.",
                settled_by="an agreement, or a date to leave",
                status="open",
                evidence=(consult, compensation),
                answered_by=(),
            ),
            OpenQuestion(
                id="q2",
                question="Has Syria ended the Tartus port agreement?",
                why_open="Media reports suggest so; Bogdanov does not say.",
                settled_by="",
                status="partly_answered",
                evidence=(tartus,),
                answered_by=(tartus,),
            ),
        ),
        events=(
            Event(
                id="e1",
                when="2025-01-28",
                what="The Sparta II leaves the Tartus port area.",
                actors=("russia",),
                evidence=ship,
            ),
            Event(id="e2", when="2024-12", what="Assad is ousted.", actors=(), evidence=(hopeful,)),
            Event(id="e3", when="", what="Ukraine sends wheat.", actors=("ukraine",), evidence=(wheat,)),
        ),
        facts=(
            Fact(
                id="f1",
                about="what the ships were to do with equipment",
                value="remove it",
                according_to="a source in Moscow",
                evidence=(remove,),
            ),
        ),
        origins=(
            Origin(
                id="o1",
                report="Bloomberg, citing a source in Moscow",
                kind="agency",
                articles=(a.id, b.id),
                evidence=stalled,
            ),
            Origin(id="o2", report="Bogdanov to reporters", kind="statement", articles=(a.id,), evidence=(consult,)),
        ),
        flags=(Flag(kind="doubtful", note="the headline says failed, the body stalled", evidence=(stalled[1],)),),
        left_out=(
            LeftOut(
                kind="position", what="Trade was discussed too.", reason="nobody's position", evidence=(constructive,)
            ),
        ),
        run=run(),
    )
    return brief.model_copy(update=changes)
