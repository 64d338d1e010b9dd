"""Threads that do one thing over and over beside a test."""

import contextlib
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def steadily(write: Callable[[threading.Event], None], count: int) -> Iterator[None]:
    """`count` threads of `write`, which ends soon after its event is set. Their failures are the test's."""
    is_over, failures = threading.Event(), []

    def run() -> None:
        try:
            write(is_over)
        except Exception as failure:  # a thread's failure is the test's failure
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join(60)
    assert not failures, failures
