"""What an article leaves open: a list of wordings, tight and bounded by words.

To add a wording, add a line to `_OPEN` (pattern: why it is open).
"""

from __future__ import annotations

import re

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
_ANY = re.compile(rf"\b(?:{'|'.join(f'(?:{pattern})' for pattern, _ in _OPEN)})")  # of a text in lower case
_OPEN_RE = tuple((re.compile(rf"\b(?:{pattern})", re.IGNORECASE), why) for pattern, why in _OPEN)


def why_open(text: str) -> str:
    """Why a sentence shows something unsettled, in a few words; empty where it does not."""
    if not _ANY.search(text.lower()):
        return ""
    for pattern, why in _OPEN_RE:
        if pattern.search(text):
            return why
    return ""
