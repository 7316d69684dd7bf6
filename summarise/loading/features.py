"""What tells a line of an article from a menu, an advert, a comment: numbers, the same for every language and site.

After jusText (Pomikálek 2011) and boilerpipe (Kohlschütter et al. 2010): length, function words, punctuation and the
neighbours decide, words of one site never. Cue words stand in several languages; where none fit, the shape remains.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from summarise.loading import metadata

_CUES_WRITTEN = """
share tweet subscribe newsletter newsletters cookie cookies privacy copyright advertise advertisement ad ads
sponsored comment comments reply related recommended trending popular latest click download menu search home contact
careers sitemap print email e-mail whatsapp facebook twitter instagram linkedin pinterest telegram youtube reddit
tag tags topics views loading photo getty image credit watch video register account faq help next previous updated
published posted ago login log-in logout play teilen anmelden abonnieren datenschutz impressum werbung anzeige
kommentar kommentare suche startseite mehr partager abonnez connexion publicité confidentialité commentaire
commentaires recherche accueil compartir suscríbete suscribirse publicidad privacidad comentario comentarios buscar
inicio síguenos noticias compartilhar compartilhe assine entrar publicidade privacidade comentário comentários siga
anuncie condividi abbonati accedi pubblicità commenti cerca seguici подписаться подпишитесь поделиться реклама
комментарии комментарий войти поиск ссылка главная новости материалы اشترك شارك إعلان تعليقات بحث الرئيسية تابعنا
"""
_CUE_WORDS = frozenset(_CUES_WRITTEN.split())
_CUE_PHRASES = re.compile(
    r"\b(?:follow us|sign (?:up|in)|log (?:in|out)|terms (?:of|and|&)|all rights|read (?:more|next|also)|app store"
    r"|google play"
    r"|more (?:from|stories|news|on)|most (?:read|popular|viewed)|you (?:may|might)|about us|site map|filed under"
    r"|skip to|continue reading|(?:load|show) more|min read|lesen sie|s'inscrire|mentions légales|lire aussi|à lire"
    r"|iniciar sesión|leer (?:más|también)|aviso legal|leia (?:mais|também)|leggi anche|читайте также|авторские права"
    r"|اقرأ أيضا)\b|订阅|分享|登录|广告|评论|相关|版权|更多|搜索|首页|共有|ログイン|広告|コメント|関連",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"\b(?:says|said|wrote|writes|schrieb|a écrit|dice|disse|пишет)\s?:?$|\bago\b"
    r"|^(?:reply|report|like|quote|link|permalink|flag|upvote|antworten|répondre|responder|ответить)\W*$"
    r"|\b(?:comments?|repl(?:y|ies)|kommentare?|commentaires?|comentarios?|комментари\w+)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\b(?:comments?|repl(?:y|ies)|related|recommended|read (?:more|next|also)|more (?:from|stories|news|on|in)"
    r"|most (?:read|popular|viewed)|trending|you (?:may|might)|share|tags?|filed under|about the author|follow us"
    r"|newsletters?|subscribe|sign up|advertisement|sponsored|kommentare?|teilen|mehr|commentaires?|partager|lire aussi"
    r"|comentarios?|compart\w+|leia|leer|поделиться|читайте|комментари\w+)\b|共有|分享|相关|関連|コメント",
    re.IGNORECASE,
)
_FUNCTION_WORDS_WRITTEN = """
the a an of to in and or that is was were be been are has have had for on with as at by from it its this these those
he she they we you i his her their not but which who what when would will can could said after before more than also
there about into over up out if so no der die das und zu den von mit auf für ist im dem nicht ein eine als auch es
werden aus er hat dass sie nach bei le la les de des du un une et est en que qui dans pour pas sur au par plus avec
il elle ce se sont el los las y del con para al lo como más pero sus su o os um uma e do da dos das em não é na por
mais mas foi ao ele gli di che per non della si dei sono nel alla и в не на что с по как из у за от к о для это его
но она они он был было а же так في من على إلى أن التي الذي عن مع هذا كان قد ما لا بعد het een van dat op te voor
zijn met niet aan om i w z że do nie jest ve bir bu için ile och att det som på är av till
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_WRITTEN.split())
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DIGIT = re.compile(r"\d")
_WIDE = re.compile(r"[\u2e80-\U0003ffff]")
_ADDRESS = re.compile(r"https?:|www\.|[@#]")
_RIGHTS = re.compile(r"[©®]|\(c\)", re.IGNORECASE)
_BULLET = re.compile(r"[|»•›→▶]")
_SENTENCE_END = tuple(".!?…。！？؟।")
_CLOSING = "\"”’»')]」』 "
_SHORT = 60
"""Code points below which a line can be a label, a link or a heading rather than prose."""

_FADE = 0.8
"""How much of the mass of prose reaches the next line."""


@dataclass(frozen=True)
class Line:
    """One line, looked at alone. All values lie between 0 and 1, but for `prose`, in code points."""

    length: float
    tiny: float
    ends: float
    function: float
    capitals: float
    digits: float
    commas: float
    cues: float
    address: float
    date: float
    rights: float
    repeated: float
    lower: float
    quote: float
    bullet: float
    question: float
    prose: float
    comment: float
    tail: float


def line(text: str, count: int) -> Line:
    """The features of a line that stands `count` times in its page."""
    words = _WORD.findall(text)
    total = len(words) or 1
    size = len(text)
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    lettered = [word for word in words if word[0].isalpha()]
    core = text.rstrip(_CLOSING)
    cued = sum(word.lower() in _CUE_WORDS for word in words) + len(_CUE_PHRASES.findall(text))
    cues = min(1.0, cued * 2 / total)
    ends = core.endswith(_SENTENCE_END)
    function = min(sum(word.lower() in _FUNCTION_WORDS for word in words) / total, 0.5) * 2
    if wide > size * 0.3:
        function = 0.6 if size + wide > 40 else 0.0
    short = size < _SHORT
    dated = metadata.is_date_line(text)
    prose = float(size) if (size + wide >= _SHORT and ends) or size + wide >= 2 * _SHORT else 0.0
    return Line(
        length=math.log1p(size + wide) / 5,
        tiny=float(size + wide < 30),
        ends=float(ends),
        function=function,
        capitals=0.0 if wide > size * 0.3 else sum(word[0].isupper() for word in lettered) / (len(lettered) or 1),
        digits=len(_DIGIT.findall(text)) / (size or 1),
        commas=min(3, sum(text.count(mark) for mark in ",،，;、")) / 3,
        cues=cues,
        address=float(_ADDRESS.search(text) is not None),
        date=float(dated),
        rights=float(_RIGHTS.search(text) is not None),
        repeated=float(count > 1),
        lower=float(text[:1].islower()),
        quote=float(text[:1] in tuple('"“«‘„')),
        bullet=float(_BULLET.search(text) is not None),
        question=float(core.endswith("?")),
        prose=prose * (0.4 if cues > 0.15 else 1.0),
        comment=float(short and (dated or _COMMENT.search(text) is not None)),
        tail=float(short and _TAIL.search(text) is not None),
    )


def sign_of_furniture(text: str) -> bool:
    """A line of which a good part are words of menus and buttons, or which speaks of rights."""
    one = line(text, 1)
    return one.cues >= 0.5 or one.rights > 0


def headline(lines: Sequence[str]) -> int:
    """Index of the line that repeats the first one, as a page's headline repeats its title; -1 where none does."""
    first = lines[0].casefold() if lines else ""
    for index, text in enumerate(lines[1:], 1):
        if len(text) >= 20 and first.startswith(text.casefold()):
            return index
        if len(first) >= 20 and text.casefold().startswith(first):
            return index
    return -1


def table(lines: Sequence[str]) -> list[dict[str, float]]:
    """The features of every line of a page: its own, its neighbours', and where it stands in the page."""
    counts = Counter(lines)
    alone = [line(text, counts[text]) for text in lines]
    sums = _running([one.prose for one in alone])
    total = sums[-1] or 1.0
    before, after = _faded([one.prose for one in alone])
    densest = max((a + b + one.prose for a, b, one in zip(before, after, alone, strict=True)), default=0.0) or 1.0
    comments = _running([one.comment for one in alone])
    dates = _running([one.date for one in alone])
    cued = _running([float(one.cues > 0 and one.tiny > 0) for one in alone])
    begun = [sums[index] / total > 0.03 for index in range(len(alone))]
    commented = _running([one.comment * is_on for one, is_on in zip(alone, begun, strict=True)])
    tails = _running([one.tail * is_on for one, is_on in zip(alone, begun, strict=True)])
    gap_before = _gaps([one.prose for one in alone])
    gap_after = _gaps([one.prose for one in reversed(alone)])[::-1]
    title = headline(lines)
    last = len(alone)

    def within(running: list[float], start: int, end: int) -> float:
        return running[min(end, last)] - running[max(start, 0)] if end > 0 and start < last else 0.0

    rows = []
    for index, one in enumerate(alone):
        previous = alone[index - 1] if index else _NOTHING
        following = alone[index + 1] if index + 1 < last else _NOTHING
        rows.append(
            {
                "constant": 1.0,
                "length": one.length,
                "tiny": one.tiny,
                "ends": one.ends,
                "function": one.function,
                "capitals": one.capitals,
                "digits": one.digits,
                "commas": one.commas,
                "cues": one.cues,
                "address": one.address,
                "date": one.date,
                "rights": one.rights,
                "repeated": one.repeated,
                "lower": one.lower,
                "quote": one.quote,
                "bullet": one.bullet,
                "question": one.question,
                "prose_before": _log(within(sums, index - 1, index)),
                "prose_after": _log(within(sums, index + 1, index + 2)),
                "prose_3_before": _log(within(sums, index - 3, index)),
                "prose_3_after": _log(within(sums, index + 1, index + 4)),
                "gap_before": min(gap_before[index], 10) / 10,
                "gap_after": min(gap_after[index], 10) / 10,
                "density": (before[index] + after[index] + one.prose) / densest,
                "rest": (total - sums[index + 1]) / total,
                "cues_after": float(following.cues > 0),
                "function_before": previous.function,
                "function_after": following.function,
                "length_before": previous.length,
                "cued_before": float(within(cued, index - 3, index) > 0),
                "comments_near": min(within(comments, index - 6, index + 7), 4) / 4,
                "comments_before": _log(commented[index]),
                "tails_before": _log(tails[index]),
                "tail_before": float(tails[index] > 0),
                "headline_before": float(0 <= title < index),
                "headline_to_come": float(title >= index),
                "dates_near": min(within(dates, index - 3, index + 4), 2) / 2,
            }
        )
    return rows


_NOTHING = Line(*[0.0] * 19)


def _log(value: float) -> float:
    return math.log1p(value) / 6


def _running(values: Sequence[float]) -> list[float]:
    """Sums of all values before each place, and of all at the end."""
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def _faded(values: Sequence[float]) -> tuple[list[float], list[float]]:
    """What each place gets from those before it and from those after it, less with the distance."""
    before, after = [], []
    mass = 0.0
    for value in values:
        before.append(mass)
        mass = mass * _FADE + value
    mass = 0.0
    for value in reversed(values):
        after.append(mass)
        mass = mass * _FADE + value
    return before, after[::-1]


def _gaps(values: Sequence[float]) -> list[int]:
    """At each place, the number of lines without prose right before it."""
    gaps, gap = [], 0
    for value in values:
        gaps.append(gap)
        gap = 0 if value else gap + 1
    return gaps
