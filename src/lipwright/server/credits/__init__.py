"""What calls cost: plans and the ledger."""
