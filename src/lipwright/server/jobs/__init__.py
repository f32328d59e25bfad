"""From a queued project to a finished one: claiming, rendering, settling."""
