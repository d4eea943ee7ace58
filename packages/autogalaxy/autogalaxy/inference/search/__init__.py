"""Searches, one file each."""

from autogalaxy.inference.search.levenberg_marquardt import LevenbergMarquardt
