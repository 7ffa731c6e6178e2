"""Handing in reports of other tools: stored once, listed, shown, and judged without a packet."""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
from pathlib import Path

import pytest

from tests.auditor.cli.command import auditor
from tests.auditor.cli.world import write_files
from tests.scanners.imported.reports import FOLDER, nmap_host, nmap_xml, recorded

ADDRESS = "127.30.250.1"
LYNIS = FOLDER / "lynis-debian-11.dat"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an inventory of one server, whose inside may be looked at."""
    write_files(tmp_path, {"situs": ADDRESS})
    path = tmp_path / "inventory.yaml"
    path.write_text(path.read_text("utf-8").replace("ssh, http]", "ssh, http, host]"), "utf-8")
    (tmp_path / "results.xml").write_bytes(recorded("openscap-debian-11.xml.xz"))
    (tmp_path / "scan.xml").write_bytes(nmap_xml(nmap_host(ADDRESS, 23), nmap_host("127.30.250.9", 22)))
    return tmp_path


def test_reports_are_handed_in_listed_shown_and_judged_without_a_packet(folder: Path) -> None:
    nmap = auditor("import", "nmap", "scan.xml", cwd=folder)
    assert (nmap.code, nmap.err) == (0, "not stored: 127.30.250.9: not registered\n")
    assert nmap.out.startswith(f"stored ports of situs {ADDRESS}, measured 20")
    assert auditor("import", "lynis", LYNIS, "--server", "situs", cwd=folder).code == 0
    assert auditor("import", "openscap", "results.xml", "--server", "situs", cwd=folder).code == 0
    again = auditor("import", "openscap", "results.xml", "--server", "situs", cwd=folder)
    assert (again.code, again.out.splitlines()[0]) == (
        0,
        "1 of this file was there already; nothing of that was changed",
    )

    listed = json.loads(auditor("import", "list", "-f", "json", cwd=folder).out)
    assert sorted(one["kind"] for one in listed) == ["lynis", "nmap", "openscap"]
    rules = next(one for one in listed if one["kind"] == "openscap")
    assert rules["says"] == "21 of 44 rules failed"
    told = auditor("import", "show", rules["file"], "-f", "csv", cwd=folder).out
    row = next(one for one in csv.DictReader(io.StringIO(told)) if one["rule"] == "partition_for_home")
    assert (row["result"], row["controls"], row["strength"]) == (
        "fail",
        "A.13.1.1 A.13.2.1 A.14.1.3",
        "hint",
    )

    judged = auditor("audit", "--imported-only", cwd=folder)
    assert judged.code == 1
    verdicts = json.loads(auditor("verdicts", "--status", "FAIL", "-f", "json", cwd=folder).out)
    assert {"network-telnet-absent", "lynis-warnings-absent", "openscap-rules-pass"} <= {
        one["check"] for one in verdicts
    }
    assert auditor("evidence", "verify", cwd=folder).code == 0
    shown = json.loads(auditor("evidence", "show", "1", cwd=folder).out)
    assert re.fullmatch("[0-9a-f]{64}", shown["settings"]["imported"]["file"])


def test_without_a_report_there_is_nothing_to_judge_alone(folder: Path) -> None:
    seen = auditor("audit", "--imported-only", cwd=folder)
    assert (seen.code, seen.out) == (2, "")
    assert seen.err.startswith("no report that was handed in fits")
    assert json.loads(auditor("runs", "-f", "json", cwd=folder).out) == []


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        ("nmap", nmap_xml()[:-30], r"bad:[1-9]\d*:[1-9]\d*: no whole XML report of nmap"),
        ("nmap", lzma.compress(b"x"), r"bad:1:\d+: no whole XML report"),
        ("lynis", b"warning[]=A-1|x|-|-|\n", "bad: no report of Lynis"),
        ("openscap", b"<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>", "bad: no XCCDF or ARF report: it defines"),
    ],
)
def test_a_bad_file_is_one_located_line_and_nothing_is_stored(
    folder: Path, kind: str, content: bytes, told: str
) -> None:
    (folder / "bad").write_bytes(content)
    where = [] if kind == "nmap" else ["--server", "situs"]
    seen = auditor("import", kind, "bad", *where, cwd=folder)
    assert (seen.code, seen.out) == (2, "")
    first, last = seen.err.splitlines()
    assert re.match(told, first), seen.err
    assert last == "1 problem; nothing was changed."
    assert json.loads(auditor("import", "list", "-f", "json", cwd=folder).out) == []


def test_a_server_that_nobody_may_look_into_is_told(folder: Path) -> None:
    write_files(folder, {"situs": ADDRESS})
    seen = auditor("import", "lynis", LYNIS, "--server", "situs", cwd=folder)
    assert seen.code == 2
    assert seen.err.startswith(f"{ADDRESS}: the authorization does not allow this method\nNext: ")
