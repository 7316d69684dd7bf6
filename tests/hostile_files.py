"""Files that a stranger may put into a folder, made by code, each with the outcomes that are right for it.

`heavy` ones are as large as a file may be (`summarise.loading.folder.MOST_BYTES`); `torture/files.py` reads them, too.
"""

# ruff: noqa: E501 (a row of the tables is a file)

from __future__ import annotations

import gzip
import io
import os
import random
import socket
import stat
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MB = 1_000_000
MOST = 5 * MB
STORY = (
    "Talks on the port go on\n\n"
    "The minister said on Tuesday that the talks on the port would continue until the end of the month.\n\n"
    "A spokesman of the company denied that an agreement had been signed, and said that nothing was settled.\n"
)
SECRET = "The password of the harbour master is kept under the mat, and nobody may know of it but he himself.\n"  # noqa: S105
USED, UNREADABLE, EMPTY, DUPLICATE = "used", "unreadable", "empty", "duplicate"
ANY = (USED, UNREADABLE, EMPTY)


@dataclass(frozen=True)
class Hostile:
    """`make` puts it into a folder (OSError: this system knows no such thing); outcomes are those of its entries."""

    name: str
    make: Callable[[Path], object]
    outcomes: tuple[str, ...]
    reason: str = ""
    heavy: bool = False


def _put(name: str, content: bytes | str) -> Callable[[Path], object]:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def _lazily(name: str, make: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(make())


def _link(name: str, target: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).symlink_to(target)


def _sparse(name: str, size: int) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        with (folder / name).open("wb") as file:
            file.write(STORY.encode())
            file.truncate(size)

    return make


def _raw_name(name: bytes) -> Callable[[Path], object]:
    return lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(STORY + repr(name))


def _socket(folder: Path) -> None:
    before = Path.cwd()
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(folder)  # the name of a socket has to be short
        try:
            server.bind("socket.txt")
        finally:
            os.chdir(before)


def _device(kind: int, major: int, minor: int) -> Callable[[Path], object]:
    return lambda folder: os.mknod(folder / "device.txt", kind | 0o666, os.makedev(major, minor))


def _outside(folder: Path) -> Path:
    beside = folder.with_name(folder.name + " outside")
    beside.mkdir(exist_ok=True)
    (beside / "secret.txt").write_text(SECRET)
    return beside


def _chain(folder: Path) -> None:
    (folder / "end.txt").write_text(STORY)
    for number in range(60):
        (folder / f"link-{number:02d}.txt").symlink_to(f"link-{number + 1:02d}.txt" if number < 59 else "end.txt")


def _deep_folders(folder: Path) -> None:
    """Deeper than a path may be long."""
    before, depth = Path.cwd(), 0
    try:
        os.chdir(folder)
        with suppress(OSError):
            for depth in range(60):  # noqa: B007 (how deep it came)
                Path("d" * 100).mkdir()
                os.chdir("d" * 100)
        Path("far.txt").write_text(STORY)
    finally:
        os.chdir(before)
    assert depth > 40


def _page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>T</title>{head}</head><body><h1>T</h1><p>{STORY}</p>{body}</body></html>"


def _packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    return made.getvalue()


_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default'
    b' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/d.xml"'
    b' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    b' Target="d.xml"/></Relationships>'
)
_WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'


def docx(document: bytes, **more: bytes) -> bytes:
    return _packed({"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "d.xml": document, **more})


def _paragraphs(count: int) -> bytes:
    return _WORD % (b"<w:p><w:r><w:t>The minister said no.</w:t></w:r></w:p>" * count)


def _lying_docx() -> bytes:
    """Says of a part of 300 MB that it has 100 bytes."""
    whole = docx(b" " * (300 * MB))
    return whole.replace((300 * MB).to_bytes(4, "little"), (100).to_bytes(4, "little"))


def pdf(*objects: bytes, root: bytes = b"1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1."""
    body = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, 1))
    return body + b"trailer\n<</Root %s/Size %d>>\n%%%%EOF\n" % (root, len(objects) + 1)


def _stream(content: bytes, about: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (about, len(content), content)


def _pdf_of(stream: bytes, count: bytes = b"1") -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count %s>>" % count,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def _flated(size: int, filters: int = 1) -> bytes:
    content = b"(a) Tj " * (size // 7)
    for _ in range(filters):
        content = zlib.compress(content, 9)
    return _pdf_of(_stream(content, b"/Filter[%s]" % (b"/FlateDecode" * filters)))


def _mail(body: str, *headers: str) -> bytes:
    return "\r\n".join(["From: A <a@b.example>", "Subject: T", *headers, "", body]).encode("utf-8", "surrogateescape")


def _nested_mail(depth: int) -> bytes:
    body = STORY
    for number in range(depth):
        body = (
            f"--b{number}\r\nContent-Type: multipart/mixed; boundary=b{number - 1}\r\n\r\n{body}\r\n--b{number}--\r\n"
        )
    return _mail(body, f"Content-Type: multipart/mixed; boundary=b{depth - 1}")


_LAUGHS = (
    "<!DOCTYPE html [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
)
_WORDS = " ".join(["harbour", "minister", "talks", "said", "denied", "vote", "crew", "union"])
_NOISE = random.Random(1)  # noqa: S311

SPECIAL = (
    Hostile("named pipe", lambda folder: os.mkfifo(folder / "pipe.txt"), (UNREADABLE,), "named pipe"),
    Hostile("socket", _socket, (UNREADABLE,), "socket"),
    Hostile("character device", _device(stat.S_IFCHR, 1, 5), (UNREADABLE,), "device"),
    Hostile("block device", _device(stat.S_IFBLK, 7, 0), (UNREADABLE,), "device"),
    Hostile("link to /dev/zero", _link("zero.txt", "/dev/zero"), (UNREADABLE,), "out of the folder"),
    Hostile("link to /dev/stdin", _link("stdin.txt", "/dev/stdin"), (UNREADABLE,), "link"),
    Hostile("link to itself", _link("self.txt", "self.txt"), (UNREADABLE,), "circle"),
    Hostile(
        "two links to each other",
        lambda folder: [(folder / f"{a}.txt").symlink_to(f"{b}.txt") for a, b in ("xy", "yx")],
        (UNREADABLE, UNREADABLE),
        "circle",
    ),
    Hostile(
        "link to a file outside", lambda f: (f / "out.txt").symlink_to(_outside(f) / "secret.txt"), (UNREADABLE,), "out"
    ),
    Hostile(
        "relative link outside",
        lambda f: (f / "rel.txt").symlink_to(f"../{_outside(f).name}/secret.txt"),
        (UNREADABLE,),
    ),
    Hostile("link to /etc/passwd", _link("passwd.txt", "/etc/passwd"), (UNREADABLE,), "out of the folder"),
    Hostile(
        "link to a folder outside", lambda f: (f / "folder").symlink_to(_outside(f)), (UNREADABLE,), "out of the folder"
    ),
    Hostile("link to the folder itself", _link("here", "."), (UNREADABLE,), "not followed"),
    Hostile("link to the folder above", _link("up", ".."), (UNREADABLE,), "out of the folder"),
    Hostile("link to nowhere", _link("gone.txt", "not there.txt"), (UNREADABLE,), "nowhere"),
    Hostile("link to the environment", _link("env.txt", "/proc/self/environ"), (UNREADABLE,), "out of the folder"),
    Hostile("link to memory", _link("mem.txt", "/proc/self/mem"), (UNREADABLE,), "out of the folder"),
    Hostile("sixty links in a row", _chain, ANY),
    Hostile("hard link", lambda f: [(f / "a1.txt").write_text(STORY), os.link(f / "a1.txt", f / "a2.txt")], ANY),
    Hostile("folder with a file's name", lambda folder: (folder / "folder.txt").mkdir(), ()),
    Hostile("folders deeper than a path may be", _deep_folders, (UNREADABLE,)),
    Hostile("1 GB that is not there", _sparse("sparse.txt", 10**9), (UNREADABLE,), "larger than"),
    Hostile("1 GB page that is not there", _sparse("sparse.html", 10**9), (UNREADABLE,), "larger than"),
    Hostile("1 TB that is not there", _sparse("sparse.pdf", 10**12), (UNREADABLE,), "larger than"),
    Hostile("one byte too many", _lazily("large.txt", lambda: b"a" * (MOST + 1)), (UNREADABLE,), "larger than"),
    Hostile("nothing", _put("nothing.txt", b""), (EMPTY,)),
    Hostile("nothing but a byte order mark", _put("mark.txt", b"\xef\xbb\xbf"), (EMPTY,)),
    Hostile("nothing that is seen", _put("unseen.txt", "\u200b\u2060\u00ad\ufeff \u200e\n" * 50), (EMPTY,)),
)
NAMES = (
    Hostile("name of 255 bytes", _put("n" * 251 + ".txt", STORY + "255"), (USED,)),
    Hostile("name with a line feed", _put("two\nlines.txt", STORY + "lf"), (USED,)),
    Hostile("name with an escape sequence", _put("\x1b]52;c;QUJD\x07\x1b[31m.txt", STORY + "esc"), (USED,)),
    Hostile("name that turns direction", _put("a\u202etxt.exe.txt", STORY + "rtl"), (USED,)),
    Hostile("name that is not UTF-8", _raw_name(b"caf\xe9\xff.txt"), (USED,)),
    Hostile("name like an option", _put("-rf.txt", STORY + "option"), (USED,)),
    Hostile("name like markup", _put("<img src=x onerror=alert(1)>{{7*7}}.txt", STORY + "markup"), (USED,)),
    Hostile("name composed", _put("caf\u00e9.txt", STORY + "nfc"), (USED,)),
    Hostile("name decomposed", _put("cafe\u0301.txt", STORY + "nfd"), (USED,)),
    Hostile("name of spaces", _put("   .txt", STORY + "spaces"), (USED,)),
)
TEXTS = (
    Hostile("UTF-16, little end first", _put("16le.txt", b"\xff\xfe" + (STORY + "le").encode("utf-16-le")), (USED,)),
    Hostile("UTF-16, big end first", _put("16be.txt", b"\xfe\xff" + (STORY + "be").encode("utf-16-be")), (USED,)),
    Hostile("UTF-16 without a mark", _put("16.txt", (STORY + "none").encode("utf-16-le")), (UNREADABLE,)),
    Hostile("UTF-16 cut in half", _put("16half.txt", b"\xff\xfe" + STORY.encode("utf-16-le")[:-1]), ANY),
    Hostile("UTF-32", _put("32.txt", (STORY + "32").encode("utf-32")), ANY),
    Hostile("NUL at the beginning", _put("nul.txt", "\0" + STORY), (UNREADABLE,), "binary"),
    Hostile("NUL after much text", _put("late.txt", STORY * 50 + "\0" * 9), ANY),
    Hostile("every byte", _put("bytes.txt", bytes(range(1, 256)) * 20), ANY),
    Hostile("noise", _put("noise.txt", _NOISE.randbytes(50_000)), (UNREADABLE,)),
    Hostile("UTF-8 cut in a letter", _put("cut.txt", (STORY + "é").encode()[:-1]), ANY),
    Hostile("overlong UTF-8 and surrogates", _put("over.txt", STORY.encode() + b"\xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80"), ANY),
    Hostile("two encodings", _put("two.txt", (STORY + "naïve").encode() + "Größe über alles".encode("latin-1")), ANY),
    Hostile("bidi overrides", _put("bidi.txt", STORY + "\u202edenied\u202c \u2066hidden\u2069 \u2067x" * 20), (USED,)),
    Hostile("terminal sequences", _put("osc.txt", STORY + "\x1b]52;c;QUJD\x07 \x1b[2J \x9b31m said the mayor." * 9), (USED,)),
    Hostile("a letter with 100,000 accents", _put("zalgo.txt", STORY + "e" + "\u0301" * 100_000), ANY),
    Hostile("gzip called text", _put("gz.txt", gzip.compress(STORY.encode() * 99)), (UNREADABLE,)),
    Hostile("one word of 5 MB", _lazily("word.txt", lambda: b"a" * MOST), ANY, heavy=True),
    Hostile("5 MB of line ends", _lazily("lines.txt", lambda: b"\n" * MOST), (EMPTY,), heavy=True),
    Hostile("5 MB of sentences", _lazily("talk.txt", lambda: b"He said no. " * (MOST // 12)), ANY, heavy=True),
    Hostile("5 MB of short lines", _lazily("short.txt", lambda: b"He said no.\n" * (MOST // 12)), ANY, heavy=True),
    Hostile("5 MB of headers", _lazily("head.txt", lambda: b"Title: T\n" * (MOST // 9)), ANY, heavy=True),
    Hostile("5 MB of ideographs", _lazily("han.txt", lambda: ("港口谈判" * (MOST // 12)).encode()), ANY, heavy=True),
    Hostile("5 MB in an old encoding", _lazily("old.txt", lambda: "Größe über alles. ".encode("latin-1") * (MOST // 18)), ANY, heavy=True),
    Hostile("5 MB of dates", _lazily("dates.txt", lambda: b"12 January 2025, " * (MOST // 17)), ANY, heavy=True),
    Hostile("brackets that never close", _lazily("open.md", lambda: b"[" * MOST), ANY, heavy=True),
    Hostile("images that never close", _lazily("image.md", lambda: b"![a](" * (MOST // 5)), ANY, heavy=True),
    Hostile("comments that never close", _lazily("comment.md", lambda: b"<!--" * (MOST // 4)), ANY, heavy=True),
    Hostile("stars that never close", _lazily("stars.md", lambda: b"*a **b" * (MOST // 6)), ANY, heavy=True),
    Hostile("titles that never close", _lazily("title.md", lambda: b'[a](b "' * (MOST // 7)), ANY, heavy=True),
    Hostile("heading of hashes", _lazily("hash.md", lambda: b"# " + b" #" * (MOST // 3) + b"x"), ANY, heavy=True),
    Hostile("rules of dashes", _lazily("rule.md", lambda: b"- " * (MOST // 2 - 1) + b"x"), ANY, heavy=True),
    Hostile("quotations in quotations", _put("quote.md", "> " * 50_000 + STORY), ANY),
    Hostile("front matter that laughs", _put("laugh.md", "---\na: &a [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1 if n > 1 else str()}'] * 9)}]\n" for n in range(1, 30)) + "title: *a29\n---\n" + STORY), ANY),
    Hostile("front matter of 5 MB", _lazily("front.md", lambda: b"---\n" + b"a: b\n" * (MOST // 6) + b"---\n" + STORY.encode()), ANY, heavy=True),
    Hostile("front matter 100,000 deep", _put("deep.md", "---\na: " + "[" * 100_000 + "\n---\n" + STORY), ANY),
)  # fmt: skip
PAGES = (
    Hostile("page 200,000 deep", _lazily("deep.html", lambda: _page("<div>" * 200_000 + "x").encode()), ANY),
    Hostile("page 200,000 deep in letters", _lazily("bold.html", lambda: _page("<b><i>" * 100_000 + "x").encode()), ANY),
    Hostile("page 200,000 deep in quotations", _lazily("bq.html", lambda: _page("<blockquote><p>a" * 200_000).encode()), ANY, heavy=True),
    Hostile("page of tables in tables", _put("table.html", _page("<table><tr><td>" * 5_000)), ANY),
    Hostile("page of 700,000 elements", _lazily("wide.html", lambda: _page("<p>a</p>" * 600_000).encode()), ANY, heavy=True),
    Hostile("page of lists", _lazily("list.html", lambda: _page("<ul><li>a" * 500_000).encode()), ANY, heavy=True),
    Hostile("page of 5 MB of text", _lazily("text.html", lambda: _page("<p>" + "He said no. " * (MOST // 13)).encode()), ANY, heavy=True),
    Hostile("page of one attribute of 4 MB", _lazily("attr.html", lambda: _page(f"<p style='{'a' * 4 * MB}'>x").encode()), ANY, heavy=True),
    Hostile("page of a million attributes", _lazily("attrs.html", lambda: _page(f"<p {' '.join(f'a{n}' for n in range(500_000))}>x").encode()), ANY, heavy=True),
    Hostile("page of styles", _lazily("style.html", lambda: _page("", "<style>" + "a{" * (MOST // 3) + "</style>").encode()), ANY, heavy=True),
    Hostile("page of style rules", _lazily("rules.html", lambda: _page("", "<style>" + "@media x{a{color:red}" * (MOST // 25) + "</style>").encode()), ANY, heavy=True),
    Hostile("page of style comments", _lazily("scom.html", lambda: _page("", "<style>" + "/*" * (MOST // 3) + "</style>").encode()), ANY, heavy=True),
    Hostile("page of inline styles", _lazily("inline.html", lambda: _page("<p style='font:1 1 1 1 1;color:#fff'>a</p>" * (MOST // 50)).encode()), ANY, heavy=True),
    Hostile("page of open brackets", _lazily("lt.html", lambda: b"<" * MOST), ANY, heavy=True),
    Hostile("page of comments", _lazily("comments.html", lambda: _page("<!--" * (MOST // 5)).encode()), ANY, heavy=True),
    Hostile("page of headings", _lazily("h1.html", lambda: _page("<h1>Talks on the port go on today</h1>" * 100_000).encode()), ANY, heavy=True),
    Hostile("page of scripts", _lazily("script.html", lambda: _page('<script type="application/ld+json">{"datePublished": "x' * 80_000).encode()), ANY, heavy=True),
    Hostile("page of meta elements", _lazily("meta.html", lambda: _page("", "<meta property='og:title' content='T'>" * 100_000).encode()), ANY, heavy=True),
    Hostile("page of entities", _lazily("ents.html", lambda: _page("&nbsp;&amp;&#x41;&#0;&#xd800;&bogus;" * 100_000).encode()), ANY, heavy=True),
    Hostile("entities that laugh", _put("laugh.html", _LAUGHS + _page("&a11;")), ANY),
    Hostile("entities that laugh in XHTML", _put("laugh.xhtml", '<?xml version="1.0"?>' + _LAUGHS + _page("&a11;")), ANY),
    Hostile("entity of a file", _put("xxe.xhtml", '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _page("&x;")), ANY),
    Hostile("page that says UTF-7", _put("utf7.html", b"<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-\xff" + STORY.encode()), ANY),
    Hostile("page that says nonsense", _put("enc.html", b"<meta charset=../../etc/passwd>\xff\xfe" + STORY.encode()), ANY),
    Hostile("page that says an encoding of bytes", _put("hex.html", b"<meta charset=hex>\xff" + STORY.encode()), ANY),
    Hostile("page that sends elsewhere", _put("base.html", _page("", "<base href=//evil.example><meta http-equiv=refresh content=0>")), ANY),
)  # fmt: skip
BOOKS = (
    Hostile("DOCX that unpacks to 3 GB", _lazily("bomb.docx", lambda: docx(_paragraphs(1), **{f"m{n}.xml": b" " * (300 * MB) for n in range(2)})), (UNREADABLE,), heavy=True),
    Hostile("DOCX that says less than it unpacks to", _lazily("lie.docx", _lying_docx), (UNREADABLE,), heavy=True),
    Hostile("DOCX of 150 MB of paragraphs", _lazily("many.docx", lambda: docx(_paragraphs(2_000_000))), ANY, heavy=True),
    Hostile("DOCX of 19 MB of paragraphs", _lazily("full.docx", lambda: docx(_paragraphs(350_000))), ANY, heavy=True),
    Hostile("DOCX 100,000 deep", _put("deep.docx", docx(_WORD % (b"<w:p>" * 100_000))), (UNREADABLE,)),
    Hostile("DOCX of tables in tables", _put("table.docx", docx(_WORD % (b"<w:tbl><w:tr><w:tc>" * 3_000 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 3_000))), ANY),
    Hostile("DOCX with entities that laugh", _put("laugh.docx", docx(_LAUGHS.encode() + _WORD % b"<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>")), ANY),
    Hostile("DOCX with an entity of a file", _put("xxe.docx", docx(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _WORD % b"<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")), ANY),
    Hostile("DOCX with parts outside", _put("slip.docx", docx(_paragraphs(9), **{"../../slip.txt": SECRET.encode()})), ANY),
    Hostile("DOCX cut in half", _put("half.docx", docx(_paragraphs(9))[:300]), (UNREADABLE,)),
    Hostile("DOCX that is a ZIP of nothing", _put("zip.docx", _packed({})), (UNREADABLE,)),
    Hostile("PDF whose pages are each other's", _put("loop.pdf", pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>")), (UNREADABLE,)),
    Hostile("PDF that unpacks to 1 GB", _lazily("bomb.pdf", lambda: _flated(500 * MB)), (UNREADABLE,), heavy=True),
    Hostile("PDF packed twice", _lazily("twice.pdf", lambda: _flated(300 * MB, 2)), (UNREADABLE,), heavy=True),
    Hostile("PDF of 20 MB of letters", _lazily("letters.pdf", lambda: _flated(20 * MB)), ANY, heavy=True),
    Hostile("PDF that says a billion pages", _put("count.pdf", _pdf_of(_stream(b"BT /F 9 Tf (no) Tj ET"), b"1000000000")), ANY),
    Hostile("PDF of arrays in arrays", _put("nested.pdf", _pdf_of(_stream(b"[" * 100_000))), ANY),
    Hostile("PDF nested before it begins", _put("open.pdf", b"%PDF-1.7\n1 0 obj\n" + b"<</A " * 50_000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF"), (UNREADABLE,)),
    Hostile("PDF whose length is its own", _put("length.pdf", pdf(b"<</Type/Catalog/Pages 2 0 R/Length 1 0 R>>\nstream\nx\nendstream")), (UNREADABLE,)),
    Hostile("PDF that is cut", _put("cut.pdf", _pdf_of(_stream(b"BT (no) Tj ET"))[:200]), (UNREADABLE,)),
    Hostile("PDF with a password", _put("locked.pdf", pdf(b"<</Type/Catalog>>").replace(b"/Size", b"/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(x)/P 0>>/ID[(a)(b)]/Size")), (UNREADABLE,)),
    Hostile("mail in mails in mails", _lazily("nested.eml", lambda: _nested_mail(3_000)), ANY),
    Hostile("mail with 100,000 parts", _lazily("parts.eml", lambda: _mail("--b\r\n\r\nno\r\n" * 100_000, "Content-Type: multipart/mixed; boundary=b")), ANY, heavy=True),
    Hostile("mail with 4 MB of subject", _lazily("subject.eml", lambda: _mail(STORY, "Subject: " + "=?utf-8?q?a?= " * (4 * MB // 14))), ANY, heavy=True),
    Hostile("mail with 4 MB of senders", _lazily("from.eml", lambda: _mail(STORY, "From: " + "(" * (4 * MB))), ANY, heavy=True),
    Hostile("mail in an unknown alphabet", _put("charset.eml", _mail(STORY, "Content-Type: text/plain; charset=nonsense")), ANY),
    Hostile("mail from the year 99999", _put("year.eml", _mail(STORY, "Date: Tue, 28 Jan 99999 10:00:00 +9999")), ANY),
    Hostile("mail of a page 100,000 deep", _put("page.eml", _mail(_page("<div>" * 100_000), "Content-Type: text/html")), ANY),
)  # fmt: skip
ALL = (*SPECIAL, *NAMES, *TEXTS, *PAGES, *BOOKS)
