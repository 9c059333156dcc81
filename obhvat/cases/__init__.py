"""Cases: how they add up, where each stands, whose the next step is, and what people enter about them here."""
