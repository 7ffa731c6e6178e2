"""Look at the domain, its names in the inventory, and the names that offices make and forget."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import dns.name

from scanners.dns.answers import Unanswered
from scanners.dns.domain import Domain, shown
from scanners.dns.options import Address, OptionsError, read_name

COMMON_LABELS = (
    *("www", "mail", "webmail", "smtp", "ftp", "vpn", "api", "dev", "test", "staging", "old", "backup"),
    *("demo", "beta", "admin", "portal", "intranet", "db"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What one existing name is: its addresses, and where its aliases lead ("" without one)."""

    name: str
    addresses: tuple[Address, ...]
    target: str = ""
    dangling: bool = False
    """What it leads to does not exist."""

    def is_like(self, other: Look) -> bool:
        """Say whether two names give the same."""
        return (self.addresses, self.target) == (other.addresses, other.target)


@dataclass(frozen=True, slots=True)
class Looks:
    """All existing names looked at, and those that nobody could tell about."""

    existing: tuple[Look, ...]
    unanswered: tuple[str, ...]
    wildcard: bool | None
    """Whether names that nobody made lead somewhere too; null where nothing tells."""
    failure: Unanswered | None = None
    """Why the first of the unanswered names is one."""

    @property
    def complete(self) -> bool:
        """Say whether every name was answered, so that finding nothing means something."""
        return not self.unanswered


def look_at_names(domain: Domain) -> Looks:
    """Look at every name once. A guessed name that only a wildcard makes is no name of its own."""
    known = set(_known_names(domain))
    unmade = tuple(_unmade_names(domain))
    made, unanswered, failure = _look_at_all(domain, unmade)
    wildcard = next((look for look in made if look.addresses or look.target), None)
    guessed = set(_common_names(domain)) - known
    looks, more, later = _look_at_all(domain, sorted(known))
    guesses, still_more, last = _look_at_all(domain, sorted(guessed))
    looks += [look for look in guesses if wildcard is None or not look.is_like(wildcard)]
    if wildcard is not None:
        looks.append(replace(wildcard, name=f"*.{shown(domain.name)}"))
    return Looks(
        existing=tuple(sorted(looks, key=lambda look: look.name)),
        unanswered=(*unanswered, *more, *still_more),
        wildcard=None if unanswered or not unmade else wildcard is not None,
        failure=failure or later or last,
    )


def _look_at_all(
    domain: Domain, names: Iterable[dns.name.Name]
) -> tuple[list[Look], list[str], Unanswered | None]:
    """Return the looks at those that exist, the names without an answer, and the first failure."""
    looks: list[Look] = []
    unanswered: list[str] = []
    failure: Unanswered | None = None
    for name in names:
        try:
            look = _look(domain, name)
        except Unanswered as error:
            failure = failure or error
            unanswered.append(shown(name))
            continue
        if look is not None:
            looks.append(look)
    return looks, unanswered, failure


def _look(domain: Domain, name: dns.name.Name) -> Look | None:
    answer = domain.asker.ask(name, "A")
    if not answer.exists and not answer.aliases:
        return None
    target = shown(answer.aliases[-1]) if answer.aliases else ""
    return Look(shown(name), domain.addresses(name), target, dangling=not answer.exists)


def _known_names(domain: Domain) -> Iterator[dns.name.Name]:
    yield domain.name
    for text in domain.options.names:
        try:
            name = read_name(text)
        except OptionsError:
            continue  # the inventory may call a server by its address
        if name.is_subdomain(domain.name) and not name.is_wild():
            yield name


def _common_names(domain: Domain) -> Iterator[dns.name.Name]:
    for label in COMMON_LABELS:
        try:
            yield domain.child(label)
        except Unanswered:
            return  # the domain is so long that nothing fits before it


def _unmade_names(domain: Domain) -> Iterator[dns.name.Name]:
    """Yield a name that nobody has made: the same in every audit, so that evidence can be compared."""
    label = hashlib.sha256(shown(domain.name).encode()).hexdigest()[:20]
    try:
        yield domain.child(f"tilik-{label}")
    except Unanswered:
        return
