# Everything runs from .venv, which is made and kept up to date by requirements/install: Python 3.11 or newer
# is all that has to be there.
.DEFAULT_GOAL := help
.PHONY: help run backup restore up down logs demo codes dev-web test check messages settings clients licences contracts contracts-freeze erasures bench mutants test-servers test-containers faults hostile screens lock migration clean env-run env-dev
MAKEFLAGS += --no-print-directory
PYTHON ?=
export PYTHON
python := .venv/bin/python
compose := $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)

help:
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile
	@printf '\nT names the tests to run: make test T=tests/unit/test_clock.py\nARGS is handed on:       make run ARGS="--port-cabinet 9000", make test ARGS="-k clock"\n'

env-run:
	@requirements/install run

env-dev:
	@requirements/install dev

##@ Run it
run: env-run ## start everything on this machine; Ctrl-C stops it
	@$(python) -m deploy.embedded run --until-parent-ends $(ARGS)

demo: env-run ## drive a whole inspection through the running services, and show its timeline
	@$(python) -m deploy.demo $(ARGS)

codes: env-run ## the codes that the authenticator apps of the demo's experts show now
	@$(python) -m deploy.demo.codes

backup: env-run ## seal everything that `make run` holds into a folder: TO=folder KEY=file (made if it is not there)
	@$(python) -m deploy.backup take --embedded --make-key --key "$(KEY)" $(ARGS) "$(TO)"

restore: env-run ## put a backup in the place of what `make run` holds: FROM=folder KEY=file
	@$(python) -m deploy.backup restore --embedded --key "$(KEY)" $(ARGS) "$(FROM)"

dev-web: env-run ## serve both web apps with hot reload, beside `make run` and with its services; Ctrl-C stops it
	@$(python) -m deploy.dev_web

secrets:
	@python3 deploy/docker/make_secrets.py

up: | secrets ## the whole system in containers: build, migrate, start (docs/operating.md, Containers)
	@$(compose) build && $(compose) up -d && $(compose) ps

down: ## stop the containers; what they hold stays
	@$(compose) down

logs: ## follow what the containers say; ARGS=bpa-api for one of them
	@$(compose) logs -f --tail=100 $(ARGS)

clean: ## remove the data folder, the environment and all caches
	@if [ -x $(python) ] && $(python) -m deploy.embedded status; then echo "Stop it first."; exit 1; fi
	@for path in .data .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage; do \
	  if [ -e $$path ]; then rm -rf $$path && echo "removed $$path"; fi; \
	done
	@find . -name __pycache__ -type d -prune -exec rm -rf {} + && echo "removed __pycache__ folders"

##@ Before a change lands (.ci/run does all of it)
test: env-dev ## run the tests, quick ones first; T= or ARGS= for some of them
	@$(if $(T)$(ARGS),,printf '%s\n' "All tests, on every core: most of an hour on two. Units, contracts and services come first," "then what takes its time: whole flows, faults and browsers. For less: make test T=tests/unit")
	@$(python) -m pytest $(if $(T)$(ARGS),,-n auto) $(T) $(ARGS)

check: env-dev ## lint, formatting, types, imports, contracts and migrations, and the types of the web app
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@$(python) -m pyright
	@.venv/bin/lint-imports
	@$(python) -m api_contracts.generate --check
	@$(python) -m deploy.settings_table --check
	@$(python) -m deploy.migration_check
	@$(python) -m deploy.web check

settings: env-dev ## write the table of settings from the code
	@$(python) -m deploy.settings_table

messages: env-dev ## name what is wrong with the apps' messages: gaps, placeholders, plural forms; write their types
	@$(python) -m deploy.web messages

licences: env-dev ## list the licences of what is delivered, and refuse the GPL and the AGPL; ARGS=--check compares
	@$(python) -m deploy.licences $(ARGS)

clients: env-dev ## lint the OpenAPI documents; generate and compile clients in TypeScript, Python and, with a JDK and Maven, Java; pack those for partners
	@$(python) -m api_contracts.clients

test-servers: env-dev ## run the bus, search, flow and fault tests on a real RabbitMQ, PostgreSQL 15 and Elasticsearch
	@$(python) -m tests.servers $(python) -m pytest $(if $(T)$(ARGS),,-n auto -m "not busless") $(or $(strip $(T) $(ARGS)),tests/ports tests/search_relevance tests/service/search/upkeep tests/flows tests/faults)

##@ Longer runs
test-containers: env-dev ## build the images, and play the main job through docker-compose.yml; as root, with Debian's docker.io
	@$(python) -m tests.containers

bench: env-dev ## measure the performance figures
	@$(python) -m bench $(ARGS)

mutants: env-dev ## the share of small faults in the rules that tests notice; ARGS=-h says how long it takes
	@$(python) -m tests.mutants $(ARGS)

faults: env-dev ## the long fault run on both buses: docs/reliability.md; ARGS="--bus http --inspections 100 --seed 1"
	@$(python) -m tests.faults $(ARGS)

hostile: env-dev ## send 50,000 bad requests to both services, and print what came of them
	@AUTODETECTIVE_HOSTILE_TIMES=21 $(python) -m pytest -s tests/hostile $(ARGS)

erasures: env-dev ## erase 1,000 marked clients through both services, and search every store for what is left
	@AUTODETECTIVE_TEST_ERASURES=1000 $(python) -m pytest tests/service/privacy -k nothing_is_left -s $(ARGS)

screens: env-dev ## write a picture of every screen of the client's app into docs/screens (needs a Chromium)
	@$(python) -m pytest -q tests/browser/screens.py $(ARGS)

##@ Write what is generated
contracts: env-dev ## write the OpenAPI and AsyncAPI documents from the code, and the pages for developers
	@$(python) -m api_contracts.generate

contracts-freeze: env-dev ## promise the documents as they are now
	@$(python) -m api_contracts.generate --freeze

migration: env-dev ## write a migration from the models: make migration SERVICE=bpa M="what it is for"
	@$(python) -m tests.support.write_migration "$(SERVICE)" "$(M)"

lock: env-dev ## resolve pyproject.toml into the hashed lock files; ARGS=--upgrade takes newer releases
	@PATH="$(CURDIR)/.venv/bin:$$PATH" requirements/lock $(ARGS)
