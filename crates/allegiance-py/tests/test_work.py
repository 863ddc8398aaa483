"""Long work: progress, interrupts, threads."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import allegiance
import pytest
from allegiance._progress import Line, following

INTERRUPTED = """\
import allegiance, sys
print("begun", flush=True)
try:
    {call}
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""

CALLS = [
    "allegiance.run('north-syria-2014', replicates=30000, tables=['groups'])",
    "allegiance.run('north-syria-2014', replicates=30000, out='run')",
    "allegiance.compare('north-syria-2014', set={'days': 60}, set_b={'joining.per_month': 0}, replicates=100000)",
    "allegiance.recover('one-village', draws=1000000)",
]


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
@pytest.mark.parametrize("call", CALLS)
def test_an_interrupt_is_honoured(call: str) -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED.format(call=call)], stdout=subprocess.PIPE, text=True
    )
    assert started.stdout and started.stdout.readline() == "begun\n"
    time.sleep(1)
    assert started.poll() is None
    started.send_signal(signal.SIGINT)
    sent = time.monotonic()
    out, _ = started.communicate(timeout=60)
    assert out == "interrupted\n"
    assert time.monotonic() - sent < 30
    assert started.returncode == 0


def test_other_threads_of_python_go_on() -> None:
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.01):
            ticks += 1

    thread = threading.Thread(target=tick)
    thread.start()
    started = time.monotonic()
    allegiance.run("north-syria-2014", replicates=2, days=60, tables=["groups"])
    seconds = time.monotonic() - started
    done.set()
    thread.join()
    # Python held throughout would leave about one.
    assert ticks > 10 * seconds


def test_runs_on_several_threads_of_python_agree() -> None:
    with ThreadPoolExecutor(4) as pool:
        seeds = [1, 2, 3, 4]
        together = list(pool.map(lambda seed: allegiance.run("one-village", seed=seed, days=20).digest, seeds))
    assert together == [allegiance.run("one-village", seed=seed, days=20).digest for seed in seeds]
    assert len(set(together)) == 4


def test_a_callback_hears_how_far_the_work_is() -> None:
    heard: list[tuple[int, int]] = []
    allegiance.run("one-village", replicates=3, days=20, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (60, 60)
    assert heard == sorted(heard)


def test_an_exception_of_the_callback_stops_the_work() -> None:
    def fail(done: int, total: int) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        allegiance.run("one-village", days=3, progress=fail)


def test_a_line_tells_and_goes_away() -> None:
    stream = io.StringIO()
    line = Line("work", stream)
    line(0, 10)
    line(10, 10)
    assert "100%" in stream.getvalue() and "so far" in stream.getvalue()
    line.close()
    assert stream.getvalue().endswith(" \r")


def test_nobody_looking_means_no_line() -> None:
    with following(None, "work") as callback:
        assert callback is None
    with following(True, "work") as callback:
        assert isinstance(callback, Line)
