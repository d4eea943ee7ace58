"""The ``autolens`` command: a simulated lens, a lens from files, what is installed. No numerics live here."""
