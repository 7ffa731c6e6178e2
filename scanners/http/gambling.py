"""Recognise injected online gambling content, and not the agency's own warning against it. Pure.

One strong term is enough: nobody but an advertiser writes it. Weak terms occur in news, so two different
ones are needed. A term beside a word of prevention or prosecution does not count: public offices do warn
of gambling, and advertisers do not.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

STRONG = (
    "agen slot",
    "bandar slot",
    "bandar togel",
    "bocoran slot",
    "daftar slot",
    "demo slot",
    "depo 5k",
    "depo 10k",
    "gacor hari ini",
    "gampang maxwin",
    "gates of olympus",
    "judi slot",
    "link slot",
    "mahjong ways",
    "maxwin",
    "pkv games",
    "pragmatic play",
    "prediksi togel",
    "rtp live",
    "rtp slot",
    "scatter hitam",
    "situs gacor",
    "situs slot",
    "situs togel",
    "slot88",
    "slot 88",
    "slot dana",
    "slot demo",
    "slot deposit",
    "slot gacor",
    "slot maxwin",
    "slot online",
    "slot pulsa",
    "slot qris",
    "slot resmi",
    "slot server thailand",
    "slot terpercaya",
    "slot thailand",
    "slot777",
    "starlight princess",
    "sweet bonanza",
    "toto macau",
    "toto slot",
    "togel hongkong",
    "togel online",
    "togel singapore",
)
WEAK = (
    "agen bola",
    "agen judi",
    "bandar bola",
    "bandar judi",
    "bonus new member",
    "casino online",
    "dominoqq",
    "gacor",
    "joker123",
    "judi bola",
    "judi online",
    "kasino online",
    "live casino",
    "poker online",
    "sbobet",
    "situs judi",
    "taruhan bola",
    "togel",
)
PREVENTION = (
    "ancaman",
    "antisipasi",
    "bahaya",
    "berantas",
    "cegah",
    "dampak",
    "dilarang",
    "diblokir",
    "edukasi",
    "hukuman",
    "imbau",
    "jauhi",
    "korban",
    "kecanduan",
    "larangan",
    "literasi",
    "melarang",
    "memberantas",
    "memblokir",
    "mencegah",
    "mengimbau",
    "menolak",
    "pemberantasan",
    "pemblokiran",
    "pencegahan",
    "perangi",
    "pidana",
    "polda",
    "polisi",
    "polres",
    "sanksi",
    "satgas",
    "sosialisasi",
    "stop",
    "tangkap",
    "ditangkap",
    "tersangka",
    "tertibkan",
    "tolak",
    "waspada",
    "waspadai",
)
_WEAK_NEEDED = 2
_NEARBY = 120
"""Letters on either side in which a word of prevention speaks for the office."""
_GAP = r"[\s\-_+]{1,3}"


def _words(terms: Iterable[str]) -> re.Pattern[str]:
    # Longest first, so that "slot online" is found rather than a shorter term that begins alike.
    ordered = sorted(terms, key=len, reverse=True)
    alternatives = "|".join(_GAP.join(map(re.escape, term.split())) for term in ordered)
    return re.compile(rf"(?<![^\W_])(?:{alternatives})(?![^\W_])", re.IGNORECASE)


_TERMS = _words((*STRONG, *WEAK))
_PREVENTION = _words(PREVENTION)
_STRONG = frozenset(STRONG)


def gambling_words(text: str, links: Iterable[str]) -> list[str]:
    """Return the gambling terms of a page's text and link addresses, sorted; empty unless they convince."""
    addresses = "\n".join(unquote(link[:300]) for link in links)
    found = set(_advertised(text)) | set(_advertised(addresses))
    weak = found - _STRONG
    convincing = len(weak) < len(found) or len(weak) >= _WEAK_NEEDED
    return sorted(found) if convincing else []


def _advertised(text: str) -> Iterator[str]:
    """Yield the terms that stand beside no word of prevention."""
    warnings = [match.start() for match in _PREVENTION.finditer(text)]
    for match in _TERMS.finditer(text):
        nearest = bisect.bisect_left(warnings, match.start() - _NEARBY)
        if nearest == len(warnings) or warnings[nearest] > match.end() + _NEARBY:
            yield re.sub(r"[\s\-_+]+", " ", match[0]).lower()
