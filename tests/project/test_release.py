"""A release is made only of what fits together."""

from __future__ import annotations

import pytest

from tools.release import problems_of

READY = "# Changelog\n\nHow to write.\n\n## 1.2.0 - 2026-03-01\n\n### Added\n\n* A thing.\n"


def test_a_version_with_its_dated_heading_can_be_released() -> None:
    assert problems_of("1.2.0", "1.2.0", READY) == []


@pytest.mark.parametrize(
    ("version", "client_version", "changelog", "said"),
    [
        ("1.2.0", "1.2.0", "", "CHANGELOG.md"),  # no heading at all
        ("1.2.0", "1.2.0", "## Unreleased\n", "CHANGELOG.md"),
        ("1.2.0", "1.2.0", "## 1.2.0\n", "date"),
        ("1.2.0", "1.1.0", READY, "client"),
        ("1.2", "1.2", "## 1.2 - 2026-03-01\n", "three numbers"),
    ],
)
def test_what_does_not_fit_is_said(version: str, client_version: str, changelog: str, said: str) -> None:
    [problem] = problems_of(version, client_version, changelog)
    assert said in problem
