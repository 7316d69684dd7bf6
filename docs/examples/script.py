"""Makes the brief of a folder and prints who holds what, and what changed since the last time.

python docs/examples/script.py seeds
"""

from __future__ import annotations

import sys

from summarise import ModelError, SummariseError, brief, diff


def main(folder: str) -> int:
    try:
        made = brief(folder, deadline=600, on_progress=lambda step: print(f"{step.stage} {step.done}/{step.total}"))
    except ModelError as error:  # nothing usable came from the model: the same call goes on from what was answered
        print(f"try again: {error}", file=sys.stderr)
        return 1
    except SummariseError as error:  # a setting or the folder; the line says what to change
        print(error, file=sys.stderr)
        return 2
    names = {actor.id: actor.name for actor in made.actors}
    print(made.title)
    for issue in made.issues:
        for position in issue.positions:
            first = position.evidence[0]
            print(f"{names[position.actor]} {position.stance}: {position.statement} [{first.article}:{first.start}]")
    for change in diff(folder).changes:
        print(f"{change.kind}: {change.what}")
    return 0 if made.complete else 3


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
