# make demo    the main job, once, on the sample shop            make test    everything, with real servers and a browser
# make check   lint, types, fast tests                           make bless   write goldens anew (then read the diff)
# make bench   figures, each beside its limit or a peer          make soak    long campaigns
#
# A fresh Debian-like machine needs Python 3.11 or newer, make, and root or sudo for system packages.

PYTHON ?= python3
BIN := .venv/bin
APT := .ci/apt
BROWSER := $(BIN)/python -c 'import sys; from scrapers.visiting.browser import browser_state; sys.exit(browser_state().path is None)'

.PHONY: demo test check bless bench soak clean

demo: .venv/installed
	@$(BROWSER) || $(APT) chromium-headless-shell chromium-sandbox libatomic1 || $(BIN)/playwright install chromium
	@command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ] || $(APT) dovecot-imapd || true
	$(BIN)/orderwatch demo --dir demo --no-open

test: .venv/installed-dev
	@$(BROWSER) || $(APT) chromium-headless-shell chromium-sandbox libatomic1 || $(BIN)/playwright install chromium
	@command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ] || $(APT) dovecot-imapd
	@command -v ip >/dev/null || [ -x /sbin/ip ] || $(APT) iproute2
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -m "not slow and not browser and not server"

bless: .venv/installed-dev
	$(BIN)/python -m pytest -q --bless -m "not slow and not browser and not server"
	git diff --stat

bench: .venv/installed-dev
	$(BIN)/python -m bench.reading
	$(BIN)/python -m bench.intents
	$(BIN)/python -m bench.judging
	$(BIN)/python -m bench.simulating
	$(BIN)/python -m bench.looking_speed
	$(BIN)/python -m bench.looking

soak: .venv/installed-dev
	ORDERWATCH_KILLS=10000 $(BIN)/python -m pytest -q tests/pipeline/test_kill.py --timeout 0
	ORDERWATCH_LOOKS=500 $(BIN)/python -m pytest -q -s tests/farm -k stays_flat --timeout 0

.venv/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv || { $(APT) python3-venv && $(PYTHON) -m venv .venv; }
	@touch $@

.venv/installed: .venv/pip pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/installed-dev: .venv/pip pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ .venv/installed

clean:
	rm -rf .venv demo dist build .mypy_cache .ruff_cache .pytest_cache
