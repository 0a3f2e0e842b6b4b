# Everything a developer or a first-time user runs. `make demo` and `make test` set up what they need themselves.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
DEMO_OUT := demo-report

.PHONY: help setup demo test lint types check fixtures goldens lock bench clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

setup: $(STAMP)  ## make .venv with the vidaudit command

$(STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("vidaudit needs Python 3.11 or newer; this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q vidaudit  # pip compiles what it copies, not what it links to
	@touch $@

demo: setup  ## scan the demo disc and say where the report lies
	@$(BIN)/python -m fixtures.videos.demo --out $(DEMO_OUT)

test: setup  ## all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: setup  ## ruff: style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup  ## mypy, strict
	$(BIN)/mypy

check: test lint types  ## what CI runs

fixtures: setup  ## make the fixture videos and the demo disc again
	$(BIN)/python -m fixtures.videos.make

goldens: setup  ## write the golden reports and verdicts again
	$(BIN)/python -m tests.goldens

bench: setup  ## every benchmark, each prints its figure
	$(BIN)/python -m benchmarks

lock: setup  ## pin the requirements again, with hashes and without index addresses
	$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  --override requirements/override.txt pyproject.toml requirements/wheels.in --output-file requirements/run.txt
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  --override requirements/override.txt --extra dev --extra dask pyproject.toml requirements/wheels.in \
	  --output-file requirements/dev.txt

clean:  ## remove what was made, but not the virtual environment
	rm -rf $(DEMO_OUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
