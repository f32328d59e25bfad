"""An operator changes the prices while servers and workers run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.service import Service, wait_until


@pytest.mark.slow
def test_new_prices_count_without_a_restart_and_jobs_under_way_keep_theirs(
    service: Service, tmp_path: Path
) -> None:
    service.serve(workers=0)
    early = service.speak("x" * 100)
    plans = service.command("installation", "show", "plans")
    file = tmp_path / "new.toml"
    file.write_text(plans.replace("speech_per_character = 0.1", "speech_per_character = 2"))
    service.command("installation", "load", "plans", str(file))
    late: list[str] = []

    def costs_more() -> bool:
        late.append(service.speak("y" * 100))
        return bool(service.row(late[-1]).credits_charged == 200)

    wait_until(costs_more, 60, "the server follows")
    service.worker()
    assert service.wait_for([early, late[-1]]) == ["complete", "complete"]
    assert [service.row(one).credits_charged for one in (early, late[-1])] == [10, 200]
    service.check_books([early, *late])
    service.stop()
