# Two commands do all the set-up: `make publish` and `make test`. They need python3 (3.11 or later) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: publish test check format serve bench clean

publish: $(VENV)/.installed  ## the whole journey, onto the portal that comes with odkit
	@$(BIN)/odkit publish

serve: $(VENV)/.installed  ## look at the portal in a browser
	@$(BIN)/odkit serve

test: check  ## all checks and all tests, those on a real CKAN by themselves
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m "not ckan"
	$(BIN)/python -m pytest --numprocesses 2 -m ckan

check: $(VENV)/.developed  ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.developed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.developed  ## speed and memory beside other tools, a quarter of an hour or more: docs/performance.md (FULL=1: all sizes)
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python bench/run.py $(if $(FULL),--full)

clean:  ## remove what the commands above made; the sources stay
	rm -rf build .odkit $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'odkit needs Python 3.11 or later: make PYTHON=python3.11 ...' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.developed: pyproject.toml $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@
