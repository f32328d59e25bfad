"""What an account sees of itself: plan, balance, ledger, use over time, keys. All of these calls are ours."""
