"""The collection script: what it may never do, and what sudo is told of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scanners.host.area import Area
from scanners.host.areas import AREAS
from scanners.host.local import run_here
from scanners.host.report import Reason, State, Unread, parse_report
from scanners.host.script import as_one_argument, collection_script, privileged, sudo_rules, sudoers

WHOLE = collection_script(AREAS, "n", sudo=True, consent=["databases-test-data-masked"])


def test_no_file_is_written_not_even_by_a_shell() -> None:
    redirected = re.findall(r"(?<![0-9<>&-])>{1,2}\s*([^\s&|;)]+)", _outside_quotes(WHOLE))
    assert {target for target in redirected if target != "/dev/null"} == set()
    # Older shells keep a here-document in a file.
    assert re.findall(r"<<-?\s*['\"A-Za-z]", _outside_quotes(WHOLE)) == []
    for word in ("mktemp", "tee", "touch", "mkdir", "chmod", "chown", "rm ", "mv ", "ln "):
        assert not re.search(rf"(^|[;&|(]\s*){word}\b", _outside_quotes(WHOLE), re.MULTILINE), word


def _outside_quotes(script: str) -> str:
    """Return a script without comments and quoted text, in which awk and sed have signs of their own."""
    without = re.sub(r"(?m)^\s*#.*$", "", script)
    return re.sub(r"'[^']*'|\"(?:\\.|[^\"\\])*\"", "''", without)


@pytest.mark.parametrize("shell", [["sh"], ["bash", "--posix"], ["busybox", "sh"]], ids=lambda one: one[0])
def test_it_is_a_script_for_every_shell(shell: list[str]) -> None:
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not installed")
    done = subprocess.run([*shell, "-n"], input=WHOLE.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_every_section_that_begins_ends_and_comes_once() -> None:
    output = run_here(collection_script(AREAS, "n", sudo=False), 120)
    assert output.failure is None
    begun = re.findall(rb"^@@n begin (\S+)$", output.content, re.MULTILINE)
    assert len(begun) == len(set(begun)) > 100
    report = parse_report(output.content, "n")
    assert [name for name, one in report.sections.items() if one.state is State.BROKEN] == []


def test_sudo_accepts_the_published_list(tmp_path: Path) -> None:
    path = tmp_path / "sudoers"
    path.write_text(sudoers(AREAS, "tilik-audit"))
    path.chmod(0o440)
    done = subprocess.run(["visudo", "-c", "-f", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_rule_leaves_room_for_another_command() -> None:
    for rule in sudo_rules(AREAS):
        plain = re.sub(r"\\.", "", rule.argument)
        assert not set("*?[]") & set(plain), rule.key
        # sudo joins arguments with single blanks, so two in a row would never be allowed.
        assert "  " not in rule.argument, rule.key
        assert "/" not in rule.program, rule.key


@pytest.mark.parametrize("command", privileged(AREAS).values(), ids=privileged(AREAS).keys())
def test_no_part_of_a_rule_is_a_command(command: tuple[str, ...]) -> None:
    """sudo compares the joined text, so a caller may cut it anywhere: no beginning of it may be run."""
    whole = as_one_argument(command)
    assert subprocess.run(["sh", "-n", "-c", whole], check=False).returncode == 0
    ends = [at for at, sign in enumerate(whole) if sign == " " and whole[at - 1] in ";}&|)"]
    for at in ends:
        cut = subprocess.run(["sh", "-n", "-c", whole[:at]], capture_output=True, check=False)
        assert cut.returncode != 0, whole[:at]


def test_what_a_rule_runs_is_bounded_in_time_and_memory() -> None:
    taken = subprocess.run(
        ["sh", "-c", as_one_argument(("sh", "-c", "ulimit -v"))], capture_output=True, check=True
    )
    assert int(taken.stdout) == 3_000_000
    assert "exec timeout 10 " in as_one_argument(("cat", "/etc/passwd"))


@pytest.mark.parametrize("argument", ["a\\b", "a\nb", "a\x00b"])
def test_what_sudoers_cannot_hold_is_refused(argument: str) -> None:
    area = Area("x", (), {}, {"key": ("cat", argument)})
    with pytest.raises(ValueError, match="sudoers cannot hold"):
        sudoers([area], "tilik-audit")


def test_two_commands_of_one_name_are_refused() -> None:
    one = Area("x", (), {}, {"key": ("cat", "/a")})
    with pytest.raises(ValueError, match="two privileged commands named key"):
        privileged([one, one])


def collected(body: str) -> dict[str, State]:
    """Return how the sections of a small script ended, run as this user through the real prelude."""
    script = collection_script([], "n", sudo=False).removesuffix("exit 0\n") + body
    return {name: one.state for name, one in parse_report(run_here(script, 30).content, "n").sections.items()}


def test_files_that_are_there_or_not_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("x")
    (tmp_path / "folder").mkdir()
    found = collected(
        f"copy here {tmp_path}/here\ncopy gone {tmp_path}/gone\ncopy folder {tmp_path}/folder\n"
        f"copy far {tmp_path}/no/such/place\nshow tool no-such-program -x\n"
    )
    assert found == {
        "here": State.RAN,
        "gone": State.ABSENT,
        "folder": State.DENIED,
        "far": State.ABSENT,
        "tool": State.ABSENT,
    }


def test_output_is_bounded_and_says_so() -> None:
    script = collection_script([], "n", sudo=False).removesuffix("exit 0\n")
    output = run_here(script + "LIMIT=1000\nshow much yes\nLIMIT=262144\nshow few echo one\n", 30)
    report = parse_report(output.content, "n")
    assert len(report.sections["much"].content) == 1000
    with pytest.raises(Unread) as caught:
        report.text("much")
    assert caught.value.reason is Reason.TOO_MUCH
    assert report.text("few") == "one\n"
