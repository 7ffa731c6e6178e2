"""Run oscap on a server over the pinned way in, and store its result as if it had been handed in now."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from auditor.model.document import DocumentError, Problem
from auditor.model.facts import JSON
from auditor.model.imported import ImportKind
from auditor.model.inventory import Fragility, Server
from auditor.usecases.credentials import Ask, nobody, open_credentials
from auditor.usecases.errors import UsageProblem
from auditor.usecases.importing import Desk, Handed, allowed_inside, read_report, store_inside
from scanners.host.connection import Login, Output
from scanners.imported.evaluate import Evaluated, evaluation_script, read_evaluation
from scanners.imported.report import Unreadable

_SECONDS = 900
_GRACE_SECONDS = 30
_CONNECT_SECONDS = 10.0

Run = Callable[[Login, str, float, float], Output]


def evaluate(desk: Desk, server_id: str, content: str, profile: str, run: Run, ask: Ask = nobody) -> Handed:
    """Evaluate content that lies on a server, as the audit account; one login, nothing written there.

    Raise UsageProblem where nothing may be sent or is set up, DocumentError for a result that is none.
    """
    server, reference = allowed_inside(desk, server_id)
    if server.fragility is Fragility.FRAGILE:
        raise UsageProblem(
            f"{server_id} is fragile; an evaluation reads much",
            "evaluate there by hand, and hand in the result",
        )
    nonce = secrets.token_hex(16)
    try:
        script = evaluation_script(nonce, content, profile, _SECONDS)
    except ValueError as error:
        raise UsageProblem(str(error), "see the content on the server in /usr/share/xml/scap") from None
    login = _login(desk, server, ask)
    started = datetime.now(UTC)
    output = run(login, script, _SECONDS + _GRACE_SECONDS, _CONNECT_SECONDS)
    path = Path(f"{server_id}:{content}")
    if output.failure is not None:
        told = " ".join(one for one in (output.failure.kind.value, output.failure.detail) if one)
        raise UsageProblem(f"{server_id}: {told}", f"try the way in with: auditor doctor --host {server_id}")
    found = _found(output, nonce, path)
    finished = datetime.now(UTC)
    report = read_report(ImportKind.OPENSCAP, found.results, path)
    skipped: list[JSON] = [*found.skipped]
    settings = {**report.settings, "skipped_rules": skipped, "account": login.user}
    parts = tuple(replace(one, started_at=started, finished_at=finished) for one in report.parts)
    dated = replace(report, parts=parts, settings=settings)
    handed = store_inside(
        replace(desk, now=finished),
        ImportKind.OPENSCAP,
        path,
        server,
        reference,
        found.results,
        dated,
    )
    return replace(handed, remarks=(*handed.remarks, *_remarks(found, login.user)))


def _login(desk: Desk, server: Server, ask: Ask) -> Login:
    access = server.access
    if access is None or not access.credential or not access.host_keys:
        raise UsageProblem(
            f"{server.id} has no host_access with a credential and host_keys",
            "write it in the inventory: host_access: {credential: ID, host_keys: [KEY]}, and the credential"
            " under credentials",
        )
    credential = desk.inventory.credentials[access.credential]
    opened = open_credentials([credential], ask)[credential.id]
    if opened.problem:
        raise UsageProblem(opened.problem, "correct credentials in the inventory")
    return Login(server.inside_address, access.port, credential.user, access.host_keys, opened.key)


def _found(output: Output, nonce: str, path: Path) -> Evaluated:
    try:
        return read_evaluation(output.content, nonce)
    except Unreadable as error:
        raise DocumentError([Problem(str(path), 0, 0, error.message)]) from None


def _remarks(found: Evaluated, user: str) -> tuple[str, ...]:
    told = [f"oscap ran as {user}, not as root: rules about what only root reads can fail or stay open"]
    if found.skipped:
        told.append(f"left out, because they walk file systems: {', '.join(found.skipped)}")
    return tuple(told)
