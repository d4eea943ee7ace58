"""Searches, one file each."""

from autogalaxy.inference.search.levenberg_marquardt import LevenbergMarquardt
from autogalaxy.inference.search.quasi_newton import QuasiNewton
