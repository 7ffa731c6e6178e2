"""The world of a simulated month: real servers on loopback, inventory and policy, people who decide."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from auditor.model.retest import RetestRecord
from auditor.store.workspace import Workspace
from auditor.usecases.acknowledge import acknowledge
from auditor.usecases.clock import Clock
from auditor.usecases.inputs import Inputs, load_inputs
from auditor.usecases.retest import Wanted, retest
from auditor.usecases.waive import Desk, Request, approve, request
from auditor.usecases.waive_scope import Wish
from benchmarks.month_script import Script, Waiver
from tests.lab.inventory import inventory_text
from tests.lab.lab import Lab
from tests.lab.process import Processes

ZONES = {"bapenda": "Asia/Makassar", "dinsos": "Asia/Jayapura"}
"""OPD → its time zone, where it is another than the organisation's."""
RAW_DAYS = 10
_PORTS = [21, 22, 23, 25, 80, 110, 143, 443, 465, 587, 873, 993, 995, 5432, 6379, 8080]
_OF_PACKAGES = ("software-supported", "software-flaws-absent")
"""Checks whose answer depends on which packages are installed here."""
_METHODS = ["ports", "tls", "certificates", "ssh", "http"]
_HOURS_SECONDS = 2 * 3600


def clock_at(instant: datetime) -> Clock:
    """Return a clock that shows an instant now."""
    return Clock(instant - datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class World:
    """Where everything lies. `first_day` is the local day of the first night."""

    folder: Path
    script: Script
    first_day: date

    @property
    def inventory(self) -> Path:
        """Return the path of the inventory."""
        return self.folder / "inventory.yaml"

    @property
    def policy(self) -> Path:
        """Return the path of the policy."""
        return self.folder / "policies.yaml"

    def inputs(self) -> Inputs:
        """Return both files as they are now."""
        return load_inputs(self.inventory, self.policy)

    def day(self, night: int) -> date:
        """Return the day on whose evening a night begins."""
        return self.first_day + timedelta(days=night - 1)

    def at(self, night: int, hour: int) -> datetime:
        """Return an hour of the day of a night, in western Indonesian time."""
        return datetime.combine(self.day(night), datetime.min.time(), UTC) + timedelta(hours=hour - 7)

    def prepare(self, night: int) -> None:
        """Let servers, inventory and policy be as in a night."""
        self._files(night)
        lab = Lab(self.folder / "lab", self.script.answering(night))
        processes = Processes(lab.state_dir / "processes.json")
        wanted = {f"{server.id}/{service.name}" for server in lab.fleet for service in server.services}
        if left := [name for name in processes.recorded() if name not in wanted]:
            processes.stop(left)
        silent = {
            self._address(name, night) for name, nights in self.script.silent.items() if night in nights
        }
        _silence(silent)
        self._empty_sites(night)
        lab.up()

    def _empty_sites(self, night: int) -> None:
        """Remove the pages of servers that change: what is put up again must not serve what came since."""
        for name, phases in self.script.servers.items():
            if night in phases:
                for site in (self.folder / "lab" / "servers" / name).glob("*/site*"):
                    shutil.rmtree(site)

    def end(self) -> None:
        """End every server."""
        if (self.folder / "lab" / "processes.json").exists():
            Lab(self.folder / "lab", ()).down()

    def age(self) -> None:
        """Let the raw outputs be hours old, as they are a night later."""
        before = time.time() - _HOURS_SECONDS
        for file in (self.folder / "audit-data" / "raw").glob("??/*"):
            if file.stat().st_mtime > before:
                os.utime(file, (before, before))

    def _address(self, name: str, night: int) -> str:
        server = self.script.server(name, night)
        return server.address if server else ""

    def _files(self, night: int) -> None:
        document = yaml.safe_load(inventory_text(self.script.registered(night), self.first_day))
        del document["organization"]["centre"]
        [authorization] = document["authorizations"]
        authorization["methods"] = _METHODS
        del authorization["consent"], authorization["domains"]
        for opd in document["opds"]:
            opd.pop("domains", None)
            if opd["id"] in ZONES:
                opd["timezone"] = ZONES[opd["id"]]
        _write(self.inventory, document)
        _write(self.policy, self._rules(night))

    def _rules(self, night: int) -> dict[str, Any]:
        rules = Lab(self.folder / "lab", ()).policy_overrides()
        del rules["dns"]
        off = {check for check, nights in self.script.switched_off.items() if night in nights}
        rules["checks"] |= {
            check: {"disabled": "Tidak dinilai pada malam ini"} for check in (*_OF_PACKAGES, *sorted(off))
        }
        return {
            "version": 1,
            **rules,
            "ports": {"ranges": _PORTS},
            "calendar": {
                "counting": dict.fromkeys(("critical", "high", "medium", "low", "info"), "every_day")
            },
            "retention": {"raw_days": RAW_DAYS},
            "backup": {"folder": str(self.folder / "backups"), "keep": 3},
        }


def _write(path: Path, document: object) -> None:
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _silence(addresses: Iterable[str]) -> None:
    """Let no answer come from these addresses, and from others again: what is off does not even refuse."""
    run = ("ip", "route", "show", "table", "local", "type", "unreachable")
    silent = subprocess.run(run, check=True, capture_output=True, text=True).stdout.split()
    known = {word for word in silent if word[0].isdigit() and "." in word}
    for address in set(addresses) - known:
        subprocess.run(("ip", "route", "add", "table", "local", "unreachable", address), check=True)
    for address in known - set(addresses):
        subprocess.run(("ip", "route", "del", "table", "local", "unreachable", address), check=True)


def people_decide(world: World, workspace: Workspace, night: int) -> None:
    """Let people do what the script has for the day of a night, at ten in the morning."""
    desk = Desk(workspace, world.inputs(), world.at(night, 10), "root")
    for waiver in world.script.waivers:
        if waiver.night == night:
            _accept(desk, waiver, world.day(waiver.until_night))
    if server := world.script.acknowledged.get(night):
        open_ones = [
            one.id
            for one in workspace.results.findings().values()
            if not one.closed and one.subject.split("|")[1] == server
        ]
        acknowledge(desk, open_ones, "Budi Santoso", "Dipasang ulang bulan ini", "", "Siti Aminah")


def _accept(desk: Desk, waiver: Waiver, until: date) -> None:
    opd = desk.inputs.inventory.server(waiver.server).opd
    wish = Wish(check=waiver.check, opd=opd, server=waiver.server)
    asked = Request(
        wish, "Aplikasi lama belum mendukung TLS.", "Hanya dari zona aplikasi.", "Siti", None, until
    )
    approve(desk, request(desk, asked).waiver.id, "Kepala Dinas")


def people_measure_again(world: World, workspace: Workspace, night: int) -> RetestRecord | None:
    """Let somebody measure a server again at noon, where the script says so."""
    server = world.script.retested.get(night)
    if server is None:
        return None
    clock = clock_at(world.at(night, 12))
    return retest(
        workspace, world.inputs(), Wanted(servers=(server,)), "Siti Aminah", "Sudah diperbaiki", clock=clock
    )
