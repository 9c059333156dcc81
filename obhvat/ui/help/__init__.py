"""Parts of «Помощ»."""
