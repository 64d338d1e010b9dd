"""`make demo` without a terminal (O-1)."""

import os
import subprocess

from daemon import ROOT


def test_o1_the_demo_tells_its_story_and_ends():
    """O-1, A-2: exit code 0, both requests pushed live, the comment, and S0's 26 850 000."""
    ran = subprocess.run(
        [ROOT / "deploy/demo.sh"],
        env=os.environ | {"DEMO_IS_BUILT": "yes"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert ran.stdout.count("approval.requested") >= 2
    for told in ("先去见他", "26850000.00", "kill -9"):
        assert told in ran.stdout
