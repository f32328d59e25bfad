"""What an order would cost and how long it would take, before it is placed."""
