"""Fit a lens from its FITS files, with results, pictures and a report in a folder: python fit_a_lens.py FOLDER."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import autolens as al

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "my_lens")
info = json.loads((folder / "info.json").read_text())
output = Path(f"{folder.name}_fit")

dataset = al.Imaging.from_fits(
    folder / "data.fits", folder / "noise_map.fits", folder / "psf.fits", pixel_scales=info["pixel_scale"]
)
print(al.doctor(dataset))

mask = al.Mask2D.circular(dataset.shape_native, pixel_scales=dataset.pixel_scales, radius=info["mask_radius"])
dataset = dataset.apply_mask(mask)

# Priors from the image. Any model can stand here, see stars_and_dark_matter.py.
model = al.lens_model_from(
    dataset,
    "sie+shear",
    redshift_lens=info["redshift_lens"],
    redshift_source=info["redshift_source"],
    lens_sersics=1,
)
print(model.info)

# samplers=() stops at the best fit, with Gaussian errors; without it comes the posterior with its evidence.
search = al.Auto(output_path=output, samplers=(), seed=1, show_progress=False)
result = search.fit(model, al.AnalysisImaging(dataset, use_jax=True))

print(result.samples.summary)
print(result.verdict)
al.plot.subplot_fit(result.max_log_likelihood_fit, path=output / "fit.png")
print("report:", al.report(output))
