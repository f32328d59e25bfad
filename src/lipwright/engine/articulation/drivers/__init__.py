"""The articulation drivers, one file each; best first."""

from __future__ import annotations

from lipwright.engine.articulation.driver import ArticulationDriver
from lipwright.engine.articulation.drivers.combined import CombinedDriver
from lipwright.engine.articulation.drivers.energy import EnergyDriver
from lipwright.engine.articulation.drivers.learned import LearnedDriver
from lipwright.engine.articulation.drivers.phones import PhonesDriver

# In order of preference, best measured first (docs/reference/quality.md): the first one that can work
# with what is known is the default. Making another one the default is moving its row up.
DRIVERS: tuple[ArticulationDriver, ...] = (
    CombinedDriver(),
    LearnedDriver(),
    PhonesDriver(),
    EnergyDriver(),
)
