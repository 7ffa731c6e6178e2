"""Which timers the collection tells of, run over a folder of units."""

from __future__ import annotations

import subprocess
from importlib.resources import files
from pathlib import Path


def collected(root: Path) -> list[str]:
    """Return what the collection prints of the units below a folder."""
    script = files("scanners.host.watch").joinpath("collect.sh").read_text()
    begun = script.index("\nwatch_timers() {")
    text = script[begun : script.index("\n}\n", begun) + 3]
    for folder in ("/etc/systemd", "/usr/lib/systemd", "/usr/local/lib/systemd"):
        text = text.replace(f" {folder}/system", f" {root}{folder}/system")
    text = f"watch_kept() {{ cat >/dev/null; }}\n{text}\nwatch_timers"
    done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=False, timeout=30)
    assert done.stderr == ""
    own = (line for line in done.stdout.splitlines() if line.startswith(f"timer {root}"))
    return sorted(line.removeprefix(f"timer {root}") for line in own)


def test_a_timer_that_is_a_link_to_a_unit_of_one_s_own_is_told(tmp_path: Path) -> None:
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    (tmp_path / "gudang.timer").write_text("[Timer]\nOnCalendar=daily\n")
    (units / "gudang.timer").symlink_to(tmp_path / "gudang.timer")
    (units / "sendiri.timer").write_text("[Timer]\n")
    (units / "padam.timer").symlink_to("/dev/null")
    (units / "hilang.timer").symlink_to(tmp_path / "hilang.timer")
    (units / "paket.timer").symlink_to("/lib/systemd/system/systemd-tmpfiles-clean.timer")
    assert collected(tmp_path) == ["/etc/systemd/system/gudang.timer", "/etc/systemd/system/sendiri.timer"]
