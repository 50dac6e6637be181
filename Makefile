# Everything needs only Python >= 3.11 and make. `make report` first, then `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Bytecode goes to build/, so that the environment stays as small as it was installed.
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/pycache
# torch and transformers are left out on purpose: camel-tools names them, the parts used here need neither.
# Extras that the lock holds; topics, classroom and the like are installed by whoever wants them.
LOCKED := collect cluster dev
ROOMS := $(subst /,.,$(patsubst %/__init__.py,%,$(wildcard framing/*/__init__.py)))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: report test browser lab lock figures exercises paper docs bench licences audit clean

report: $(READY)
	$(BIN)/framing score corpora/focal/putin-diaz-canel-2018.txt
	TQDM_DISABLE=1 $(BIN)/jupyter nbconvert --log-level ERROR --to html --execute --output-dir build/notebooks notebooks/01-how-does-the-article-frame-the-visit.ipynb
	@echo
	@echo "Done. The notebook is build/notebooks/01-how-does-the-article-frame-the-visit.html,"
	@echo "the figure figures/frames-of-the-article.png (with .svg and .json beside it)."

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# The same for what needs a browser: chromium has to be installed, the rest is the extra browser.
browser: $(READY)
	$(PIP) install axe-playwright-python playwright
	$(BIN)/python -m pytest tests/test_*_browser.py

lab: $(READY)
	$(BIN)/jupyter lab --notebook-dir=notebooks

figures: $(READY)
	$(BIN)/framing figures

exercises: $(READY)
	$(BIN)/python -m framing.classroom --out build/exercises

# The extra is installed without what it depends on, which is nothing: the lock stays as it is.
paper: $(READY)
	@$(PIP) install --no-deps --no-compile $$($(BIN)/python -c "import tomllib; \
	  print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['paper'])")
	$(BIN)/python notebooks/paper/build.py

# One page per room; -W ignore: rooms that export a function named like one of their modules are met twice.
docs: $(READY)
	$(BIN)/python -W ignore -m pdoc --no-show-source --docformat numpy -o build/docs framing $(ROOMS)
	@echo "build/docs/framing.html"

bench: $(READY)
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# Lists the licences of what the lock holds in docs/licences.md.
licences: $(READY)
	$(BIN)/python .ci/licences.py

# Asks the advisory service of PyPI about every locked version; needs the network.
audit:
	@$(PYTHON) -m venv build/audit && build/audit/bin/python -m pip --quiet install pip-audit
	build/audit/bin/pip-audit --disable-pip --no-deps --requirement requirements.lock

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
	  --generate-hashes --no-annotate --no-header $(addprefix --extra ,$(LOCKED)) pyproject.toml --output-file requirements.lock
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header requirements-build.in --output-file requirements-build.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
