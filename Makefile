# Daily targets. VENV may name another folder.
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin

.PHONY: all venv test slow coverage lint types generate picture peers check bench dist clean

all: check

venv: $(BIN)/pytest

$(BIN)/pytest: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e '.[dev]'
	touch $@

test: venv
	$(BIN)/python -m pytest

slow: venv
	$(BIN)/python -m pytest -m slow

# How much of each layer the tests have run: it takes several times as long as they do.
coverage: venv
	$(BIN)/coverage erase
	-$(BIN)/coverage run -m pytest
	$(BIN)/python tools/coverage_by_layer.py

lint: venv
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: venv
	$(BIN)/mypy

generate: venv
	$(BIN)/python tools/generate.py

picture: venv
	$(BIN)/python docs/picture.py

peers: venv
	$(BIN)/python docs/peers.py --write

check: lint types test

# What people get: a wheel, with its byte code. Written to docs/BENCHMARKS.md.
bench: export PYTHONDONTWRITEBYTECODE =
bench: export PYTHONPATH =
bench:
	rm -rf .venv-bench
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install -q .
	.venv-bench/bin/pip uninstall -q -y setuptools  # it has a hook in every start of Python
	.venv-bench/bin/python -m benchmarks --write docs/BENCHMARKS.md
	rm -rf .venv-bench

dist: venv
	$(BIN)/pip wheel -q --no-deps -w dist .

clean:
	rm -rf $(VENV) .venv-wheel .venv-bench dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
