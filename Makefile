# Thin: scripts/setup_env.py makes the environment when it has to and does the task in it.
# Arguments go through ARGS, as in: make test ARGS="tests/annotation -k undo"

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python,$(shell command -v $(name) 2>/dev/null)))
SETUP = $(if $(PYTHON),$(PYTHON),$(error No Python found. Debian and Ubuntu: sudo apt-get install python3 python3-venv)) scripts/setup_env.py
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test test-quick test-long test-formats lint types docs bench compare-propagation install clean

help:  ## This list
	@sed -n 's/^\([a-z%-]*\):.*##  */  make \1@/p' $(MAKEFILE_LIST) | awk -F@ '{printf "%-18s %s\n", $$1, $$2}'

run:  ## Open the program on its sample project (without a display: refine the samples into demo-output/)
	@$(SETUP) run $(ARGS)

test:  ## All tests but the long ones
	@$(SETUP) test $(ARGS)

test-quick:  ## Tests that take less than seconds each
	@$(SETUP) test -m "not slow and not long" $(ARGS)

test-long:  ## Every test, those that take minutes too
	@$(SETUP) test -m "long or not long" $(ARGS)

test-formats:  ## labelme, datumaro, supervision and others judge the formats; none may be missing
	@$(SETUP) test-formats $(ARGS)

lint:  ## ruff: rules and formatting
	@$(SETUP) lint

types:  ## basedpyright
	@$(SETUP) types $(ARGS)

docs:  ## The documentation as pages, into build/site; warnings are errors
	@$(SETUP) docs $(ARGS)

bench:  ## Benchmarks (ARGS=bench_startup for one)
	@$(SETUP) bench $(ARGS)

bench-%:  ## One benchmark, as in make bench-kernels
	@$(SETUP) bench bench_$* $(ARGS)

compare-propagation:  ## The paper's comparison (ARGS="--data DATA --out OUT"; see docs/training.md)
	@$(SETUP) compare-propagation $(ARGS)

install:  ## Only make the environment, with the tools for tests and checks
	@$(SETUP) install

clean:  ## Remove the environment and everything that can be made again
	rm -rf .venv build dist demo-output htmlcov .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
