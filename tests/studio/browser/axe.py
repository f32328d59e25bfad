"""Whether everybody can use a page, as far as axe-core finds out by itself."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 2.2 AA and what axe-core holds for good practice.
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Nothing has moved for a moment; what turns for ever does not count. An evaluation has no time limit of its
# own, and what is never drawn never finishes: after the limit the page is looked at as it is.
SETTLED = """async limit_ms => {
  const moving = () => document.getAnimations()
    .filter(one => one.playState === 'running' && one.effect?.getComputedTiming().iterations !== Infinity);
  const pause = delay_ms => new Promise(done => setTimeout(done, delay_ms));
  const end_ms = performance.now() + limit_ms;
  do {
    const ended = Promise.all(moving().map(one => one.finished.catch(() => null)));
    await Promise.race([ended, pause(end_ms - performance.now())]);
    await pause(200);
  } while (moving().length && performance.now() < end_ms);
}"""
SETTLE_LIMIT_MS = 5_000


def assert_usable_by_everybody(page: Page) -> None:
    """Fails with every violation on the page as it is shown now."""
    # What is fading in has the contrast of neither its beginning nor its end; a late answer begins it anew.
    page.evaluate(SETTLED, SETTLE_LIMIT_MS)
    found = Axe().run(page, options=OPTIONS).response["violations"]
    lines = [
        f"{one['id']} ({one['impact']}): {one['help']}\n"
        + "\n".join(f"    {node['html'][:200]}\n      {node['failureSummary']}" for node in one["nodes"][:4])
        for one in found
    ]
    assert not found, f"{page.url}\n" + "\n".join(lines)
