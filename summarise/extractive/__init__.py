"""The embedded reader: English news read by rules, without a model, a key or a download.

    note ─▶ mentions (who is named) ─▶ speech (who says it) ─▶ stance (how) ─▶ moments (when) ─▶ Note
    joining, weighing ─▶ groups of records          lexicon, words ─▶ tables and word forms that all use

Where to add something: a cue verb or its stance in `lexicon`; a kind of actor in `mentions`; a wording of an open
question or of a sentence that talks to machines in `unsettled`; a way of giving a date in `moments`.
"""

from summarise.extractive.note import note_by_rules
from summarise.extractive.reader import RuleReader

__all__ = ["RuleReader", "note_by_rules"]
