"""Table → which dataset, which column is which field, or a question: `recognise_file` and `know` give `Known`."""
