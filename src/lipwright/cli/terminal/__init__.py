"""What several commands share: options and their values, printing, progress, stopping, failures, output."""
