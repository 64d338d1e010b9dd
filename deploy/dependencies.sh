#!/usr/bin/env bash
# Installs what a build needs on Debian 12; may be run any number of times.
#
#   deploy/dependencies.sh            what `make demo` needs
#   deploy/dependencies.sh --tests    also redis-cli, faketime and two virtual environments for the tests
#   deploy/dependencies.sh --bench    also redis-server and postgresql, to measure beside
set -euo pipefail

cd "$(dirname "$0")/.."
readonly ENVIRONMENTS=.build-python

tests=no
bench=no
for argument in "$@"; do
    case "$argument" in
        --tests) tests=yes ;;
        --bench) bench=yes ;;
        *) echo "usage: deploy/dependencies.sh [--tests] [--bench]" >&2; exit 2 ;;
    esac
done

packages=(libssl-dev zlib1g-dev pkg-config gcc libc6-dev libstdc++-12-dev git make ca-certificates tzdata)
if [ "$tests" = yes ]; then
    packages+=(redis-tools python3 python3-venv python3-pip faketime)
fi
if [ "$bench" = yes ]; then
    packages+=(redis-server postgresql python3)
fi

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "dependencies: root or sudo is needed for: $*" >&2
        exit 1
    fi
}

install_packages() {
    local missing=() package
    for package in "${packages[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "dependencies: installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    # The packages start servers of their own; the benchmark starts one where it needs it.
    local service
    for service in redis-server postgresql; do
        if [[ " ${missing[*]} " == *" $service "* ]] && [ -d /run/systemd/system ]; then
            as_root systemctl disable --now "$service" >/dev/null 2>&1
        fi
    done
}

check_swift() {
    local version=""
    if command -v swift >/dev/null; then
        version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
    fi
    if [ -z "$version" ] || [ "$(printf '%s\n6.3\n' "$version" | sort -V | head -n 1)" != 6.3 ]; then
        echo "dependencies: Swift 6.3 or later is needed, found ${version:-none}." >&2
        echo "Get the toolchain for Debian 12 at https://www.swift.org/install/linux/ and put its" >&2
        echo "usr/bin on PATH." >&2
        exit 1
    fi
}

# environment NAME REQUIREMENT...: a virtual environment holding exactly these; made once.
environment() {
    local directory=$ENVIRONMENTS/$1
    shift
    local wanted="$*"
    if [ -x "$directory/bin/python" ] && [ "$(cat "$directory/wanted" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    echo "dependencies: making $directory"
    rm -rf "$directory"
    python3 -m venv "$directory"
    "$directory/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    printf '%s\n' "$wanted" >"$directory/wanted"
}

install_packages
check_swift
if [ "$tests" = yes ]; then
    environment redis81 'redis==8.1.*' pytest pytest-timeout pexpect 'valkey==6.*' 'coredis==6.*'
    environment redis74 'redis==7.4.*' pytest pytest-timeout pexpect hiredis
fi
