"""Every long trial, one after the other; what each counted stands at the end, one line each.

    python -m torture [NAME ...]

A trial is a module of this folder; it ends with 0 where all held. With names, only those.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    names = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", choices=[*names, []], help=f"of: {', '.join(names)}", metavar="NAME")
    given = parser.parse_args()
    counted: dict[str, str] = {}
    failed = False
    for name in given.name or names:
        print(f"== {name}", flush=True)
        last = ""
        with subprocess.Popen(
            [sys.executable, "-m", f"torture.{name}"], cwd=HERE.parent, stdout=subprocess.PIPE, text=True
        ) as trial:
            assert trial.stdout is not None
            for line in trial.stdout:
                print(line, end="", flush=True)
                last = line.strip() or last
        failed |= trial.returncode != 0
        counted[name] = last if trial.returncode == 0 else f"FAILED ({trial.returncode}): {last}"
    print("==")
    for name, line in counted.items():
        print(f"{name}: {line}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
