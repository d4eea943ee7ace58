"""Entry point of the ``autolens`` command."""

from __future__ import annotations

import sys

from autolens.cli import threads
from autolens.cli.call import Call

BAD_INPUT = 2
INTERRUPTED = 130


def run(arguments: list[str] | None = None) -> None:
    """Run the command and leave the process: 0 when all went well, 2 for bad input, in one sentence.

    Without ``arguments``, as a process of its own, it first says how many threads libraries may use.
    """
    try:
        if arguments is None:
            threads.limit()
        from autolens.cli.commands import app

        typed = sys.argv[1:] if arguments is None else arguments
        app(args=arguments, prog_name="autolens", obj=Call(tuple(typed), owns_process=arguments is None))
    except ModuleNotFoundError as error:
        missing = str(error.name).split(".")[0]
        if missing not in ("typer", "rich"):
            raise
        say_error(f"the command needs {missing}, which is not installed: pip install 'autolens-xp[cli]'")
        raise SystemExit(BAD_INPUT) from None
    except KeyboardInterrupt:
        say_error("interrupted")
        raise SystemExit(INTERRUPTED) from None
    except ValueError as error:
        from autoarray import exc  # here, because it loads NumPy, which takes longer than --help does

        if not isinstance(error, exc.AutoException):
            raise
        say_error(str(error))
        if "--json" in (sys.argv[1:] if arguments is None else arguments):
            from autolens.cli.json_answer import print_json

            print_json({"error": str(error), "exit_code": BAD_INPUT})
        raise SystemExit(BAD_INPUT) from None


def say_error(message: str) -> None:
    """One line on the standard error stream."""
    print(f"autolens: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    run()
