#!/usr/bin/env bash
# Runs the end-to-end tests with one of the two redis-py: end-to-end.sh redis81|redis74 [TEST…]
set -euo pipefail
cd "$(dirname "$0")/.."
environment=$PWD/.build-python/$1
shift
cd Tests/EndToEnd
exec "$environment/bin/python" -B -m pytest "$@"
