#!/usr/bin/env python3
"""Everything that must pass, step by step, with a summary that counts what the runners counted.

A step that fails does not keep the later ones from being tried, except that nothing is tried after
a build that fails. The exit code is 0 only if every step's was.
"""

import dataclasses
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
LINT = ["swift", "format", "lint", "--strict", "--parallel", "--recursive"]
STEPS = {
    "lint": [*LINT, "Sources", "Tests", "Benchmarks", "Package.swift"],
    "release build": ["swift", "build", "-c", "release"],
    "swift test": ["swift", "test"],
    "redis-py 8.1": ["deploy/end-to-end.sh", "redis81"],
    "redis-py 7.4": ["deploy/end-to-end.sh", "redis74"],
}
NEEDED_BY_ALL = "release build"

# How the runners close: Swift Testing, then pytest.
SWIFT = re.compile(r"Test run with (\d+) tests.* (passed|failed) after .*")
PYTEST = re.compile(r"^=* ?((?:\d+ [a-z]+(?:, )?)+ in [\d.]+s.*?) ?=*$")


@dataclasses.dataclass
class Result:
    name: str
    succeeded: bool
    closing_line: str = ""
    passed: int = 0
    failed: int = 0

    def read(self, line: str) -> None:
        """Keeps the line by which a runner closes, and its figures."""
        if swift := SWIFT.search(line):
            self.closing_line, self.passed = swift[0], int(swift[1])
        elif pytest := PYTEST.match(line):
            self.closing_line = pytest[1]
            self.passed = self.counted("passed")
            self.failed = self.counted("failed") + self.counted("error")

    def counted(self, word: str) -> int:
        number = re.search(rf"(\d+) {word}", self.closing_line)
        return int(number[1]) if number else 0

    def close(self) -> None:
        """A step that failed counts as a failure even where its runner counted none."""
        if not self.succeeded and self.failed == 0:
            self.failed, self.passed = 1, max(0, self.passed - 1)


def run(name: str, command: list[str]) -> Result:
    print(f"\n== {name}: {' '.join(command)}", flush=True)
    result = Result(name, succeeded=False)
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=ROOT, text=True, errors="replace", **pipes) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            result.read(line.strip())
    result.succeeded = process.returncode == 0
    result.close()
    return result


def main() -> int:
    results = []
    for name, command in STEPS.items():
        results.append(run(name, command))
        if name == NEEDED_BY_ALL and not results[-1].succeeded:
            break
    print("\n== summary")
    for result in results:
        verdict = "passed" if result.succeeded else "FAILED"
        print(f"{result.name:<14} {verdict}  {result.closing_line}".rstrip())
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 0 if all(result.succeeded for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
