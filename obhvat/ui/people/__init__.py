"""Who is looking: the PIN and the lock, the table of roles."""
