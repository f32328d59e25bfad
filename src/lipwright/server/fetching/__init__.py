"""Getting files from addresses that callers name, without reaching where they must not."""
