"""What every process of the service has: logs, repeating work, heartbeats."""
