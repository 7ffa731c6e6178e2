"""Signing reports from the command line: what is missing is told before anything is written."""

from __future__ import annotations

from pathlib import Path

from tests.auditor.cli.command import auditor


def test_only_pdf_is_signed(tmp_path: Path) -> None:
    seen = auditor("report", "--sign", cwd=tmp_path)
    assert seen.code == 2
    assert "Next: add --format pdf" in seen.err
    assert not any(tmp_path.iterdir())


def test_nobody_signs_by_the_shipped_policy(tmp_path: Path) -> None:
    seen = auditor("report", "--sign", "--format", "pdf", cwd=tmp_path)
    assert seen.code == 2
    assert "names nobody" in seen.err
    assert "signature" in seen.err


def test_a_key_that_is_not_there_is_told_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "policies.yaml").write_text(
        "version: 1\nreports:\n  signature:\n    pkcs12: {file: /nonexistent/signature.p12}\n"
    )
    seen = auditor("report", "--sign", "--format", "pdf", cwd=tmp_path)
    assert seen.code == 2
    assert "/nonexistent/signature.p12" in seen.err
