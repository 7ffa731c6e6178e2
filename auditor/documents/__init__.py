"""Files that people write: reading their bytes, and comparing their tree with a shape."""
