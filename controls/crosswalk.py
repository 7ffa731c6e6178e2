"""Say in words how a control goes from one edition to the other: carried on, merged, divided, or new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model.framework import Framework

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "carried": "carried on as {other}",
        "merged": "merged into {other}, together with {siblings}",
        "gone": "not carried on in {edition}",
        "divided": "divided between {others}",
        "new": "new in {edition}",
        "taken": "taken from {other}",
        "part": "takes over a part of {other}; the other part is in {siblings}",
        "merges": "merges {others}",
        "and": " and ",
        "last": " and ",
    },
    "id": {
        "carried": "dilanjutkan sebagai {other}",
        "merged": "digabungkan ke dalam {other} bersama {siblings}",
        "gone": "tidak dilanjutkan pada edisi {edition}",
        "divided": "dibagi ke dalam {others}",
        "new": "baru pada edisi {edition}",
        "taken": "berasal dari {other}",
        "part": "mengambil sebagian dari {other}; bagian lainnya ada pada {siblings}",
        "merges": "menggabungkan {others}",
        "and": " dan ",
        "last": ", dan ",
    },
}


def crosswalk_words(control: str, framework: Framework, other: Framework, language: str) -> tuple[str, ...]:
    """Return sentences, without full stop, on where a control of `framework` went or came from.

    `other` is the other edition, `language` en or id.
    """
    words = _WORDS[language]
    sentences = _forward if framework.edition < other.edition else _back
    return tuple(
        words[key].format(
            other=parts.get("other", ("",))[0],
            others=_listed(parts.get("others", ()), words),
            siblings=_listed(parts.get("siblings", ()), words),
            edition=other.edition if key == "gone" else framework.edition,
        )
        for key, parts in sentences(control, framework, other)
    )


_Sentence = tuple[str, Mapping[str, tuple[str, ...]]]


def _forward(control: str, old: Framework, new: Framework) -> Iterator[_Sentence]:
    targets = old.crosswalk.get(control, ())
    if not targets:
        yield "gone", {}
    if len(targets) > 1:
        yield "divided", {"others": targets}
    for target in targets:
        siblings = _others(new.crosswalk.get(target, ()), control)
        if siblings:
            yield "merged", {"other": (target,), "siblings": siblings}
        elif len(targets) == 1:
            yield "carried", {"other": (target,)}


def _back(control: str, new: Framework, old: Framework) -> Iterator[_Sentence]:
    sources = new.crosswalk.get(control, ())
    if not sources:
        yield "new", {}
    elif len(sources) > 1:
        yield "merges", {"others": sources}
    for source in sources:
        elsewhere = _others(old.crosswalk.get(source, ()), control)
        if elsewhere:
            yield "part", {"other": (source,), "siblings": elsewhere}
        elif len(sources) == 1:
            yield "taken", {"other": (source,)}


def _others(listed: tuple[str, ...], control: str) -> tuple[str, ...]:
    return tuple(one for one in listed if one != control)


def _listed(names: tuple[str, ...], words: Mapping[str, str]) -> str:
    joint = words["last"] if len(names) > 2 else words["and"]
    return joint.join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
