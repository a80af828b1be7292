# make app   opens the app on the sample, or on what is in index/
# make test  runs every test; make lint the linters; make lock renews the locks
# make gate  fails where a figure has fallen below its baseline
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: app test lint gate lock clean

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Python 3.11 to 3.13 is needed; say which: make PYTHON=python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

app: $(STAMP)
	@$(BIN)/rag status --json | grep -q '"documents": 0,' && $(BIN)/rag add rag/sample || true
	$(BIN)/rag app

test: $(STAMP)
	$(BIN)/python -m pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

gate: $(STAMP)
	$(BIN)/rag eval gate

# Versions and hashes only; no index address stands in the lock.
lock:
	$(PYTHON) -m pip install --quiet uv
	$(PYTHON) -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  --quiet -o requirements.lock

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
