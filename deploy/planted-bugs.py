#!/usr/bin/env python3
"""Tests the tests: builds the store with its planted bugs, turns each on, and wants a failing suite.

    deploy/planted-bugs.py [--package DIR] [BUG …]

Prints the table of docs/planted-bugs.md. The exit code is 1 if a bug went unnoticed, or if the suite
fails without any.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SOURCE = ROOT / "Sources/PipelineStore/PlantedBug.swift"
TEST_SECONDS = 900
# Fewer seeds and rounds than in the suite: what is caught by these is caught by more.
LOAD = {"STORE_SEEDS": "150", "STORE_FUZZ": "150"}
FAILED = re.compile(r'Test "(.+)" (?:failed after|recorded an issue)')


def bugs() -> list[str]:
    cases = re.findall(r"^    case (.+)$", SOURCE.read_text(), re.M)
    return [name.strip() for line in cases for name in line.split(",")]


def suite(package: pathlib.Path, scratch: pathlib.Path, bug: str) -> tuple[bool, str]:
    """Whether the suite failed, and the test that said so first."""
    command = ["swift", "test", "--package-path", str(package), "--scratch-path", str(scratch)]
    command += ["--skip-build", "--filter", "StoreTests"]
    try:
        ran = subprocess.run(
            command, env=os.environ | LOAD | {"PLANTED_BUG": bug}, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return True, f"no end within {TEST_SECONDS} s"
    named = sorted(set(FAILED.findall(ran.stdout)))
    return ran.returncode != 0, named[0] if named else "the process ended"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--package", type=pathlib.Path, default=ROOT)
    parser.add_argument("bugs", nargs="*")
    words = parser.parse_args()
    scratch = words.package / ".build-planted"
    build = ["swift", "build", "--build-tests", "-Xswiftc", "-DPLANTED_BUGS"]
    build += ["--package-path", str(words.package), "--scratch-path", str(scratch)]
    subprocess.run(build, check=True, stdout=sys.stderr)
    failed, why = suite(words.package, scratch, "")
    if failed:
        print(f"the suite fails without any bug: {why}", file=sys.stderr)
        return 1
    unnoticed = 0
    print("| bug | caught by |\n|---|---|")
    for bug in words.bugs or bugs():
        caught, by = suite(words.package, scratch, bug)
        unnoticed += not caught
        print(f"| `{bug}` | {by if caught else '**nothing**'} |", flush=True)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
