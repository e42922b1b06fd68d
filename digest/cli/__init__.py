"""The command line: one module a command group; each reads its arguments, calls one job and prints.

The modules are imported when their command is called, so that `digest --help` answers at once.
"""

from __future__ import annotations

import importlib
import sys
from typing import NoReturn

import click

from digest import __version__
from digest.cli.call import Call
from digest.errors import DigestError

# command → the module of its group, and what it does in one line
COMMANDS = {
    "init": ("setting_up", "Make a new publication, ready to run."),
    "run": ("weekly", "Do the weekly job: whatever is due."),
    "doctor": ("setting_up", "Say whether this publication can send, and if not, why not."),
    "feeds": ("feeds", "The subscribed feeds and their health; OPML in and out."),
    "collect": ("collecting", "Poll the feeds, judge their entries, file the tools."),
    "recognise": ("collecting", "Judge entries given as JSON lines: is it a launch, and why."),
    "tools": ("desk", "The desk: what shipped, what waits for a verdict, and what you decide."),
    "verdict": ("judging", "Start a verdict, check the files, look at one."),
    "reviewers": ("judging", "Show the panel's track record."),
    "pair": ("editing", "Show the comparisons that the week's tools make."),
    "build": ("editing", "Write or refresh the issue and render its mail."),
    "check": ("editing", "Run preflight: errors refuse, warnings inform."),
    "preview": ("editing", "Read the issue in the browser, as readers will."),
    "templates": ("editing", "List the program's templates, or take one over."),
    "approve": ("deciding", "Freeze the issue's bytes as the ones to send."),
    "unapprove": ("deciding", "Withdraw the approval: the issue is a draft again."),
    "skip": ("deciding", "Send no letter that week; its tools roll over."),
    "send": ("sending", "Deliver the approved issue, or resume."),
    "deliveries": ("sending", "Show the balance of deliveries, and who is unaccounted for."),
    "reconcile": ("sending", "Settle unknown deliveries by asking the provider."),
    "adopt": ("sending", "Let this database send, when another one sent the last issue."),
    "readers": ("reading", "The readers: in, out, listed, and what one of them asks for."),
}


class Commands(click.Group):
    """The table above as a click group."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the work, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module when it is asked for."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"digest.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest command for a misspelt one."""
        import difflib

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if near and "No such command" in error.message:
                raise click.UsageError(f"No such command '{args[0]}'. Did you mean '{near[0]}'?", ctx) from None
            raise


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `digest init my-letter`, then `digest -C my-letter run --offline --approve`.",
)
@click.option("-C", "folder", metavar="DIR", default=".", help="The publication's folder, or one inside it.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an unexpected error came from.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
@click.option("--now", hidden=True, help="Set the clock (ISO 8601), for tests.")
@click.version_option(__version__, prog_name="digest")
@click.pass_context
def digest(context: click.Context, folder: str, verbose: bool, as_json: bool, now: str | None) -> None:
    """A weekly newsletter that compares newly shipped tools, two by two."""
    context.obj = Call(folder=folder, verbose=verbose, as_json=as_json, now=now)


def main() -> NoReturn:
    """The console script: every error is a line on standard error and an exit code."""
    verbose = any(argument in ("-v", "--verbose") for argument in sys.argv[1:])
    try:
        code = digest.main(prog_name="digest", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"digest: {_in_a_line(error)}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("digest: stopped; run it again to go on", err=True)
        sys.exit(130)
    except DigestError as error:
        click.echo(f"digest: {error.line()}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        click.echo(f"digest: {error.filename or 'this machine'}: {what}; mend that and run it again", err=True)
        sys.exit(1)
    except Exception as error:
        if verbose:
            raise
        click.echo(f"digest: a mistake in the program ({error!r:.200}); report what it says with -v", err=True)
        sys.exit(1)


def _in_a_line(error: click.ClickException) -> str:
    """A mistake in the call, and where the right call is explained."""
    said = " ".join(error.format_message().rstrip(".").split())
    context = getattr(error, "ctx", None)
    return f"{said[:1].lower()}{said[1:]}; `{context.command_path if context else 'digest'} --help` says how"
