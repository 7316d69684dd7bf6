"""Wordings in which a sentence talks to a machine: tight, and bounded by words.

News tells of machines, instructions and briefs too, so a wording needs an addressee, an order (`_BID`) or a second
person. To add one, add a `_rule`: its pattern, and the words without which it cannot match, a group a string. The
groups only save time: a sentence that lacks one of them is not searched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class _Rule:
    """A wording. `needs`: of each group a matching sentence has a word, in lower case, as `\\w+` divides it."""

    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]
    sign: str

    def finds(self, text: str, words: frozenset[str]) -> bool:
        if self.sign not in text or any(map(words.isdisjoint, self.needs)):
            return False
        return self.pattern.search(text) is not None


def _rule(pattern: str, *needs: str, sign: str = "") -> _Rule:
    return _Rule(re.compile(pattern, re.IGNORECASE), tuple(frozenset(group.split()) for group in needs), sign)


# A bid: where a sentence orders somebody to do something, and does not tell that somebody does it.
_POLITE = r"(?:(?:please|only|always|also|just|simply|now|immediately|instead|first|do not|don[’']t|never|not)\s+){0,3}"
_BID = (
    r"(?:^[\W_]*|[.:;!?—–]\s*[\"“‘'(]*|,\s*(?:and |then |instead |now )*|"
    r"\b(?:please|kindly|then|instead|you (?:must|should|shall|will|have to|need to|are to))\s+)" + _POLITE
)
_FIRST = r"(?:^[\W_]*|[.:;!?—–]\s*[\"“‘'(]*)" + _POLITE  # a bid that nothing of the sentence comes before

_MACHINE = (
    r"(?:(?:ai|a\.i\.)(?: (?:systems?|models?|assistants?|agents?|tools?|readers?|summari[sz]ers?|crawlers?|bots?))?|"
    r"(?:large )?language models?|llms?|chatbots?|gpt|bots?|machines?|summari[sz]ers?|virtual assistants?|"
    r"automated (?:readers?|systems?|tools?|assistants?|summari[sz]ers?))"
)
_MACHINES = (
    "ai i language llm llms chatbot chatbots gpt bot bots machine machines summariser summarisers summarizer "
    "summarizers virtual automated"
)
_READING = r"(?:summari[sz]|read|process|pars|analy[sz]|scann|crawl)(?:ing|es?|s) (?:this|the|these|several|any)\b"
_OUTPUT = r"(?:summary|output|answer|response|reply|brief|json)"
_OUTPUTS = "summary output answer response reply brief json"
_EARLIER = r"(?:previous|prior|above|earlier|preceding|foregoing)"
_LEAVE = "ignore disregard forget override bypass"
_VERBATIM = "only exactly just nothing following verbatim"

# No order begins with one of these.
_NO_VERB = (
    r"(?!(?:the|an?|this|that|these|those|it|its|he|she|we|they|you|your|our|my|i|his|her|their|what|who|why|how|when|"
    r"where|which|whose|if|as|but|and|or|so|for|in|on|at|by|to|of|with|from|about|after|before|since|because|while|"
    r"though|although|thanks?|dear|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must|"
    r"there|here|then|yes|no|all|some|any|one|many|most|send|get|got|await|read|hear|receive|leave|check|thank|"
    r"\w+ing|\w+ed|\w+ly)\b)"
)
_ASK = r"(?:(?:can|could|will|would) you (?:please )?)?"
_WORDY = (
    "explain|describe|draft|compose|translate|paraphrase|rewrite|rephrase|summari[sz]e|generate|outline|brainstorm|"
    "elaborate on|proofread|encode|encrypt|decode|decipher|calculate|compute|solve|formulate|devise|analy[sz]e|"
    "classify|categori[sz]e|transcribe|transliterate|break down|augment|enhance|recommend|customi[sz]e|optimi[sz]e|"
    "automate|simulate|craft|suggest|compare|define"
)
_WORDY_NEEDS = (
    "explain describe draft compose translate paraphrase rewrite rephrase summarise summarize generate outline "
    "brainstorm elaborate proofread encode encrypt decode decipher calculate compute solve formulate devise analyse "
    "analyze classify categorise categorize transcribe transliterate break augment enhance recommend customise "
    "customize optimise optimize automate simulate craft suggest compare define",
)
_ARTICLE = r"(?:an?|the|some|any|this|these|my|your|two|three|four|five|ten|\d+) "
_OBJECT = (
    r"(?:the|an?|how|why|what|who|when|where|which|whether|my|your|this|these|that|some|any|each|every|all|following|"
    r"\d+|two|three|five|ten|[a-z]+(?: [a-z]+)? (?:of|for|in|to|on|from|about|with|between|into)|[a-z]+ing)\b"
)
_MAKING = "write provide give create develop make show tell list prepare produce build plan design propose offer find"
_PIECES = (
    "essay essays poem poems haiku sonnet story stories letter speech paragraph summary outline guide recipe email script "
    "song lyrics headline tweet blog example examples explanation description definition translation equivalent synonym "
    "synonyms antonym code function program snippet query itinerary overview tutorial tips advice checklist template "
    "joke riddle limerick dialogue monologue quiz questions anagram acronym slogan caption hashtags"
)
_TONGUES = (
    "english french spanish german italian portuguese russian chinese mandarin japanese korean arabic hindi turkish "
    "dutch swedish polish greek latin hebrew persian ukrainian vietnamese thai swahili esperanto"
)
_MAKE = _MAKING.replace(" ", "|")
_PIECE = _PIECES.replace(" ", "|")
_TONGUE = _TONGUES.replace(" ", "|")

_LEAVE_WHAT_YOU_WERE_TOLD = (
    _rule(
        rf"{_BID}(?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b(?:{_EARLIER}|all|any|your|these)\b"
        r"[^.!?]{0,30}\b(?:instructions?|prompts?|directives?|programming)\b",
        _LEAVE,
        "instruction instructions prompt prompts directive directives programming",
    ),
    _rule(
        rf"{_BID}(?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b{_EARLIER}\b[^.!?]{{0,20}}\b(?:rules|"
        r"directions?|guidelines|guidance|context|text|commands?|task)\b",
        _LEAVE,
        "rules direction directions guidelines guidance context text command commands task",
    ),
    _rule(
        rf"{_BID}(?:ignore|disregard|forget) (?:all |everything )?(?:the )?(?:(?:text|context|rules|guidelines) )?"
        r"above\b",
        _LEAVE,
        "above",
    ),
    _rule(
        r"(?<!\bto )(?<!\bnot )\b(?:ignore|disregard|forget|override|bypass) (?:all |any |of |the |your |my )*"
        r"(?:previous|prior|above|preceding|system) (?:instructions?|prompts?)\b",
        _LEAVE,
        "instruction instructions prompt prompts",
    ),
    _rule(
        rf"{_FIRST}(?:ignore|disregard|forget|override|bypass) (?:(?:all|any|every|other|the|your|those|these) )*"
        r"(?:instructions?|prompts?|directives?)\b",
        _LEAVE,
        "instruction instructions prompt prompts directive directives",
    ),
    _rule(
        rf"{_FIRST}(?:ignore|disregard|forget|skip) (?:all|everything|any|every|the)\b[^.!?]{{0,40}}\b(?:except|other "
        r"than|apart from|but)\b[^.!?]{0,30}\b(?:following|below|this|next|brackets?|quot\w+)\b",
        "ignore disregard forget skip",
        "except other apart but",
    ),
    _rule(
        r"\b(?:i|we) (?:want|need|ask|would like) you to (?:ignore|disregard|forget|focus|output|print|respond|answer|"
        r"act|pretend|translate|summari[sz]e|rewrite)\b",
        "want need ask like",
        "you",
    ),
    _rule(
        rf"{_BID}(?:ignore|disregard|forget) (?:all|everything|anything|what)(?: that)? (?:you|i|we|they) (?:were|was|have|"
        r"had|know|learned|told|said)\b|\bstop (?:everything|what|whatever) you(?: are|[’']re) doing and\b",
        "ignore disregard forget stop",
        "you i we they",
    ),
    _rule(
        r"\b(?:from now on|henceforth),? you (?:will|must|shall|are|should|only|may)\b|\byou must now \w+|\byou (?:will|"
        r"must|shall) (?:now )?(?:obey|comply)\b",
        "you",
        "will must shall are should only may now",
    ),
    _rule(
        rf"{_FIRST}(?:focus|concentrate) (?:only|solely|exclusively) on\b[^.!?]{{0,20}}\b(?:the following|this|these|"
        r"information|text)\b",
        "focus concentrate",
        "only solely exclusively",
    ),
    _rule(
        rf"\b{_MACHINE} (?:\w+ ){{0,6}}?(?:must|should|shall|are (?:asked |told |instructed |required )?to|have to|"
        rf"need to) (?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b(?:{_EARLIER}|all|any|other|their)\b"
        r"[^.!?]{0,30}\b(?:instructions?|prompts?|rules|guidelines|articles?|documents?|sources?)\b",
        _LEAVE,
        "instruction instructions prompt prompts rules guidelines article articles document documents source sources",
    ),
)

_YOU_ARE_A_MACHINE = (
    _rule(
        r"\b(?:you are|you[’']re) (?:now |really |only |just )*(?:"
        r"(?:an? |the |my )?(?:(?!(?:of|to|with|for|by|from|on|in|the|using) )\w+ ){0,2}?(?:language model|llm|chatbot"
        r"|gpt|summari[sz]er|automated (?:reader|system|tool|assistant)|(?:helpful|ai|a\.i\.|virtual|automated) "
        r"assistant)|(?:an?|the|my) (?:\w+(?:ful|ed|al) )?(?:ai|a\.i\.)(?: (?:model|system|agent|tool|bot))?)"
        r"(?=\W*$|[,.:;!?)]|\s+(?:that|which|who|whose|and|with|without|tasked|trained|designed|asked|processing|"
        r"reading|summari[sz]\w+|parsing)\b)|\byou are now (?-i:DAN)\b",
        "you",
        "language llm chatbot gpt summariser summarizer automated assistant ai i dan",
    ),
    _rule(
        rf"{_BID}(?:act as|pretend (?:to be|you are)|behave as|role-?play as) (?:an? |the )?(?:\w+ ){{0,2}}?"
        r"(?:ai|a\.i\.|language model|llm|chatbot|gpt|bot|assistant|summari[sz]er|(?-i:DAN))\b(?! \w+er\b)",
        "act pretend behave role roleplay",
        "ai i language llm chatbot gpt bot assistant summariser summarizer dan",
    ),
    _rule(
        r"^\W*(?:(?:important|urgent|special|hidden|an?|the|\w+[’']s|\w+s[’']) )*"
        r"(?:note|notice|message|instructions?|attention)\b,? (?:(?:to|for) )?(?:any |all |the |every )*"
        rf"{_MACHINE}(?: (?:and|or|that|which|who|only|reading|processing|parsing|summari[sz]ing)(?: \w+){{0,6}})?"
        r"\s*(?:[:—–!]|-\s|\.?$)",
        "note notice message instruction instructions attention",
        _MACHINES,
    ),
    _rule(
        rf"\b(?:(?:to|for|if) (?:any |all |the |every |an? )*)?{_MACHINE}(?: (?:that|which|is|are|when))* {_READING}"
        r"[^.!?]{0,40}\b(?:article|text|page|document|file)s?\b[^.!?]{0,20}(?:[:,]|\b(?:must|should|shall|are to)\b)",
        _MACHINES,
        "article articles text texts page pages document documents file files",
    ),
    _rule(
        r"^\W*(?:(?:ai|llm|system|assistant|bot) ?(?:notice|note|message|prompt|instructions?|override)|llm|system|"
        r"assistant)\s*:|^\W*(?:user|human|assistant|developer)\s*:\s*\S|\n\s*(?:user|human|system|assistant|developer)"
        r"\s*:\s*\S",
        sign=":",
    ),
    _rule(r"\b(?:your|my) (?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b", "your my"),
    _rule(r"\b(?:system|developer) (?:prompt|message|instructions?|override)\s*:", "system developer", sign=":"),
    _rule(r"\b(?:begin|end|start)(?: of)? system prompt\b", "system", "prompt"),
    _rule(
        r"<\|?(?:im_start|im_end|system|endoftext|assistant|user)\|?>|</?(?:article|system|instructions?|document|"
        r"context|user|assistant|prompt)>|<(?:end|start|begin|beginning)(?: of)? [a-z ]{2,30}>",
        sign="<",
    ),
    _rule(r"(?-i:</?[a-z]+(?: [a-z]+){1,6}>)", sign="<"),  # <a place to fill in>
    _rule(r"\[/?INST\]|\[(?:system|assistant|user|developer|instructions?)\]", sign="["),
    _rule(
        rf"^\W*(?:(?:hey|hi|hello|dear|attention|ok|okay|to|for) )+(?:the |any |all |every |my )*(?:{_MACHINE}|(?:ai |"
        r"language )?models?|assistants?)(?: (?:reading|processing|parsing|summari[sz]ing|that|who|which)\b[^,:.!?]{0,40})?"
        rf"\s*[,:!]|^\W*{_MACHINE}\s*[,:!]\s*(?:please|you|your|do not|don[’']t|must|ignore|disregard)\b",
        _MACHINES + " model models assistant assistants",
    ),
    _rule(
        r"\b(?:message|note|notice|instructions?|directive|order|update)s? from (?:the|your) (?:developers?|operators?|"
        r"system administrators?|administrators?|programmers?|creators?|system|model)\b[^.!?]{0,10}[:—–]",
        "developer developers operator operators administrator administrators programmer programmers creator creators "
        "system model",
    ),
)

_WRITE_THIS = (
    _rule(
        rf"(?:{_BID}|\band )(?:output|print)\b[^.!?]{{0,12}}\b(?:only|exactly|just|nothing but|the following|verbatim)\b",
        "output print",
        _VERBATIM,
    ),
    _rule(
        rf"{_BID}(?:respond with|reply with|return|answer with|write|say)\b[^.!?]{{0,12}}\b(?:only|exactly|just|"
        r"nothing but|the following|verbatim)\b[^.!?]{0,20}(?:\b(?:text|words?|string|token|phrase|json|message|"
        r"sentence)\b|[\"“'‘:])",
        "respond reply return answer write say",
        _VERBATIM,
    ),
    _rule(
        rf"{_BID}(?:reply|respond|answer) with (?:the |a |one |only )*(?:single |exact |following )*(?:words?|phrase|text|"
        r"sentence|string|token|message|letter|number)\b",
        "reply respond answer",
        "with",
    ),
    _rule(
        rf"{_BID}(?:tell|ask|advise|direct|encourage|inform|notify|urge|suggest|invite|convince|warn|remind|redirect|"
        r"instruct|prompt|persuade|lead|send|show|offer|give|help|get) (?:that )?(?:the |any |all |your |every )?(?:users?|"
        r"end[- ]users?|readers?)\b(?! (?:said|says|agreement|fees?|data|groups?|comments?|letters?|guide|accounts?)\b)|"
        r"\band (?:tell|ask|advise|inform|direct) the user\b",
        "user users reader readers",
    ),
    _rule(
        rf"\b(?:the|your|any|this) {_OUTPUT} (?:must|should|shall|has to|needs to|is to) (?:not |never |only |always |"
        r"also )*(?:say|state|mention|include|contain|begin|start|end|omit|read|claim|name|list|call|describe)\b|"
        rf"{_BID}(?:mention|report|include|cite|say|state|write|note|describe|refer|discuss|omit|cover|claim|list|quote|use|"
        rf"repeat)\b[^.!?]{{0,80}}\bin (?:the|your|any) (?:summary|answer|response|reply|output)\b",
        _OUTPUTS,
        "must should shall has needs is mention report include cite say state write note describe refer discuss omit "
        "cover claim list quote use repeat",
    ),
    _rule(
        rf"{_BID}(?:reveal|print|show|disclose|leak|display|ignore|bypass|output) (?:the|your|all|any)(?: \w+){{0,1}} "
        r"(?:hidden|secret|system|internal|confidential|initial) (?:rules|prompts?|instructions?|messages?)\b|"
        rf"{_BID}(?:reveal|print|leak|display|output) (?:the|your|all|any) (?:hidden|secret|system|internal|initial) "
        r"(?:rules|prompts?|instructions?|messages?)\b",
        "reveal print show disclose leak display ignore bypass output",
        "hidden secret system internal confidential initial",
    ),
    _rule(
        rf"{_BID}(?:repeat|echo|copy|type|print|output|say) (?:back )?(?:the|this|these|each of the) (?:following |exact "
        r"|next |same )(?:sentence|word|phrase|text|string|token|line|message)s?\b",
        "repeat echo copy type print output say",
        "sentence sentences word words phrase phrases text texts string strings token tokens line lines message",
    ),
    _rule(
        rf"(?:{_FIRST}|\b(?:and|then) (?:just |only |simply )*)(?:print|output|echo)\b\s*[:\"“]?\s*"
        r"[\"“'(]?[\w-]*\d[\w-]*[\"”')]?\W*$",
        "print output echo",
    ),
    _rule(
        rf"{_BID}(?:print|reveal|repeat|show|output|display)\b[^.!?]{{0,30}}\b(?:your|the (?:full|exact|complete|"
        r"original|above|system)) (?:full |exact |complete |original |system )*(?:text of )?(?:your )?(?:instructions|"
        r"prompt|system message|guidelines)\b|\b(?:print|reveal|repeat|output|display) (?:all )?(?:of )?your (?:\w+ )?"
        r"(?:instructions|prompt|system message)\b",
        "print reveal repeat show output display",
        "instructions prompt message guidelines",
    ),
    _rule(
        r"\b(?:before|when|while|in|after) (?:summari[sz]ing(?: \w+){0,4}|your (?:summary|answer|response|reply|output|"
        r"brief))\s*[,:]\s*(?:please |you (?:must|should) |always |only |also |do not |never )*"
        r"(?:add|append|begin|end|include|omit|mention|insert|print|output|reveal|write|say|state|leave|set|mark|record|"
        r"report|ignore|treat|list|call|use|refer)\b(?! \w+ (?:says|said)\b)",
        "summarising summarizing your",
    ),
    _rule(
        r"\b(?:if|when|whenever) (?:the |a )?(?:user|reader|somebody|someone|anyone)s? (?:ask|request|want|quer)\w*\b"
        r"[^.!?]{0,60}\b(?:summary|summari[sz]e|question|translat\w+|this (?:article|text|page|document))\b",
        "user users reader readers somebody someone anyone",
        "if when whenever",
    ),
    _rule(
        rf"\bin (?:the|your|this|any) {_OUTPUT}\b\s*[,:]?\s*(?:please |you (?:must|should) |always |only |also |do not "
        rf"|never )*(?:add|append|include|omit|mention|insert)\b|\bin your {_OUTPUT}\b\s*[,:]?\s*(?:please |you (?:must|"
        r"should) |always |only |also |do not |never )*(?:write|say|state|leave)\b",
        _OUTPUTS,
        "add append include omit mention insert write say state leave",
    ),
    _rule(
        rf"^\W*in your {_OUTPUT}, (?!(?:you|he|she|it|we|they|i|the|there|that|this|an?|your)\b)\w+ \w+|"
        rf"{_BID}(?:use|replace|convert|substitute|introduce|misspell|scramble|anagram|group|combine|integrate|suggest|"
        rf"weave|place|put|provide|start|begin|finish|capitali[sz]e)\b[^.!?]{{0,60}}\b(?:in|of|with|into) your "
        rf"{_OUTPUT}\b",
        "your",
        _OUTPUTS,
    ),
    _rule(
        rf"{_BID}(?:add|append|include|omit|insert|attach|embed)\b[^.!?]{{0,60}}\b(?:to|in|into|from) (?:the|your|any) "
        rf"{_OUTPUT}\b",
        "add append include omit insert attach embed",
        _OUTPUTS,
    ),
    _rule(  # any order about "your answer", whatever its verb
        rf"{_FIRST}{_NO_VERB}[a-z]+\b(?:[^.!?]|[.](?=\w)|[!?](?=[\"”’'])){{0,160}}?\byour (?:next |final |whole |entire "
        r"|own |full )?(?:answers?|response|reply|replies|output|summary|completion|message)\b(?![’']s)|"
        rf"{_FIRST}{_NO_VERB}[a-z]+\b[^.!?]{{0,80}}?\b(?:of|in) your (?:answer|response|reply|output|summary|message)\b",
        "your",
        "answer answers response reply replies output summary completion message",
    ),
)

_FILL_THE_FORM = (
    _rule(
        r"[\"“]?(?:positions|actors|open_questions|disagreements|open questions)[\"”]?\s*(?::\s*\[|section empty|"
        r"to an empty list)",
        "positions actors open_questions questions disagreements",
    ),
    _rule(
        rf"{_BID}leave\b[^.!?]{{0,30}}\b(?:section|list|field)s? (?:empty|blank)\b",
        "leave",
        "section sections list lists field fields",
    ),
    _rule(
        rf"(?:{_BID}|\band )set\b[^.!?]{{0,40}}\b(?:to an empty list|title to [\"“‘'])",
        "set",
        "empty title",
    ),
    _rule(
        rf"{_BID}(?:report any (?:disagreement|position|question)|summari[sz]e (?:this|the) (?:article|text|page)|"
        r"mention (?:this|these) (?:instruction|article)|list (?:it|this) as)\b",
        "report summarise summarize mention list",
        "any article text page instruction it this",
    ),
    _rule(
        r"\barticle\b[^.!?]{0,40}\b(?:must|should) (?:not|never) be (?:marked|listed|flagged) as\b",
        "article",
        "marked listed flagged",
    ),
    _rule(
        rf"{_BID}(?:omit|exclude|drop|ignore|skip|discard|list) (?:every|all|any|the) other (?:articles?|documents?|"
        r"sources?)\b|\b(?:all|every|any|the) other articles? in (?:this|the) folder\b",
        "other",
        "article articles document documents source sources",
    ),
    _rule(
        rf"{_BID}(?:attribute|credit|record|classify|mark|label|tag|treat)\b[^.!?]{{0,30}}\b(?:every|all|any|each|it|"
        r"this|these|the)\b[^.!?]{0,30}(?:\b(?:quot\w+|positions?|stances?|regardless)\b|\bas [\"“])[^.!?]{0,60}"
        r"\b(?:to|as|regardless|in this article)\b",
        "attribute credit record classify mark label tag treat",
    ),
    _rule(r"!\[[^\]]*\]\(https?:|\[[^\]]+\]\(https?:[^)]*\?[^)]*=", sign="]("),
    _rule(
        rf"{_BID}(?:add|use|insert|include) (?:the |that )?(?:verbatim |following )*(?:quotation|quote|tag|token|span)\b",
        "add use insert include",
        "quotation quote tag token span",
    ),
    _rule(r"\bat characters \d+\b", "characters"),
    _rule(
        r"\b(?:evidence|span) for (?:the|all|every) (?:first |other )?positions? is at\b",
        "evidence span",
        "position positions",
    ),
    _rule(rf"{_BID}end every section with\b", "section"),
)

_A_TASK = (
    _rule(r"^\W*(?:new|updated|additional|following|real) (?:task|instructions?|directives?)\b\s*:", sign=":"),
    _rule(r"^\W*(?:as|being) an ai(?: language model| assistant| model| system)?,? (?:you|your)\b", "ai", "you your"),
    _rule(
        rf"{_BID}decode (?:the|this)\b[^.!?]{{0,40}}\b(?:base64|rot13|follow|execute|obey|run)\b",
        "decode",
    ),
    _rule(
        rf"{_BID}(?:respond|reply|answer|write|summari[sz]e|translate|rewrite|output)\b[^.!?]{{0,25}}\b(?:in (?:emojis?|"
        r"json|french|spanish|german|latin|base64|rot13|uppercase|reverse)|(?:this|the) (?:text|article|above|"
        r"following) (?:in|into|to|as))\b",
        "respond reply answer write summarise summarize translate rewrite output",
        "in into to as",
    ),
    # orders that people give to machines that write: a verb of words, then what is to be made
    _rule(rf"{_FIRST}{_ASK}(?:{_WORDY})\s+{_OBJECT}", *_WORDY_NEEDS),
    _rule(
        rf"{_FIRST}{_ASK}(?:{_MAKE})\s+(?:me |us )?{_ARTICLE}(?:[\w’'-]+ ){{0,3}}?(?:{_PIECE})\b(?!,? (?:and|or|of) "
        r"(?:crimes|laws)\b)",
        _MAKING,
        _PIECES,
    ),
    _rule(
        rf"{_FIRST}{_ASK}(?:replace|substitute|swap|remove|rearrange|reverse|use|group|combine|convert|change|turn)\b"
        r"[^.!?]{0,60}?\b(?:letters?|vowels?|consonants|anagrams?|typos?|emojis?|misspellings?|punctuation|"
        r"whitespace|capitals|uppercase|lowercase|hexadecimal|base64|morse code|pig latin|ciphers?)\b",
        "replace substitute swap remove rearrange reverse use group combine convert change turn",
    ),
    _rule(
        rf"(?:^[\W_]*)(?:how do (?:you|i|we) (?:say|write|spell|pronounce)|what(?:[’']s| is| does)|translate|"
        rf"say|write)\b[^.!?]{{0,80}}\b(?:in|into|to|mean in) (?:{_TONGUE})\b\W*(?:$|:)",
        "what how translate say write",
        _TONGUES,
    ),
    _rule(
        rf"{_FIRST}(?:incorporate|execute|run|use|append|add|include|embed|insert|enlist|utili[sz]e|ensure|meld|paste|"
        r"implement|integrate|deploy)\b[^.!?]{0,50}\b(?:code|script|snippet)s? ?(?:block|section|excerpt|snippet|"
        r"fragment|segment|below)?s?\b[^.!?]{0,60}\b(?:your|you)\b|"
        r"\b(?:following|subsequent|below|next) (?:code|script|command)(?: (?:block|section|excerpt|snippet|fragment|"
        r"segment|piece|example))?\b",
        "code codes script scripts snippet snippets command",
    ),
)

RULES = (*_LEAVE_WHAT_YOU_WERE_TOLD, *_YOU_ARE_A_MACHINE, *_WRITE_THIS, *_FILL_THE_FORM, *_A_TASK)

_ALWAYS = tuple(rule for rule in RULES if not rule.needs)
_BY_WORD: dict[str, list[_Rule]] = {}
for _one in RULES:
    for _each in _one.needs[0] if _one.needs else ():
        _BY_WORD.setdefault(_each, []).append(_one)


def speaks_to_machine(text: str) -> bool:
    """Whether a sentence, by its wording alone, was written for a program and not for people."""
    words = frozenset(_WORD.findall(text.lower()))
    if any(rule.finds(text, words) for rule in _ALWAYS):
        return True
    return any(rule.finds(text, words) for word in words & _BY_WORD.keys() for rule in _BY_WORD[word])
