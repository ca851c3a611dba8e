"""Ties a process to its parent, so that nothing is left behind when the parent is killed outright."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2)
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(parent: int, with_signal: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send this process the signal when its parent dies. Only Linux knows this.

    ``parent`` is the parent's process id as the parent saw it: had it died between fork and this call, no
    signal would ever come, so the process ends at once.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(with_signal))
    if os.getppid() != parent:
        os._exit(1)
