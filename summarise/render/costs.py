"""What was spent, as a table on a screen or as CSV. The names come last in a line: they may be of any width."""

from __future__ import annotations

import csv
import io

from summarise.costs import BILLION, CostLine, Costs
from summarise.render.safe import one_line, shorten
from summarise.render.view import count

_HEADS = ("calls", "tokens in", "cached", "tokens out", "cost")
_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would reckon with


def costs_text(costs: Costs) -> str:
    """A line a sum, the total, and how much of it is unknown."""
    total = costs.total
    named = [(_cells(line), _name(costs, line)) for line in costs.lines]
    rows = [(_HEADS, costs.by), *named, (_cells(total), "total")]
    widths = [max(len(cells[column]) for cells, _ in rows) for column in range(len(_HEADS))]
    lines = []
    for cells, name in rows:
        padded = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        lines.append("  ".join((*padded, name)))
    return "".join(f"{line}\n" for line in (*lines, *_unknown(total)))


def costs_csv(costs: Costs) -> str:
    """A line a sum, without the total; `cost` is in US dollars, that of the calls with a known price."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        (costs.by, "first", "calls", "calls_without_price", "input_tokens", "cached_tokens", "output_tokens", "cost")
    )
    for line in costs.lines:
        name = one_line(line.name)
        numbers = (line.calls, line.unpriced, line.input_tokens, line.cached_tokens, line.output_tokens)
        dollars = f"{line.cost // BILLION}.{line.cost % BILLION:09d}"
        writer.writerow((f"'{name}" if name.startswith(_FORMULA) else name, line.first, *numbers, dollars))
    return out.getvalue()


def dollars(line: CostLine) -> str:
    """The cost of a sum in words: "$1.2300", "at least $1.2300", "unknown"."""
    if line.unpriced and not line.cost:
        return "unknown"
    return f"{'at least ' if line.unpriced else ''}${line.cost / BILLION:,.4f}"


def _cells(line: CostLine) -> tuple[str, ...]:
    numbers = (line.calls, line.input_tokens, line.cached_tokens, line.output_tokens)
    return (*(f"{number:,}" for number in numbers), dollars(line))


def _name(costs: Costs, line: CostLine) -> str:
    name = shorten(one_line(line.name), 60) or f"(no {costs.by})"
    return f"{name}  {one_line(line.first)}" if costs.by == "run" else name


def _unknown(total: CostLine) -> list[str]:
    if not total.unpriced:
        return []
    cost = f"at least ${total.cost / BILLION:,.4f}; " if total.cost else ""
    return [f"{cost}{count(total.unpriced, 'call')} without a known price (--price says it for the questions to come)"]
