"""What an article leaves open, and what in it talks to a machine: lists of wordings, tight and bounded by words.

To add a wording, add a line to `_OPEN` (pattern: why it is open) or `_TO_MACHINES`.
"""

from __future__ import annotations

import re
from functools import lru_cache

_OPEN: tuple[tuple[str, str], ...] = (
    (
        r"(?:did|does|do|has|have|had|would|could) ?n[o’']t (?:immediately )?(?:specif(?:y|ied)"
        r"|sa(?:y|id)|elaborate[d]?|disclose[d]?|provide[d]? (?:any )?(?:further )?details?|"
        r"reveal(?:ed)?|clarif(?:y|ied)|identif(?:y|ied)|confirm(?:ed)?|comment(?:ed)? on whether|"
        r"name[d]?)\b",
        "not said",
    ),
    (
        r"(?:did|does|do|has|have|had) not (?:immediately )?(?:specif(?:y|ied)|sa(?:y|id) (?:what|"
        r"when|whether|how|who|why|where)|elaborated?|disclosed?|provided? (?:any )?(?:further )"
        r"?details?|reveal(?:ed)?|clarif(?:y|ied)|confirm(?:ed)?|made (?:any )?(?:public|decision|"
        r"clear))\b",
        "not said",
    ),
    (
        r"made no mention of|without (?:elaborating|giving (?:further )?details|specifying)|"
        r"gave no (?:details?|timeline|date|indication)",
        "not said",
    ),
    (
        r"(?:(?:it|there) )?(?:is|was|were|are|remains?|remained) (?:still |as yet |yet |largely |"
        r"so far |also )*(?:unclear|unknown|uncertain|undecided|not (?:yet |immediately )?(?:clear|"
        r"known|certain)|in doubt|an open question|up in the air|unresolved|unanswered)\b",
        "said to be unclear",
    ),
    (
        r"remains? to be (?:seen|decided|determined)|yet to be (?:decided|determined|agreed|"
        r"announced|confirmed|seen)|too (?:early|soon) to (?:say|tell|know)|open question|no one knows|"
        r"nobody knows|questions? (?:remain|persist|linger)s?|there(?:['’]s| is| was) no (?:agreement|"
        r"consensus|indication|word|decision) (?:on|about|whether|how|as to)",
        "said to be unsettled",
    ),
    (
        r"(?:no|without|declin\w+ to|refus\w+ to|not) comment\b(?!ed by)|did not (?:immediately )"
        r"?(?:respond|reply|return)|could not (?:immediately )?be (?:reached|verified|confirmed)"
        r"|(?:not|un) ?independently (?:verif|confirm)\w+",
        "not confirmed: asked, no answer was given",
    ),
    (
        r"(?:media|press|unconfirmed|conflicting|news) reports? (?:suggest(?:ing|ed)?|claim(?:ing|"
        r"ed)?|that|of|indicat(?:ing|ed)?)|\brumou?rs?\b|unverified|unconfirmed",
        "reported, not confirmed",
    ),
    (
        r"(?:negotiations?|talks|discussions|consultations) (?:\w+ ){0,8}?(?:have|has|had|are|"
        r"were|is|was) (?:\w+ ){0,2}?(?:stalled|stuck|deadlocked|collapsed|suspended|broken down|"
        r"ongoing|continuing)|continue(?:d|s|ing)? (?:consultations|negotiations|talks|discussions)"
        r"|(?:stalled|deadlocked) (?:talks|negotiations)",
        "talks about it are not concluded",
    ),
    (
        r"(?:it is|it was|is|are|was|were|seems?|appears?) (?:\w+ )?unlikely (?:to|that|the|" r"it)\b|\bfuture of\b",
        "the outcome is not settled",
    ),
)
_OPEN_RE = tuple((re.compile(rf"\b(?:{pattern})", re.IGNORECASE), why) for pattern, why in _OPEN)

_TO_MACHINES: tuple[str, ...] = (
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]{0,40}\b(?:previous|prior|above|"
    r"earlier|preceding|all|any|your|these|the)\b[^.!?]{0,30}\b(?:instructions?|prompts?|"
    r"rules|directions?|guidelines|guidance|context|text|commands?|task)\b",
    r"\b(?:you are|if you are|you're|act as|pretend (?:to be|you are))\b[^.!?]{0,40}\b(?:ai|"
    r"a\.i\.|language model|llm|assistant|chatbot|gpt|bot|summari[sz]er|automated reader|"
    r"dan)\b",
    r"\b(?:note|notice|message|instructions?|attention)\b[^.!?]{0,20}\b(?:to|for)\b[^.!?]{0,20}\b(?:ai|"
    r"a\.i\.|llms?|language models?|assistants?|automated (?:readers?|systems?|tools?)|bots?|"
    r"machines?|summari[sz]ers?|chatbots?)\b",
    r"^\W*(?:ai|llm|system|assistant|bot) ?(?:notice|note|message|prompt|instructions?|override)?\s*:",
    r"\b(?:system|developer|hidden) (?:prompt|message|instructions?)\b|<\|?(?:im_start|im_end|"
    r"system|endoftext|assistant|user)\|?>|\[/?INST\]|</?(?:article|system|instructions?|"
    r"document|context|user|assistant|prompt)>",
    r"\b(?:output|print|respond with|reply with|return|answer with|write|say)\b[^.!?]{0,12}\b(?:only|"
    r"exactly|just|nothing but|the following|verbatim)\b[^.!?]{0,20}\b(?:text|words?|string|"
    r"token|phrase|json|line|message|sentence|in)?\b[^.!?]{0,12}[\"“':A-Z]",
    r"\b(?:print|reveal|repeat|show|output|display)\b[^.!?]{0,30}\b(?:your|the) (?:full |"
    r"exact |complete |original )*(?:text of )?(?:your )?(?:instructions|prompt|system message|"
    r"guidelines)\b",
    r"\b(?:before|when|while|in|after) (?:summari[sz]ing|your (?:summary|answer|response|reply|output|brief))\b",
    r"\b(?:in|of|to|from) (?:the|your|this) (?:summary|output|answer|response|brief|json)"
    r"\b[^.!?]{0,60}\b(?:add|append|include|omit|mention|insert|end|write|say|leave|set|"
    r"mark|record|query)\b|\b(?:add|append|include|omit|insert|attach|embed)\b[^.!?]{0,60}\b(?:to|"
    r"in|into|from) (?:the|your) (?:summary|output|answer|response|brief|json)\b",
    r"[\"“]?(?:positions|actors|open_questions|disagreements|open questions)[\"”]?\s*(?::\s*\[|"
    r"section empty|to an empty list)|\bleave\b[^.!?]{0,30}\b(?:section|list|field)s? (?:empty|"
    r"blank)\b|\bset\b[^.!?]{0,40}\b(?:to an empty list|title to)\b",
    r"\b(?:do not|don't|never|must not|must never|should not)\b[^.!?]{0,15}\b(?:report any (?:disagreemen"
    r"t|position|question)|summari[sz]e (?:this|the)|mention (?:this|these) (?:instruction|"
    r"article)|be marked as|list (?:it|this) as)",
    r"\b(?:omit|exclude|drop|ignore|skip|discard|list) (?:every|all|any|the) other (?:articles?|"
    r"documents?|sources?)\b|\ball other articles in (?:this|the) (?:folder|set)\b|\b(?:every other|"
    r"other) articles? in the (?:folder|set)\b",
    r"\b(?:attribute|credit|record|classify|mark|label|tag|treat)\b[^.!?]{0,30}\b(?:every|"
    r"all|any|each|it|this|these|the)\b[^.!?]{0,30}\b(?:quot\w+|positions?|stances?|as \"|"
    r"as “|regardless)\b[^.!?]{0,60}\b(?:to|as|regardless|in this article)\b",
    r"!\[[^\]]*\]\(https?:|\[[^\]]+\]\(https?:[^)]*\?[^)]*=",
    r"\b(?:add|use|insert|include) (?:the )?(?:verbatim |following )*(?:quotation|quote|"
    r"tag|token|span)\b|\buse that span\b|\bat characters \d+|\b(?:evidence|span) for (?:the|"
    r"all|every) (?:first |other )?positions?\b|\bend every section with\b",
    r"\b(?:new|updated|additional|following|real) (?:task|instructions?|directives?)\b\s*:|"
    r"\bprompt injection\b|\bjailbreak\b|\b(?:as|being) an ai\b|\bbase64\b|\bdecode (?:the|"
    r"this)\b|\beval\(|\bimport (?:os|requests|socket|subprocess)\b",
    r"\b(?:respond|reply|answer|write|summari[sz]e|translate|rewrite|output)\b[^.!?]{0,25}\b(?:in (?:emoj"
    r"is?|json|french|spanish|german|latin|base64|rot13|uppercase|reverse)|(?:this|the) (?:text|"
    r"article|above|following) (?:in|into|to|as))\b",
)
_TO_MACHINES_RE = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _TO_MACHINES)


@lru_cache(maxsize=8192)
def addressed_to_machine(text: str) -> bool:
    """Whether a sentence reads as if it were written for a program and not for people."""
    return any(pattern.search(text) for pattern in _TO_MACHINES_RE)


def why_open(text: str) -> str:
    """Why a sentence shows something unsettled, in a few words; empty where it does not."""
    for pattern, why in _OPEN_RE:
        if pattern.search(text):
            return why
    return ""
