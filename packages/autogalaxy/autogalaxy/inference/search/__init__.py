"""Searches, one file each."""

from autogalaxy.inference.search.lbfgs import LBFGS
from autogalaxy.inference.search.levenberg_marquardt import LevenbergMarquardt
from autogalaxy.inference.search.multi_start_adam import MultiStartAdam
from autogalaxy.inference.search.quasi_newton import QuasiNewton
