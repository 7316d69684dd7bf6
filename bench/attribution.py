"""Who said it, measured on annotated news (PolNeAR): `python bench/attribution.py FOLDER [PREDICTIONS.json]`.

FOLDER holds `<id>.txt` and `<id>.json` (source, cue and content spans, offsets into the text read with newline='').
Writes one row an attribution: the speaker (a pronoun resolved), the words as written, and the half-open offsets of its
sentence. Prints the time an article and the figures of `attribution_score.py` beside FOLDER, where it is there: with
the speaker, then with the words as written (the annotation names those, so "he" where it says "he" counts as right).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from summarise.extractive.clause import clause
from summarise.extractive.mentions import Cast
from summarise.extractive.speech import attributions, is_pronoun
from summarise.sentences import number


def predictions(text: str) -> list[dict[str, object]]:
    """The attributions of one article."""
    sentences = number(text, "en")
    clauses = {s.number: clause(s.text) for s in sentences}
    cast = Cast(list(clauses.values()), list(clauses))
    rows: list[dict[str, object]] = []
    for s in sentences:
        cast.see(s.number)
        for a in attributions(clauses[s.number]):
            key = cast.actor_of(a.speaker, s.number)
            speaker = cast.actors[key].name if key and is_pronoun(a.speaker) else a.speaker
            if speaker:
                rows.append({"speaker": speaker, "written": a.speaker, "start": s.start, "end": s.end})
    return rows


def main() -> int:
    if len(sys.argv) not in {2, 3}:
        print(__doc__)
        return 2
    folder = Path(sys.argv[1])
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        print(f"{folder}: no articles; give a folder of <id>.txt and <id>.json")
        return 2
    texts = {p.stem: p.read_bytes().decode("utf-8") for p in paths}
    predictions(next(iter(texts.values())))  # tables and weights are loaded once
    started = time.perf_counter()
    found = {name: predictions(text) for name, text in texts.items()}
    each = (time.perf_counter() - started) / len(texts)
    out = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(tempfile.gettempdir()) / "attributions.json"
    out.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    print(
        f"{out}: {sum(map(len, found.values()))} attributions in {len(found)} articles, {1000 * each:.0f} ms an article"
    )
    scorer = folder.resolve().parent / "attribution_score.py"
    if scorer.is_file():
        subprocess.run([sys.executable, str(scorer), str(out), str(folder)], check=True)
        written = {name: [row | {"speaker": row["written"]} for row in rows] for name, rows in found.items()}
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as file:
            json.dump(written, file, ensure_ascii=False)
            file.flush()
            print("speakers in the words of the article:", flush=True)
            subprocess.run([sys.executable, str(scorer), file.name, str(folder)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
