"""Orders that people give to a machine that writes: what to answer, how to fill in its form, what to make."""

from __future__ import annotations

from summarise.extractive.machine_rules import ASK, BID, FIRST, NO_VERB, OUTPUT, OUTPUTS, VERBATIM, rule

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
    "essay essays poem poems haiku sonnet story stories letter speech paragraph summary outline guide recipe email "
    "script "
    "song lyrics headline tweet blog example examples explanation description definition translation equivalent "
    "synonym "
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

WRITE_THIS = (
    rule(
        rf"(?:{BID}|\band )(?:output|print)\b[^.!?]{{0,12}}\b(?:only|exactly|just|nothing but|the following|"
        rf"verbatim)\b",
        "output print",
        VERBATIM,
    ),
    rule(
        rf"{BID}(?:respond with|reply with|return|answer with|write|say)\b[^.!?]{{0,12}}\b(?:only|exactly|just|"
        r"nothing but|the following|verbatim)\b[^.!?]{0,20}(?:\b(?:text|words?|string|token|phrase|json|message|"
        r"sentence)\b|[\"“'‘:])",
        "respond reply return answer write say",
        VERBATIM,
    ),
    rule(
        rf"{BID}(?:reply|respond|answer) with (?:the |a |one |only )*(?:single |exact |following )*(?:words?|phrase|"
        rf"text|"
        r"sentence|string|token|message|letter|number)\b",
        "reply respond answer",
        "with",
    ),
    rule(
        rf"{BID}(?:tell|ask|advise|direct|encourage|inform|notify|urge|suggest|invite|convince|warn|remind|redirect|"
        r"instruct|prompt|persuade|lead|send|show|offer|give|help|get) (?:that )?(?:the |any |all |your |every "
        r")?(?:users?|"
        r"end[- ]users?|readers?)\b(?! (?:said|says|agreement|fees?|data|groups?|comments?|letters?|guide|"
        r"accounts?)\b)|"
        r"\band (?:tell|ask|advise|inform|direct) the user\b",
        "user users reader readers",
    ),
    rule(
        rf"\b(?:the|your|any|this) {OUTPUT} (?:must|should|shall|has to|needs to|is to) (?:not |never |only |always |"
        r"also )*(?:say|state|mention|include|contain|begin|start|end|omit|read|claim|name|list|call|describe)\b|"
        rf"{BID}(?:mention|report|include|cite|say|state|write|note|describe|refer|discuss|omit|cover|claim|list|"
        rf"quote|use|"
        rf"repeat)\b[^.!?]{{0,80}}\bin (?:the|your|any) (?:summary|answer|response|reply|output)\b",
        OUTPUTS,
        "must should shall has needs is mention report include cite say state write note describe refer discuss omit "
        "cover claim list quote use repeat",
    ),
    rule(
        rf"{BID}(?:reveal|print|show|disclose|leak|display|ignore|bypass|output) (?:the|your|all|any)(?: \w+){{0,1}} "
        r"(?:hidden|secret|system|internal|confidential|initial) (?:rules|prompts?|instructions?|messages?)\b|"
        rf"{BID}(?:reveal|print|leak|display|output) (?:the|your|all|any) (?:hidden|secret|system|internal|initial) "
        r"(?:rules|prompts?|instructions?|messages?)\b",
        "reveal print show disclose leak display ignore bypass output",
        "hidden secret system internal confidential initial",
    ),
    rule(
        rf"{BID}(?:repeat|echo|copy|type|print|output|say) (?:back )?(?:the|this|these|each of the) (?:following |"
        rf"exact "
        r"|next |same )(?:sentence|word|phrase|text|string|token|line|message)s?\b",
        "repeat echo copy type print output say",
        "sentence sentences word words phrase phrases text texts string strings token tokens line lines message",
    ),
    rule(
        rf"(?:{FIRST}|\b(?:and|then) (?:just |only |simply )*)(?:print|output|echo)\b\s*[:\"“]?\s*"
        r"[\"“'(]?[\w-]*\d[\w-]*[\"”')]?\W*$",
        "print output echo",
    ),
    rule(
        rf"{BID}(?:print|reveal|repeat|show|output|display)\b[^.!?]{{0,30}}\b(?:your|the (?:full|exact|complete|"
        r"original|above|system)) (?:full |exact |complete |original |system )*(?:text of )?(?:your )?(?:instructions|"
        r"prompt|system message|guidelines)\b|\b(?:print|reveal|repeat|output|display) (?:all )?(?:of )?your (?:\w+ )?"
        r"(?:instructions|prompt|system message)\b",
        "print reveal repeat show output display",
        "instructions prompt message guidelines",
    ),
    rule(
        r"\b(?:before|when|while|in|after) (?:summari[sz]ing(?: \w+){0,4}|your (?:summary|answer|response|reply|output|"
        r"brief))\s*[,:]\s*(?:please |you (?:must|should) |always |only |also |do not |never )*"
        r"(?:add|append|begin|end|include|omit|mention|insert|print|output|reveal|write|say|state|leave|set|mark|"
        r"record|"
        r"report|ignore|treat|list|call|use|refer)\b(?! \w+ (?:says|said)\b)",
        "summarising summarizing your",
    ),
    rule(
        r"\b(?:if|when|whenever) (?:the |a )?(?:user|reader|somebody|someone|anyone)s? (?:ask|request|want|quer)\w*\b"
        r"[^.!?]{0,60}\b(?:summary|summari[sz]e|question|translat\w+|this (?:article|text|page|document))\b",
        "user users reader readers somebody someone anyone",
        "if when whenever",
    ),
    rule(
        rf"\bin (?:the|your|this|any) {OUTPUT}\b\s*[,:]?\s*(?:please |you (?:must|should) |always |only |also |do not "
        rf"|never )*(?:add|append|include|omit|mention|insert)\b|\bin your {OUTPUT}\b\s*[,:]?\s*(?:please |you (?:must|"
        r"should) |always |only |also |do not |never )*(?:write|say|state|leave)\b",
        OUTPUTS,
        "add append include omit mention insert write say state leave",
    ),
    rule(
        rf"^\W*in your {OUTPUT}, (?!(?:you|he|she|it|we|they|i|the|there|that|this|an?|your)\b)\w+ \w+|"
        rf"{BID}(?:use|replace|convert|substitute|introduce|misspell|scramble|anagram|group|combine|integrate|suggest|"
        rf"weave|place|put|provide|start|begin|finish|capitali[sz]e)\b[^.!?]{{0,60}}\b(?:in|of|with|into) your "
        rf"{OUTPUT}\b",
        "your",
        OUTPUTS,
    ),
    rule(
        rf"{BID}(?:add|append|include|omit|insert|attach|embed)\b[^.!?]{{0,60}}\b(?:to|in|into|from) (?:the|your|any) "
        rf"{OUTPUT}\b",
        "add append include omit insert attach embed",
        OUTPUTS,
    ),
    rule(  # any order about "your answer", whatever its verb
        rf"{FIRST}{ASK}{NO_VERB}[a-z]+\b(?:[^.!?]|[.](?=\w)|[!?](?=[\"”’'])){{0,160}}?\byour (?:next |final |whole |"
        rf"entire "
        r"|own |full )?(?:answers?|response|reply|replies|output|summary|completion|message)\b|"
        rf"{FIRST}{ASK}{NO_VERB}[a-z]+\b[^.!?]{{0,80}}?\b(?:of|in) your (?:answer|response|reply|output|summary|"
        rf"message)\b",
        "your",
        "answer answers response reply replies output summary completion message",
    ),
)

FILL_THE_FORM = (
    rule(
        r"[\"“]?(?:positions|actors|open_questions|disagreements|open questions)[\"”]?\s*(?::\s*\[|section empty|"
        r"to an empty list)",
        "positions actors open_questions questions disagreements",
    ),
    rule(
        rf"{BID}leave\b[^.!?]{{0,30}}\b(?:section|list|field)s? (?:empty|blank)\b",
        "leave",
        "section sections list lists field fields",
    ),
    rule(
        rf"(?:{BID}|\band )set\b[^.!?]{{0,40}}\b(?:to an empty list|title to [\"“‘'])",
        "set",
        "empty title",
    ),
    rule(
        rf"{BID}(?:report any (?:disagreement|position|question)|summari[sz]e (?:this|the) (?:article|text|page)|"
        r"mention (?:this|these) (?:instruction|article)|list (?:it|this) as)\b",
        "report summarise summarize mention list",
        "any article text page instruction it this",
    ),
    rule(
        r"\barticle\b[^.!?]{0,40}\b(?:must|should) (?:not|never) be (?:marked|listed|flagged) as\b",
        "article",
        "marked listed flagged",
    ),
    rule(
        rf"{BID}(?:omit|exclude|drop|ignore|skip|discard|list) (?:every|all|any|the) other (?:articles?|documents?|"
        r"sources?)\b|\b(?:all|every|any|the) other articles? in (?:this|the) folder\b",
        "other",
        "article articles document documents source sources",
    ),
    rule(
        rf"{BID}(?:attribute|credit|record|classify|mark|label|tag|treat)\b[^.!?]{{0,30}}\b(?:every|all|any|each|it|"
        r"this|these|the)\b[^.!?]{0,30}(?:\b(?:quot\w+|positions?|stances?|regardless)\b|\bas [\"“])[^.!?]{0,60}"
        r"\b(?:to|as|regardless|in this article)\b",
        "attribute credit record classify mark label tag treat",
    ),
    rule(r"!\[[^\]]*\]\(https?:|\[[^\]]+\]\(https?:[^)]*\?[^)]*=", sign="]("),
    rule(
        rf"{BID}(?:add|use|insert|include) (?:the |that )?(?:verbatim |following )*(?:quotation|quote|tag|token|"
        rf"span)\b",
        "add use insert include",
        "quotation quote tag token span",
    ),
    rule(r"\bat characters \d+\b", "characters"),
    rule(
        r"\b(?:evidence|span) for (?:the|all|every) (?:first |other )?positions? is at\b",
        "evidence span",
        "position positions",
    ),
    rule(rf"{BID}end every section with\b", "section"),
)

A_TASK = (
    rule(r"^\W*(?:new|updated|additional|following|real) (?:task|instructions?|directives?)\b\s*:", sign=":"),
    rule(r"^\W*(?:as|being) an ai(?: language model| assistant| model| system)?,? (?:you|your)\b", "ai", "you your"),
    rule(
        rf"{BID}decode (?:the|this)\b[^.!?]{{0,40}}\b(?:base64|rot13|follow|execute|obey|run)\b",
        "decode",
    ),
    rule(
        rf"{BID}(?:respond|reply|answer|write|summari[sz]e|translate|rewrite|output)\b[^.!?]{{0,25}}\b(?:in (?:emojis?|"
        r"json|french|spanish|german|latin|base64|rot13|uppercase|reverse)|(?:this|the) (?:text|article|above|"
        r"following) (?:in|into|to|as))\b",
        "respond reply answer write summarise summarize translate rewrite output",
        "in into to as",
    ),
    # orders that people give to machines that write: a verb of words, then what is to be made
    rule(rf"{FIRST}{ASK}(?:{_WORDY})\s+{_OBJECT}", *_WORDY_NEEDS),
    rule(
        rf"{FIRST}{ASK}(?:{_MAKE})\s+(?:me |us )?{_ARTICLE}(?:[\w’'-]+ ){{0,3}}?(?:{_PIECE})\b(?!,? (?:and|or|of) "
        r"(?:crimes|laws)\b)",
        _MAKING,
        _PIECES,
    ),
    rule(
        rf"{FIRST}{ASK}(?:replace|substitute|swap|remove|rearrange|reverse|use|group|combine|convert|change|turn)\b"
        r"[^.!?]{0,60}?\b(?:letters?|vowels?|consonants|anagrams?|typos?|emojis?|misspellings?|punctuation|"
        r"whitespace|capitals|uppercase|lowercase|hexadecimal|base64|morse code|pig latin|ciphers?)\b",
        "replace substitute swap remove rearrange reverse use group combine convert change turn",
    ),
    rule(
        rf"(?:^[\W_]*)(?:how do (?:you|i|we) (?:say|write|spell|pronounce)|what(?:[’']s| is| does)|translate|"
        rf"say|write)\b[^.!?]{{0,80}}\b(?:in|into|to|mean in) (?:{_TONGUE})\b\W*(?:$|:)",
        "what how translate say write",
        _TONGUES,
    ),
    rule(
        rf"{FIRST}(?:incorporate|execute|run|use|append|add|include|embed|insert|enlist|utili[sz]e|ensure|meld|paste|"
        r"implement|integrate|deploy)\b[^.!?]{0,50}\b(?:code|script|snippet)s? ?(?:block|section|excerpt|snippet|"
        r"fragment|segment|below)?s?\b[^.!?]{0,60}\b(?:your|you)\b|"
        r"\b(?:following|subsequent|below|next) (?:code|script|command)(?: (?:block|section|excerpt|snippet|fragment|"
        r"segment|piece|example))?\b",
        "code codes script scripts snippet snippets command",
    ),
)
