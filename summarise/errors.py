"""What can go wrong, as a tree.

    SummariseError
    ├── ConfigurationError      a setting, a key, a model's name: the caller must change something (exit 2)
    │   ├── DamagedStore        the store's file or database is damaged, or no store at all
    │   └── UnreachableStore    the store's server does not answer: a wrong address, or it is down now
    ├── InputError              the folder or the articles given cannot be used at all (exit 2; nothing readable: 1)
    │   └── NoReadableArticle
    ├── ModelError              a question to a model got no usable answer
    │   ├── ModelUnavailable    transport: timeouts, refused connections, 5xx, rate limits, after all retries
    │   ├── Refused             the model or a content filter declined to answer
    │   ├── CutOff              the answer ended at the token limit
    │   ├── InvalidAnswer       not what the schema or the ranges allow, after the re-ask
    │   └── UnreadLanguage      the embedded reader does not know the article's language
    ├── BudgetSpent             a limit set by the caller (cost, tokens, time) was reached
    ├── ClusterLost             the processes elsewhere that made stories are gone
    └── OutputError             the brief could not be written
        └── LostStore           the store was in use until now, and is locked by others for long or out of reach

Every message is one line that names the file, article or setting and the remedy.
"""

from __future__ import annotations


class SummariseError(Exception):
    """Root of all errors raised on purpose by this package."""


class ConfigurationError(SummariseError):
    """A setting is missing or wrong; asking again without changing it cannot help."""


class DamagedStore(ConfigurationError):
    """The store's file or database is damaged, or is no store."""


class UnreachableStore(ConfigurationError):
    """The server of the store does not answer; it may be on its way back."""


class InputError(SummariseError):
    """The folder or the articles given cannot be used."""


class NoReadableArticle(InputError):
    """There were files, but none of them holds an article that can be read."""


class ModelError(SummariseError):
    """A question to a model got no usable answer."""


class ModelUnavailable(ModelError):
    """The endpoint could not be reached, was too slow, or kept failing."""


class Refused(ModelError):
    """The model, or a filter before it, declined to answer."""


class CutOff(ModelError):
    """The answer stopped at the model's limit on tokens."""


class InvalidAnswer(ModelError):
    """The answer breaks the schema or points outside what was asked, after the re-ask."""


class UnreadLanguage(ModelError):
    """The embedded reader does not know the language of the article."""


class BudgetSpent(SummariseError):
    """A limit on cost, tokens or time that the caller set was reached."""


class ClusterLost(SummariseError):
    """The scheduler, or all workers, of the cluster that made stories are gone."""


class OutputError(SummariseError):
    """The brief was made but could not be written."""


class LostStore(OutputError):
    """The store is locked by others for long, or its server is gone; it may be there again in a moment."""
