"""What a process does with its threads once everything is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

# In a process of its own: the threads of this one are not ours to change.
_PROGRAM = """
import os, threading
from widgetstream_server.start_up import keep_threads_from_interrupting

def policy_of_child():
    found = []
    child = threading.Thread(target=lambda: found.append(os.sched_getscheduler(0)))
    child.start()
    child.join()
    return found[0]

def work():
    started.wait()
    found.extend([os.sched_getscheduler(0), policy_of_child()])

own = os.sched_getscheduler(0)
started, found = threading.Event(), []
other = threading.Thread(target=work)
other.start()
keep_threads_from_interrupting()
started.set()
other.join()
assert found == [os.SCHED_BATCH, os.SCHED_BATCH], found
assert os.sched_getscheduler(0) == own
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems know no such policy")
def test_threads_beside_the_loop_do_not_interrupt_it_nor_do_those_that_they_begin() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
