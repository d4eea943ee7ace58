"""Composition of models and their inference; knows arrays and parameters, but no galaxy."""

from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.inference.model import Array, Collection, Model
from autogalaxy.inference.result import Result
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search import LBFGS, LevenbergMarquardt, MultiStartAdam, QuasiNewton
