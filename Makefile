# Weighbridge. `make demo` is the main job, `make test` the fast suite, `make ci` everything.
SHELL := /bin/bash
# Two GNU OpenMP threads on shared cores spin on each other: one thread is faster there, and gives the same bytes everywhere.
export OMP_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= PASSIVE
export HF_HUB_OFFLINE ?= 1
export PYTHONDONTWRITEBYTECODE :=
# uv reads no pip settings: hand on the folder of local wheels, where there is one.
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)

PY := .venv/bin/python
# A machine that offers a local CPU build of torch takes that one; users are not bound to it.
LOCAL_TORCH := $(firstword $(wildcard $(addsuffix /torch-2.13.0+cpu-*.whl,$(PIP_FIND_LINKS))))
CONSTRAINTS := -c constraints/lock.txt $(if $(LOCAL_TORCH),-c constraints/local-cpu-torch.txt)
WORKERS ?= 2

.PHONY: demo test slow ci check fix bench docs install clean coverage
.DEFAULT_GOAL := demo

install: .venv/.installed

.venv/.installed: pyproject.toml constraints/lock.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Weighbridge needs Python 3.11 or newer; this is " + sys.version)'
	python3 -m venv .venv
	.venv/bin/python -m pip install -q --disable-pip-version-check uv==0.13.9
	.venv/bin/uv pip install -q --compile-bytecode -p $(PY) $(CONSTRAINTS) -e '.[boosting,detection,geo,hub,identifiers,languages,lm,media,served,spark,tabular,warehouse,dev]'
	@touch $@

demo: install
	$(PY) examples/demo.py

test: install
	$(PY) -m pytest -n $(WORKERS) -m "not slow and not gpu"

# axe-core finds what hinders readers; it is a development asset, and without it its test says why it is skipped.
.tools/axe.min.js:
	@mkdir -p .tools
	@cd .tools && npm pack --silent axe-core@4.14.1 >/dev/null 2>&1 \
	  && tar -xzf axe-core-4.14.1.tgz package/axe.min.js && mv package/axe.min.js . && rm -rf package axe-core-4.14.1.tgz \
	  || echo "axe-core could not be fetched: the accessibility test will be skipped"

# A real server for language models, built once from source into an environment of its own; where it cannot be built, the
# tests against it say so and are skipped.
.tools/llama/.tried: install
	@mkdir -p .tools/llama
	@python3 -m venv .tools/llama/venv \
	  && .venv/bin/uv pip install -q -p .tools/llama/venv/bin/python 'llama-cpp-python[server]==0.3.36' gguf >.tools/llama/build.log 2>&1 \
	  || echo "llama-cpp-python could not be built (.tools/llama/build.log): the tests against a real server will be skipped"
	@touch $@

# The published JSON Schema of SARIF, as a package of its makers carries it; without it its test says why it is skipped.
.tools/sarif-2.1.0.json:
	@mkdir -p .tools
	@cd .tools && npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 >/dev/null 2>&1 \
	  && tar -xzf microsoft-jest-sarif-1.0.0-beta.0.tgz package/lib/schemas/sarif-2.1.0-rtm.5.json \
	  && mv package/lib/schemas/sarif-2.1.0-rtm.5.json sarif-2.1.0.json && rm -rf package microsoft-jest-sarif-1.0.0-beta.0.tgz \
	  || echo "the schema of SARIF could not be fetched: the test against it will be skipped"

coverage: install
	$(PY) -m pytest -n $(WORKERS) -m "not slow and not gpu" --cov --cov-report=term:skip-covered

slow: install .tools/axe.min.js .tools/sarif-2.1.0.json .tools/llama/.tried
	WEIGHBRIDGE_LLAMA_PYTHON=$${WEIGHBRIDGE_LLAMA_PYTHON:-$(CURDIR)/.tools/llama/venv/bin/python} $(PY) -m pytest -n $(WORKERS) -m "slow and not gpu"

docs: install
	$(PY) docs/make_reference.py

check: install
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/codespell

fix: install
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

ci: check test slow

bench: install
	$(PY) benchmarks/extraction.py
	$(PY) benchmarks/detection.py
	$(PY) benchmarks/media.py
	$(PY) benchmarks/folds.py

clean:
	rm -rf .venv .weighbridge .tools
