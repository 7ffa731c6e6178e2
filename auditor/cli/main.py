"""The `auditor` command: assemble the sub-commands, and turn every way of failing into one clear line."""

from __future__ import annotations

import os
import sys

import typer

from auditor.cli import auditing, catalogue, evidence, results, setup
from auditor.cli.exits import Exit

app = typer.Typer(
    name="auditor",
    help="Audit the servers of many agencies against ISO/IEC 27001 and give each a scorecard.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
setup.register(app)
auditing.register(app)
results.register(app)
catalogue.register(app)
evidence.register(app)


def main() -> None:
    """Run the command line; the outermost frame, where every error becomes a line and an exit code."""
    try:
        app()
    except BrokenPipeError:
        # The reader of our output went away; nothing is wrong with the audit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.CLEAN)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        sys.exit(Exit.INCOMPLETE)
    except Exception as error:  # noqa: BLE001 - the outermost frame
        sys.exit(_explain(error))


def _explain(error: Exception) -> Exit:
    from auditor.model.document import DocumentError
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
