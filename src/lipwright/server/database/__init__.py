"""The tables and how they are reached: one connection per request or job."""
