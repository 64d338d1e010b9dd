"""A real power cut: ext4 on a loop device, shut down under load by its own ioctl, without a log flush.

Needs root, loop devices and ext4; where one is missing the test says so and is skipped.
TEST_POWER_CUTS says how many cuts there are.
"""

import contextlib
import fcntl
import os
import pathlib
import struct
import subprocess
import time

import pytest

import company as companies
from daemon import Daemon
from test_kill import Book, check_inbox, check_writes, load_and_kill

CUTS = int(os.environ.get("TEST_POWER_CUTS", "20"))
IMAGE_BYTES = 512 << 20
EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2


def run(*words) -> str:
    ran = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=60)
    if ran.returncode != 0:
        raise OSError(f"{words[0]}: {ran.stderr.strip() or ran.stdout.strip()}")
    return ran.stdout


class Disk:
    """An ext4 of its own that can lose power."""

    def __init__(self, root: pathlib.Path):
        self.image, self.mount = root / "disk", root / "mounted"
        with open(self.image, "wb") as image:
            image.truncate(IMAGE_BYTES)
        run("mkfs.ext4", "-q", self.image)
        self.mount.mkdir()
        self.up()

    def up(self) -> None:
        run("mount", "-o", "loop", self.image, self.mount)

    def cut(self) -> None:
        """What was not synced is gone: nothing more reaches the image, not even the journal."""
        directory = os.open(self.mount, os.O_RDONLY)
        try:
            fcntl.ioctl(directory, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(directory)

    def down(self) -> None:
        for _ in range(50):
            with contextlib.suppress(OSError):
                run("umount", self.mount)
                return
            time.sleep(0.1)
        run("umount", "-l", self.mount)


@pytest.fixture
def disk(tmp_path):
    try:
        disk = Disk(tmp_path)
    except (OSError, FileNotFoundError, subprocess.TimeoutExpired) as missing:
        print(f"\nNO POWER CUT ON THIS MACHINE: {missing}")
        pytest.skip(f"no power cut on this machine: {missing}")
    yield disk
    disk.down()


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
