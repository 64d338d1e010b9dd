"""An ext4 of its own on a loop device, which can lose power or fill up.

Needs root, loop devices and ext4; where one is missing the test that wants it is skipped, and says so.
"""

import contextlib
import fcntl
import os
import pathlib
import struct
import subprocess
import time

import pytest

EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2


def run(*words) -> str:
    ran = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=60)
    if ran.returncode != 0:
        raise OSError(f"{words[0]}: {ran.stderr.strip() or ran.stdout.strip()}")
    return ran.stdout


class Disk:
    def __init__(self, root: pathlib.Path, size: int):
        self.image, self.mount = root / "disk", root / "mounted"
        with open(self.image, "wb") as image:
            image.truncate(size)
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

    @property
    def free_bytes(self) -> int:
        stat = os.statvfs(self.mount)
        return stat.f_bavail * stat.f_frsize

    def fill(self, leaving: int) -> pathlib.Path:
        """A file that leaves so many bytes to others."""
        filler = self.mount / "filler"
        with open(filler, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, self.free_bytes - leaving)
        return filler


@contextlib.contextmanager
def mounted(root: pathlib.Path, size: int, what: str):
    try:
        disk = Disk(root, size)
    except (OSError, FileNotFoundError, subprocess.TimeoutExpired) as missing:
        print(f"\nNO {what.upper()} ON THIS MACHINE: {missing}")
        pytest.skip(f"no {what} on this machine: {missing}")
    try:
        yield disk
    finally:
        disk.down()


@contextlib.contextmanager
def small_disk(place: pathlib.Path, options: str):
    """A file system in memory, small or not to be written; skipped where it may not be mounted."""
    place.mkdir()
    try:
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", place)
    except (OSError, FileNotFoundError, subprocess.TimeoutExpired) as missing:
        print(f"\nNO DISK IN MEMORY ON THIS MACHINE: {missing}")
        pytest.skip(f"no disk in memory on this machine: {missing}")
    try:
        yield place
    finally:
        run("umount", "-l", place)
