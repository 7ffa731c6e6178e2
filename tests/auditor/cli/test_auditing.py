"""Audits of a tiny agency: exit codes, stops, and taking up where it was stopped."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from tests.auditor.cli.command import auditor, finish, shell, start
from tests.auditor.cli.world import Site, free_network, site, write_files
from tests.scanners.processes import alive, children, eventually


def tasks_measured(folder: Path) -> Counter[tuple[str, str]]:
    """Return how often each run has evidence of each task."""
    database = folder / "audit-data" / "audit.db"
    if not database.exists():
        return Counter()
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return Counter(connection.execute("SELECT run, task FROM evidence").fetchall())
        except sqlite3.OperationalError:  # its tables are not made yet
            return Counter()


def test_nothing_wrong_and_nothing_open_is_clean(tmp_path: Path) -> None:
    write_files(tmp_path, {"kosong": f"{free_network()}.1"})
    seen = auditor("audit", cwd=tmp_path)
    assert (seen.code, seen.err) == (0, "")
    assert " 0 fail " in seen.out
    assert (tmp_path / "reports-out" / "index.html").is_file()
    assert auditor("assess", cwd=tmp_path).code == 0


def test_an_audit_of_a_part_does_not_overwrite_the_reports_of_the_whole(tmp_path: Path) -> None:
    network = free_network()
    write_files(tmp_path, {"satu": f"{network}.1", "dua": f"{network}.2"})
    auditor("audit", "--server", "satu", cwd=tmp_path)
    made = sorted(path.relative_to(tmp_path / "reports-out") for path in tmp_path.rglob("index.html"))
    assert [len(path.parts) for path in made] == [2]
    auditor("audit", cwd=tmp_path)
    assert (tmp_path / "reports-out" / "index.html").is_file()


def test_without_an_authorization_nothing_is_sent(tmp_path: Path) -> None:
    with site(f"{free_network()}.1") as web:
        write_files(tmp_path, {"situs": web.address}, authorized="127.99.0.0/24")
        planned = auditor("plan", "-f", "csv", cwd=tmp_path)
        assert planned.code == 3
        assert f"dinkes,situs,{web.address},no,no authorization covers this address: ask for" in planned.out
        for command in ("audit", "scan"):
            seen = auditor(command, cwd=tmp_path)
            assert seen.code == 2
            assert "nothing may be measured" in seen.err
            assert "Next: see why, server by server, with: auditor plan" in seen.err
        assert web.connections == 0
    assert tasks_measured(tmp_path) == Counter()


def test_while_the_kill_switch_is_set_nothing_starts(tmp_path: Path) -> None:
    with site(f"{free_network()}.1") as web:
        write_files(tmp_path, {"situs": web.address})
        (tmp_path / "audit-data").mkdir()
        (tmp_path / "audit-data" / "STOP").touch()
        for arguments in (["audit"], ["scan", "--resume"]):
            seen = auditor(*arguments, cwd=tmp_path)
            assert seen.code == 2
            assert "the kill switch is set: audit-data/STOP" in seen.err
            assert "Next: when measuring is safe again, remove that file" in seen.err
        assert web.connections == 0


@pytest.mark.parametrize("command", ["plan", "audit"])
def test_an_opd_or_server_that_the_inventory_does_not_know(command: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": f"{free_network()}.1"})
    seen = auditor(command, "--opd", "dinkse", "--server", "-oX", "--server", "situs", cwd=tmp_path)
    assert seen.code == 2
    assert "the inventory knows no OPD or server named -oX, dinkse\nNext:" in seen.err


@pytest.mark.parametrize("option", [("--language", "xx"), ("--edition", "2005")])
def test_a_report_that_cannot_be_made_is_refused_before_anything_is_measured(
    option: tuple[str, str], tmp_path: Path
) -> None:
    with site(f"{free_network()}.1") as web:
        write_files(tmp_path, {"situs": web.address})
        seen = auditor("audit", *option, cwd=tmp_path)
        assert seen.code == 2
        assert option[1] in seen.err
        assert web.connections == 0


def test_nothing_to_take_up_is_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": f"{free_network()}.1"})
    seen = auditor("audit", "--resume", cwd=tmp_path)
    assert (seen.code, seen.out) == (2, "")
    assert "Next: start a new one with: auditor audit" in seen.err


def busy(web: Site) -> bool:
    """Return whether the port scan is over and a second tool waits for an answer."""
    return web.connections >= 2


def test_what_was_excluded_since_is_not_measured_when_an_audit_goes_on(tmp_path: Path) -> None:
    network = free_network()
    with site(f"{network}.1") as quick, site(f"{network}.2", answering=False) as slow:
        write_files(tmp_path, {"cepat": quick.address, "lambat": slow.address})
        process = start("scan", cwd=tmp_path)
        assert eventually(lambda: busy(slow) and _measured_everything_of("cepat", tmp_path))
        process.send_signal(signal.SIGINT)
        assert finish(process).code == 3
        asked = slow.connections
        slow.answering.set()
        inventory = tmp_path / "inventory.yaml"
        text = inventory.read_text(encoding="utf-8")
        inventory.write_text(text.replace(slow.address, f"{network}.3"), encoding="utf-8")
        assert auditor("scan", "--resume", cwd=tmp_path).code == 0
        assert slow.connections == asked


@pytest.mark.parametrize("how", ["SIGINT", "kill switch"])
def test_a_stop_keeps_what_was_measured_and_resuming_repeats_nothing(how: str, tmp_path: Path) -> None:
    network = free_network()
    with site(f"{network}.1") as quick, site(f"{network}.2", answering=False) as slow:
        write_files(tmp_path, {"cepat": quick.address, "lambat": slow.address})
        process = start("audit", cwd=tmp_path)
        assert eventually(lambda: busy(slow) and _measured_everything_of("cepat", tmp_path))
        below = children(process.pid)
        if how == "kill switch":
            (tmp_path / "audit-data" / "STOP").touch()
        else:
            process.send_signal(getattr(signal, how))
        stopped = finish(process)
        assert stopped.code == 3
        assert (
            "Stopped; everything measured so far is kept. Go on with: auditor audit --resume" in stopped.err
        )
        assert not any(alive(pid) for pid in below)
        kept, asked = tasks_measured(tmp_path), quick.connections
        assert any("|cepat|" in task for _, task in kept)
        assert "stopped" in auditor("runs", cwd=tmp_path).out

        if how == "kill switch":
            assert auditor("audit", "--resume", cwd=tmp_path).code == 2
            (tmp_path / "audit-data" / "STOP").unlink()
        slow.answering.set()
        resumed = auditor("audit", "--resume", cwd=tmp_path)
        assert resumed.code == 1
        assert quick.connections == asked
    measured = tasks_measured(tmp_path)
    assert set(measured.values()) == {1}
    assert kept.keys() < measured.keys()
    assert len({run for run, _ in measured}) == 1
    assert auditor("evidence", "verify", cwd=tmp_path).code == 0
    assert auditor("audit", "--resume", cwd=tmp_path).code == 2


def _measured_everything_of(server: str, folder: Path) -> bool:
    done = {task.split("|")[0] for _, task in tasks_measured(folder) if f"|{server}|" in task}
    return {"ports", "http"} <= done


def test_a_scan_that_was_told_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    with site(f"{free_network()}.1", answering=False) as slow:
        write_files(tmp_path, {"lambat": slow.address})
        # nohup has SIGHUP ignored before the command starts.
        signal_before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            process = start("scan", cwd=tmp_path)
        finally:
            signal.signal(signal.SIGHUP, signal_before)
        assert eventually(lambda: busy(slow))
        process.send_signal(signal.SIGHUP)
        slow.answering.set()
        assert finish(process).code == 0
    assert "collected" in shell('"$AUDITOR" runs', cwd=tmp_path).out


def test_one_workspace_measures_one_audit_at_a_time(tmp_path: Path) -> None:
    with site(f"{free_network()}.1", answering=False) as slow:
        write_files(tmp_path, {"lambat": slow.address})
        first = start("scan", cwd=tmp_path)
        assert eventually(lambda: busy(slow))
        for arguments in (["scan"], ["scan", "--resume"]):
            second = auditor(*arguments, cwd=tmp_path)
            assert second.code == 2
            assert "another audit is being measured" in second.err
        slow.answering.set()
        assert finish(first).code == 0
        # What held the workspace ended with the process that held it.
        assert auditor("scan", cwd=tmp_path).code == 0
