.PHONY: demo install lint messages test
PYTHON ?= python3
PIP := .venv/bin/pip --disable-pip-version-check --quiet

demo: install
	@mkdir -p out && echo '*' >out/.gitignore && rm -f out/zhaibao.sqlite*
	@.venv/bin/zhaibao --config seeds/zhaibao.toml preview daily --out out
	@echo 'To make your own digest, run `.venv/bin/zhaibao init` and name your sources in zhaibao.toml.'

test: install
	.venv/bin/python -m pytest --numprocesses auto --dist worksteal

lint: install
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

install: .venv/installed

.venv/installed: .ci/requirements.lock pyproject.toml
	@echo "Installing into .venv (a minute or two) ..."
	@$(PYTHON) -m venv .venv && echo '*' >.venv/.gitignore
	@$(PIP) install --no-deps --require-hashes --requirement .ci/requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

messages: install
	@.venv/bin/python -m tests.locales.messages
