"""Processes that do a piece of work with connections of their own, and can be stopped in the middle of it."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

from tracker.db.base import db


class Child:
    """A forked process: says words to its parent and, when asked to, waits for the parent's word."""

    def __init__(self, work: Callable[["Child"], object]) -> None:
        db.session.remove()
        db.engine.dispose()
        self._hear, self._speak = os.pipe()
        self._wait, self._let = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._hear)
            os.close(self._let)
            status = 1
            with suppress(BaseException):
                work(self)
                status = 0
            os._exit(status)
        os.close(self._speak)
        os.close(self._wait)

    def say(self, words: object) -> None:
        """In the child: tell the parent."""
        os.write(self._speak, f"{words}\n".encode())

    def die(self, words: str) -> None:
        """In the child: tell the parent, then end as a machine does whose plug is pulled."""
        self.say(words)
        os.kill(os.getpid(), signal.SIGKILL)

    def stand(self, words: str) -> None:
        """In the child: tell the parent, then stand until it lets go or is no more."""
        self.say(words)
        os.read(self._wait, 1)

    def stands(self) -> str:
        """In the parent: return the child's next words; empty when it ended without any."""
        return os.read(self._hear, 200).decode().strip()

    def let_go(self) -> None:
        """In the parent: let the child go on."""
        with suppress(BrokenPipeError):
            os.write(self._let, b".")

    def ended(self) -> tuple[int, str]:
        """Wait for the child; return its exit status, or minus the signal that killed it, and what it said last."""
        words = b""
        while part := os.read(self._hear, 4096):
            words += part
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self._hear)
        os.close(self._let)
        return status, words.decode().strip().rpartition("\n")[2]
