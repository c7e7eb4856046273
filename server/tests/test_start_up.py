"""What a process does with its threads once everything is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

# In a process of its own: the threads of this one are not ours to change.
_PROGRAM = """
import os, threading
from contextlib import suppress
from widgetstream_server.start_up import keep_threads_from_interrupting

def in_a_thread(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]

def policy():
    return os.sched_getscheduler(0)

def what_a_thread_may_have():
    # A sandbox may forbid it, and so does Linux to those whose policy is SCHED_IDLE.
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    return policy()

def work():
    started.wait()
    found.extend([policy(), in_a_thread(policy)])

own, expected = policy(), in_a_thread(what_a_thread_may_have)
started, found = threading.Event(), []
other = threading.Thread(target=work)
other.start()
keep_threads_from_interrupting()
started.set()
other.join()
assert found == [expected, expected], (found, expected)
assert policy() == own
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems know no such policy")
def test_threads_beside_the_loop_do_not_interrupt_it_nor_do_those_that_they_begin() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
