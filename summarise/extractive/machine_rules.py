"""What a rule for talk to a machine is, and the parts that many of them are made of.

A wording needs an addressee, an order or a second person: news tells of machines, instructions and briefs too. To add
one, add a `rule` where its like stand: its pattern, and the words without which it cannot match, a group a string. The
groups only save time: a sentence that lacks one of them is not searched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A wording. `needs`: of each group a matching sentence has a word, in lower case, as `\\w+` divides it."""

    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]
    sign: str

    def finds(self, text: str, words: frozenset[str]) -> bool:
        if self.sign not in text or any(map(words.isdisjoint, self.needs)):
            return False
        return self.pattern.search(text) is not None


def rule(pattern: str, *needs: str, sign: str = "") -> Rule:
    return Rule(re.compile(pattern, re.IGNORECASE), tuple(frozenset(group.split()) for group in needs), sign)


# A bid: where a sentence orders somebody to do something, and does not tell that somebody does it.
_POLITE = r"(?:(?:please|only|always|also|just|simply|now|immediately|instead|first|do not|don[’']t|never|not)\s+){0,3}"
BID = (
    r"(?:^[\W_]*|[.:;!?—–]\s*[\"“‘'(]*|,\s*(?:and |then |instead |now )*|"
    r"\b(?:please|kindly|then|instead|you (?:must|should|shall|will|have to|need to|are to))\s+)" + _POLITE
)
ASK = r"(?:(?:can|could|will|would) you (?:please )?)?"
FIRST = r"(?:^[\W_]*|[.:;!?—–]\s*[\"“‘'(]*)" + _POLITE  # a bid that nothing of the sentence comes before

MACHINE = (
    r"(?:(?:ai|a\.i\.)(?: (?:systems?|models?|assistants?|agents?|tools?|readers?|summari[sz]ers?|crawlers?|bots?))?|"
    r"(?:large )?language models?|llms?|chatbots?|gpt|bots?|machines?|summari[sz]ers?|virtual assistants?|"
    r"automated (?:readers?|systems?|tools?|assistants?|summari[sz]ers?))"
)
MACHINES = (
    "ai i language llm llms chatbot chatbots gpt bot bots machine machines summariser summarisers summarizer "
    "summarizers virtual automated"
)
READING = r"(?:summari[sz]|read|process|pars|analy[sz]|scann|crawl)(?:ing|es?|s) (?:this|the|these|several|any)\b"
OUTPUT = r"(?:summary|output|answer|response|reply|brief|json)"
OUTPUTS = "summary output answer response reply brief json"
EARLIER = r"(?:previous|prior|above|earlier|preceding|foregoing)"
LEAVE = "ignore disregard forget override bypass"
VERBATIM = "only exactly just nothing following verbatim"

# No order begins with one of these.
NO_VERB = (
    r"(?!(?:the|an?|this|that|these|those|it|its|he|she|we|they|you|your|our|my|i|his|her|their|what|who|why|how|when|"
    r"where|which|whose|if|as|but|and|or|so|for|in|on|at|by|to|of|with|from|about|after|before|since|because|while|"
    r"though|although|thanks?|dear|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must|"
    r"there|here|then|yes|no|all|some|any|one|many|most|send|get|got|await|read|hear|receive|leave|check|thank|"
    r"\w+ing|\w+ed|(?!apply|reply|supply|multiply|imply)\w+ly)\b)"
)
