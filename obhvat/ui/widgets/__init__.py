"""What pages are made of: a tile, a table, a picture, a form; none knows which page it is on."""
