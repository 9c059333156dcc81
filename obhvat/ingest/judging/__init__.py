"""What a table would change in the store, and what is doubtful about it: `judge` gives `Judged`."""
