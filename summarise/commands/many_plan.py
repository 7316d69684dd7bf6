"""`summarise many --plan`: what a run over many stories would ask and cost, added up, before a token is spent."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from summarise.asked import Progress
from summarise.command import COMPLETE, FAILED, plan_lines
from summarise.errors import ConfigurationError, SummariseError
from summarise.many import changed
from summarise.many.making import corrections, options_of
from summarise.many.stories import Stories
from summarise.many.task import Work
from summarise.planning import Plan, plan
from summarise.progress import ProgressLine
from summarise.render.canonical import canonical_json
from summarise.render.safe import one_line
from summarise.settings import Engine, ManySettings, ReportFormat
from summarise.streams import emit

if TYPE_CHECKING:
    from summarise.model import ModelOptions


def run_plan(settings: ManySettings, found: Stories, work: Work) -> int:
    """Shows the plan; 1 where a story cannot be planned, as it cannot be made."""
    planned = asyncio.run(_planned(settings, found, work))
    options = options_of(work)
    if settings.format is ReportFormat.JSON:
        emit(canonical_json(planned.data(options, work.jobs)), encoding="utf-8")
    else:
        lines = planned.lines(options, work.jobs, verbose=settings.verbose)
        emit("".join(f"{line}\n" for line in lines), encoding=sys.stdout.encoding or "utf-8")
    return FAILED if planned.failed else COMPLETE


@dataclass
class _Planned:
    """The sum of all stories; of each by itself only what is shown."""

    stories: int
    whole: Plan | None = None
    chain: int = 0
    unchanged: int = 0
    each: list[tuple[str, Plan]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    """Keys of all questions so far: what two stories ask is asked once, and counts with the first."""

    def add(self, one: Plan) -> None:
        self.chain = max(self.chain, one.chain)
        self.whole = one if self.whole is None else self.whole + one

    @property
    def sum(self) -> Plan | None:
        """All stories together; batches hold questions of all of them, so that only the longest chain counts."""
        return replace(self.whole, chain=self.chain) if self.whole is not None and self.whole.batch else self.whole

    def data(self, options: ModelOptions, jobs: int) -> dict[str, Any]:
        whole = self.sum.data(options, jobs=jobs) if self.sum is not None else {}
        return {
            **{"stories": self.stories, "unchanged": self.unchanged, "failed": len(self.failed), **whole},
            "results": [{"story": story, **one.data(options)} for story, one in self.each]
            + [{"story": story, "reason": reason} for story, reason in self.failed],
        }

    def lines(self, options: ModelOptions, jobs: int, *, verbose: bool) -> list[str]:
        said = [f"{self.stories} stories" + (f", {self.unchanged} of them unchanged" if self.unchanged else "")]
        if self.sum is not None:
            said[0] += f", {self.sum.articles:,} articles to read, by {one_line(self.sum.model)}"
            asked = self.sum.model != "extractive"
            said += plan_lines(self.sum, options, jobs=jobs) if asked else ["nothing is sent, and it costs nothing"]
        if verbose:
            said += [one_line(f"{story}: {'; '.join(plan_lines(one, options))}") for story, one in self.each]
        return [*said, *(one_line(f"{story}: {reason}") for story, reason in self.failed)]


async def _planned(settings: ManySettings, found: Stories, work: Work) -> _Planned:
    """One story after the other, so that no more than one is in memory."""
    planned = _Planned(len(found.tasks))
    with ProgressLine(wanted=not settings.quiet) as line:
        for number, task in enumerate(found.tasks):
            line(Progress("plan", number, len(found.tasks), task.story))
            if work.only_changed and changed.unchanged(task, changed.seen(task, work)) is not None:
                planned.unchanged += 1
                continue
            try:
                said = corrections(task)
            except ConfigurationError as error:  # a fault of this story alone
                planned.failed.append((task.story, str(error)))
                continue
            try:
                one = await plan(
                    task.folder if task.folder is not None else task.files,
                    about=task.about,
                    language=task.language,
                    check=work.check,
                    model=work.model,
                    base_url=work.base_url,
                    store=settings.store,
                    prompts=work.prompts,
                    overrides=said,
                    options=options_of(work),
                    skip=task.out,
                    batch=settings.engine is Engine.BATCH,
                    planned=planned.asked,
                )
            except ConfigurationError:
                raise
            except SummariseError as error:
                planned.failed.append((task.story, str(error)))
                continue
            planned.add(one)
            if settings.verbose or settings.format is ReportFormat.JSON:
                planned.each.append((task.story, one))
    return planned
