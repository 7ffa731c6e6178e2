"""What people of the lab's government decide, so that its cards show answers and exceptions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.lab.auditing import auditor

_ANSWERS = (
    (
        "A.5.1",
        "--organization",
        "sesuai",
        "Kebijakan ditetapkan dan disosialisasikan.",
        "Perbup 12 Tahun 2025",
    ),
    ("A.5.2", "--organization", "sesuai", "Peran ditetapkan untuk seluruh OPD.", "SK 188/31/2026"),
    (
        "A.6.3",
        "--opd=dinkes",
        "sesuai-sebagian",
        "Pelatihan baru diikuti sebagian pegawai.",
        "Laporan pelatihan 2026",
    ),
    (
        "A.7.2",
        "--opd=diskominfo",
        "sesuai",
        "Akses ruang server dicatat setiap hari.",
        "Buku tamu ruang server",
    ),
    # Against what is measured: the card tells it.
    ("A.8.24", "--opd=dinkes", "sesuai", "Seluruh layanan sudah memakai TLS.", "SOP kriptografi 2026"),
)
"""Control of 2022, whose answer, answer, justification, paper."""
_WAIVED = ("http-csp-strict", "dinkes", "dinkes-web-01")
_APPROVER = "Kepala Dinas Komunikasi dan Informatika"


def decide(options: list[str]) -> None:
    """Answer for some controls and accept one risk; what was decided before is left as it is."""
    for control, whose, answer, justification, paper in _ANSWERS:
        auditor(
            *("attest", "set", control, whose, "--edition", "2022", "--answer", answer),
            *("--justification", justification, "--reference", paper, "--by", "Kepala Bidang Aptika"),
            *options,
        )
    check, opd, server = _WAIVED
    until = datetime.now(UTC).date() + timedelta(days=60)
    asked = auditor(
        *("waive", "request", "--check", check, "--opd", opd, "--server", server),
        *("--reason", "Menunggu pembaruan aplikasi pada triwulan berikutnya."),
        *("--compensating", "Situs hanya menyajikan halaman statis."),
        *("--requested-by", "Kepala Bidang Aptika", "--until", until.isoformat()),
        *options,
    )
    for waiver in re.findall(r"W-[0-9a-f]{8}", asked.stdout)[:1]:
        auditor("waive", "approve", waiver, "--by", _APPROVER, *options)


def reported(folder: Path, formats: str = "html,xlsx,csv,json,oscal,sarif") -> list[str]:
    """Judge the newest audit with what was decided, and write its reports and statements again."""
    workspace = ("--workspace", str(folder / "audit-data"))
    commands = (
        ("assess", *workspace),
        ("report", *workspace, "--format", formats, "--output", str(folder / "reports")),
        ("statement", *workspace, "--output", str(folder / "reports")),
    )
    done = [auditor(*command) for command in commands]
    return [one.stderr for one in done if one.returncode not in (0, 1, 3)]
