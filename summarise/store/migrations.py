"""The schema's history: number n brings a store from version n-1 to n. Append only; files of every version are out.

`{...}` are the few words in which the databases differ (`Database.words`).
"""

from __future__ import annotations

from summarise.errors import ConfigurationError
from summarise.store.database import Database

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE answers (
            key           TEXT PRIMARY KEY,
            answer        TEXT NOT NULL,
            kind          TEXT NOT NULL,
            model         TEXT NOT NULL,
            input_tokens  {integer} NOT NULL,
            cached_tokens {integer} NOT NULL,
            output_tokens {integer} NOT NULL,
            stored_at     TEXT NOT NULL DEFAULT ({now})
        ) {strict}
        """,
    ),
    (
        "ALTER TABLE answers ADD COLUMN hash TEXT NOT NULL DEFAULT ''",  # '' for what was stored before
        """
        CREATE TABLE articles (
            key       TEXT PRIMARY KEY,
            id        TEXT NOT NULL,
            hash      TEXT NOT NULL,
            stored_at TEXT NOT NULL,
            article   TEXT NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE texts (
            id   TEXT PRIMARY KEY,
            hash TEXT NOT NULL,
            text {blob} NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE series (
            key   TEXT PRIMARY KEY,
            story {blob} NOT NULL,
            place {blob} NOT NULL
        ) {strict}
        """,
        # What is long stands last: reading the first columns of a row does not touch it.
        """
        CREATE TABLE versions (
            series   TEXT NOT NULL,
            number   {integer} NOT NULL,
            made     TEXT NOT NULL,
            hash     TEXT NOT NULL,
            inputs   TEXT NOT NULL,
            complete {integer} NOT NULL,
            run      TEXT NOT NULL,
            articles TEXT NOT NULL,
            answers  TEXT NOT NULL,
            content  TEXT NOT NULL,
            PRIMARY KEY (series, number)
        ) {strict}
        """,
    ),
    # What `summarise.serve` keeps: who may ask, the stories given to it, and its jobs.
    (
        """
        CREATE TABLE tokens (
            name    TEXT PRIMARY KEY,
            hash    TEXT NOT NULL,
            made    TEXT NOT NULL,
            revoked TEXT NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE stories (
            id        TEXT PRIMARY KEY,
            made      TEXT NOT NULL,
            changed   TEXT NOT NULL,
            revision  {integer} NOT NULL,
            language  TEXT NOT NULL,
            about     {blob} NOT NULL,
            overrides {blob} NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE story_articles (
            story   TEXT NOT NULL,
            name    TEXT NOT NULL,
            kind    TEXT NOT NULL,
            hash    TEXT NOT NULL,
            size    {integer} NOT NULL,
            changed TEXT NOT NULL,
            given   {blob} NOT NULL,
            PRIMARY KEY (story, name)
        ) {strict}
        """,
        """
        CREATE TABLE jobs (
            id        TEXT PRIMARY KEY,
            number    {integer} NOT NULL,
            story     TEXT NOT NULL,
            state     TEXT NOT NULL,
            asked_by  TEXT NOT NULL,
            revision  {integer} NOT NULL,
            owner     TEXT NOT NULL,
            beat      {integer} NOT NULL,
            takeovers {integer} NOT NULL,
            cancelled {integer} NOT NULL,
            made      TEXT NOT NULL,
            started   TEXT NOT NULL,
            ended     TEXT NOT NULL,
            stage     TEXT NOT NULL,
            done      {integer} NOT NULL,
            total     {integer} NOT NULL,
            outcome   TEXT NOT NULL
        ) {strict}
        """,
        "CREATE INDEX jobs_by_state ON jobs (state, number)",
        "CREATE INDEX jobs_by_story ON jobs (story, number)",
        """
        CREATE TABLE job_events (
            job    TEXT NOT NULL,
            number {integer} NOT NULL,
            at     TEXT NOT NULL,
            kind   TEXT NOT NULL,
            data   TEXT NOT NULL,
            PRIMARY KEY (job, number)
        ) {strict}
        """,
        """
        CREATE TABLE idempotency_keys (
            scope       TEXT NOT NULL,
            key         TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            job         TEXT NOT NULL,
            made        TEXT NOT NULL,
            PRIMARY KEY (scope, key)
        ) {strict}
        """,
    ),
    # What is with a provider of batches (`summarise.model.batch`): questions asked there, and the batches they are in.
    (
        """
        CREATE TABLE batches (
            id         TEXT PRIMARY KEY,
            endpoint   TEXT NOT NULL,
            state      TEXT NOT NULL,
            owner      TEXT NOT NULL,
            beat       {integer} NOT NULL,
            made       TEXT NOT NULL,
            questions  {integer} NOT NULL,
            tokens     {integer} NOT NULL,
            remote     TEXT NOT NULL,
            input_file TEXT NOT NULL,
            files      TEXT NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE batch_items (
            id      TEXT PRIMARY KEY,
            batch   TEXT NOT NULL,
            state   TEXT NOT NULL,
            changed TEXT NOT NULL,
            reason  TEXT NOT NULL,
            answer  TEXT NOT NULL
        ) {strict}
        """,
        "CREATE INDEX batch_items_by_batch ON batch_items (batch, state)",
        "CREATE INDEX batches_by_state ON batches (endpoint, state)",
    ),
    # The ledger (`summarise.store.spending`). Money in billionths of a dollar.
    (
        """
        CREATE TABLE spending (
            at            TEXT NOT NULL,
            run           TEXT NOT NULL,
            story         {blob} NOT NULL,
            kind          TEXT NOT NULL,
            model         TEXT NOT NULL,
            host          TEXT NOT NULL,
            batch         {integer} NOT NULL,
            milliseconds  {integer} NOT NULL,
            calls         {integer} NOT NULL,
            unpriced      {integer} NOT NULL,
            input_tokens  {integer} NOT NULL,
            cached_tokens {integer} NOT NULL,
            output_tokens {integer} NOT NULL,
            cost          {integer} NOT NULL
        ) {strict}
        """,
        "CREATE INDEX spending_by_model ON spending (model, host, at)",
    ),
    # What `summarise.sharing` keeps: who shares the limits of an endpoint, and what a run may spend and has lent.
    (
        """
        CREATE TABLE sharing_members (
            pool     TEXT NOT NULL,
            member   TEXT NOT NULL,
            beat     {integer} NOT NULL,
            places   {integer} NOT NULL,
            requests {integer} NOT NULL,
            tokens   {integer} NOT NULL,
            wants    {integer} NOT NULL,
            held     {integer} NOT NULL,
            turn     {integer} NOT NULL,
            pulses   {integer} NOT NULL,
            PRIMARY KEY (pool, member)
        ) {strict}
        """,
        """
        CREATE TABLE sharing_purses (
            run          TEXT PRIMARY KEY,
            made         TEXT NOT NULL,
            max_cost     {integer} NOT NULL,
            max_tokens   {integer} NOT NULL,
            spent_cost   {integer} NOT NULL,
            spent_tokens {integer} NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE sharing_leases (
            run    TEXT NOT NULL,
            member TEXT NOT NULL,
            beat   {integer} NOT NULL,
            cost   {integer} NOT NULL,
            tokens {integer} NOT NULL,
            short  {integer} NOT NULL,
            PRIMARY KEY (run, member)
        ) {strict}
        """,
    ),
    # Milliseconds left, at its beat, of a pause that the endpoint has asked this member to make.
    ("ALTER TABLE sharing_members ADD COLUMN pause {integer} NOT NULL DEFAULT 0",),
)


def migrate(database: Database) -> None:
    """Brings a database up to date. Raises ConfigurationError where it is newer than this program, or not ours."""
    if database.version(database.fetch) == len(MIGRATIONS):
        return
    with database.writing() as run:
        version = database.version(run)  # somebody else may have been quicker
        if version > len(MIGRATIONS):
            raise ConfigurationError(
                f"the store {database.place} is of a newer version of summarise; upgrade, or set SUMMARISE_STORE"
            )
        database.prepare(run)
        for number, statements in enumerate(MIGRATIONS[version:], version + 1):
            for statement in statements:
                run(statement.format_map(database.words))
            database.set_version(run, number)
