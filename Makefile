# The project's jobs, each from a bare clone on Debian 12 with Swift 6.3, as root or with sudo.

SWIFT_SOURCES = Sources Tests Benchmarks Package.swift
BUILD = swift build -c release

.PHONY: help demo test bench torture fuzz build lint format docs dependencies

help:
	@echo "make demo      a company at work, in a transcript; at a terminal a shell at its end"
	@echo "make test      everything that must pass"
	@echo "make torture   kill -9, power cuts, simulated crashes, planted bugs, the naive model beside"
	@echo "               the company for MODEL_OPERATIONS commands: the long versions"
	@echo "make fuzz      frames and snapshots made of anything, from a new seed"
	@echo "make bench     pipelined beside Redis and PostgreSQL, each in one run"
	@echo "make build     the release build"
	@echo "make lint      the style that is required;  make format  brings it about"
	@echo "make docs      writes docs/commands.md anew, from the command table"

demo:
	@deploy/dependencies.sh
	@deploy/demo.sh

test:
	@deploy/dependencies.sh --tests
	@python3 deploy/test.py

# Ten times what the tests run; MODEL_SEED=n draws others. A disagreement tells its seed.
MODEL_OPERATIONS ?= 2000000

torture:
	@deploy/dependencies.sh --tests
	$(BUILD)
	STORE_SEEDS=20000 STORE_EVERY_BIT=1 swift test --filter StoreTests
	COMPANY_SEEDS=20000 swift test --filter CompanySimulationTests
	TEST_KILL_ROUNDS=250 deploy/end-to-end.sh redis81 test_kill.py test_log_damage.py
	TEST_KILL_ROUNDS=250 deploy/end-to-end.sh redis74 test_kill.py
	TEST_FLOW_ROUNDS=200 TEST_RIGHTS_ROUNDS=100 deploy/end-to-end.sh redis81 test_approval_flow.py test_lost_rights.py
	TEST_POWER_CUTS=200 deploy/end-to-end.sh redis81 -rs test_power_cut.py
	MODEL_OPERATIONS=$(MODEL_OPERATIONS) swift test --filter ModelTests
	deploy/planted-bugs.py

fuzz:
	@deploy/dependencies.sh
	STORE_FUZZ=200000 STORE_FUZZ_SEED=$$(date +%s) swift test --filter 'Fuzz'

bench:
	@deploy/dependencies.sh --tests --bench
	$(BUILD)
	python3 Benchmarks/bench.py
	python3 Benchmarks/analysis.py
	python3 Benchmarks/million.py

build: dependencies
	$(BUILD)

dependencies:
	@deploy/dependencies.sh

lint:
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)

format:
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

# docs/commands.md from the command table; a test fails while it is stale.
docs:
	UPDATE_REFERENCE=1 swift test --filter ReferenceTests
