"""Many stories in one run: which there are, how each is made, and the engines that make them.

    stories ─▶ Task, Task, … ─▶ engine (local, dask, batch) ─▶ making.make_story ─▶ Outcome, Outcome, … ─▶ report

An engine only decides where and when `make_story` runs. Whatever is asked goes through `api.amake`, as for one story.
"""
