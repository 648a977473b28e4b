# make run    installs what is missing, builds, and serves (LISTEN and DATA override address and folder)
# make test   installs what is missing, and runs every test
# make test-clients  tests the clients in all languages, and drives them through one workload (docs/CLIENTS.md)
# make build  puts the release programs into bin/
# make simulate runs seeds of a simulated machine for two minutes (MINUTES=..., or one: SEED=...; docs/SIMULATION.md)
# make attack attacks a server, and prints how its healthy clients fare (docs/SECURITY.md)
# make fault  makes everything fail for which there is a test, and prints figures (docs/RELIABILITY.md; LONG=1: for hours; PARTS=...)
# make fuzz   feeds what takes strangers' bytes with bytes that a fuzzer makes (docs/FUZZING.md: SECONDS, TARGETS)
# make sanitize runs the programs under load with ThreadSanitizer and AddressSanitizer (docs/RELIABILITY.md: SECONDS, SANITIZERS)
# make mutate plants bugs, one at a time, and runs the tests that must catch each (docs/RELIABILITY.md; ONLY=7: that one)
# make deb    makes a Debian package in dist/ (docs/OPERATING.md); make test-deb tries it in a Debian of its own
# make bench  measures walletd beside what users would pick instead (docs/BENCHMARKS.md: ROWS, QUICK, FULL, ...)

LISTEN ?= 127.0.0.1:7431
DATA ?= ./data
PROGRAMS = walletd walletctl walletbench
VENV = .venv-python
HEAVY = ModelTests|WalletStoreTests|WalletServerTests
# A chroot and its mounts need root.
AS_ROOT = $(shell test "$$(id -u)" -eq 0 || echo sudo)

.PHONY: run build attack fault fuzz mutate sanitize simulate test test-swift test-readme test-python test-clients conformance test-bench test-package bench deb test-deb lint format generate clean

run: build
	@echo
	@echo "Serving on $(LISTEN), data in $(DATA). In another terminal try:"
	@echo "  bin/walletctl open --server $(LISTEN) --owner alice --currency USD"
	@echo "  bin/walletctl credit --server $(LISTEN) --owner alice --currency USD --amount 20.00 --reason top-up"
	@echo "  bin/walletctl debit --server $(LISTEN) --owner alice --currency USD --amount 4.50 --reason esim.purchase"
	@echo
	@exec bin/walletd serve --data "$(DATA)" --listen "$(LISTEN)"

build:
	@scripts/require-swift.sh
	@scripts/setup.sh
	@for product in $(PROGRAMS); do swift build -c release --product $$product || exit 1; done
	@mkdir -p bin
	@for program in $(PROGRAMS); do install -m 755 "$$(swift build -c release --show-bin-path)/$$program" bin/; done

test: lint test-swift simulate test-readme test-python test-bench

attack: build
	@scripts/setup.sh test
	swift build --build-tests
	@WALLETD_ATTACK=full WALLETD="$(CURDIR)/bin/walletd" swift test --skip-build --filter AttackTests

# Faults, simulated machines, fuzzing, planted bugs and sanitizers. Only the lines with figures are shown, and all of a part when
# it has failed.
fault:
	@scripts/require-swift.sh
	@scripts/setup.sh test
	swift build --build-tests
	@FAULT_SIZE=$(if $(LONG),long,usual) PARTS="$(PARTS)" scripts/fault.sh

# An optimised build that checks what is asserted, in a folder of its own.
fuzz:
	@scripts/require-swift.sh
	@scripts/setup.sh
	@FUZZ_SECONDS=$(or $(SECONDS),60) FUZZ_TARGETS="$(TARGETS)" FUZZ_JOBS=$(or $(JOBS),2) scripts/fuzz.sh

# Debug builds in folders of their own.
sanitize:
	@scripts/require-swift.sh
	@scripts/setup.sh test
	@SANITIZE_SECONDS=$(or $(SECONDS),10) SANITIZERS="$(SANITIZERS)" scripts/sanitize.sh

# One build has all the bugs; which of them is at work the environment says.
mutate:
	@scripts/require-swift.sh
	@scripts/setup.sh test
	@ONLY="$(ONLY)" python3 scripts/mutate.py

# A debug build: all that is asserted is checked.
simulate:
	@scripts/require-swift.sh
	@scripts/setup.sh test
	swift build --product simulate
	@"$$(swift build --show-bin-path)/simulate" $(if $(SEED),--seed $(SEED),--minutes $(or $(MINUTES),2)) $(SIMULATE)

lint:
	@scripts/require-swift.sh
	@scripts/setup.sh test
	swift format lint --strict --recursive Package.swift Sources Tests

test-swift:
	@scripts/setup.sh test
	swift build --build-tests
	@# What takes the processors first, then what waits for real servers, then what attacks one.
	@# Each tells at its end once more what failed.
	scripts/swift_test.py --skip-build --filter '$(HEAVY)'
	scripts/swift_test.py --skip-build --skip '$(HEAVY)|AttackTests'
	scripts/swift_test.py --skip-build --filter AttackTests

test-readme:
	swift build --product walletd
	swift build --product walletctl
	scripts/check_readme.py "$$(swift build --show-bin-path)"

test-python:
	@scripts/setup.sh test
	swift build --product walletd
	WALLETD="$$(swift build --show-bin-path)/walletd" $(MAKE) -C clients/python test VENV="$(CURDIR)/$(VENV)"

# WALLETD and WALLETCTL in the environment name other programs than those that are built here.
test-clients:
	@scripts/setup.sh clients
	@[ -n "$${WALLETD:-}" ] || { swift build --product walletd && swift build --product walletctl; }
	@WALLETD="$${WALLETD:-$$(swift build --show-bin-path)/walletd}" \
		WALLETCTL="$${WALLETCTL:-$$(swift build --show-bin-path)/walletctl}" scripts/test_clients.sh

# The workload alone, of the drivers that are built; WRITE=--write puts the table into the documents.
conformance:
	@$(MAKE) --no-print-directory -s -C clients/python driver
	@[ -n "$${WALLETD:-}" ] || swift build --product walletd
	@WALLETD="$${WALLETD:-$$(swift build --show-bin-path)/walletd}" $(VENV)/bin/python clients/conformance/conformance.py $(WRITE)

# Of the programs of the tests; test-deb is for those that are released.
test-package:
	@scripts/setup.sh test
	swift build --product walletd
	swift build --product walletctl
	swift build --product walletbench
	swift build --product generate-manual
	$(AS_ROOT) python3 packaging/test_deb.py --programs "$$(swift build --show-bin-path)" --root overlay

# Swift's own libraries are linked statically: no package of Debian has them.
DEB_BUILD = swift build -c release --static-swift-stdlib --scratch-path .build-deb

deb:
	@scripts/require-swift.sh
	@scripts/setup.sh deb
	@for product in $(PROGRAMS) generate-manual; do $(DEB_BUILD) --product $$product || exit 1; done
	packaging/deb/build.sh "$$($(DEB_BUILD) --show-bin-path)" dist

test-deb: deb
	@scripts/setup.sh test-deb
	lintian --fail-on error dist/walletd_*.deb
	$(AS_ROOT) python3 packaging/test_deb.py --programs "$$($(DEB_BUILD) --show-bin-path)" --root debootstrap

test-bench:
	@scripts/setup.sh test
	cd Benchmarks && python3 -m unittest discover --quiet -s tests -t .

bench: build
	@Benchmarks/setup.sh
	@PROGRAMS="$(CURDIR)/bin" python3 Benchmarks/bench.py

format:
	swift format --in-place --recursive Package.swift Sources Tests

generate:
	proto/generate.sh
	clients/python/generate.sh
	python3 proto/vectors/make.py
	WALLETD_GENERATE=1 swift test --filter "ErrorsPageTests|MetricsTests|ExitCodesTests"

clean:
	rm -rf .build .build-deb .build-fuzz .build-mutants .build-thread .build-address bin dist $(VENV) Benchmarks/.build Benchmarks/.scratch
