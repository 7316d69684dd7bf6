"""The HTTP service: stories, their briefs, and the jobs that make them. `docs/service.md` is its manual.

    request ─▶ guard (host, origin, token, limits, time) ─▶ doors (what a caller may ask) ─▶ rooms ─▶ the store
    jobs in the store ─▶ worker (claim, renew, make, finish) ─▶ events in the store ─▶ whoever listens

Rooms know the store and nothing of HTTP: `tokens`, `stories`, `jobs`, `briefs`. Doors know HTTP: `story_doors`,
`brief_doors`, `job_doors`, `system_doors`. All state is in the store, so that a process may die at any moment.
FastAPI and the like are imported here and nowhere else; nobody but `summarise serve` imports this package.
"""
