"""Conversions between the parameters of profiles and the quantities they stand for; angles in degrees."""

from __future__ import annotations

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_concrete_number
from autoarray.arguments import checked
from autoarray.type import Array, Namespace


@checked(exc.ProfileException)
def ell_comps_from(axis_ratio: Array, angle: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """``(f sin 2 phi, f cos 2 phi)``, ``f = (1 - q) / (1 + q)``, of axis ratio q and major-axis angle phi [degrees]."""
    _check("axis_ratio", axis_ratio, above=0.0, most=1.0)
    f = (1.0 - axis_ratio) / (1.0 + axis_ratio)
    return _components_from(f, angle, order=2, xp=xp)


@checked(exc.ProfileException)
def axis_ratio_and_angle_from(ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
    """Axis ratio q in (0, 1] and major-axis angle [degrees] in (-90, 90]."""
    f, angle = _modulus_and_angle_from(ell_comps, order=2, xp=xp)
    _check("modulus of ell_comps", f, most=1.0)
    return (1.0 - f) / (1.0 + f), angle


@checked(exc.ProfileException)
def axis_ratio_from(ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
    """Axis ratio q in (0, 1]."""
    return axis_ratio_and_angle_from(ell_comps, xp=xp)[0]


@checked(exc.ProfileException)
def angle_from(ell_comps: tuple[Array, Array], xp: Namespace = np) -> Array:
    """Major-axis angle [degrees] in (-90, 90]."""
    return axis_ratio_and_angle_from(ell_comps, xp=xp)[1]


@checked(exc.ProfileException)
def shear_gamma_1_2_from(magnitude: Array, angle: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """``(gamma_1, gamma_2) = gamma (cos 2 phi, sin 2 phi)``; ``angle`` [degrees] is the direction of stretching."""
    gamma_2, gamma_1 = _components_from(magnitude, angle, order=2, xp=xp)
    return gamma_1, gamma_2


@checked(exc.ProfileException)
def shear_magnitude_and_angle_from(gamma_1: Array, gamma_2: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """Magnitude and angle [degrees] in [0, 180) of a shear."""
    magnitude, angle = _modulus_and_angle_from((gamma_2, gamma_1), order=2, xp=xp)
    return magnitude, xp.where(angle < 0.0, angle + 180.0, angle)


@checked(exc.ProfileException)
def shear_magnitude_from(gamma_1: Array, gamma_2: Array, xp: Namespace = np) -> Array:
    """Magnitude of a shear."""
    return shear_magnitude_and_angle_from(gamma_1, gamma_2, xp=xp)[0]


@checked(exc.ProfileException)
def shear_angle_from(gamma_1: Array, gamma_2: Array, xp: Namespace = np) -> Array:
    """Angle [degrees] in [0, 180) of a shear."""
    return shear_magnitude_and_angle_from(gamma_1, gamma_2, xp=xp)[1]


@checked(exc.ProfileException)
def multipole_k_m_and_phi_m_from(
    multipole_comps: tuple[Array, Array], m: int, xp: Namespace = np
) -> tuple[Array, Array]:
    """Strength k_m and angle phi_m [degrees] in [0, 360 / m) of ``(k_m sin m phi_m, k_m cos m phi_m)``."""
    k_m, angle = _modulus_and_angle_from(multipole_comps, order=m, xp=xp)
    return k_m, xp.where(angle < 0.0, angle + 360.0 / m, angle)


@checked(exc.ProfileException)
def multipole_k_m_phi_m_and_shape_angle_from(
    multipole_comps: tuple[Array, Array],
    m: int,
    ell_comps: tuple[Array, Array] | None = None,
    ellipse_angle: Array | None = None,
    xp: Namespace = np,
) -> tuple[Array, Array, Array]:
    """Strength, angle and shape angle, from the multipole to the major axis of its ellipse, in (-180 / m, 180 / m].

    The ellipse is given by its ``ell_comps`` or by its angle [degrees]. For m = 4, zero is discy and 45 is boxy.
    """
    if (ell_comps is None) == (ellipse_angle is None):
        raise exc.ProfileException(
            f"got ell_comps={exc.shown(ell_comps)} and ellipse_angle={exc.shown(ellipse_angle)}, wanted one of them: "
            "multipole_k_m_phi_m_and_shape_angle_from((0.01, 0.0), m=4, ell_comps=(0.1, 0.0))."
        )
    k_m, phi_m = multipole_k_m_and_phi_m_from(multipole_comps, m, xp=xp)
    angle = ellipse_angle if ell_comps is None else angle_from(ell_comps, xp=xp)
    return k_m, phi_m, 180.0 / m - (180.0 / m - (angle - phi_m)) % (360.0 / m)


@checked(exc.ProfileException)
def multipole_comps_from(
    k_m: Array,
    phi_m: Array | None = None,
    m: int = 4,
    shape_angle: Array | None = None,
    ellipse_angle: Array | None = None,
    xp: Namespace = np,
) -> tuple[Array, Array]:
    """``(k_m sin m phi_m, k_m cos m phi_m)`` of strength k_m and angle phi_m, or shape and ellipse angle [degrees]."""
    if phi_m is None:
        if shape_angle is None or ellipse_angle is None:
            raise exc.ProfileException(
                f"got phi_m=None, shape_angle={exc.shown(shape_angle)} and "
                f"ellipse_angle={exc.shown(ellipse_angle)}, wanted phi_m or "
                "both others: multipole_comps_from(0.01, phi_m=20.0, m=4)."
            )
        phi_m = ellipse_angle - shape_angle
    return _components_from(k_m, phi_m, order=m, xp=xp)


@checked(exc.ProfileException)
def intermediate_einstein_radius_from(
    einstein_radius: Array, axis_ratio: Array, slope: Array = 2.0, xp: Namespace = np
) -> Array:
    r"""``theta_E`` of the SIE, EPL, PEMD of lenstronomy and COOLEST from ``einstein_radius`` of ours [arcsec].

    They normalize on the intermediate axis, :math:`\kappa = \frac{3 - g}{2} (\theta'_E / \sqrt q m)^{g - 1}`:

    .. math:: \theta'_E = \sqrt q \left(\frac{2}{1 + q}\right)^{1 / (g - 1)} \theta_E

    ``slope`` g is their ``gamma``. The area inside the tangential critical curve of an isothermal lens is
    :math:`\pi \theta'^2_E`.
    """
    return einstein_radius / _intermediate_ratio(axis_ratio, slope, xp=xp)


@checked(exc.ProfileException)
def einstein_radius_from_intermediate(
    theta_E: Array, axis_ratio: Array, slope: Array = 2.0, xp: Namespace = np
) -> Array:
    """``einstein_radius`` of ours from ``theta_E`` of lenstronomy and COOLEST [arcsec]."""
    return theta_E * _intermediate_ratio(axis_ratio, slope, xp=xp)


def _intermediate_ratio(axis_ratio: Array, slope: Array, xp: Namespace = np) -> Array:
    _check("axis_ratio", axis_ratio, above=0.0, most=1.0)
    _check("slope", slope, above=1.0, most=3.0)
    return (0.5 * (1.0 + axis_ratio)) ** (1.0 / (slope - 1.0)) / xp.sqrt(axis_ratio)


@checked(exc.ProfileException)
def lenstronomy_e1_e2_from(ell_comps: tuple[Array, Array]) -> tuple[Array, Array]:
    """``(e1, e2)`` of lenstronomy, ``f (cos 2 phi, sin 2 phi)``: the two components in the other order."""
    return ell_comps[1], ell_comps[0]


@checked(exc.ProfileException)
def ell_comps_from_lenstronomy(e1: Array, e2: Array) -> tuple[Array, Array]:
    """``ell_comps`` from ``(e1, e2)`` of lenstronomy."""
    return e2, e1


@checked(exc.ProfileException)
def lenstronomy_shear_polar_from(gamma_1: Array, gamma_2: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """``(gamma_ext, psi_ext)`` of ``SHEAR_GAMMA_PSI``, the angle in radians; ``SHEAR`` has our gamma1, gamma2."""
    magnitude, angle = shear_magnitude_and_angle_from(gamma_1, gamma_2, xp=xp)
    return magnitude, xp.deg2rad(angle)


@checked(exc.ProfileException)
def shear_from_lenstronomy_polar(gamma_ext: Array, psi_ext: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """``(gamma_1, gamma_2)`` from ``(gamma_ext, psi_ext)`` of lenstronomy, the angle in radians."""
    return shear_gamma_1_2_from(gamma_ext, xp.rad2deg(psi_ext), xp=xp)


@checked(exc.ProfileException)
def lenstronomy_nfw_from(
    kappa_s: Array, scale_radius: Array, axis_ratio: Array = 1.0, xp: Namespace = np
) -> tuple[Array, Array]:
    r"""``(alpha_Rs, Rs)`` of lenstronomy [arcsec] from ``kappa_s`` and ``scale_radius`` [arcsec].

    ``Rs`` is measured on the intermediate axis and ``alpha_Rs`` is the deflection there of the round halo,
    :math:`4 \kappa_s R_s (1 + \ln \frac{1}{2})`.
    """
    _check("axis_ratio", axis_ratio, above=0.0, most=1.0)
    radius = scale_radius * xp.sqrt(axis_ratio)
    return 4.0 * kappa_s * radius * (1.0 + np.log(0.5)), radius


@checked(exc.ProfileException)
def nfw_from_lenstronomy(
    alpha_Rs: Array, Rs: Array, axis_ratio: Array = 1.0, xp: Namespace = np
) -> tuple[Array, Array]:
    """``(kappa_s, scale_radius)`` from ``(alpha_Rs, Rs)`` of lenstronomy."""
    _check("axis_ratio", axis_ratio, above=0.0, most=1.0)
    return alpha_Rs / (4.0 * Rs * (1.0 + np.log(0.5))), Rs / xp.sqrt(axis_ratio)


@checked(exc.ProfileException)
def coolest_angle_from(angle: Array, xp: Namespace = np) -> Array:
    """``phi`` of COOLEST [degrees] in (-90, 90], counter-clockwise from the positive y-axis, of our ``angle``."""
    return 90.0 - (180.0 - xp.asarray(angle)) % 180.0


@checked(exc.ProfileException)
def angle_from_coolest(phi: Array, xp: Namespace = np) -> Array:
    """Angle [degrees] in (-90, 90], counter-clockwise from the positive x-axis, of ``phi`` of COOLEST."""
    return 90.0 - (-xp.asarray(phi)) % 180.0


@checked(exc.ProfileException)
def coolest_q_phi_from(ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
    """``(q, phi)`` of COOLEST, the angle [degrees] in (-90, 90] from the positive y-axis."""
    axis_ratio, angle = axis_ratio_and_angle_from(ell_comps, xp=xp)
    return axis_ratio, coolest_angle_from(angle, xp=xp)


@checked(exc.ProfileException)
def ell_comps_from_coolest(q: Array, phi: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """``ell_comps`` from ``(q, phi)`` of COOLEST."""
    return ell_comps_from(axis_ratio=q, angle=phi + 90.0, xp=xp)


@checked(exc.ProfileException)
def coolest_shear_from(gamma_1: Array, gamma_2: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """``(gamma_ext, phi_ext)`` of COOLEST, the angle [degrees] in (-90, 90] from the positive y-axis."""
    magnitude, angle = shear_magnitude_and_angle_from(gamma_1, gamma_2, xp=xp)
    return magnitude, coolest_angle_from(angle, xp=xp)


@checked(exc.ProfileException)
def shear_from_coolest(gamma_ext: Array, phi_ext: Array, xp: Namespace = np) -> tuple[Array, Array]:
    """``(gamma_1, gamma_2)`` from ``(gamma_ext, phi_ext)`` of COOLEST."""
    return shear_gamma_1_2_from(gamma_ext, phi_ext + 90.0, xp=xp)


def _check(name: str, value: Array, above: float = -np.inf, most: float = np.inf) -> None:
    """Raise where a number that can be looked at is not finite, or outside the range."""
    if is_concrete_number(value) or isinstance(value, np.ndarray | str | None):
        number = np.nan if isinstance(value, str | None) else np.asarray(value, dtype=float)
        if not np.all(np.isfinite(number) & (number > above) & (number <= most)):
            limits = f" above {above:g}" if above > -np.inf else ""
            limits += f" and at most {most:g}" if most < np.inf else ""
            raise exc.ProfileException(f"got {name}={exc.shown(value)}, wanted a finite number{limits}.")


def _components_from(modulus: Array, angle: Array, order: int, xp: Namespace = np) -> tuple[Array, Array]:
    _check("modulus", modulus)
    _check("angle", angle)
    phase = order * xp.deg2rad(angle)
    return modulus * xp.sin(phase), modulus * xp.cos(phase)


def _modulus_and_angle_from(components: tuple[Array, Array], order: int, xp: Namespace = np) -> tuple[Array, Array]:
    """Modulus and angle [degrees]; both have the gradient zero where both components are zero."""
    if order < 1:
        raise exc.ProfileException(f"got m={order}, wanted a whole number of at least 1: m=4.")
    if is_concrete_number(components):
        raise exc.ProfileException(f"got {exc.shown(components)}, wanted a pair of components: (0.1, 0.0).")
    sine, cosine = components
    for component in components:
        _check("component", component)
    squared = xp.asarray(sine**2 + cosine**2)
    off = squared > 0.0
    modulus = xp.where(off, xp.sqrt(xp.where(off, squared, 1.0)), 0.0)
    return modulus, xp.rad2deg(xp.arctan2(sine, xp.where(off, cosine, 1.0))) / order
