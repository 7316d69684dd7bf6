"""Closed classes of English words, as sets; everything else that has a meaning of its own is in `lexicon`."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """A set from words separated by white space."""
    return frozenset(text.split())


DETERMINERS = words("the a an this these those some any each every no another many several few most all both such its")
POSSESSIVES = words("his her their my our your its whose")
SUBJECTS = words("he she they we i you it who")
PREPOSITIONS = words(
    """about above across after against along amid among around at before behind below beneath beside
        besides between beyond by despite down during except for from in inside into like near of off on
        onto out outside over past per since through throughout to toward towards under until up upon via
        with within without following regarding including"""
)
AUXILIARIES = words(
    """is are was were be been being am 's 're 've 'd 'll has have had having do does did will would shall
        should can could may might must cannot isn't aren't wasn't weren't hasn't haven't hadn't don't
        doesn't didn't won't wouldn't can't couldn't shouldn't 'm ’s ’re ’ve ’d ’ll ’m
        isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t don’t doesn’t didn’t won’t wouldn’t can’t couldn’t
        shouldn’t"""
)
ADVERBS = words(
    """also not never now then just still already once again even only often always sometimes soon later
        earlier recently reportedly then ever rather instead further since too yet almost long thus
        meanwhile yesterday today perhaps quite so far n't have simply all but first twice repeatedly"""
)
SUBORDINATORS = words(
    """that but while as because when if although though where whether than unless whereas so until before
        after since how why what and or nor"""
)
RELATIVES = words("who which that")
NO_NAMES = words(
    """whatever whoever whichever whenever wherever however neither either none unlike instead maybe thanks please yes
        let asked told given based meanwhile moreover nonetheless nevertheless indeed still though although besides
        according hours days weeks months years later earlier another much more less very too other others"""
)
"""Words that are no part of a name though they open a sentence right before one ("Whatever Lee says")."""
WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")
MONTHS = words(
    """january february march april may june july august september october november december jan feb mar
        apr jun jul aug sept sep oct nov dec"""
)
TIME_WORDS = WEEKDAYS | words(
    """today yesterday tomorrow morning afternoon evening night week month year earlier later recently ago tonight"""
)
ROLE_NOUNS = words(
    """source sources official officials spokesman spokeswoman spokesperson spokespeople analyst analysts
        expert experts diplomat diplomats lawyer lawyers attorney attorneys aide aides critic critics
        supporter supporters opponent opponents observer observers resident residents witness witnesses
        activist activists adviser advisers advisor advisors minister ministers president senator senators
        governor mayor lawmaker lawmakers congressman congresswoman leader leaders chief director secretary
        commander commanders general officer officers police prosecutor prosecutors judge judges court
        author authors researcher researchers scientist scientists economist economists investigator
        investigators voter voters candidate candidates delegate delegates nominee party campaign
        administration government authorities ministry agency company group committee council commission
        union court parliament congress senate army forces troops rebels opposition regime doctor doctors
        professor teacher manager strategist strategists pollster consultant reporter reporters journalist
        journalists host editor people person man woman men women family father mother son daughter wife
        husband student students worker workers republican republicans democrat democrats conservative
        conservatives liberal liberals everyone everybody nobody someone somebody others team organization
        organisation association representative representatives envoy ambassador delegation powers nations
        countries states allies coalition militia fighters militants envoys executive chairman member
        members citizen citizens user users insider insiders operative operatives employee employees owner
        singer actor actress coach player players fan fans pope king queen prince bishop"""
)
NUMBERS = words("one two three four five six seven eight nine ten dozens hundreds thousands")
DOCUMENT_NOUNS = words(
    """statement report reports poll polls survey study document documents memo letter email law bill
        article story book data figures records analysis findings research results list tweet message
        website post release transcript filing lawsuit complaint indictment interview video footage
        newspaper editorial headline"""
)

# What several rules ask of one word: classes together.
OPENING = DETERMINERS | POSSESSIVES
"""Words that open a noun phrase."""
STARTING = OPENING | SUBJECTS
"""Words that open a subject."""
CALENDAR = TIME_WORDS | MONTHS
CLAUSE_WORDS = SUBORDINATORS | RELATIVES
