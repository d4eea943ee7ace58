"""From optima to a posterior: coordinates, proposals, importance sampling, Hamiltonian Monte Carlo, evidences."""
