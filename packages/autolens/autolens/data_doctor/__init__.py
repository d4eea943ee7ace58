"""What is wrong with an observation, before it is fitted: ``al.doctor``."""
