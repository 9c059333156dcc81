"""Every figure once more, from the raw files of an oblast: nothing of the product's counting is used here.

`files` reads bytes into typed rows, `known` says what of them was known at a moment and what places there were, the
others count: `absences`, `rules`, `cases`, `ladder`, `followed`, `checks`. What they follow are the definitions in
words (metrics.toml), so that a mistake of the product is not made twice.
"""
