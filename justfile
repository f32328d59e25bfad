# `just` lists the commands. Each is one line that can be typed without just.

set shell := ["bash", "-uc"]

[private]
default:
    @just --list

# Start the service on this machine, with everything it needs.
dev:
    uv run lipwright serve

# Look at format, lint, types, import rules, docs and tests without changing a file.
check:
    uv run ruff format --check
    uv run ruff check
    uv run mypy
    uv run pytest

# Change files: format, order imports, mend what the linter can mend, remake the generated pages.
fix:
    uv run ruff check --fix
    uv run ruff format
    uv run python tools/reference_pages.py

# Run the tests; `just test tests/cli` runs some of them.
test *paths:
    uv run pytest {{ paths }}

# Run the slow tests and those on real pictures, voices and videos.
slow *paths:
    uv run pytest -m "slow or assets" {{ paths }}

# Pin exact versions of all that the project runs on.
pin *options:
    uv run --no-project python tools/pin.py {{ options }}
