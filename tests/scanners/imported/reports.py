"""Recorded reports of other tools, and small ones written by hand."""

from __future__ import annotations

import lzma
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "fixtures" / "imported"


def recorded(name: str) -> bytes:
    """Return a recorded report, unpacked."""
    path = FOLDER / name
    content = path.read_bytes()
    return lzma.decompress(content) if path.suffix == ".xz" else content


def nmap_xml(*hosts: str, scan: str = "connect", ports: str = "22,80") -> bytes:
    """Return a report with these hosts, as nmap 7.93 lays it out."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n'
        '<nmaprun scanner="nmap" args="nmap -oX -" start="1795340000" version="7.93">\n'
        f'<scaninfo type="{scan}" protocol="tcp" numservices="2" services="{ports}"/>\n'
        f"{''.join(hosts)}"
        '<runstats><finished time="1795340060" exit="success"/></runstats>\n'
        "</nmaprun>\n"
    ).encode()


def nmap_host(address: str, *open_ports: int, closed: int = 1) -> str:
    """Return a host with these ports open, and so many closed."""
    ports = "".join(
        f'<port protocol="tcp" portid="{port}"><state state="open" reason="syn-ack"/></port>\n'
        for port in open_ports
    )
    extra = f'<extraports state="closed" count="{closed}"/>' if closed else ""
    kind = "ipv6" if ":" in address else "ipv4"
    return (
        '<host starttime="1795340001" endtime="1795340059"><status state="up"/>'
        f'<address addr="{address}" addrtype="{kind}"/>\n<ports>{extra}{ports}</ports></host>\n'
    )


def lynis_report(*lines: str, start: str = "2026-11-20 10:00:00", end: str = "2026-11-20 10:03:00") -> bytes:
    """Return a finished report with these lines, as Lynis 3.0.8 lays it out."""
    return "\n".join(
        (
            "# Lynis Report",
            "report_version_major=1",
            f"report_datetime_start={start}",
            "lynis_version=3.0.8",
            "hostname=arsip",
            *lines,
            f"report_datetime_end={end}",
            "finish=true",
            "",
        )
    ).encode()


def xccdf(
    *results: tuple[str, str], version: str = "1.2", start: str = "2026-11-20T10:00:00+07:00", rules: str = ""
) -> bytes:
    """Return XCCDF results with these rules and outcomes."""
    told = "".join(
        f'<rule-result idref="xccdf_org.example_rule_{rule}" severity="high">'
        f"<result>{outcome}</result></rule-result>\n"
        for rule, outcome in results
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Benchmark xmlns="http://checklists.nist.gov/xccdf/{version}" id="b">\n'
        f"{rules}"
        f'<TestResult id="t" start-time="{start}" end-time="{start}"'
        ' test-system="cpe:/a:redhat:openscap:1.3.7">\n'
        '<benchmark id="xccdf_org.example_benchmark_SMALL"/><profile idref="xccdf_org.example_profile_p"/>'
        f"<target>arsip</target>\n{told}</TestResult></Benchmark>\n"
    ).encode()
