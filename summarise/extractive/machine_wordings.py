"""Wordings in which a sentence, looked at alone, talks to a machine: names it, undoes its orders, gives it others."""

from __future__ import annotations

import re

from summarise.extractive.machine_orders import A_TASK, FILL_THE_FORM, WRITE_THIS
from summarise.extractive.machine_rules import BID, EARLIER, FIRST, LEAVE, MACHINE, MACHINES, READING, Rule, rule

_WORD = re.compile(r"\w+")

_LEAVE_WHAT_YOU_WERE_TOLD = (
    rule(
        rf"{BID}(?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b(?:{EARLIER}|all|any|your|these)\b"
        r"[^.!?]{0,30}\b(?:instructions?|prompts?|directives?|programming)\b",
        LEAVE,
        "instruction instructions prompt prompts directive directives programming",
    ),
    rule(
        rf"{BID}(?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b{EARLIER}\b[^.!?]{{0,20}}\b(?:rules|"
        r"directions?|guidelines|guidance|context|text|commands?|task)\b",
        LEAVE,
        "rules direction directions guidelines guidance context text command commands task",
    ),
    rule(
        rf"{BID}(?:ignore|disregard|forget) (?:all |everything )?(?:the )?(?:(?:text|context|rules|guidelines) )?"
        r"above\b",
        LEAVE,
        "above",
    ),
    rule(
        r"(?<!\bto )(?<!\bnot )\b(?:ignore|disregard|forget|override|bypass) (?:all |any |of |the |your |my )*"
        r"(?:previous|prior|above|preceding|system) (?:instructions?|prompts?)\b",
        LEAVE,
        "instruction instructions prompt prompts",
    ),
    rule(
        rf"{FIRST}(?:ignore|disregard|forget|override|bypass) (?:(?:all|any|every|other|the|your|those|these) )*"
        r"(?:instructions?|prompts?|directives?)\b",
        LEAVE,
        "instruction instructions prompt prompts directive directives",
    ),
    rule(
        rf"{FIRST}(?:ignore|disregard|forget|skip) (?:all|everything|any|every|the)\b[^.!?]{{0,40}}\b(?:except|other "
        r"than|apart from|but)\b[^.!?]{0,30}\b(?:following|below|this|next|brackets?|quot\w+)\b",
        "ignore disregard forget skip",
        "except other apart but",
    ),
    rule(
        r"\b(?:i|we) (?:want|need|ask|would like) you to (?:ignore|disregard|forget|focus|output|print|respond|answer|"
        r"act|pretend|translate|summari[sz]e|rewrite)\b",
        "want need ask like",
        "you",
    ),
    rule(
        rf"{BID}(?:ignore|disregard|forget) (?:all|everything|anything|what)(?: that)? (?:you|i|we|they) (?:were|was|"
        rf"have|"
        r"had|know|learned|told|said)\b|\bstop (?:everything|what|whatever) you(?: are|[’']re) doing and\b",
        "ignore disregard forget stop",
        "you i we they",
    ),
    rule(
        r"\b(?:from now on|henceforth),? you (?:will|must|shall|are|should|only|may)\b|\byou must now \w+|\byou "
        r"(?:will|"
        r"must|shall) (?:now )?(?:obey|comply)\b",
        "you",
        "will must shall are should only may now",
    ),
    rule(
        rf"{FIRST}(?:focus|concentrate) (?:only|solely|exclusively) on\b[^.!?]{{0,20}}\b(?:the following|this|these|"
        r"information|text)\b",
        "focus concentrate",
        "only solely exclusively",
    ),
    rule(
        rf"\b{MACHINE} (?:\w+ ){{0,6}}?(?:must|should|shall|are (?:asked |told |instructed |required )?to|have to|"
        rf"need to) (?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b(?:{EARLIER}|all|any|other|their)\b"
        r"[^.!?]{0,30}\b(?:instructions?|prompts?|rules|guidelines|articles?|documents?|sources?)\b",
        LEAVE,
        "instruction instructions prompt prompts rules guidelines article articles document documents source sources",
    ),
)

_YOU_ARE_A_MACHINE = (
    rule(
        r"\b(?:you are|you[’']re) (?:now |really |only |just )*(?:"
        r"(?:an? |the |my )?(?:(?!(?:of|to|with|for|by|from|on|in|the|using) )\w+ ){0,2}?(?:language model|llm|chatbot"
        r"|gpt|summari[sz]er|automated (?:reader|system|tool|assistant)|(?:helpful|ai|a\.i\.|virtual|automated) "
        r"assistant)|(?:an?|the|my) (?:\w+(?:ful|ed|al) )?(?:ai|a\.i\.)(?: (?:model|system|agent|tool|bot))?)"
        r"(?=\W*$|[,.:;!?)]|\s+(?:that|which|who|whose|and|with|without|tasked|trained|designed|asked|processing|"
        r"reading|summari[sz]\w+|parsing)\b)|\byou are now (?-i:DAN)\b",
        "you",
        "language llm chatbot gpt summariser summarizer automated assistant ai i dan",
    ),
    rule(
        rf"{BID}(?:act as|pretend (?:to be|you are)|behave as|role-?play as) (?:an? |the )?(?:\w+ ){{0,2}}?"
        r"(?:ai|a\.i\.|language model|llm|chatbot|gpt|bot|assistant|summari[sz]er|(?-i:DAN))\b(?! \w+er\b)",
        "act pretend behave role roleplay",
        "ai i language llm chatbot gpt bot assistant summariser summarizer dan",
    ),
    rule(
        r"^\W*(?:(?:important|urgent|special|hidden|an?|the|\w+[’']s|\w+s[’']) )*"
        r"(?:note|notice|message|instructions?|attention)\b,? (?:(?:to|for) )?(?:any |all |the |every )*"
        rf"{MACHINE}(?: (?:and|or|that|which|who|only|reading|processing|parsing|summari[sz]ing)(?: \w+){{0,6}})?"
        r"\s*(?:[:—–!]|-\s|\.?$)",
        "note notice message instruction instructions attention",
        MACHINES,
    ),
    rule(
        rf"\b(?:(?:to|for|if) (?:any |all |the |every |an? )*)?{MACHINE}(?: (?:that|which|is|are|when))* {READING}"
        r"[^.!?]{0,40}\b(?:article|text|page|document|file)s?\b[^.!?]{0,20}(?:[:,]|\b(?:must|should|shall|are to)\b)",
        MACHINES,
        "article articles text texts page pages document documents file files",
    ),
    rule(
        r"^\W*(?:(?:ai|llm|system|assistant|bot) ?(?:notice|note|message|prompt|instructions?|override)|llm|system|"
        r"assistant)\s*:|^\W*(?:user|human|assistant|developer)\s*:\s*\S|\n\s*(?:user|human|system|assistant|developer)"
        r"\s*:\s*\S",
        sign=":",
    ),
    rule(r"\b(?:your|my) (?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b", "your my"),
    rule(r"\b(?:system|developer) (?:prompt|message|instructions?|override)\s*:", "system developer", sign=":"),
    rule(r"\b(?:begin|end|start)(?: of)? system prompt\b", "system", "prompt"),
    rule(
        r"<\|?(?:im_start|im_end|system|endoftext|assistant|user)\|?>|</?(?:article|system|instructions?|document|"
        r"context|user|assistant|prompt)>|<(?:end|start|begin|beginning)(?: of)? [a-z ]{2,30}>",
        sign="<",
    ),
    rule(r"(?-i:</?[a-z]+(?: [a-z]+){1,6}>)", sign="<"),  # <a place to fill in>
    rule(r"\[/?INST\]|\[(?:system|assistant|user|developer|instructions?)\]", sign="["),
    rule(
        rf"^\W*(?:(?:hey|hi|hello|dear|attention|ok|okay|to|for) )+(?:the |any |all |every |my )*(?:{MACHINE}|(?:ai |"
        r"language )?models?|assistants?)(?: (?:reading|processing|parsing|summari[sz]ing|that|who|"
        r"which)\b[^,:.!?]{0,40})?"
        rf"\s*[,:!]|^\W*{MACHINE}\s*[,:!]\s*(?:please|you|your|do not|don[’']t|must|ignore|disregard)\b",
        MACHINES + " model models assistant assistants",
    ),
    rule(
        r"\b(?:message|note|notice|instructions?|directive|order|update)s? from (?:the|your) (?:developers?|operators?|"
        r"system administrators?|administrators?|programmers?|creators?|system|model)\b[^.!?]{0,10}[:—–]",
        "developer developers operator operators administrator administrators programmer programmers creator creators "
        "system model",
    ),
)

RULES = (*_LEAVE_WHAT_YOU_WERE_TOLD, *_YOU_ARE_A_MACHINE, *WRITE_THIS, *FILL_THE_FORM, *A_TASK)

_ALWAYS = tuple(rule for rule in RULES if not rule.needs)
_BY_WORD: dict[str, list[Rule]] = {}
for _one in RULES:
    for _each in _one.needs[0] if _one.needs else ():
        _BY_WORD.setdefault(_each, []).append(_one)


def speaks_to_machine(text: str) -> bool:
    """Whether a sentence, by its wording alone, was written for a program and not for people."""
    words = frozenset(_WORD.findall(text.lower()))
    if any(rule.finds(text, words) for rule in _ALWAYS):
        return True
    return any(rule.finds(text, words) for word in words & _BY_WORD.keys() for rule in _BY_WORD[word])
