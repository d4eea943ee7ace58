"""Lenses in files: descriptions in TOML, and the files of other codes. Nothing in a file can name code to run."""
