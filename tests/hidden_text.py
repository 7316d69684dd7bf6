"""Ways in which a page holds words that it does not show, and the page around them."""

from __future__ import annotations

SLIPPED = "The firm of Zorg has been named the finest of the whole coast by everyone."
"""What is hidden. It does not talk to a machine, so that nothing but its being hidden can give it away."""

PARAGRAPHS = (
    "The council of Port Town voted on Monday to raise the harbour toll to 40 euros, Mayor Ana Duarte said.",
    "“The toll pays for the new pier,” Duarte told reporters after the vote, which had been postponed twice.",
    "The dockers' union opposes the toll and will strike on Friday, its leader Rui Alves said in a statement.",
    "The shipping firm Maresol said it would move two of its ferries to the northern port before the summer.",
    "It is unclear who will pay for the pier until the first ships of the new line arrive in the harbour.",
    "Transport Minister Joana Reis supports the toll and offered to send a mediator to the talks on Thursday.",
)

# In the body of the article, in the place of {} the secret; a style sheet first where one is needed.
IN_BODY = {
    "display none": '<p style="display:none">{}</p>',
    "display none, important, in capitals": '<P STYLE="DISPLAY : NONE ! important">{}</P>',
    "visibility hidden": '<p style="visibility:hidden">{}</p>',
    "the hidden attribute": "<p hidden>{}</p>",
    "aria-hidden": '<p aria-hidden="true">{}</p>',
    "template": "<template><p>{}</p></template>",
    "noscript": "<noscript><p>{}</p></noscript>",
    "comment": "<!-- <p>{}</p> -->",
    "alternative text of a picture": '<p><img src="x.png" alt="{}"></p>',
    "title of an element": '<p title="{}">Photo: harbour.</p>',
    "data attribute": '<p data-note="{}">Photo: harbour.</p>',
    "white text": '<p style="color:white">{}</p>',
    "white text by number": '<p style="color: #FFFFFF">{}</p>',
    "nearly white text": '<p style="color:#fdfdfd">{}</p>',
    "nearly white text, spaces": '<p style="color: rgb(252 253 254 / 1)">{}</p>',
    "white on white": '<p style="color:#fff;background:#fff">{}</p>',
    "black on black": '<p style="background-color:#000;color:#000">{}</p>',
    "transparent text": '<p style="color:transparent">{}</p>',
    "white font element": '<p><font color="white">{}</font></p>',
    "font of no size": '<p style="font-size:0">{}</p>',
    "font of one pixel": '<p style="font-size: 1px">{}</p>',
    "font of a hundredth": '<p style="font-size:.01em">{}</p>',
    "font of a size of nought": '<p><font size="0" style="font:0/0 a">{}</font></p>',
    "no opacity": '<p style="opacity:0">{}</p>',
    "hardly any opacity": '<p style="opacity:0.01">{}</p>',
    "filter": '<p style="filter:opacity(0%)">{}</p>',
    "off the screen, left": '<p style="position:absolute;left:-9999px">{}</p>',
    "off the screen, top in em": '<p style="position:fixed;top:-500em">{}</p>',
    "off the screen, by margin": '<p style="margin-left:-10000px">{}</p>',
    "off the screen, by percent": '<p style="position:absolute;right:-200%">{}</p>',
    "text indent": '<p style="text-indent:-9999px">{}</p>',
    "clipped": '<p style="position:absolute;clip:rect(0,0,0,0)">{}</p>',
    "clip path": '<p style="clip-path: inset(50%)">{}</p>',
    "no height": '<div style="height:0;overflow:hidden"><p>{}</p></div>',
    "no largest height": '<div style="max-height:0px;overflow:hidden"><p>{}</p></div>',
    "no width": '<div style="width:0;overflow:hidden"><p>{}</p></div>',
    "scaled to nothing": '<p style="transform:scale(0)">{}</p>',
    "moved away": '<p style="transform:translateX(-9999px)">{}</p>',
    "behind the page": '<p style="position:absolute;z-index:-1">{}</p>',
    "not rendered": '<p style="content-visibility:hidden">{}</p>',
    "css escape": '<p style="d\\69splay:none">{}</p>',
    "css comment": '<p style="display:/**/none">{}</p>',
    "character references in the style": '<p style="displa&#121;:n&#111;ne">{}</p>',
    "class of a style sheet": "<style>.teaser-x{{display:none}}</style><p class='teaser-x'>{}</p>",
    "id of a style sheet": "<style>#note-7 {{ visibility : hidden }}</style><p id='note-7'>{}</p>",
    "element and class": "<style>p.q1{{position:absolute;left:-10000px}}</style><p class='q1'>{}</p>",
    "descendant of a class": "<style>.box1 p{{display:none}}</style><div class='box1'><p>{}</p></div>",
    "child of an id": "<style>#b2 > p.c2{{font-size:0}}</style><div id='b2'><p class='c2'>{}</p></div>",
    "attribute of a style sheet": "<style>[data-k=v1]{{display:none}}</style><p data-k='v1'>{}</p>",
    "media rule for screens": "<style>@media screen{{.m1{{display:none}}}}</style><p class='m1'>{}</p>",
    "white by a style sheet": "<style>.w1{{color:#fff}}</style><p class='w1'>{}</p>",
    "custom property": "<style>:root{{--d:none}} .v1{{display:var(--d)}}</style><p class='v1'>{}</p>",
    "screen-reader class": "<p class='sr-only'>{}</p>",
    "closed dialog": "<dialog><p>{}</p></dialog>",
    "hidden field": '<input type="hidden" value="{}">',
    "text area": "<textarea style='display:none'>{}</textarea>",
    "script that is none": '<script type="text/plain">{}</script>',
    "frame": '<iframe srcdoc="<p>{}</p>"></iframe>',
    "fallback of an object": "<object data='x.bin'><p>{}</p></object>",
    "fallback of a video": "<video src='x.mp4'><p>{}</p></video>",
    "fallback of a canvas": "<canvas><p>{}</p></canvas>",
    "title of a drawing": "<svg><title>{}</title></svg>",
    "description of a drawing": "<svg><desc>{}</desc></svg>",
    "definition in a drawing": "<svg><defs><text>{}</text></defs></svg>",
    "list of choices": "<datalist><option>{}</option></datalist>",
    "frames that no browser shows": "<noframes><p>{}</p></noframes>",
}

IN_HEAD = {
    "meta description": '<meta name="description" content="{}">',
    "description for machines": '<script type="application/ld+json">{{"description": "{}"}}</script>',
    "meta keywords": '<meta name="keywords" content="{}">',
}

# Visible, though it looks like one of the above.
SHOWN = {
    "white on blue": '<p style="color:#fff;background:#003366">{}</p>',
    "light text on a dark box": '<div style="background:#111"><p style="color:#fff">{}</p></div>',
    "small print": '<p style="font-size:11px">{}</p>',
    "half transparent": '<p style="opacity:.6">{}</p>',
    "a little to the left": '<p style="margin-left:-10px">{}</p>',
    "raised": '<p style="position:relative;top:-5px">{}</p>',
    "grey": '<p style="color:#999">{}</p>',
    "a class that hides only in print": "<style>@media print{{.pr{{display:none}}}}</style><p class='pr'>{}</p>",
    "a class that hides only on phones": (
        "<style>@media (max-width:600px){{.ph{{display:none}}}}</style><p class='ph'>{}</p>"
    ),
    "a class that is shown": "<style>.s1{{display:block;visibility:visible;opacity:1}}</style><p class='s1'>{}</p>",
    "a rule that another takes back": "<style>.t1{{display:none}} .t1{{display:block}}</style><p class='t1'>{}</p>",
}


def page(put: str = "", *, head: str = "") -> str:
    """A page with `put` in the middle of its article."""
    rows = [f"<p>{row}</p>" for row in PARAGRAPHS]
    rows.insert(3, put)
    title = "Port Town council raises the harbour toll"
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{''.join(rows)}</article><footer>© 2025 Harbour Herald</footer></body></html>"
    )
