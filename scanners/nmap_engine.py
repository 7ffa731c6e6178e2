"""Start nmap with fixed options only, and read the frame of its XML: what scanners that use it share."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as ElementTree
import nmap
from defusedxml.common import DefusedXmlException

from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import JSON

_DETAIL_CHARACTERS = 300
_FINGERPRINT = re.compile(rb'( servicefp=")[^"]*')
"""What an unknown service answered, whole pages with cookies and names of people: not kept as evidence."""
_NUMBER = re.compile("[0-9]{1,6}")
_SPAN_MARGIN_SECONDS = 0.02


class NmapOutputError(ValueError):
    """The bytes are not a whole nmap XML document."""


@dataclass(frozen=True, slots=True)
class Output:
    """What one run of nmap left: its XML, or why there is none, and its complaint on standard error."""

    xml: bytes
    version: str
    complaint: str = ""
    failure: Failure | None = None


def canonical(text: str) -> str:
    """Return an address in its one spelling; raise ValueError for anything else."""
    address = ip_address(text)
    # After the % of a scoped address stands free text, and python-nmap splits its hosts as a shell would.
    if "%" in str(address):
        raise ValueError(f"an address with a zone is never measured: {text!r}")
    return str(address)


def port_list(ranges: JSON, never: JSON) -> str:
    """Return the ports as nmap's `-p` takes them; the ports of `never` are cut out.

    `ranges` is a list of [first, last] pairs. Raise ValueError for anything that is no port.
    """
    banned = set(never) if isinstance(never, list) else set()
    wanted: set[int] = set()
    for pair in ranges if isinstance(ranges, list) else ():
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(n, int) for n in pair):
            raise ValueError(f"not a port range: {pair!r}")
        first, last = (int(str(number)) for number in pair)
        if not 0 < first <= last < 65536:
            raise ValueError(f"not a port range: {first}-{last}")
        wanted.update(range(first, last + 1))
    return ",".join(_runs(sorted(wanted - banned)))


def _runs(ports: Sequence[int]) -> list[str]:
    runs: list[list[int]] = []
    for port in ports:
        if runs and port == runs[-1][1] + 1:
            runs[-1][1] = port
        else:
            runs.append([port, port])
    return [str(first) if first == last else f"{first}-{last}" for first, last in runs]


def delay_milliseconds(connections_per_second: float) -> int:
    """Return nmap's delay between two probes of a host, so that no second holds more than the rate.

    Below one connection per second, no span of 1/rate seconds holds more than one.
    """
    span = max(1.0, 1.0 / connections_per_second) + _SPAN_MARGIN_SECONDS
    return math.ceil(1000 * span / max(1, int(connections_per_second)))


def run(addresses: Sequence[str], ports: str, arguments: str, timeout_seconds: float) -> Output:
    """Run nmap once over canonical addresses of one family, with options that are words of ours."""
    if shutil.which("nmap") is None:
        return Output(b"", "", failure=Failure(FailureKind.TOOL_MISSING, "nmap"))
    scanner = _Nmap()
    version = ".".join(str(part) for part in scanner.nmap_version())
    try:
        scanner.scan(
            hosts=" ".join(addresses), ports=ports, arguments=arguments, timeout=math.ceil(timeout_seconds)
        )
    except nmap.PortScannerTimeout:
        return Output(b"", version, failure=Failure(FailureKind.TIMEOUT, "nmap did not end in time"))
    xml: bytes = scanner.get_nmap_last_output()
    return Output(without_fingerprints(xml), version, scanner.complaint)


def without_fingerprints(xml: bytes) -> bytes:
    """Return nmap's XML without what unknown services answered."""
    return _FINGERPRINT.sub(rb"\1", xml)


class _Nmap(nmap.PortScanner):  # type: ignore[misc]
    """python-nmap without its own reading of the XML: `document` does that, and refuses entities."""

    complaint = ""

    def analyse_nmap_xml_scan(self, **said: object) -> dict[str, object]:
        """Keep what nmap said on standard error."""
        self.complaint = " ".join(str(said.get("nmap_err") or "").split())[:_DETAIL_CHARACTERS]
        return {}


def document(xml: bytes) -> Element:
    """Return the root of a whole document; raise NmapOutputError."""
    try:
        root: Element = ElementTree.fromstring(xml)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise NmapOutputError(f"nmap's XML could not be read: {error}") from None
    if root.tag != "nmaprun":
        raise NmapOutputError(f"not nmap's XML: the document is <{root.tag[:40]}>")
    if root.find("./runstats/finished") is None:
        raise NmapOutputError("nmap's XML ends before the scan was finished")
    return root


def host_of(root: Element, address: str) -> Element | None:
    """Return the part about one address, None when there is none."""
    for host in root.iterfind("./host"):
        if any(one.get("addr") == address for one in host.iterfind("./address")):
            return host
    return None


def exit_message(root: Element) -> str:
    """Return why nmap said nothing about an address."""
    finished = root.find("./runstats/finished")
    message = finished.get("errormsg", "") if finished is not None else ""
    return message[:_DETAIL_CHARACTERS] or "nmap reported nothing about this address"


def tcp_ports(host: Element) -> Iterator[tuple[int, str, Element]]:
    """Give number, state and element of each TCP port that is listed; raise NmapOutputError."""
    for port in host.iterfind("./ports/port"):
        if port.get("protocol") == "tcp":
            number = whole_number(port.get("portid", ""))
            if not 0 < number < 65536:
                raise NmapOutputError(f"nmap's XML names an impossible port: {number}")
            state = port.find("./state")
            yield number, state.get("state", "") if state is not None else "", port


def whole_number(text: str) -> int:
    """Return a number as nmap writes it; raise NmapOutputError."""
    if not _NUMBER.fullmatch(text):
        raise NmapOutputError(f"nmap's XML names an impossible port or count: {text[:20]}")
    return int(text)
