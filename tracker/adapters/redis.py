"""How a connection to Redis or Valkey is made, everywhere: short waits, no silent retries."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from tracker.domain.errors import Unavailable

# With the library's own retries a dead server holds up a request for four seconds before it says no.
_OPTIONS = {"socket_connect_timeout": 1.0, "socket_timeout": 2.0}


def connect(url: str) -> Redis:
    """Return a client for the address; nothing is sent yet. A dead server is found out at the first command."""
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0), **_OPTIONS)


@contextmanager
def told_as_unavailable() -> Iterator[None]:
    """Turn the client library's errors (which are no OSError) into Unavailable."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unavailable("Hàng đợi công việc chưa sẵn sàng. Xin thử lại sau ít phút.") from error
