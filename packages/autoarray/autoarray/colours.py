"""Colours that figures and reports share; no plotting library is needed to know them."""

TANGENTIAL = "#ff7f0e"
"""Tangential critical curves and caustics, and whatever else must be seen on every colour map."""
RADIAL = "#f5f5f5"
