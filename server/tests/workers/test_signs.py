"""The files by which a machine's server processes know of each other's death."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from widgetstream_server.process_signs import LockedFiles

HOLDER = """
import sys
from pathlib import Path
from widgetstream_server.process_signs import LockedFiles
LockedFiles(Path(sys.argv[1])).show("prc_other")
print("shown", flush=True)
sys.stdin.read()
"""


def test_a_process_that_is_killed_is_known_to_be_gone(tmp_path: Path) -> None:
    signs = LockedFiles(tmp_path / "processes")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "processes")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        while_alive = signs.is_gone("prc_other")
        other.kill()
        other.wait()

    assert not while_alive
    assert signs.is_gone("prc_other")
    signs.sweep(["prc_other"])
    assert signs.is_gone("prc_other")
    signs.sweep([])
    assert not signs.is_gone("prc_other")


def test_nothing_is_known_of_a_process_of_another_machine(tmp_path: Path) -> None:
    signs = LockedFiles(tmp_path / "processes")
    signs.sweep([])

    assert not signs.is_gone("prc_far")


def test_a_process_shows_one_id_at_a_time_and_none_when_it_leaves(tmp_path: Path) -> None:
    ours, theirs = LockedFiles(tmp_path / "processes"), LockedFiles(tmp_path / "processes")
    ours.show("prc_1")
    ours.show("prc_2")
    theirs.sweep([])
    shown = [path.name for path in (tmp_path / "processes").iterdir()]
    ours.withdraw()

    assert shown == ["prc_2"]
    assert not list((tmp_path / "processes").iterdir())
