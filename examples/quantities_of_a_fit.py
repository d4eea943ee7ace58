"""What follows from a fit that is on the disk, with errors: python quantities_of_a_fit.py FOLDER."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import autolens as al

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "my_lens_fit")
result = al.load_result(folder)

# Parameters, with errors of one sigma.
medians = result.samples.median_pdf_vector
errors = result.samples.errors_at_sigma(1.0)
for name, unit, median, (down, up) in zip(result.samples.names, result.model.units, medians, errors, strict=True):
    print(f"{name:50} {median:10.4f} -{down:.4f} +{up:.4f} {unit}")

# Quantities that are no parameters: those there are, and functions of yours.
latents = result.latents_with(
    {
        "axis_ratio": lambda instance: al.convert.axis_ratio_from(instance.galaxies.lens.mass.ell_comps),
        "shear": lambda instance: al.convert.shear_magnitude_from(
            instance.galaxies.lens.shear.gamma_1, instance.galaxies.lens.shear.gamma_2
        ),
    }
)
print(latents.summary)

# Objects of the best fit, to compute with.
tracer = result.max_log_likelihood_tracer
calc = al.LensCalc.from_tracer(tracer)
grid = al.Grid2D.uniform(shape_native=(200, 200), pixel_scales=0.05)
print("Einstein radius of the whole lens:", round(float(calc.einstein_radius_from(grid)), 4), "arcsec")

# Every fit below a folder, one line each.
table = al.results(".").table
with open("fits.csv", "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(table.colnames)
    writer.writerows(table.iterrows())
