"""A disk that fills up under the daemon, and is emptied again: ext4 on a loop device of its own (W-8)."""

import time

import pytest
import redis

import company as companies
from company import new_deal
from daemon import Daemon
from loop_disk import mounted
from subscriber import Subscriber
from wire import as_map

IMAGE_BYTES = 320 << 20
FLOOR_BYTES = 64 << 20  # free space under which writes are refused
SEGMENT_BYTES = 16 << 20
SECONDS = 20


@pytest.fixture
def disk(tmp_path):
    with mounted(tmp_path, IMAGE_BYTES, "full disk") as disk:
        yield disk


def until(is_so) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def refused(client: redis.Redis, deal: str, title: str) -> bool:
    """Whether a write is refused for want of room; True changes nothing, False was answered."""
    try:
        client.execute_command("OPP.UPDATE", deal, "TITLE", title)
        return False
    except redis.ResponseError as error:
        assert str(error).startswith("DISKFULL"), error
        return True


def test_w8_writes_are_refused_while_the_disk_is_full_and_resume_by_themselves(disk, tmp_path):
    """W-8: nothing is half done, reads and pushes go on, and so does the daemon; a start as well."""
    daemon = Daemon(tmp_path)
    daemon.data = disk.mount / "data"
    daemon.init().serve()
    try:
        company = companies.found(daemon)
        with daemon.client("xiaoli") as li:
            deal = new_deal(li, company, "ask")
            waiting = as_map(li.execute_command("OPP.ADVANCE", deal))["approval"]
            other = new_deal(li, company)
            filler = disk.fill(FLOOR_BYTES // 2)
            until(lambda: refused(li, other, "没有地方了"))
            title = as_map(li.execute_command("OPP.GET", other))["title"]
            assert as_map(li.execute_command("ME"))["login"] == "xiaoli"
            for _ in range(20):
                assert refused(li, other, "不会写下来")
            assert as_map(li.execute_command("OPP.GET", other))["title"] == title
            with Subscriber(daemon.client("jiangyue")) as manager:
                assert as_map(manager.take(1)[0]["approval"])["id"] == waiting
            with pytest.raises(redis.ResponseError, match="DISKFULL|no room|EXECABORT"):
                with li.pipeline(transaction=True) as both:
                    both.execute_command("OPP.UPDATE", other, "TITLE", "一")
                    both.execute_command("OPP.UPDATE", deal, "TITLE", "二")
                    both.execute()
            # Less than a snapshot needs, and a start on top of it.
            filler.unlink()
            filler = disk.fill(FLOOR_BYTES // 2)
            daemon.kill()
            daemon.serve()
        with daemon.client("xiaoli") as li, daemon.client() as admin:
            assert refused(li, other, "重启以后也没有")
            filler.unlink()
            until(lambda: not refused(li, other, "又写得下去了"))
            assert as_map(li.execute_command("OPP.GET", other))["title"] == "又写得下去了"
            admin.execute_command("SNAPSHOT")
        daemon.kill()
        daemon.serve()
        with daemon.client("xiaoli") as li:
            assert as_map(li.execute_command("OPP.GET", other))["title"] == "又写得下去了"
    finally:
        daemon.close()


def test_w8_no_room_for_another_segment_is_a_full_disk_as_well(disk, tmp_path):
    """W-8: with more free than the floor, but not for a spare on top of it, no write is left waiting."""
    daemon = Daemon(tmp_path)
    daemon.data = disk.mount / "data"
    daemon.init().serve()
    try:
        deal = new_deal(daemon.client("xiaoli"), companies.found(daemon))
        with daemon.client("xiaoli", socket_timeout=SECONDS) as li:
            filler = disk.fill(FLOOR_BYTES + SEGMENT_BYTES // 2)
            text = "满" * 5_000
            errors, noted = [], 0
            while not errors:
                assert noted * len(text.encode()) < 3 * SEGMENT_BYTES, "the segments have no end"
                with li.pipeline(transaction=False) as notes:
                    for _ in range(50):
                        notes.execute_command("OPP.NOTE", deal, text)
                    answers = notes.execute(raise_on_error=False)
                errors = [answer for answer in answers if isinstance(answer, redis.ResponseError)]
                noted += len(answers) - len(errors)
            assert all(str(error).startswith("DISKFULL") for error in errors), errors[0]
            assert disk.free_bytes >= FLOOR_BYTES
            assert refused(li, deal, "没有地方了")
            assert as_map(li.execute_command("OPP.GET", deal))["id"] == deal
            filler.unlink()
            until(lambda: not refused(li, deal, "又写得下去了"))
        daemon.kill()
        daemon.serve()
        with daemon.client("xiaoli") as li:
            found = as_map(li.execute_command("OPP.GET", deal))
            assert found["title"] == "又写得下去了"
            assert found["rev"] == 1 + noted + 1
    finally:
        daemon.close()
