"""Ask one server which versions, cipher suites and groups it accepts, by ClientHellos alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from scanners.handshake.answers import (
    SERVER_KEY_EXCHANGE,
    KeyExchange,
    MalformedAnswer,
    ServerHello,
    parse_key_exchange,
)
from scanners.handshake.exchange import CLOSED, Flight, Line, Refusal, whole_flight
from scanners.handshake.groups import CURVES, SHORT_CURVES, TLS_1_3_GROUPS
from scanners.handshake.hello import FALLBACK_SCSV, TLS_1_2, TLS_1_3, Hello
from scanners.handshake.suites import NAMES, SUITES, TLS_1_3_SUITES, has_ephemeral_dh
from scanners.tls.eliminate import Choice, Elimination, eliminate

_APPLICATION_PROTOCOLS = ("h2", "http/1.1")
_NO_APPLICATION_PROTOCOL, _PROTOCOL_VERSION = 120, 70
_KEY_SHARES = {
    29: (9).to_bytes(32, "little"),
    23: bytes.fromhex(
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    ),
}
"""The base points of X25519 and P-256 (RFC 7748, 4.1; SEC 2): valid public keys that need no computing."""

_SHORT_GROUPS = 10
"""So many groups fit in a short ClientHello."""

Found = Elimination[int, Flight]


@dataclass(slots=True)
class Interview:
    """What is known about how to talk to a server, while it is asked."""

    line: Line
    application_protocols: tuple[str, ...] = ()
    short: bool = False
    """Only short ClientHellos are answered."""
    unconfirmed: bool = False
    """The server's last word was to hang up: it may have refused, or have had enough of us."""
    _with_shares: bool = False

    @classmethod
    def over(cls, line: Line) -> Interview:
        """Return the interview of an endpoint; only on a port with TLS from the first byte ALPN is asked."""
        return cls(line, () if line.endpoint.starttls else _APPLICATION_PROTOCOLS)

    def contact(self) -> Flight | Refusal:
        """Offer TLS 1.2 with everything, then briefly if there is no answer. Raises as `Line.ask` does."""
        try:
            answer = self._ask(TLS_1_2, tuple(SUITES))
            if isinstance(answer, Refusal) and answer.alert == _NO_APPLICATION_PROTOCOL:
                self.application_protocols = ()
                answer = self._ask(TLS_1_2, tuple(SUITES))
            self.short = False
            if answer != Refusal(CLOSED):
                return answer
        except TimeoutError:
            pass
        self.short = True
        answer = self._ask(TLS_1_2, tuple(SUITES)[: self._room(TLS_1_2)])
        self.short = answer != Refusal(CLOSED)
        return answer

    def suites(self, version: int, first: Flight | None = None, known: Collection[int] = ()) -> Found:
        """Return the suites accepted in a version before TLS 1.3.

        `first` is an answer to an offer of everything that was made already. `known` suites, accepted in a
        newer version, are not asked for again one by one.
        """
        head = self._first(version, first)
        if not head.accepted:
            return head
        struck = {*known, head.accepted[0].candidate}
        rest = eliminate(
            [code for code in SUITES if code not in struck],
            lambda offered: self._offer_suites(version, offered),
            self._room(version),
            _is_ephemeral_finite_field,
        )
        return Elimination(head.accepted + rest.accepted, rest.refusals, rest.uninvited)

    def _first(self, version: int, first: Flight | None) -> Found:
        """Return the choice from everything, or all refusals where it has to be offered in parts."""
        found: Found = Elimination()
        codes = tuple(SUITES)
        if first is not None:
            answer = _invited(Choice(first.hello.suite, first), codes)
            return Elimination(refusals=[answer]) if isinstance(answer, str) else Elimination([answer])
        room = self._room(version) or len(codes)
        for start in range(0, len(codes), room):
            offered = codes[start : start + room]
            answer = _invited(self._offer_suites(version, offered), offered)
            if isinstance(answer, Choice):
                return Elimination([answer])
            found.refusals.append(answer)
        return found

    def _room(self, version: int) -> int | None:
        if not self.short:
            return None
        return self._hello(version, ()).room

    def _offer_suites(self, version: int, offered: Sequence[int]) -> Choice[int, Flight] | str:
        answer = self._ask(version, offered)
        return _choice(answer, version, lambda hello: hello.suite)

    def suites_1_3(self) -> Found:
        """Return the suites accepted in TLS 1.3, most of them named by HelloRetryRequests."""

        def offer(offered: Sequence[int]) -> Choice[int, Flight] | str:
            answer = self.ask_1_3(offered, SHORT_CURVES if self.short else tuple(TLS_1_3_GROUPS))
            return _invited(_choice(answer, TLS_1_3, lambda hello: hello.suite), offered)

        first = offer(tuple(TLS_1_3_SUITES))
        if isinstance(first, str) and "protocol_version" not in first:
            self._with_shares = True  # a server may be unable to ask again (HelloRetryRequest)
            first = offer(tuple(TLS_1_3_SUITES))
        if isinstance(first, str):
            return Elimination(refusals=[first])
        rest = eliminate([code for code in TLS_1_3_SUITES if code != first.candidate], offer)
        return Elimination([first, *rest.accepted], rest.refusals, rest.uninvited)

    def groups_1_3(self, suites: Sequence[int], known: Collection[int]) -> Found:
        """Return the groups accepted in TLS 1.3 beside the known ones."""

        def offer(offered: Sequence[int]) -> Choice[int, Flight] | str:
            answer = self.ask_1_3(suites, offered)
            return _choice(answer, TLS_1_3, lambda hello: hello.group)

        unknown = [code for code in TLS_1_3_GROUPS if code not in known]
        return eliminate(unknown, offer, _SHORT_GROUPS if self.short else None)

    def ask_1_3(self, suites: Sequence[int], groups: Sequence[int]) -> Flight | Refusal:
        """Offer TLS 1.3 and nothing older. Without a key share the server names its group and stops."""
        shares = _KEY_SHARES if self._with_shares else {}
        hello = Hello(
            TLS_1_3,
            suites,
            self.line.endpoint.server_name,
            groups,
            key_shares={group: share for group, share in shares.items() if group in groups},
            short=self.short,
        )
        return self._heard(self.line.ask(hello))

    def groups(self, version: int, suites: Sequence[int], known: Collection[int], beside: bool) -> Found:
        """Return the curves accepted before TLS 1.3 that are not known, with suites that use one.

        `beside` offers the known ones after the others. A server with an ECDSA certificate needs it: it
        takes no suite of its own unless the certificate's curve is offered too (RFC 8422, 5.1).
        """
        trailing = [code for code in CURVES if code in known] if beside else []

        def offer(offered: Sequence[int]) -> Choice[int, Flight] | str:
            hello = self._hello(version, suites)
            answer = self._heard(self.line.ask(replace(hello, groups=[*offered, *trailing]), whole_flight))
            if isinstance(answer, Flight):
                group = key_exchange(answer, finite_field=False).group
                if group is None:
                    return "the answer names no curve"
                if group in trailing:
                    return "prefers a curve that is known already"
                return Choice(group, answer)
            return answer.reason

        unknown = [code for code in CURVES if code not in known]
        return eliminate(unknown, offer, _SHORT_GROUPS if self.short else None)

    def fallback(self, version: int, suites: Sequence[int], signal: bool) -> Flight | Refusal:
        """Offer a version below the best one, with or without the signal of RFC 7507."""
        return self._ask(version, [*suites, *([FALLBACK_SCSV] if signal else [])])

    def _hello(self, version: int, suites: Sequence[int]) -> Hello:
        return Hello(
            version,
            suites,
            self.line.endpoint.server_name,
            compression=True,
            application_protocols=() if self.short else self.application_protocols,
            short=self.short,
        )

    def _ask(self, version: int, suites: Sequence[int]) -> Flight | Refusal:
        return self._heard(self.line.ask(self._hello(version, suites), _shows_dh_group))

    def _heard(self, answer: Flight | Refusal) -> Flight | Refusal:
        self.unconfirmed = isinstance(answer, Refusal) and answer.reason == CLOSED
        return answer


def _is_ephemeral_finite_field(suite: int) -> bool:
    """Return whether a suite needs parameters that a server may lack: some choose it and then fail."""
    return SUITES[suite].startswith(("TLS_DHE_", "TLS_DH_anon_"))


def _choice(
    answer: Flight | Refusal, version: int, pick: Callable[[ServerHello], int | None]
) -> Choice[int, Flight] | str:
    """Return what a server chose, as `pick` finds it in its ServerHello, or why it is no acceptance."""
    if isinstance(answer, Refusal):
        return answer.reason
    if answer.hello.version != version:
        return f"answers with version {answer.hello.version:#06x} instead"
    chosen = pick(answer.hello)
    return "the answer does not name its choice" if chosen is None else Choice(chosen, answer)


def _invited(answer: Choice[int, Flight] | str, offered: Collection[int]) -> Choice[int, Flight] | str:
    """Return an answer to a first offer; what a server takes that was not offered is no acceptance."""
    if isinstance(answer, str) or answer.candidate in offered:
        return answer
    return f"takes {answer.candidate:#06x}, not offered"


def _shows_dh_group(hello: ServerHello) -> bool:
    return has_ephemeral_dh(NAMES.get(hello.suite, ""))


def key_exchange(flight: Flight, finite_field: bool) -> KeyExchange:
    """Return the group that a flight shows, as far as it can be read."""
    try:
        return parse_key_exchange(flight.messages.get(SERVER_KEY_EXCHANGE, b""), finite_field)
    except MalformedAnswer:
        return KeyExchange()
