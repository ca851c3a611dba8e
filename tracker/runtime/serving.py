"""What gunicorn calls in the web processes; given to it as ``--config``."""

from typing import Any

from tracker.runtime.lifeline import end_with_parent


def post_fork(server: Any, worker: Any) -> None:
    """Tie a web process to its arbiter.

    By itself it looks for its parent only every half timeout (30 s), and keeps the port so long from the next one.
    """
    end_with_parent(worker.ppid)
