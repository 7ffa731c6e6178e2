"""Read an XML report of nmap (-oX) as our own port scan and version detection would have told it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from xml.etree.ElementTree import Element

from auditor.model.facts import JSON, Facts
from scanners.imported.report import Part, Report, Unreadable, line_of, xml_root
from scanners.nmap_engine import NmapOutputError, tcp_ports
from scanners.ports.parse import scan_of
from scanners.services.detection import service_of

_FULL_ANSWERS = frozenset({"syn", "connect"})
"""Kinds of scan that tell an open port from a silent one."""
_SERVICE_FACTS = ("service.name", "service.product", "service.version", "service.cpe", "service.tls")
_LATEST_SECOND = 253_402_300_799


def read(content: bytes) -> Report:
    """Return one part for each task that the report answers; raise Unreadable.

    What scripts of nmap say is left out: they were run with arguments that are not ours.
    """
    root = xml_root(content, "XML report of nmap", doctype=True)
    _check_frame(root)
    try:
        return _read(root)
    except NmapOutputError as error:
        raise Unreadable(f"{error}; hand in the file as nmap wrote it") from None


def _check_frame(root: Element) -> None:
    if root.tag != "nmaprun":
        raise Unreadable(
            f"no XML report of nmap: the document is <{line_of(root.tag)[:40]}>; name the file of nmap -oX"
        )
    if root.get("scanner", "nmap") != "nmap":
        raise Unreadable(f"made by {line_of(root.get('scanner', ''))}, not by nmap; scan again with nmap -oX")
    finished = root.find("./runstats/finished")
    if finished is None or finished.get("exit", "success") != "success":
        raise Unreadable("the scan was not finished; let nmap end by itself and hand in its new report")
    kinds = {one.get("type") for one in root.iterfind("./scaninfo[@protocol='tcp']")}
    if not kinds:
        raise Unreadable("no TCP ports were scanned; scan again with nmap -sT or -sS")
    if not kinds <= _FULL_ANSWERS:
        raise Unreadable("this kind of scan cannot tell open ports; scan again with nmap -sT or -sS")


def _read(root: Element) -> Report:
    parts: list[Part] = []
    passed_over: dict[str, str] = {}
    seen: set[str] = set()
    for host in root.iterfind("./host"):
        address = _address(host)
        if address in seen:
            raise Unreadable(f"{address} stands in it twice; hand in the report of one scan")
        seen.add(address)
        found = [*_parts(root, host, address)]
        parts.extend(found)
        if not found:
            passed_over[address] = _why_nothing(host)
    if not seen:
        raise Unreadable(
            "no host stands in it; name the hosts to nmap, and add -Pn where they answer no ping"
        )
    arguments: JSON = line_of(root.get("args", ""))
    return Report(
        "nmap", line_of(root.get("version", "")), tuple(parts), passed_over, settings={"arguments": arguments}
    )


def _address(host: Element) -> str:
    for one in host.iterfind("./address"):
        if one.get("addrtype") in ("ipv4", "ipv6"):
            text = one.get("addr", "")
            try:
                address = ip_address(text)
            except ValueError:
                raise Unreadable(f"names an impossible address: {line_of(text)[:60]}") from None
            if "%" not in str(address):
                return str(address)
    raise Unreadable("names a host without an IP address; scan addresses, not interfaces")


def _parts(root: Element, host: Element, address: str) -> Iterator[Part]:
    scan = scan_of(root, host)
    if scan.failure is not None:
        return
    started = _instant(host.get("starttime") or root.get("start"))
    finished = _instant(host.get("endtime") or _finished(root))
    if finished < started:
        raise Unreadable(f"{address} was finished before it was started; correct the clock and scan again")
    yield Part("ports", address, started, finished, scan.facts)
    records: list[JSON] = [_record(number, port) for number, port in _open(host)]
    if any(len(one) > 2 for one in records if isinstance(one, dict)):
        yield Part("services", address, started, finished, {"ports.services": records})


def _open(host: Element) -> list[tuple[int, Element]]:
    return sorted(
        ((number, port) for number, state, port in tcp_ports(host) if state == "open"),
        key=lambda one: one[0],
    )


def _record(number: int, port: Element) -> dict[str, JSON]:
    """Return what version detection says of a port; a port that it could not name has its number alone."""
    known: Facts = service_of(port)
    return {
        "service.port": number,
        "service.transport": "tcp",
        **{name: known[name] for name in _SERVICE_FACTS if name in known},
    }


def _finished(root: Element) -> str | None:
    finished = root.find("./runstats/finished")
    return finished.get("time") if finished is not None else None


def _instant(seconds: str | None) -> datetime:
    if seconds is None or not (seconds.isascii() and seconds.isdigit()) or int(seconds[:13]) > _LATEST_SECOND:
        raise Unreadable("does not say when it was scanned; hand in the file as nmap wrote it")
    return datetime.fromtimestamp(int(seconds[:13]), UTC)


def _why_nothing(host: Element) -> str:
    if host.get("timedout") == "true":
        return "nmap's time for this host ran out"
    return "no port answered"
