"""Parts of the page «Страна»."""
