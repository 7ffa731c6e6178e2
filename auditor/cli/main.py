"""The `auditor` command: assemble the sub-commands, and turn every way of failing into one clear line."""

from __future__ import annotations

import io
import os
import sys

import typer

from auditor.cli import (
    admission,
    agenda,
    attest,
    auditing,
    catalogue,
    compare,
    evidence,
    importing,
    inside,
    keeping,
    messages,
    results,
    roadmap,
    serve,
    setup,
    statement,
    trial,
    verdicts,
    verify,
    waive,
    wall,
)
from auditor.cli.exits import Exit

_INTERRUPTED = 130
"""What typer ends with after Ctrl-C."""

app = typer.Typer(
    name="auditor",
    help="Audit the servers of many agencies against ISO/IEC 27001 and give each a scorecard.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
setup.register(app)
inside.register(app)
importing.register(app)
auditing.register(app)
serve.register(app)
verify.register(app)
results.register(app)
compare.register(app)
verdicts.register(app)
statement.register(app)
roadmap.register(app)
catalogue.register(app)
waive.register(app)
attest.register(app)
evidence.register(app)
agenda.register(app)
keeping.register(app)
trial.register(app)
admission.register(app)
messages.register(app)
wall.register(app)


def main() -> None:
    """Run the command line; the outermost frame, where every error becomes a line and an exit code."""
    _prepare_outputs()
    _leave_out_a_broken_zone()
    code = _run()
    try:
        sys.stdout.flush()
    except OSError as error:
        _discard_output()
        if not isinstance(error, BrokenPipeError) and code not in (Exit.USAGE, Exit.INTERNAL):
            code = _explain(error)
    sys.exit(code)


def _leave_out_a_broken_zone() -> None:
    """Take UTC for the machine's own time zone where TZ names none: no report depends on it."""
    if "TZ" not in os.environ:
        return
    try:
        # Reads it while it is imported, and reports cannot be made without it.
        import babel.dates  # noqa: F401
    except (LookupError, ValueError):
        os.environ["TZ"] = "UTC"


def _prepare_outputs() -> None:
    """Let every text be written: to a closed output nowhere, in an encoding that lacks it as escapes."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open as long as we run
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open as long as we run
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _run() -> int:
    try:
        app()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            # The reader of our output went away; nothing is wrong with the audit.
            _discard_output()
            return Exit.CLEAN
        return _stopped() if end.code == _INTERRUPTED else int(end.code or 0)
    except KeyboardInterrupt:
        return _stopped()
    except Exception as error:  # noqa: BLE001 - the outermost frame
        return _explain(error)
    return Exit.CLEAN


def _stopped() -> Exit:
    _discard_output()
    sys.stderr.write("\nStopped.\n")
    return Exit.INCOMPLETE


def _discard_output() -> None:
    """Send nowhere what is still to be written, so that the interpreter does not stumble over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _explain(error: Exception) -> Exit:
    from auditor.model.document import DocumentError
    from auditor.store.shape import ForeignPartsError
    from auditor.usecases.errors import UsageProblem
    from reports.errors import ReportError
    from reports.visible import shown

    if isinstance(error, DocumentError):
        for problem in error.problems:
            sys.stderr.write(shown(str(problem)) + "\n")
        count = len(error.problems)
        sys.stderr.write(f"{count} problem{'s' if count != 1 else ''}; nothing was changed.\n")
        return Exit.USAGE
    if isinstance(error, UsageProblem):
        sys.stderr.write(f"{shown(error.problem)}\nNext: {shown(error.next_step)}\n")
        return Exit.USAGE
    if isinstance(error, ForeignPartsError):
        sys.stderr.write(
            f"The database of this workspace acts by itself: {shown(str(error))}; nothing was done with it.\n"
            "Next: find out who writes there, and go on from a backup of before: auditor restore --help\n"
        )
        return Exit.USAGE
    if isinstance(error, ReportError):
        sys.stderr.write(shown(str(error)) + "\n")
        return Exit.USAGE
    if isinstance(error, OSError):
        sys.stderr.write(
            f"{shown(str(error))}\nNext: check that the folder exists, is yours and has space.\n"
        )
        return Exit.USAGE
    sys.stderr.write(
        f"A fault of the auditor: {type(error).__name__}: {shown(str(error))[:300]}\n"
        "Nothing stored was lost. Please report it with the output of: auditor doctor\n"
    )
    if os.environ.get("AUDITOR_DEBUG"):
        raise error
    return Exit.INTERNAL


if __name__ == "__main__":
    main()
