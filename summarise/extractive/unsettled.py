"""What an article leaves open, and what in it talks to a machine: lists of wordings, tight and bounded by words.

To add a wording, add a line to `_OPEN` (pattern: why it is open) or `_TO_MACHINES`. News tells of machines,
instructions and briefs too, so a wording of the latter needs an addressee, an order (`_BID`) or a second person.
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

# A bid: where a sentence orders somebody to do something, and does not tell that somebody does it.
_BID = (
    r"(?:^[\W_]*|[.:;!?—–]\s*[\"“‘'(]*|,\s*(?:and |then |instead |now )*|"
    r"\b(?:please|kindly|then|instead|you (?:must|should|shall|will|have to|need to|are to))\s+)"
    r"(?:(?:please|only|always|also|just|simply|now|immediately|instead|first|do not|don[’']t|never|not)\s+){0,3}"
)
_MACHINE = (
    r"(?:(?:ai|a\.i\.)(?: (?:systems?|models?|assistants?|agents?|tools?|readers?|summari[sz]ers?|crawlers?|bots?))?|"
    r"(?:large )?language models?|llms?|chatbots?|gpt|bots?|machines?|summari[sz]ers?|virtual assistants?|"
    r"automated (?:readers?|systems?|tools?|assistants?|summari[sz]ers?))"
)
_READING = r"(?:summari[sz]|read|process|pars|analy[sz]|scann|crawl)(?:ing|es?|s) (?:this|the|these|several|any)\b"
_OUTPUT = r"(?:summary|output|answer|response|reply|brief|json)"
_EARLIER = r"(?:previous|prior|above|earlier|preceding|foregoing)"

_TO_MACHINES: tuple[str, ...] = (
    # leave what you were told
    rf"{_BID}(?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b(?:{_EARLIER}|all|any|your|these)\b"
    r"[^.!?]{0,30}\b(?:instructions?|prompts?|directives?|programming)\b",
    rf"{_BID}(?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b{_EARLIER}\b[^.!?]{{0,20}}\b(?:rules|directions?|"
    r"guidelines|guidance|context|text|commands?|task)\b",
    rf"{_BID}(?:ignore|disregard|forget) (?:all |everything )?(?:the )?(?:(?:text|context|rules|guidelines) )?above\b",
    r"(?<!\bto )(?<!\bnot )\b(?:ignore|disregard|forget|override|bypass) (?:all |any |of |the |your |my )*"
    r"(?:previous|prior|above|preceding|system) (?:instructions?|prompts?)\b",
    rf"\b{_MACHINE} (?:\w+ ){{0,6}}?(?:must|should|shall|are (?:asked |told |instructed |required )?to|have to|"
    rf"need to) (?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b(?:{_EARLIER}|all|any|other|their)\b"
    r"[^.!?]{0,30}\b(?:instructions?|prompts?|rules|guidelines|articles?|documents?|sources?)\b",
    # you are a machine
    r"\b(?:you are|you[’']re) (?:now |really |only |just )*(?:"
    r"(?:an? |the |my )?(?:(?!(?:of|to|with|for|by|from|on|in|the|using) )\w+ ){0,2}?(?:language model|llm|chatbot|gpt|"
    r"summari[sz]er|automated (?:reader|system|tool|assistant)|(?:helpful|ai|a\.i\.|virtual|automated) assistant)|"
    r"(?:an?|the|my) (?:\w+(?:ful|ed|al) )?(?:ai|a\.i\.)(?: (?:model|system|agent|tool|bot))?)"
    r"(?=\W*$|[,.:;!?)]|\s+(?:that|which|who|whose|and|with|without|tasked|trained|designed|asked|processing|reading|"
    r"summari[sz]\w+|parsing)\b)|\byou are now (?-i:DAN)\b",
    rf"{_BID}(?:act as|pretend (?:to be|you are)|behave as|role-?play as) (?:an? |the )?(?:\w+ ){{0,2}}?"
    r"(?:ai|a\.i\.|language model|llm|chatbot|gpt|bot|assistant|summari[sz]er|(?-i:DAN))\b(?! \w+er\b)",
    # a note with a machine's name on it
    r"^\W*(?:(?:important|urgent|special|hidden|an?|the|\w+[’']s|\w+s[’']) )*"
    r"(?:note|notice|message|instructions?|attention)\b,? (?:(?:to|for) )?(?:any |all |the |every )*"
    rf"{_MACHINE}(?: (?:and|or|that|which|who|only|reading|processing|parsing|summari[sz]ing)(?: \w+){{0,6}})?"
    r"\s*(?:[:—–!]|-\s|\.?$)",
    rf"\b(?:(?:to|for|if) (?:any |all |the |every |an? )*)?{_MACHINE}(?: (?:that|which|is|are|when))* {_READING}"
    r"[^.!?]{0,40}\b(?:article|text|page|document|file)s?\b[^.!?]{0,20}(?:[:,]|\b(?:must|should|shall|are to)\b)",
    r"^\W*(?:(?:ai|llm|system|assistant|bot) ?(?:notice|note|message|prompt|instructions?|override)|llm|system|"
    r"assistant)\s*:",
    r"\b(?:your|my) (?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b|"
    r"\b(?:system|developer) (?:prompt|message|instructions?|override)\s*:|\b(?:begin|end|start)(?: of)? "
    r"system prompt\b|<\|?(?:im_start|im_end|system|endoftext|assistant|user)\|?>|\[/?INST\]|</?(?:article|system|"
    r"instructions?|document|context|user|assistant|prompt)>",
    # write this
    rf"(?:{_BID}|\band )(?:output|print)\b[^.!?]{{0,12}}\b(?:only|exactly|just|nothing but|the following|verbatim)\b",
    rf"{_BID}(?:respond with|reply with|return|answer with|write|say)\b[^.!?]{{0,12}}\b(?:only|exactly|just|"
    r"nothing but|the following|verbatim)\b[^.!?]{0,20}(?:\b(?:text|words?|string|token|phrase|json|message|"
    r"sentence)\b|[\"“'‘:])",
    rf"{_BID}(?:print|reveal|repeat|show|output|display)\b[^.!?]{{0,30}}\b(?:your|the (?:full|exact|complete|original|"
    r"above|system)) (?:full |exact |complete |original |system )*(?:text of )?(?:your )?(?:instructions|prompt|"
    r"system message|guidelines)\b|\b(?:print|reveal|repeat|output|display) (?:all )?(?:of )?your (?:\w+ )?"
    r"(?:instructions|prompt|system message)\b",
    r"\b(?:before|when|while|in|after) (?:summari[sz]ing(?: \w+){0,4}|your (?:summary|answer|response|reply|output|"
    r"brief))\s*[,:]\s*(?:please |you (?:must|should) |always |only |also |do not |never )*"
    r"(?:add|append|begin|end|include|omit|mention|insert|print|output|reveal|write|say|state|leave|set|mark|record|"
    r"report|ignore|treat|list|call|use|refer)\b(?! \w+ (?:says|said)\b)",
    rf"\bin (?:the|your|this|any) {_OUTPUT}\b\s*[,:]?\s*(?:please |you (?:must|should) |always |only |also |do not |"
    rf"never )*(?:add|append|include|omit|mention|insert)\b|\bin your {_OUTPUT}\b\s*[,:]?\s*(?:please |you (?:must|"
    r"should) |always |only |also |do not |never )*(?:write|say|state|leave)\b",
    rf"^\W*in your {_OUTPUT}, (?!(?:you|he|she|it|we|they|i|the|there|that|this|an?|your)\b)\w+ \w+|"
    rf"{_BID}(?:use|replace|convert|substitute|introduce|misspell|scramble|anagram|group|combine|integrate|suggest|"
    rf"weave|place|put|provide|start|begin|finish|capitali[sz]e)\b[^.!?]{{0,60}}\b(?:in|of|with|into) your {_OUTPUT}\b",
    rf"{_BID}(?:add|append|include|omit|insert|attach|embed)\b[^.!?]{{0,60}}\b(?:to|in|into|from) (?:the|your|any) "
    rf"{_OUTPUT}\b",
    # fill the form like this
    r"[\"“]?(?:positions|actors|open_questions|disagreements|open questions)[\"”]?\s*(?::\s*\[|section empty|"
    rf"to an empty list)|{_BID}leave\b[^.!?]{{0,30}}\b(?:section|list|field)s? (?:empty|blank)\b|"
    rf"(?:{_BID}|\band )set\b[^.!?]{{0,40}}\b(?:to an empty list|title to [\"“‘'])",
    rf"{_BID}(?:report any (?:disagreement|position|question)|summari[sz]e (?:this|the) (?:article|text|page)|"
    r"mention (?:this|these) (?:instruction|article)|list (?:it|this) as)\b|"
    r"\barticle\b[^.!?]{0,40}\b(?:must|should) (?:not|never) be (?:marked|listed|flagged) as\b",
    rf"{_BID}(?:omit|exclude|drop|ignore|skip|discard|list) (?:every|all|any|the) other (?:articles?|documents?|"
    r"sources?)\b|\b(?:all|every|any|the) other articles? in (?:this|the) folder\b",
    rf"{_BID}(?:attribute|credit|record|classify|mark|label|tag|treat)\b[^.!?]{{0,30}}\b(?:every|all|any|each|it|this|"
    r"these|the)\b[^.!?]{0,30}(?:\b(?:quot\w+|positions?|stances?|regardless)\b|\bas [\"“])[^.!?]{0,60}"
    r"\b(?:to|as|regardless|in this article)\b",
    r"!\[[^\]]*\]\(https?:|\[[^\]]+\]\(https?:[^)]*\?[^)]*=",
    rf"{_BID}(?:add|use|insert|include) (?:the |that )?(?:verbatim |following )*(?:quotation|quote|tag|token|span)\b|"
    r"\bat characters \d+\b|\b(?:evidence|span) for (?:the|all|every) (?:first |other )?positions? is at\b|"
    rf"{_BID}end every section with\b",
    # a new task, code
    r"^\W*(?:new|updated|additional|following|real) (?:task|instructions?|directives?)\b\s*:|"
    r"^\W*(?:as|being) an ai(?: language model| assistant| model| system)?,? (?:you|your)\b|"
    rf"{_BID}decode (?:the|this)\b[^.!?]{{0,40}}\b(?:base64|rot13|follow|execute|obey|run)\b|"
    r"\beval\(|(?m:^[ \t]*import (?:os|requests|socket|subprocess)[ \t]*(?:$|[,;#]))",
    rf"{_BID}(?:respond|reply|answer|write|summari[sz]e|translate|rewrite|output)\b[^.!?]{{0,25}}\b(?:in (?:emojis?|"
    r"json|french|spanish|german|latin|base64|rot13|uppercase|reverse)|(?:this|the) (?:text|article|above|following) "
    r"(?:in|into|to|as))\b",
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
