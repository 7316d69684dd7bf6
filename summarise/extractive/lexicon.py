"""Cue words: the verbs and nouns by which English news says that somebody said, thinks or wants something.

To add a cue, put its base form into the row whose stance it carries; `speech` finds it in all its forms and `stance`
reads the row's name. Rows whose name begins with "_" carry no stance of their own: the rest of the sentence decides.
"""

from __future__ import annotations

from functools import lru_cache

from summarise.extractive.tables import words

CUES: dict[str, frozenset[str]] = {
    "_say": words(
        """say tell state add note remark comment write report announce declare mention reply respond answer
        explain clarify observe recall recount relate testify tweet post publish disclose reveal confirm
        continue conclude begin speak talk discuss describe call term label dub quip joke muse reiterate
        repeat emphasize emphasise stress underline underscore highlight point cite quote refer address
        indicate inform notify remind read list name specify detail outline summarize acknowledge admit
        concede interject intone whisper shout yell utter voice express issue release air elaborate narrate
        recite share text email phone opine brief assent blog boast brag broadcast cable caption chant chime
        chuckle coin crack cry declare deadpan echo editorialize enumerate exclaim exult gasp gloat gripe
        groan growl gush howl interrupt introduce invoke jest joke laugh lecture lie marvel mutter nod
        pronounce preach proclaim profess pin postulate promulgate raise rant rattle reassure rephrase
        retort rule scoff scream sigh signal sing snap stammer summarise sum swear tout trumpet trot vent
        volunteer weigh wink compliment congratulate apologize apologise greet allude advertise"""
    ),
    "_show": words(
        """show find demonstrate illustrate prove reflect determine record document estimate count calculate indicate
        project survey poll measure trace chronicle detail depict portray feature"""
    ),
    "alleges": words(
        """allege accuse claim charge blame contend assert maintain insinuate fault implicate denounce condemn
        impugn indict scapegoat attribute ascribe link lie"""
    ),
    "assesses": words(
        """think believe consider regard view see deem judge assess argue reckon feel find suppose assume
        conclude rate interpret characterize characterise portray perceive understand know realize recognise
        recognize doubt suspect imagine guess hold suggest imply hint insist opine analyze analyse worry
        fear wonder compare describe appear seem applaud accept acknowledge appreciate conceive credit
        diagnose dream dread envisage equate evaluate foresee gauge grade ignore infer intuit judge label
        mistake mourn lament regret reflect relish rank recall sense speculate spot theorize treat view
        weigh witness value enjoy watch fathom presume mind care long"""
    ),
    "predicts": words(
        "predict expect forecast foresee anticipate project warn caution envision bet threaten herald foretell portend"
    ),
    "demands": words(
        """demand urge call ask request require order appeal press insist beg implore exhort instruct tell
        petition summon pressure advise recommend propose lobby push agitate beseech bid coax compel crusade
        dare dictate direct enjoin entreat force implore invite nag persuade pester prod prompt vote
        campaign rally"""
    ),
    "offers": words("offer pledge promise vow propose volunteer commit guarantee assure swear invite"),
    "accepts": words("accept agree approve consent concede permit allow grant welcome adopt ratify comply sign ease"),
    "refuses": words("refuse reject decline rebuff dismiss spurn snub veto balk resist"),
    "denies": words("deny dispute refute rebut contradict disavow repudiate disagree"),
    "opposes": words(
        """oppose assail attack berate besmirch boo bemoan castigate censure chafe chastise chide counterattack
        decried demean denigrate deprecate deride discredit disdain disparage disrespect excoriate fear flay
        fume grumble heckle hammer hurl impeach insult jab jeer knock lament lampoon loathe malign overturn
        pan pillory rail rant repudiate revile savage scorn skewer snipe sneer taunt tear torch trash
        undercut vilify villify criticize criticise slam blast attack protest object condemn denounce
        deplore decry lambast lambaste rebuke scold mock ridicule deride resent hate dislike fight challenge
        question complain curb block disapprove ban lash bash counter prevent abandon"""
    ),
    "supports": words(
        """support back endorse favor favour praise laud hail applaud commend welcome defend want hope wish
        like love prefer advocate champion promote embrace aim intend plan aspire seek desire encourage thank
        celebrate trust admire pursue strive try attempt look hopeful keen reaffirm acclaim adore agree
        align appreciate bless boost cheer celebrate champion cherish choose compliment congratulate covet
        crave declare decide elect empathize enthuse entertain extol fancy glorify honor honour idolize
        lionize lust nominate prioritize prize prefer recommend rejoice revere root salute savor second side
        stump sympathize tap tout uphold vouch venerate vote yearn"""
    ),
    "undecided": words(
        "wonder debate weigh mull ponder hesitate consider explore contemplate deliberate waver vacillate"
    ),
    "_attitude": words(
        """aware confident concerned worried sure eager willing reluctant thrilled bored disappointed outraged
        skeptical sceptical optimistic pessimistic afraid convinced certain adamant critical supportive
        proud glad happy angry upset surprised shocked stunned alarmed grateful sympathetic opposed ready
        prepared determined committed unhappy frustrated fond tired excited interested enthusiastic nervous
        cautious uneasy wary leery dismissive furious unaware unsure uncertain unwilling loath keen hopeful
        mindful resentful jealous scared delighted pleased dissatisfied satisfied disgusted appalled
        horrified impressed inclined poised adamant ambivalent hostile impatient amenable receptive
        resistant"""
    ),
}
"""Stance (or "_..." for none of its own) to base forms; a word may stand in two rows, the first that fits counts."""

_NOUN_ROWS: dict[str, frozenset[str]] = {
    "_say": words(
        """statement comment comments remarks decision response question questions speech message tweet tweets
        rhetoric"""
    ),
    "alleges": words("""claim claims allegation allegations accusation accusations assertion contention"""),
    "assesses": words("""view views opinion belief argument reaction perception position stance"""),
    "predicts": words("""fear fears warning warnings threat threats"""),
    "opposes": words(
        """concern concerns criticism opposition attacks opponent opponents critic attack skepticism doubts
        doubt anger frustration disdain hatred rebuke denunciation condemnation"""
    ),
    "supports": words(
        """support plan plans hope hopes endorsement desire supporter supporters backer advocate admiration
        praise love preference sympathy intention"""
    ),
    "demands": words("""call calls demand demands request insistence"""),
    "offers": words("""pledge promise promises vow proposal suggestion willingness"""),
    "denies": words("""denial"""),
    "refuses": words("""refusal reluctance"""),
}
NOUN_CUES: dict[str, str] = {noun: row for row, nouns in _NOUN_ROWS.items() for noun in sorted(nouns)}
"""Nouns that attribute ("her claim that"), each with its row."""

_IRREGULAR = words(
    """according:according said:say says:say saying:say told:tell wrote:write written:write writing:write
    thought:think knew:know known:know saw:see seen:see felt:feel held:hold found:find spoke:speak
    spoken:speak read:read swore:swear sought:seek understood:understand began:begin begun:begin meant:mean
    heard:hear gave:give given:give made:make took:take taken:take got:get put:put laid:lay drew:draw
    fought:fight shown:show chose:choose chosen:choose bet:bet denied:deny denies:deny replied:reply
    replies:reply testified:testify testifies:testify tried:try tries:try implied:imply implies:imply
    worried:worry worries:worry relied:rely clarified:clarify lying:lie went:go gone:go came:come
    stood:stand left:leave ran:run brought:bring taught:teach sent:send kept:keep led:lead won:win
    forecast:forecast agreed:agree planned:plan planning:plan referred:refer referring:refer begged:beg
    begging:beg preferred:prefer admitted:admit admitting:admit dubbed:dub quipped:quip mulled:mull
    permitted:permit committed:commit balked:balk labelled:label labeled:label compelled:compel"""
)
IRREGULAR: dict[str, str] = {p.split(":")[0]: p.split(":")[1] for p in sorted(_IRREGULAR)}
"""Forms whose base the endings do not tell."""


@lru_cache(maxsize=65536)
def lemma(word: str) -> str:
    """The base form of a verb in lower case, as well as endings tell: "urged" and "urging" are "urge"."""
    low = word.lower()
    if low in IRREGULAR:
        return IRREGULAR[low]
    for ending, options in (
        ("ing", ("", "e")),
        ("ies", ("y",)),
        ("ied", ("y",)),
        ("ed", ("", "e")),
        ("es", ("e", "")),
        ("s", ("",)),
    ):
        if low.endswith(ending) and len(low) - len(ending) >= 2:
            base = low[: -len(ending)]
            for option in options:
                if base + option in _BASES:
                    return base + option
            if len(base) > 3 and base[-1] == base[-2] and base[:-1] in _BASES:
                return base[:-1]
            if ending in {"ing", "ed"}:
                if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "sl":
                    return base[:-1]
                return base + ("e" if base[-1] in "cgsvuz" and not base.endswith("ss") else "")
            return base + options[0]
    return low


_BASES = frozenset().union(*CUES.values())
_ROW_OF: dict[str, str] = {}
for _row, _verbs in CUES.items():
    for _verb in sorted(_verbs):
        _ROW_OF.setdefault(_verb, _row)


def row_of(base: str) -> str:
    """The first row that lists this base form; empty where none does."""
    return _ROW_OF.get(base, "")
