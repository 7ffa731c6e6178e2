"""The inventory as it stands is drawn with what the newest audit found; before one, with nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from ipaddress import ip_address
from pathlib import Path

import pytest
from pypdf import PdfReader

from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from auditor.usecases.topology import draw_inventory
from tests.auditor.usecases.telling import audit, make_inputs
from tests.auditor.usecases.test_wall import DARK


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "data")
    yield opened
    opened.engine.dispose()


def drawn(folder: Path, inputs: Inputs | None = None, opd: str = "") -> str:
    made = draw_inventory(inputs or make_inputs(()), folder, folder.parent / "peta.html", opd=opd)
    return made.path.read_text("utf-8")


def test_before_any_audit_the_inventory_is_drawn_and_no_workspace_is_made(tmp_path: Path) -> None:
    made = draw_inventory(make_inputs(()), tmp_path / "none", tmp_path / "peta.svg")
    assert made.run is None and made.servers == sum(
        len(opd.machines()) for opd in make_inputs(()).inventory.opds
    )
    assert "bkd-web-01" in made.path.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["peta.svg"]


def test_the_newest_audit_is_the_one_that_is_drawn(workspace: Workspace, tmp_path: Path) -> None:
    audit(workspace, 0)
    assert "5432 postgresql" in drawn(workspace.folder)
    audit(workspace, 1, DARK)
    made = draw_inventory(make_inputs(()), workspace.folder, tmp_path / "peta.html", language="en")
    page = made.path.read_text("utf-8")
    assert made.run and made.run.id == "run-2"
    assert "5432 postgresql" not in page and "ports not known" in page
    assert "22 ssh" in page


def test_a_server_that_was_registered_since_is_drawn_and_not_measured(workspace: Workspace) -> None:
    audit(workspace, 0)
    inputs = make_inputs(())
    bkd, *others = inputs.inventory.opds
    new = replace(bkd.servers[0], id="bkd-baru-01", addresses=(ip_address("10.1.0.99"),), name_owners={})
    inventory = replace(inputs.inventory, opds=(replace(bkd, servers=(*bkd.servers, new)), *others))
    before, after = drawn(workspace.folder), drawn(workspace.folder, replace(inputs, inventory=inventory))
    assert "bkd-baru-01" not in before and "bkd-baru-01" in after
    assert after.count('class="box unmeasured"') == before.count('class="box unmeasured"') + 1


def test_a_map_on_paper_holds_what_the_page_holds_and_is_the_same_each_time(
    workspace: Workspace, tmp_path: Path
) -> None:
    audit(workspace, 0)
    one, other = (
        draw_inventory(make_inputs(()), workspace.folder, tmp_path / name).path.read_bytes()
        for name in ("a.pdf", "b.pdf")
    )
    assert one == other
    pages = PdfReader(BytesIO(one)).pages
    said = "".join(page.extract_text() for page in pages)
    assert "bkd-web-01" in said and "5432" in said
    assert pages[0].mediabox.width > pages[0].mediabox.height


def test_one_opd_sees_only_its_own(workspace: Workspace) -> None:
    audit(workspace, 0)
    page = drawn(workspace.folder, opd="dinkes")
    assert "dinkes-mail-01" in page and "bkd-db-01" not in page


def test_wrong_wishes_are_refused_before_anything_is_written(workspace: Workspace, tmp_path: Path) -> None:
    inputs, out = make_inputs(()), tmp_path / "out"
    for name, opd, language in (
        ("peta.docx", "", ""),
        ("peta", "", ""),
        ("p.svg", "dinks", ""),
        ("p.svg", "", "xx"),
    ):
        with pytest.raises(UsageProblem):
            draw_inventory(inputs, workspace.folder, out / name, opd=opd, language=language)
    assert not out.exists()


def test_the_map_of_an_audit_says_when_it_was_measured(workspace: Workspace) -> None:
    audit(workspace, 0)
    run = workspace.runs.all()[0]
    day = (run.started_at + timedelta(hours=7)).day
    assert f"{day} " in drawn(workspace.folder)
    assert f"audit {run.id}" in drawn(workspace.folder)
