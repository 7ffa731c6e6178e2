"""The script that evaluates on a host, run here with an oscap of ours, and what is made of its output."""

from __future__ import annotations

import gzip
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.imported.evaluate import evaluation_script, read_evaluation
from scanners.imported.report import Unreadable
from tests.scanners.imported.reports import xccdf

NONCE = "0123456789abcdef" * 2
CONTENT = """<Benchmark>
<Rule selected="false" id="xccdf_org.example_rule_no_files_unowned_by_user" severity="medium">
<xccdf-1.2:Rule id="xccdf_org.example_rule_rpm_verify_hashes"/>
<Rule id="xccdf_org.example_rule_sysctl_fs_suid_dumpable">
<Rule id="xccdf_org.example_rule_x; touch /tmp/x">
</Benchmark>
"""
RESULTS = xccdf(("a", "fail"))
OSCAP = """#!/bin/sh
case "$*" in *--help*) echo "{help}"; exit 0;; esac
printf '%s\\n' "$@" > "$SEEN"
while [ $# -gt 1 ]; do [ "$1" = --results ] && out=$2; shift; done
cat "$RESULTS" > "$out"
echo "noise of progress"
echo "what went wrong" >&2
exit {code}
"""


def run(
    folder: Path, profile: str = "", *, code: int = 2, knows: str = "--skip-rule", content: str = ""
) -> bytes:
    """Run the script with an oscap that prints RESULTS."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "oscap").write_text(OSCAP.format(help=knows, code=code), encoding="utf-8")
    (programs / "oscap").chmod(0o755)
    (folder / "content.xml").write_text(CONTENT, encoding="utf-8")
    (folder / "results").write_bytes(RESULTS)
    script = evaluation_script(NONCE, content or str(folder / "content.xml"), profile, 60)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "SEEN": str(folder / "seen"),
        "RESULTS": str(folder / "results"),
    }
    done = subprocess.run(
        ["sh", "-s"], input=script.encode(), capture_output=True, env=environment, check=True
    )
    assert done.stderr == b""
    return done.stdout


def test_results_come_back_whole_and_rules_that_walk_are_left_out(tmp_path: Path) -> None:
    found = read_evaluation(run(tmp_path, "xccdf_org.example_profile_p"), NONCE)
    assert found.results == RESULTS
    assert found.skipped == (
        "xccdf_org.example_rule_no_files_unowned_by_user",
        "xccdf_org.example_rule_rpm_verify_hashes",
    )
    words = (tmp_path / "seen").read_text("utf-8").split("\n")
    assert words[:8] == [
        "xccdf",
        "eval",
        "--skip-rule",
        "xccdf_org.example_rule_no_files_unowned_by_user",
        "--skip-rule",
        "xccdf_org.example_rule_rpm_verify_hashes",
        "--profile",
        "xccdf_org.example_profile_p",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code": 1}, "oscap failed on the server: what went wrong"),
        ({"knows": "--results"}, "too old"),
        ({"content": "/nonexistent/content.xml"}, "cannot read that content"),
    ],
)
def test_what_went_wrong_on_the_host_is_told(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        read_evaluation(run(tmp_path, **changes), NONCE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "profile"),
    [
        ("relative.xml", ""),
        ("/a b", ""),
        ("/x;id", ""),
        ("/x/../y", ""),
        ("/x\n", ""),
        ("/'x'", ""),
        ("/x", "$(id)"),
        ("/x", "a b"),
        ("/x", "a\n"),
    ],
)
def test_a_path_or_profile_that_is_none_never_reaches_a_shell(content: str, profile: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        evaluation_script(NONCE, content, profile, 60)


def test_an_output_that_broke_off_is_no_result(tmp_path: Path) -> None:
    output = gzip.decompress(run(tmp_path))
    for length in range(0, len(output) - 40, 50):
        with pytest.raises(Unreadable):
            read_evaluation(output[:length], NONCE)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_reason_or_a_result(content: bytes) -> None:
    for output in (content, b"\x1f\x8b" + content, f"{NONCE} results\n".encode() + content):
        try:
            read_evaluation(output, NONCE)
        except Unreadable as error:
            assert error.message
