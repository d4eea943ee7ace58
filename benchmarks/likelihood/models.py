"""The models of the cases, written once: our API and that of the PyPI package autolens are alike here."""

from __future__ import annotations

from typing import Any

from problem import REDSHIFTS, sigmas


def model_from(al: Any, model: Any, collection: Any, case: str) -> Any:
    """SIE or power law, shear, light of lens and source; ``model`` and ``collection`` are the tool's own classes.

    21 free parameters in C1, 22 in C2, 17 in C3, whose 30 Gaussians share one centre and one ellipticity.
    """
    light = al.lp_linear if case == "c3" else al.lp
    lens = model(
        al.Galaxy,
        redshift=REDSHIFTS["lens"],
        bulge=_gaussians_from(al, model) if case == "c3" else model(al.lp.Sersic),
        mass=model(al.mp.PowerLaw if case == "c2" else al.mp.Isothermal),
        shear=model(al.mp.ExternalShear),
    )
    source = model(al.Galaxy, redshift=REDSHIFTS["source"], bulge=model(light.Sersic))
    return collection(galaxies=collection(lens=lens, source=source))


def _gaussians_from(al: Any, model: Any) -> Any:
    parts = [model(al.lp_linear.Gaussian) for _ in sigmas()]
    for part, sigma in zip(parts, sigmas(), strict=True):
        part.sigma = float(sigma)
        part.centre, part.ell_comps = parts[0].centre, parts[0].ell_comps
    return model(al.lp_basis.Basis, profile_list=parts)


def dataset_from(al: Any, problem: Any, **options: Any) -> Any:
    """The data as the tool's ``Imaging``, not masked yet."""
    from problem import PIXEL_SCALE

    def image(values: Any) -> Any:
        return al.Array2D.no_mask(values, pixel_scales=PIXEL_SCALE)

    psf = al.Convolver(kernel=image(problem.psf), normalize=True)
    return al.Imaging(data=image(problem.data), noise_map=image(problem.noise_map), psf=psf, **options)
