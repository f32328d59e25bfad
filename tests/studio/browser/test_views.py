"""Every view in every state: usable by everybody, in light and dark, on a phone and at a desk."""

from __future__ import annotations

import pytest

from tests.studio.browser.axe import assert_usable_by_everybody
from tests.studio.browser.conftest import DESKTOP_WH, PHONE_WH, OnStage
from tests.studio.browser.shots import keep_shot
from tests.studio.browser.views import VIEWS

# The narrowest screen that everything has to fit on.
NARROWEST_PX = 360
SIZES = {"phone": PHONE_WH, "desk": DESKTOP_WH}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_usable_by_everybody_at_every_size_and_in_both_colours(
    name: str, size: str, on_stage: OnStage
) -> None:
    visitor, stage = on_stage(phone=size == "phone", still=True)
    VIEWS[name](stage, visitor)
    page = visitor.page
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        keep_shot(page, name)
        assert_usable_by_everybody(page)
    if size == "phone":
        page.set_viewport_size({"width": NARROWEST_PX, "height": PHONE_WH[1]})
    beyond_px = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert beyond_px <= 0, f"{beyond_px} px lie beside the screen"
