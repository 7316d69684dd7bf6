"""`python -m summarise` is the program `summarise`."""

from __future__ import annotations

import sys


def main() -> None:
    """The program; Ctrl-C while its modules are still being loaded ends it with a line, too."""
    try:
        from summarise.cli import main as program

        program()
    except KeyboardInterrupt:
        print("summarise: interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
