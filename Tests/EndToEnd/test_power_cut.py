"""A real power cut: ext4 on a loop device, shut down under load by its own ioctl, without a log flush.

TEST_POWER_CUTS says how many cuts there are.
"""

import os

import pytest

import company as companies
from daemon import Daemon
from loop_disk import mounted
from test_kill import Book, check_inbox, check_writes, load_and_kill

CUTS = int(os.environ.get("TEST_POWER_CUTS", "20"))
IMAGE_BYTES = 512 << 20


@pytest.fixture
def disk(tmp_path):
    with mounted(tmp_path, IMAGE_BYTES, "power cut") as disk:
        yield disk


def test_w2_w6_power_cuts_under_load(disk, tmp_path):
    """W-2, W-4, W-6: after each cut everything answered is there, and nothing is told twice."""
    daemon = Daemon(tmp_path)
    daemon.data = disk.mount / "data"
    daemon.init().serve()

    def plug() -> None:
        disk.cut()
        daemon.close()  # it may have ended by itself: it is told that its writes fail (W-7)

    try:
        company = companies.found(daemon)
        book = Book()
        for number in range(CUTS):
            load_and_kill(company, book, number, plug)
            disk.down()
            disk.up()
            daemon.serve()
            check_writes(company, book)
            check_inbox(company, book)
        assert "a snapshot cannot be used" not in daemon.log()
    finally:
        daemon.close()
