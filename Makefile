# Works with GNU make and Python 3.11 to 3.13, nothing else; no environment needs to be active.
PYTHON ?= python3
PROFILE ?= quick
SURVEY ?= build/embedded
OUT ?= build/$(PROFILE)

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
INSTALLED := $(VENV)/.installed

.PHONY: reproduce test lab bench
.DEFAULT_GOAL := reproduce

reproduce: $(INSTALLED)  ## capture the embedded survey, run all notebooks, write build/quick/
	$(BIN)/python -m hdrkit reproduce --profile $(PROFILE) --survey "$(SURVEY)" --out "$(OUT)"

test: $(INSTALLED)  ## lint, unit tests, all notebooks with the smoke profile, the widgets where a Chromium is found
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lab: $(INSTALLED)  ## copies of the notebooks to work on in work/, and JupyterLab on them
	$(BIN)/python -m hdrkit lab

bench: $(INSTALLED)  ## speed, as ratios within one run
	$(BIN)/python -m pytest tests/benchmarks -o python_files="bench_*.py" -q

# Installed anew only when pyproject.toml changes.
$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info[:2] < (3, 14) or sys.exit("hdrkit needs Python 3.11 to 3.13, $(PYTHON) is %d.%d; name another: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[lab,mirror,test]"
	@touch $(INSTALLED)
