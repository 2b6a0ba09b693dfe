"""The command line: one command a module, bodies of a few lines.

Nothing heavy is imported before a command runs, so ``hipevidence --help`` answers at once.
"""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from hipevidence.cli import (
    add,
    bias,
    certainty,
    check,
    claims,
    diff,
    export,
    import_,
    init,
    network,
    pool,
    render,
    report,
    risk,
    validate,
)
from hipevidence.cli.common import EXIT_UNUSABLE, show_error, show_system_error
from hipevidence.cli.terminal import prepare_streams
from hipevidence.errors import HipEvidenceError


class _Commands(TyperGroup):
    """The commands; a user's mistake becomes a message and exit code 2 whichever way they are called."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except HipEvidenceError as error:
            show_error(error)
            raise typer.Exit(EXIT_UNUSABLE) from error
        except BrokenPipeError:
            raise
        except OSError as error:  # a name no file system takes, a disk that is full or gone
            show_system_error(error)
            raise typer.Exit(EXIT_UNUSABLE) from error


app = typer.Typer(
    name="hipevidence",
    cls=_Commands,
    help="Hold public statements about health against the evidence, and print only what it carries.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("report")(report.report)
app.command("pool")(pool.pool)
app.command("network")(network.network)
app.command("claims")(claims.claims)
app.command("certainty")(certainty.certainty)
app.command("bias")(bias.bias)
app.command("validate")(validate.validate)
app.command("add")(add.add)
app.command("diff")(diff.diff)
app.command("init")(init.init)
app.command("export")(export.export)
app.command("import")(import_.import_)
app.command("risk")(risk.risk)
app.command("check")(check.check)
app.command("render")(render.render)


def run() -> None:
    """Run the command line on a real terminal, pipe or file."""
    prepare_streams()
    try:
        app()
    except BrokenPipeError:  # the reader of a pipe has gone, as with `| head`
        sys.stderr.close()
        sys.exit(0)
