"""`python -m leye.office.jobs.worker`: does the jobs of a data folder, one after the other."""

from __future__ import annotations

import logging
from datetime import timedelta


def main() -> None:
    """Run until SIGTERM; a job that is running then is taken up again at the next start."""
    from leye.office.embedded import set_up

    set_up()
    from django.conf import settings

    from leye.office.clock import now
    from leye.office.jobs.actions import forgotten, take_up_interrupted, wake
    from leye.office.jobs.queue import open_queue

    logging.getLogger("huey").setLevel(logging.WARNING)
    queue = open_queue(settings.LEYE_DATA / "jobs.sqlite3")
    take_up_interrupted(at=now())
    for job_id in forgotten(at=now(), after=timedelta(0)):  # asked for while no worker was there; twice in the queue does no harm
        wake(job_id)
    # Idle polling would back off to 10 s by default; stopping waits a second and a half for a running job, which begins anew later.
    queue.create_consumer(workers=1, initial_delay=0.1, max_delay=0.5, graceful_signal="TERM", shutdown_timeout=1.5).run()


if __name__ == "__main__":
    main()
