"""Run by the peer's own Python: its escalation command on a database made here; prints what it did as JSON.

Arguments: ADDRESS (of an empty database), OPEN, OVERDUE, LIMIT (seconds; 0 is none), WAL (1 for yes).
"""

import json
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import include, path

APPS = "auth contenttypes sessions sites messages humanize admin"
OFFICIALS = 12


class TimeIsUp(Exception):
    """The command was given no more time."""


def main(address: str, tickets: int, overdue: int, limit: int, wal: bool) -> dict[str, float]:
    """Fill the database and run the command once; return seconds, tickets escalated and peak memory in MB."""
    configure(address, wal)
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate", verbosity=0)
    fill(tickets, overdue)
    from helpdesk.models import FollowUp

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(limit)
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        call_command("escalate_tickets")
    except TimeIsUp:
        connection.close()  # it was stopped in the middle of a statement
    finally:
        signal.alarm(0)
    told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return told | {"done": FollowUp.objects.count(), "peak": peak_memory()}


def stop(*_: object) -> None:
    raise TimeIsUp


def configure(address: str, wal: bool) -> None:
    """Give Django the settings that the command needs: all else at its default, letters rendered and dropped."""
    settings.configure(
        DATABASES={"default": database(address, wal)},
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in APPS.split()), "rest_framework", "helpdesk"],
        SITE_ID=1,
        SECRET_KEY="bench",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        HELPDESK_TEAMS_MODE_ENABLED=False,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )
    django.setup()
    settings.ROOT_URLCONF = (path("", include("helpdesk.urls")),)


def database(address: str, wal: bool) -> dict[str, Any]:
    """Return Django's form of the address."""
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        options = {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"} if wal else {}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path[1:], "OPTIONS": options}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "PASSWORD": parts.password or "",
        "HOST": parse_qs(parts.query)["host"][0],
    }


def fill(tickets: int, overdue: int) -> None:
    """Make one queue and so many open tickets, each assigned to an official with an address."""
    from django.contrib.auth.models import User
    from django.utils import timezone
    from helpdesk.models import Queue, Ticket

    queue = Queue.objects.create(title="Ward", slug="ward", email_address="ward@example.vn", escalate_days=1)
    officials = [User.objects.create(username=f"n{n}", email=f"n{n}@example.vn") for n in range(OFFICIALS)]
    rows = [
        Ticket(
            title=f"Ticket {n}",
            queue=queue,
            assigned_to=officials[n % OFFICIALS],
            status=Ticket.OPEN_STATUS,
            priority=3,
            description="Rãnh thoát nước trước nhà văn hóa bị tắc, mưa to là nước tràn vào nhà dân",
        )
        for n in range(tickets)
    ]
    Ticket.objects.bulk_create(rows, batch_size=500)
    late = Ticket.objects.order_by("id").values("id")[:overdue]
    Ticket.objects.filter(id__in=late).update(created=timezone.now() - timedelta(days=10))


def peak_memory() -> float:
    """Return the most that this process ever held in memory, in MB, as the kernel counts it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    where, size, late, seconds, journal = sys.argv[1:]
    print(json.dumps(main(where, int(size), int(late), int(seconds), journal == "1")))
