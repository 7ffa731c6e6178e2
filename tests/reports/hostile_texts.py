"""Texts that want to be something else than text: for pages, workbooks, print, terminals and templates."""

from __future__ import annotations

import random
from collections.abc import Iterator

MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title></textarea><iframe src=//a.test>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<svg><foreignObject><body onload=alert(1)>",
    "</svg><a xlink:href=javascript:alert(1)>",
    "<use href='data:image/svg+xml,<svg id=x/>#x'/>",
    "<animate attributeName=href values=javascript:alert(1)>",
    "</td></tr></table><form action=//a.test>",
    "<plaintext>",
    "<!--",
    "-->",
    "--!>",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0'?>",
    "<!DOCTYPE html>",
    "<base href=//a.test>",
    "<meta http-equiv=refresh content=0;url=//a.test>",
    "<link rel=stylesheet href=//a.test/a.css>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<b",
    "b>",
    "<",
    ">",
    "&lt;b&gt;&#60;b&#62;",
    "&#0;&#x1b;&nbsp",
    "&",
)
ATTRIBUTES = (
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    " onclick=alert(1) ",
    '" style="background:url(//a.test)"',
    "` onload=x",
    '"',
    "'",
    "/>",
    "=",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:\talert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//a.test/x",
    "https://a.test/?x=<b>",
    "\\\\a.test\\share\\x",
    "../../../etc/passwd",
    "#top",
)
PRINT = (
    "@import url(file:///etc/passwd);",
    "@import 'https://a.test/a.css';",
    "@font-face{font-family:x;src:url(file:///etc/passwd)}",
    "}*{background:url(file:///etc/passwd)}",
    "\\22 ;content:url(//a.test);x:\\22",
    "url(file:///etc/passwd)",
    "image-set('//a.test' 1x)",
    "attr(x)",
    "<link rel=attachment href=file:///etc/passwd>",
    "<a rel=attachment href=file:///etc/passwd>x</a>",
    "<img src=file:///etc/passwd>",
    "<object data=file:///etc/passwd>",
    "</style>",
    "/*",
    "*/",
    "expression(alert(1))",
    "%PDF-1.7",
    "(x) Tj ET endstream endobj",
    "/OpenAction /JavaScript (app.alert(1))",
    "<< /S /URI /URI (//a.test) >>",
)
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "|calc",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://a.test","x")',
    '=WEBSERVICE("http://a.test")',
    '=IMPORTXML("http://a.test","//a")',
    "=DDE(1;2;3)",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "'=1",
    "_x003D_1+1",
    "_x0000_",
    "#N/A",
    "#REF!",
    "TRUE",
    "1e5",
    "2026-10-05",
    '","=1+1',
    "\r\n=1+1,x",
    ";=1",
)
TERMINAL = (
    "\x1b[31m",
    "\x1b]0;title\x07",
    "\x1b]8;;http://a.test\x1b\\x\x1b]8;;\x1b\\",
    "\x1b]52;c;eA==\x07",
    "\x1b[2J\x1b[H",
    "\x1bP+q544e\x1b\\",
    "\x9b31m",
    "\x90x\x9c",
    "\x00",
    "\x07",
    "\x08\x08\x08",
    "\x7f",
    "\x85",
    "\r",
    "\x0b\x0c",
    "[bold]x[/bold]",
    "[link=http://a.test]x[/link]",
    ":smile:",
)
UNICODE = (
    "\u202egnp.exe\u2066",
    "\u2067\u2069\u202c",
    "\u200b\u200d\ufeff",
    "\u2028\u2029",
    "\U000e0001\U000e0041",
    "\ud800",
    "\udfff\ud800",
    "\uffff\ufffe",
    "\ufdd0",
    "a\u0300\u0301\u0302\u0303",
    "Ａ＜ｂ＞",
    "🚀\U0001f468\u200d\U0001f469",
    "ﷺ",
    "İıſ",
)
TEMPLATES = (
    "{{ 7*7 }}",
    "{% raw %}",
    "{% endraw %}{{ config }}",
    "{% include '/etc/passwd' %}",
    "{{ ''.__class__.__mro__ }}",
    "{#",
    "#}",
    "%(count)s %s %",
    "%(who)s%%",
    "${x}",
    "#{x}",
    "{address}:{port}",
    "{0.__class__}",
    "<%= x %>",
    "$(id)",
    "`id`",
    "; rm -rf /",
    "\\",
    "\\u003cb\\u003e",
)
PLAIN = ("nama biasa", "A.5.1", "x", "é", "0", "null", "undefined", "NaN", "nginx/1.22.1")
PIECES = (
    *MARKUP,
    *ATTRIBUTES,
    *ADDRESSES,
    *PRINT,
    *FORMULAS,
    *TERMINAL,
    *UNICODE,
    *TEMPLATES,
    *PLAIN,
)
_LONGEST_REPEATED = 60
_LONG = (400, 5_000, 40_000)


def hostile_texts(seed: int = 20261005) -> Iterator[str]:
    """Yield every piece alone, then joins of them without end, now and then a long one; none twice."""
    dice = random.Random(seed)
    given: set[str] = set()
    for text in _candidates(dice):
        if text.strip() and text not in given:
            given.add(text)
            yield text


def _candidates(dice: random.Random) -> Iterator[str]:
    yield from PIECES
    while True:
        text = "".join(dice.choices(PIECES, k=dice.randint(2, 6)))
        if dice.random() < 1 / 200:
            text = text[:_LONGEST_REPEATED] * (dice.choice(_LONG) // min(len(text), _LONGEST_REPEATED))
        yield text
