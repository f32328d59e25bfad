# `just` lists the commands. Every line below can also be typed without just.

set shell := ["bash", "-uc"]

[private]
default:
    @just --list

# Start the service on this machine, with everything it needs.
dev *options:
    uv run lipwright serve {{ options }}

# Look at format, lint, types, import rules, pages and tests without changing a file.
check:
    uv run ruff format --check
    uv run ruff check
    uv run mypy
    uv run pytest -n 2 --dist loadfile

# Change files: format, mend what the linter can mend, remake the generated pages and drawings.
fix: && docs
    uv run ruff check --fix
    uv run ruff format

# Remake the generated pages and drawings.
docs:
    uv run python tools/reference_pages.py
    uv run python tools/service_pages.py
    uv run python tools/prompt_words_page.py
    uv run python tools/engine_page.py
    uv run python -m tools.architecture_drawing

# Run the tests; `just test tests/cli` runs some of them.
test *paths:
    uv run pytest {{ paths }}

# Run the slow tests and those on real pictures, voices and videos.
slow *paths:
    uv run pytest -m "slow or assets" {{ paths }}

# Run everything that has to hold before a change gets in, as the hosts do.
ci:
    .ci/run

# Remake what the golden tests compare with. Look at the difference before it is committed.
golden:
    uv run python -m tests.engine.render.golden.remake
    uv run python -m tests.engine.articulation.exports.remake_golden

# Measure: `just bench photo`, `sheets`, `talk`, `sync`, `server`, `preview` or `drivers`, with the options of that script.
bench name *options:
    uv run python -m bench.{{ name }} {{ options }}

# Train the learned driver; training/README.md says what has to be there.
train *options:
    uv run --with-requirements training/requirements.txt python -m training.train {{ options }}

# Pin exact versions of all that the project runs on.
pin *options:
    uv run --no-project python tools/pin.py {{ options }}

# Check that a release can be made, build it into dist/ and print the steps that are left.
release:
    uv run python tools/release.py
