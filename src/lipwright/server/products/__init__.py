"""The products: each takes its requests, turns them into jobs and tells their results."""
