"""What several commands share: options, messages, progress, failures."""
