# Works with GNU make and Python 3.11 to 3.13, nothing else; no environment needs to be active.
PYTHON ?= python3
PROFILE ?= quick
SURVEY ?= build/embedded
OUT ?= build/$(PROFILE)
LOCKED ?=

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
# LOCKED=1 installs the versions of requirements.lock. Each way to install has a stamp and removes the other one's, so
# that neither takes an environment that the other one made.
ifeq ($(LOCKED),1)
INSTALLED := $(VENV)/.locked
LOCKS := requirements.lock requirements-teach.lock
else
INSTALLED := $(VENV)/.installed
endif
# nbgrader's server extensions would slow JupyterLab's start by seconds, so it has an environment of its own, which
# sees the packages of the other one.
TEACH := .venv-teach
ifeq ($(OS),Windows_NT)
TEACH_BIN := $(TEACH)/Scripts
else
TEACH_BIN := $(TEACH)/bin
endif
TEACH_INSTALLED := $(TEACH)/.installed
SITE_INSTALLED := $(VENV)/.site-installed
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
# Every file has the hash that the lock names, none is built here, and none brings others that are not locked.
LOCKED_INSTALL := $(PIP_INSTALL) --require-hashes --only-binary :all: --no-deps
TESTS := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

.PHONY: help reproduce test check lint format lab student solutions site bench rehearsal lock
.DEFAULT_GOAL := reproduce

help:  ## this list
	@echo "make without a target is make reproduce. Targets:"
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name words; do printf '  %-10s %s\n' "$$name" "$$words"; done

reproduce: $(INSTALLED)  ## capture the embedded survey, run all notebooks, write build/quick/report.html (under 25 minutes)
	$(BIN)/python -m hdrkit reproduce --profile $(PROFILE) --survey "$(SURVEY)" --out "$(OUT)"

test: lint $(TEACH_INSTALLED) $(SITE_INSTALLED)  ## the slow loop: lint, all tests, the notebooks with the profile smoke, widgets where a Chromium is found
	$(TESTS)

check: lint  ## the fast loop: lint, and the unit tests that are not slow (under two minutes)
	$(TESTS) -m "not slow" tests/unit

# The public workflow repeats `check` for Windows; a test keeps the two equal.
lint: $(INSTALLED)  ## ruff, layout, layers of the package, types
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m mypy hdrkit tools

format: $(INSTALLED)  ## lay out the code, and mend what ruff can mend
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

lab: $(INSTALLED)  ## capture the embedded survey, copy the notebooks into work/, open JupyterLab on a start page there
	$(BIN)/python -m hdrkit lab

site: $(SITE_INSTALLED)  ## the book: the notebooks of build/quick, its report, documents and API, in build/site
	$(BIN)/python tools/build_site.py "$(OUT)" build/site

bench: $(INSTALLED)  ## the benchmarks: speed, as ratios within one run
	$(BIN)/python -m pytest tests/benchmarks -o python_files="bench_*.py" -q

rehearsal: build/rehearsal/site/files/HDRPS_Raws.zip  ## the profile paper, much smaller, on a stand-in of the Fairchild survey: download, all notebooks, tables
	$(BIN)/python -m hdrkit download fairchild --from build/rehearsal/site --out build/rehearsal/fairchild
	$(BIN)/python -m hdrkit reproduce --profile tools/rehearsal.yaml --survey build/rehearsal/fairchild --out build/rehearsal/run

build/rehearsal/site/files/HDRPS_Raws.zip: | $(INSTALLED)
	$(BIN)/python tools/stand_in_fairchild.py build/rehearsal/site

student: $(TEACH_INSTALLED)  ## the notebooks without solutions, and what they need, in build/student and a zip
	$(TEACH_BIN)/python tools/editions.py student build/student

solutions: $(TEACH_INSTALLED)  ## the notebooks with their solutions, as pages, in build/solutions
	$(TEACH_BIN)/python tools/editions.py solutions build/solutions

# uv, because pip chooses versions for its own system and Python only. Nobody else needs it, so it is no dependency.
lock: $(INSTALLED)  ## bring the locked versions in line with pyproject.toml, for all systems and versions of Python
	$(BIN)/python $(PIP_INSTALL) "uv>=0.9,<1"
	$(BIN)/python tools/lock_versions.py

# Stamps: installed anew only when pyproject.toml or, with LOCKED=1, a lock changes.
$(TEACH_INSTALLED): $(INSTALLED)
	$(PYTHON) -m venv $(TEACH)
	$(TEACH_BIN)/python tools/see_packages.py $(BIN)/python
ifeq ($(LOCKED),1)
	$(TEACH_BIN)/python $(LOCKED_INSTALL) -r requirements-teach.lock
else
	$(TEACH_BIN)/python $(PIP_INSTALL) -e ".[teach]"
endif
	@touch $(TEACH_INSTALLED)

$(SITE_INSTALLED): $(INSTALLED)
ifneq ($(LOCKED),1)
	$(BIN)/python $(PIP_INSTALL) -e ".[site]"
endif
	@touch $(SITE_INSTALLED)

$(INSTALLED): pyproject.toml $(LOCKS)
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info[:2] < (3, 14) or sys.exit("hdrkit needs Python 3.11 to 3.13, $(PYTHON) is %d.%d; name another: make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Installing the packages into $(VENV): once, about a minute"
	$(PYTHON) -m venv $(VENV)
	@rm -f $(VENV)/.locked $(VENV)/.installed
ifeq ($(LOCKED),1)
	$(BIN)/python $(LOCKED_INSTALL) -r requirements.lock
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
else
	$(BIN)/python $(PIP_INSTALL) -e ".[lab,mirror,test]"
endif
	@touch $(INSTALLED)
