"""News agencies and outlets of the world, folded: speakers who pass on what others say."""

from __future__ import annotations

import re

from summarise.extractive.tables import words
from summarise.names import fold


def _names(text: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in text.split("|"))


AGENCIES = _names(
    """reuters|ap|associated press|afp|agence france-presse|tass|interfax|ria|ria novosti|xinhua|
    anadolu|anadolu agency|dpa|deutsche presse-agentur|kyodo|yonhap|kcna|irna|isna|sana|pti|
    press trust of india|ansa|efe|apa|belga|ukrinform|upi|wafa|united press international|
    petra|mena|bernama|antara|ani|dpa international|azertac|armenpress|interfax-ukraine|unian|
    bloomberg|bloomberg news|dow jones|tasnim|fars|mehr|sputnik|tanjug|pap|stt|mti|ctk|
    apa-ots|bta|lusa|anp|ntb|tt"""
)
OUTLETS = _names(
    """bbc|bbc news|cnn|fox news|fox|msnbc|nbc|nbc news|abc|abc news|cbs|cbs news|npr|pbs|
    c-span|new york times|times|nyt|washington post|post|wall street journal|journal|wsj|
    usa today|los angeles times|chicago tribune|boston globe|politico|guardian|financial times|
    ft|economist|telegraph|daily telegraph|independent|daily mail|sun|mirror|sky news|itv|
    axios|huffpost|huffington post|breitbart|breitbart news|buzzfeed|buzzfeed news|vox|vice|
    slate|salon|atlantic|new yorker|time|newsweek|forbes|fortune|business insider|insider|
    daily beast|hill|national review|mother jones|intercept|propublica|al jazeera|aljazeera|
    al arabiya|al-arabiya|al-jazeera|al mayadeen|al-monitor|middle east eye|haaretz|
    jerusalem post|times of israel|ynet|channel 12|channel 13|kan|le monde|le figaro|liberation|
    france 24|rfi|bfm|bfmtv|spiegel|der spiegel|bild|zeit|die zeit|
    frankfurter allgemeine zeitung|faz|suddeutsche zeitung|ard|zdf|deutsche welle|dw|el pais|
    el mundo|corriere della sera|repubblica|la repubblica|rai|nrc|de telegraaf|rt|russia today|
    izvestia|kommersant|rbc|meduza|novaya gazeta|moscow times|kyiv independent|kyiv post|
    ukrainska pravda|suspilne|global times|cgtn|people's daily|south china morning post|scmp|
    nikkei|nikkei asia|asahi shimbun|japan times|nhk|korea herald|straits times|cna|dawn|geo|
    times of india|hindu|indian express|ndtv|hindustan times|hurriyet|daily sabah|sabah|trt|
    trt world|cumhuriyet|press tv|caliber.az|euronews|politico europe|euractiv|radio free europe|
    rfe/rl|voice of america|voa|globo|folha|clarin|la nacion|globe and mail|toronto star|cbc|
    ctv|sydney morning herald|age|new zealand herald|rnz|mail & guardian|nation|
    daily nation|punch|premium times|vanguard|ahram|al-ahram|arab news|gulf news|national|
    axios|semafor|puck|recode|tmz|espn|variety|hollywood reporter|wired|verge|techcrunch|
    statnews|stat|nature|science|lancet"""
)
MEDIA = AGENCIES | OUTLETS
_AMBIGUOUS = words(
    "times post journal sun mirror hill fox nation age time vice science nature stat insider independent national kan"
)
_DRESSED = re.compile(
    r"^(?:(?:the|a|an|state-run|state|official|news|local|independent|pro-\w+|private|[a-z]+'s|"
    r"[a-z]+n|[a-z]+ish|[a-z]+ese) )*"
    r"(?P<name>.+?)(?: (?:news agency|news|agency|newspaper|magazine|channel|tv|television|"
    r"website|report|network|daily))*$"
)


def medium_of(name: str) -> str:
    """The folded name of the agency or outlet that `name` says, dressed ("the state-run TASS news agency") or not."""
    folded = fold(name)
    match = _DRESSED.match(folded)
    for form in (folded, match["name"] if match else ""):
        if form in MEDIA and (form not in _AMBIGUOUS or name.lower().startswith("the ") or form == "fox"):
            return form
    parts = folded.split()
    if "agency" in parts and any(w in AGENCIES for w in parts):
        return next(w for w in parts if w in AGENCIES)
    if (
        parts
        and parts[-1]
        in {"times", "tribune", "gazette", "herald", "observer", "chronicle", "post", "tv", "radio", "news"}
        and len(parts) > 1
    ):
        return folded
    return ""


def is_agency(folded: str) -> bool:
    return folded in AGENCIES
