"""One command, many verbs. Each verb lives with the thing it does; this module only finds it.

A verb's module offers `EXAMPLE` (shown by --help), `arguments(parser)` and `run(args) -> int`.
Modules are imported only when their verb is called, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import NamedTuple

from onefunnel import __version__
from onefunnel.errors import Problem
from onefunnel.surroundings import prepare


class Verb(NamedTuple):
    """Where a verb lives, and its one line of help."""

    module: str
    help: str


VERBS = {
    "demo": Verb("onefunnel.cohort.demo", "run the whole loop once on the sample company and say what to open"),
    "learn": Verb("onefunnel.lab", "open JupyterLab on your own lessons"),
    "submit": Verb("onefunnel.learn.submission", "put all that you have done so far into one file to hand in"),
    "grade": Verb("onefunnel.grading.command", "grade an assignment of any nbgrader course"),
    "doctor": Verb("onefunnel.doctor", "look for what could stop the kit on this machine"),
    "check": Verb("onefunnel.playbook.check", "check the playbook, the data and the lessons against one another"),
    "build": Verb("onefunnel.lessons.build", "build the lessons into nbgrader notebooks"),
    "site": Verb("onefunnel.publish.site", "build or serve the playbook's site"),
    "data": Verb("onefunnel.data.command", "make the sample company's tables, import your own export, or validate"),
    "test": Verb("onefunnel.selftest", "run the tests"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one verb. Exit codes: 0 done, 1 failed (one plain message on stderr), 2 wrong usage, 130 interrupted."""
    argv = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):  # Windows consoles default to a code page without “÷” and “€”
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = _parser(argv[0] if argv else "")
    args, unknown = parser.parse_known_args(argv)
    if unknown and args.verb != "test":
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    if unknown:  # an option of pytest that stands first, as in `test -k price`
        args.pytest = [*unknown, *args.pytest]
    if not args.verb:
        parser.print_help()
        return 2
    prepare()
    try:
        return args.run(args)
    except Problem as problem:
        print(f"onefunnel {args.verb}: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"onefunnel {args.verb}: stopped by you. Run it again to continue.", file=sys.stderr)
        return 130


def _parser(wanted: str) -> argparse.ArgumentParser:
    """Build the parser; only the wanted verb's own arguments are loaded."""
    parser = argparse.ArgumentParser(
        prog="python kit.py",
        description="OneFunnel: sales and marketing learn, grade and read one shared truth.",
        epilog="Begin with: python kit.py demo",
    )
    parser.add_argument("--version", action="version", version=f"onefunnel {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for name, verb in VERBS.items():
        if name != wanted:
            verbs.add_parser(name, help=verb.help)
            continue
        module = importlib.import_module(verb.module)
        sub = verbs.add_parser(
            name,
            help=verb.help,
            description=(module.__doc__ or verb.help).strip().splitlines()[0],
            epilog=f"Example:\n  {module.EXAMPLE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(sub)
        sub.set_defaults(run=module.run)
    return parser
