"""What happens to a dozen servers in a month, night by night, and what must come of every finding on them.

Lives are written down by hand. Each letter is what the audit of a night makes of a finding, with the number
of nights: N new, O open, R reopened, L flapping, W accepted, F fixed, M not measured, X out of scope; a dot
where nobody speaks of it: not yet, or closed. `N1 O6 F1 .2` is found in the first night, open for six more,
fixed in the eighth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.lab.certificates import GOOD, UNTRUSTED, Shape
from tests.lab.fleet import FLEET
from tests.lab.fleet.parts import redirect, strict, truths
from tests.lab.model import LabServer, Service, Truth
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.nginx import Nginx
from tests.lab.services.openssh import OLD_EXCHANGE_SSH, STRONG_SSH
from tests.lab.services.postfix import Postfix
from tests.lab.services.postgresql import PostgreSql
from tests.lab.services.redis import Redis
from tests.lab.services.small import Telnet
from tests.lab.services.vsftpd import Vsftpd

POST_QUANTUM = "tls-post-quantum-offered"
PASSWORD = "kata-sandi-lab-yang-panjang"
SHORT_LIVED = Shape(first_day=-60, last_day=20)
_LAB = {server.id: server for server in FLEET}
_OWN = {server: one.hostnames for server, one in _LAB.items()}


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one server that have the same life."""

    server: str
    truths: tuple[Truth, ...]
    life: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A risk that is accepted on the day of one night until that of another."""

    night: int
    until_night: int
    check: str
    server: str


@dataclass(frozen=True, slots=True)
class Script:
    """`servers` is night → the server as it is from then on, None: not registered. Nights count from 1."""

    nights: int
    servers: Mapping[str, Mapping[int, LabServer | None]]
    groups: tuple[Group, ...]
    silent: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Server → nights in which nothing answers at its address."""
    switched_off: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Check → nights in which the policy switches it off."""
    waivers: tuple[Waiver, ...] = ()
    acknowledged: Mapping[int, str] = field(default_factory=dict)
    """Night → server whose findings somebody takes on, on its day."""
    retested: Mapping[int, str] = field(default_factory=dict)
    """Night → server that is measured again at noon of its day."""

    def server(self, name: str, night: int) -> LabServer | None:
        """Return a server as it is in a night."""
        phases = self.servers[name]
        begun = [first for first in phases if first <= night]
        return phases[max(begun)] if begun else None

    def registered(self, night: int) -> tuple[LabServer, ...]:
        """Return the servers that the inventory knows in a night."""
        found = (self.server(name, night) for name in self.servers)
        return tuple(one for one in found if one is not None)

    def answering(self, night: int) -> tuple[LabServer, ...]:
        """Return the servers that are up in a night."""
        return tuple(
            one for one in self.registered(night) if night not in self.silent.get(one.id, frozenset())
        )


def changed(server: str, *services: Service, **more: object) -> LabServer:
    """Return a server of the lab with other services."""
    return replace(_LAB[server], services=services, unapproved=frozenset(), **more)  # type: ignore[arg-type]


def failing(server: LabServer, *ports: int) -> tuple[Truth, ...]:
    """Return what a server of the lab is known to fail, above remarks, on some ports or all."""
    return tuple(one for one in server.truths if not ports or one.port in ports)


def remarks(*ports: int) -> tuple[Truth, ...]:
    """Return the remark that TLS on these ports takes classical key exchange only."""
    return tuple(Truth(POST_QUANTUM, port) for port in ports)


def nights(first: int, last: int) -> frozenset[int]:
    """Return nights, both included."""
    return frozenset(range(first, last + 1))


PORTAL, SITE, STORE, FILES = "diskominfo-portal-01", "dinkes-web-01", "dinkes-db-01", "dinsos-berkas-01"
COUNTER, MAIL, TAX, LETTERS = "disdukcapil-loket-01", "dpmptsp-mail-01", "bapenda-db-01", "bkpsdm-berkas-01"
REVENUE, WATCH, POPULATION = "bapenda-web-01", "diskominfo-pantau-01", "disdukcapil-db-01"

SITE_MENDED = changed(SITE, Nginx((redirect(*_OWN[SITE]), strict("Dinas Kesehatan", *_OWN[SITE]))))
FILES_MENDED = changed(FILES, Vsftpd(GOOD))
MAIL_MENDED = changed(MAIL, Dovecot(GOOD), Postfix(_OWN[MAIL][0], GOOD))
MAIL_UNTRUSTED = changed(MAIL, Dovecot(UNTRUSTED), Postfix(_OWN[MAIL][0], UNTRUSTED))
TAX_MENDED = changed(TAX, PostgreSql(GOOD), Redis(PASSWORD))


def store(redis: Redis, postgresql: PostgreSql, address: str = "127.20.3.20") -> LabServer:
    """Return the database server of the health office."""
    return changed(STORE, redis, postgresql, OLD_EXCHANGE_SSH, address=address)


def revenue(shape: Shape) -> LabServer:
    """Return the site of the revenue office with a certificate."""
    names = _OWN[REVENUE]
    return changed(
        REVENUE, Nginx((redirect(*names), strict("Badan Pendapatan", *names, certificates=(shape,))))
    )


COUNTER_MENDED = changed(COUNTER, *(one for one in _LAB[COUNTER].services if one.name != Telnet().name))
COUNTER_RETIRED = replace(COUNTER_MENDED, retired=True)
TELNET = tuple(one for one in _LAB[COUNTER].truths if one.port == 0)
NO_ANSWER = truths(0, "network-server-answers")
OPEN_REDIS = truths(6379, "redis-authentication-required")
NO_TLS = truths(5432, "postgresql-tls-offered")
OLD_SSH = truths(22, *OLD_EXCHANGE_SSH.fails)
MAIL_TRUST = tuple(one for one in _LAB[MAIL].truths if one.check == "certificate-trusted")
MAIL_LOGIN = tuple(one for one in _LAB[MAIL].truths if one not in MAIL_TRUST)

MONTH = Script(
    nights=30,
    servers={
        PORTAL: {1: _LAB[PORTAL]},
        SITE: {1: _LAB[SITE], 8: SITE_MENDED, 15: _LAB[SITE], 18: SITE_MENDED, 22: _LAB[SITE]},
        STORE: {
            1: store(Redis(), PostgreSql()),
            6: store(Redis(PASSWORD), PostgreSql()),
            12: store(Redis(PASSWORD), PostgreSql(), "127.20.3.21"),
            20: store(Redis(PASSWORD), PostgreSql(GOOD), "127.20.3.21"),
        },
        FILES: {1: _LAB[FILES], 16: FILES_MENDED},
        COUNTER: {1: _LAB[COUNTER], 13: COUNTER_MENDED, 14: COUNTER_RETIRED},
        MAIL: {1: _LAB[MAIL], 5: MAIL_UNTRUSTED, 10: MAIL_MENDED},
        TAX: {1: _LAB[TAX]},
        LETTERS: {1: _LAB[LETTERS], 17: None, 24: _LAB[LETTERS]},
        REVENUE: {1: revenue(SHORT_LIVED), 26: revenue(GOOD)},
        WATCH: {7: _LAB[WATCH]},
        POPULATION: {
            1: _LAB[POPULATION],
            19: changed(POPULATION, PostgreSql(), STRONG_SSH),
            21: _LAB[POPULATION],
        },
    },
    silent={FILES: nights(9, 11), COUNTER: nights(14, 30), POPULATION: nights(28, 28)},
    switched_off={POST_QUANTUM: nights(25, 26)},
    waivers=(Waiver(5, 19, "postgresql-tls-offered", TAX),),
    acknowledged={3: SITE},
    retested={16: FILES},
    groups=(
        Group(PORTAL, remarks(443), "N1 O23 X1 .1 R1 O3"),
        # Mended, broken again by a restored copy, mended, and broken once more.
        Group(SITE, _LAB[SITE].truths, "N1 O6 F1 .6 R1 O2 F1 .3 L1 O8"),
        Group(SITE, remarks(443), "N1 O23 X1 .1 R1 O3"),
        Group(STORE, OPEN_REDIS, "N1 O4 F1 .24"),
        # Goes to another address in the twelfth night, and takes its findings along.
        Group(STORE, NO_TLS, "N1 O18 F1 .10"),
        Group(STORE, OLD_SSH, "N1 O29"),
        Group(STORE, remarks(5432), ".19 N1 O4 X1 .1 R1 O3"),
        # Silent for three nights: nothing is fixed by that. Mended and measured again on the sixteenth day.
        Group(FILES, _LAB[FILES].truths, "N1 O7 M3 O4 F1 .14"),
        Group(FILES, NO_ANSWER, ".8 N1 O2 F1 .18"),
        Group(FILES, remarks(21), ".15 N1 O8 X1 .1 R1 O3"),
        Group(COUNTER, TELNET, "N1 O11 F1 .17"),
        # Retired and switched off: not fixed, but nobody's concern any more.
        Group(COUNTER, failing(_LAB[COUNTER], 22), "N1 O12 X1 .16"),
        Group(MAIL, MAIL_LOGIN, "N1 O3 F1 .25"),
        Group(MAIL, MAIL_TRUST, "N1 O8 F1 .20"),
        Group(MAIL, truths(25, "certificate-trusted", names=_OWN[MAIL]), ".4 N1 O4 F1 .20"),
        Group(MAIL, truths(465, "certificate-trusted", names=_OWN[MAIL]), ".4 N1 O4 F1 .20"),
        Group(MAIL, remarks(587, 143, 993, 110, 995), "N1 O23 X1 .1 R1 O3"),
        Group(MAIL, remarks(25, 465), ".4 N1 O19 X1 .1 R1 O3"),
        # Accepted from the fifth to the nineteenth day, both included.
        Group(TAX, NO_TLS, "N1 O3 W15 R1 O10"),
        # Taken out of the inventory, and put into it again a week later.
        Group(LETTERS, _LAB[LETTERS].truths, "N1 O15 X1 .6 R1 O6"),
        Group(REVENUE, truths(443, "certificate-not-expiring", names=_OWN[REVENUE]), "N1 O24 F1 .4"),
        Group(REVENUE, truths(443, "certificate-valid-now", names=_OWN[REVENUE]), "{expired}F1 .4"),
        Group(REVENUE, remarks(443), "N1 O23 X1 .1 R1 O3"),
        Group(WATCH, _LAB[WATCH].truths, ".6 N1 O23"),
        Group(POPULATION, NO_TLS, ".18 N1 O1 F1 .9"),
        Group(POPULATION, NO_ANSWER, ".27 N1 F1 .1"),
        # Without TLS there is nothing to ask of it: measured, so closed; and back with TLS.
        Group(POPULATION, remarks(5432), "N1 O17 F1 .1 R1 O3 X1 .1 R1 M1 O2"),
    ),
)

SHORT = Script(
    nights=5,
    servers={
        STORE: {
            1: store(Redis(), PostgreSql()),
            2: store(Redis(PASSWORD), PostgreSql()),
            3: store(Redis(PASSWORD), PostgreSql(), "127.20.3.21"),
            4: store(Redis(), PostgreSql(), "127.20.3.21"),
        },
        FILES: {1: _LAB[FILES], 4: FILES_MENDED},
        TAX: {1: _LAB[TAX]},
        LETTERS: {1: _LAB[LETTERS], 3: None, 5: _LAB[LETTERS]},
        COUNTER: {1: COUNTER_MENDED, 2: COUNTER_RETIRED},
    },
    silent={FILES: nights(2, 2), COUNTER: nights(2, 5)},
    switched_off={POST_QUANTUM: nights(1, 5)},
    waivers=(Waiver(2, 3, "postgresql-tls-offered", TAX),),
    acknowledged={2: STORE},
    retested={4: FILES},
    groups=(
        Group(STORE, OPEN_REDIS, "N1 F1 .1 R1 O1"),
        Group(STORE, NO_TLS, "N1 O4"),
        Group(STORE, OLD_SSH, "N1 O4"),
        Group(FILES, _LAB[FILES].truths, "N1 M1 O1 F1 .1"),
        Group(FILES, NO_ANSWER, ".1 N1 F1 .2"),
        Group(TAX, NO_TLS, "N1 W2 R1 O1"),
        Group(LETTERS, _LAB[LETTERS].truths, "N1 O1 X1 .1 R1"),
        Group(COUNTER, failing(_LAB[COUNTER], 22), "N1 X1 .3"),
    ),
)
