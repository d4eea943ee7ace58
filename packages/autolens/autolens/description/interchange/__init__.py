"""Lenses in the files of other codes. They are read as numbers and names of known profiles, never as code."""
