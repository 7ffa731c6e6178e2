"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.output import Format

DEFAULT_POLICY = Path("policies.yaml")

InventoryOption = Annotated[
    Path, typer.Option("--inventory", "-i", help="The inventory file.", envvar="AUDITOR_INVENTORY")
]
PolicyOption = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        "-p",
        help="The policy file; policies.yaml here if there is one, else the shipped default.",
        envvar="AUDITOR_POLICY",
    ),
]
WorkspaceOption = Annotated[
    Path,
    typer.Option("--workspace", "-w", help="Folder with evidence and results.", envvar="AUDITOR_WORKSPACE"),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the listing.")]
OpdOption = Annotated[list[str] | None, typer.Option("--opd", help="Only this OPD; may be repeated.")]
ServerOption = Annotated[
    list[str] | None, typer.Option("--server", help="Only this server; may be repeated.")
]
LanguageOption = Annotated[str, typer.Option("--language", "-l", help="id or en; the policy's by default.")]
EditionOption = Annotated[str, typer.Option("--edition", help="2013 or 2022; the policy's by default.")]
PdfOption = Annotated[bool, typer.Option("--pdf", help="Write each page as PDF too.")]

INVENTORY = Path("inventory.yaml")
WORKSPACE = Path("audit-data")


def chosen_policy(policy: Path | None) -> Path | None:
    """Return the policy file to load: the one named, else policies.yaml here, else None for the default."""
    if policy is not None:
        return policy
    return DEFAULT_POLICY if DEFAULT_POLICY.exists() else None
