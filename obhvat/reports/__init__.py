"""Documents out: Excel now, from the same figures as the screen."""
