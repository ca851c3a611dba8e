# make run     everything on this machine, with demonstration data when the database is empty
# make env     the Python environment alone
# make test    every test        make check   lint, types, import contracts, docs
# make proof   the long forms    make bench   the benchmarks

PYTHON ?= python3
VENV ?= .venv
DATA ?= $(or $(TRACKER_DATA),data)
PORT ?= 8000
PYTEST_ARGS ?= -q -n auto --dist loadfile

bin := $(VENV)/bin
pip := $(bin)/python -m pip --disable-pip-version-check --quiet

.PHONY: run env test check proof bench packages-run packages-test
.DEFAULT_GOAL := run

run: packages-run $(VENV)/installed
	@TRACKER_DATA="$(abspath $(DATA))" PORT="$(PORT)" exec $(bin)/tracker up --demo

env: $(VENV)/installed-test

test: packages-test $(VENV)/installed-test
	$(bin)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/installed-test
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports --no-cache
	$(bin)/python -m pytest -q tests/architecture

proof: packages-test $(VENV)/installed-test
	FAULT_STRIDE=1 CLOCK_CASES=20000 $(bin)/python -m pytest -q -s -o "python_files=test_*.py proof_*.py" tests/faults tests/domain

bench: packages-run $(VENV)/installed-test
	$(bin)/python -m bench

packages-run:
	@deploy/packages run

packages-test:
	@deploy/packages test

# The code is installed without a build of its own reaching out: what builds it is pinned like the rest.
$(VENV)/installed: requirements/base.txt pyproject.toml
	@test -x $(bin)/python || $(PYTHON) -m venv $(VENV)
	@echo "Đang cài các thư viện Python vào $(VENV)…"
	@$(pip) install --require-hashes -r requirements/base.txt
	@$(pip) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed requirements/test.txt
	@$(pip) install --require-hashes -r requirements/base.txt -r requirements/test.txt
	@touch $@
