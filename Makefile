# Daily targets. VENV may name another folder.
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin

.PHONY: all venv test slow coverage lint types generate check dist clean

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

check: lint types test

dist: venv
	$(BIN)/pip wheel -q --no-deps -w dist .

clean:
	rm -rf $(VENV) .venv-wheel dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
