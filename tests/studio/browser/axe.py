"""Whether everybody can use a page, as far as axe-core finds out by itself."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 2.2 AA and what axe-core holds for good practice.
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def assert_usable_by_everybody(page: Page) -> None:
    """Fails with every violation on the page as it is shown now."""
    # What is fading in has the contrast of neither its beginning nor its end.
    page.evaluate(
        "() => Promise.all(document.getAnimations()"
        ".filter(one => one.effect?.getComputedTiming().iterations !== Infinity)"
        ".map(one => one.finished.catch(() => null)))"
    )
    found = Axe().run(page, options=OPTIONS).response["violations"]
    lines = [
        f"{one['id']} ({one['impact']}): {one['help']}\n"
        + "\n".join(f"    {node['html'][:200]}\n      {node['failureSummary']}" for node in one["nodes"][:4])
        for one in found
    ]
    assert not found, f"{page.url}\n" + "\n".join(lines)
