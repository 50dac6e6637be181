# Everything needs only Python >= 3.11 and make. `make report` first, then `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# torch and transformers are left out on purpose: camel-tools names them, the parts used here need neither.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: report test lab lock figures bench clean

report: $(READY)
	$(BIN)/framing score corpora/focal/putin-diaz-canel-2018.txt
	$(BIN)/python -m framing.notebooks run
	@echo "Figures are in figures/, the executed notebooks in build/notebooks/."

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest

lab: $(READY)
	$(BIN)/jupyter lab --notebook-dir=notebooks

bench: $(READY)
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

$(READY): requirements.lock requirements-build.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) (a few minutes, once) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --no-deps --require-hashes --no-compile -r requirements-build.lock
	@$(PIP) install --no-deps --require-hashes --no-compile --no-build-isolation -r requirements.lock
	@$(PIP) install --no-deps --no-compile --no-build-isolation --editable .
	@touch $(READY)

# Renews both locks: all platforms, all hashes, no host names.
lock:
	@$(PYTHON) -m venv build/lock && build/lock/bin/python -m pip --quiet install uv
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --excludes requirements-excluded.txt \
	  --generate-hashes --no-annotate --no-header --all-extras pyproject.toml --output-file requirements.lock
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header requirements-build.in --output-file requirements-build.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
