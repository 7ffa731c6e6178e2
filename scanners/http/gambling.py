"""Recognise injected online gambling content, and not the agency's own warning against it. Pure.

Terms are looked for as words, and those that advertisers run together (slotgacor88, togel4d) also as parts
of a word or host name. One strong term is enough: nobody but an advertiser writes it. Weak terms occur in
news, so two different ones are needed. A term beside a word of prevention or prosecution does not count:
public offices do warn of gambling, and advertisers do not.
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
_RUN_TOGETHER = (
    r"slot(?:88|777|4d|5000|gacor|online|dana|pulsa|qris|depo|demo|thailand|maxwin|resmi|terpercaya)"
    r"|gacor(?:slot|maxwin|\d{2,4}|4d)|(?:agen|bandar|bocoran|daftar|demo|link|rtp|situs|toto)slot"
    r"|maxwin(?!d)|(?:situs|bandar|agen|prediksi)togel|togel(?:online|hongkong|hk|sgp|singapore|\d{2,4}|4d)"
    r"|judi(?:slot|bola|online|togel|poker|\d{2,4})|totomacau|macau(?:toto|\d{3})|rtplive|pragmaticplay"
    r"|mahjongways|scatterhitam|sweetbonanza|starlightprincess|gatesofolympus|pkvgames|sbobet\d{0,4}"
    r"|dominoqq|joker123|agenbola|taruhanbola|casinoonline|kasinoonline"
)
"""Parts of words. Left out is what also stands in honest words: judi in judisial, slot in timeslot."""
_FRAGMENTS = re.compile(_RUN_TOGETHER, re.IGNORECASE)
_WEAK_FRAGMENTS = re.compile(
    r"judi(?:online|bola)|sbobet|dominoqq|joker123|agenbola|taruhanbola|[ck]asinoonline"
)
_AGAINST = re.compile(r"(?i)(?:anti|stop|tolak|cegah|lawan|perangi|berantas|bahaya|lapor|adu|blokir)[-_]?\Z")
"""Before a fragment, as in #StopJudiOnline or /bahayajudionline: the office's own warning."""
_AGAINST_WITHIN = 12
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
    weak = {term for term in found if term not in _STRONG and not _is_strong_fragment(term)}
    convincing = len(weak) < len(found) or len(weak) >= _WEAK_NEEDED
    return sorted(found) if convincing else []


def _is_strong_fragment(term: str) -> bool:
    return bool(_FRAGMENTS.fullmatch(term)) and not _WEAK_FRAGMENTS.match(term)


def _advertised(text: str) -> Iterator[str]:
    """Yield the terms that stand beside no word of prevention."""
    warnings = [match.start() for match in _PREVENTION.finditer(text)]
    for match in _TERMS.finditer(text):
        if not _is_warned_of(match, warnings):
            yield re.sub(r"[\s\-_+]+", " ", match[0]).lower()
    for match in _FRAGMENTS.finditer(text):
        before = text[max(0, match.start() - _AGAINST_WITHIN) : match.start()]
        if not _AGAINST.search(before) and not _is_warned_of(match, warnings):
            yield match[0].lower()


def _is_warned_of(match: re.Match[str], warnings: list[int]) -> bool:
    nearest = bisect.bisect_left(warnings, match.start() - _NEARBY)
    return nearest < len(warnings) and warnings[nearest] <= match.end() + _NEARBY
