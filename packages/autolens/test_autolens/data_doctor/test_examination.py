"""Clean data are silent; every fault that is put in is named, with the number that was put in."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage, stats

import autolens as al
from autolens import exc
from autolens.data_doctor.examination import examined
from autolens.data_doctor.images import Images
from autolens.data_doctor.sky import blocks_from

SCATTER = 0.05
SEED = 7


def names_of(diagnosis, least="warning"):
    wanted = ("warning", "error") if least == "warning" else ("note", "warning", "error")
    return {finding.name for finding in diagnosis.findings if finding.severity in wanted}


def finding_of(images, name):
    finding = examined(images).named(name)
    assert finding is not None
    return finding


def test_clean_data_are_good(images):
    diagnosis = examined(images)
    assert diagnosis.findings == ()
    assert (diagnosis.worst, diagnosis.exit_code) == ("good", 0)


def test_sky_scatter_and_ratio_are_those_that_were_drawn(images):
    facts = examined(images).facts
    assert facts["sky_scatter"] == pytest.approx(SCATTER, rel=0.02)
    assert facts["noise_ratio"] == pytest.approx(1.0, abs=4.0 * facts["noise_ratio_error"])
    assert facts["noise_ratio_error"] < 0.02
    assert facts["noise_ratio_bright"] == pytest.approx(1.0, abs=4.0 * facts["noise_ratio_bright_error"])


def test_guesses_are_the_lens_and_half_the_distance_of_its_images(images):
    guesses = examined(images).guesses
    assert guesses["lens_centre"] == pytest.approx((0.2, -0.1), abs=0.02)
    assert guesses["einstein_radius"] == pytest.approx(1.2, abs=0.05)  # (1.4 + 1.0) / 2
    places = np.array(guesses["arc_positions"])
    for place in ((1.6, -0.1), (-0.8, -0.1)):
        assert np.sqrt(((places - place) ** 2).sum(axis=1)).min() < 0.11


@pytest.mark.parametrize("factor", [0.7, 1.5])
def test_noise_map_that_is_off_by_a_factor(images, factor):
    finding = finding_of(replace(images, noise_map=images.noise_map / factor), "noise_scale")
    assert finding.value == pytest.approx(factor, rel=0.02)
    assert f"{finding.value:.3f} * noise_map" in finding.mend


@pytest.mark.parametrize(
    ("power", "call"),
    [(2, "variance_map"), (-2, "weight_map"), (-1, "inverse_standard_deviation_map")],
)
def test_map_that_is_no_standard_deviation(images, power, call):
    finding = finding_of(replace(images, noise_map=images.noise_map**power), "noise_kind")
    assert finding.severity == "error"
    assert call in finding.mend


def test_map_that_is_the_variance_of_the_sky_by_chance_is_off_by_a_factor(images):
    unit = 0.6 / SCATTER  # the sky scatters by 0.6, the map says 0.36
    by_chance = replace(images, data=unit * images.data, noise_map=0.6 * unit * images.noise_map)
    assert finding_of(by_chance, "noise_scale").value == pytest.approx(1.0 / 0.6, rel=0.02)
    assert examined(by_chance).named("noise_kind") is None


def test_constant_noise(images):
    finding = finding_of(replace(images, noise_map=np.full_like(images.noise_map, SCATTER)), "noise_constant")
    assert finding.value == 1.0


def test_floor_of_noise_names_it_and_how_much_of_the_map_it_is(images):
    noise_map = np.maximum(images.noise_map, 0.07)
    finding = finding_of(replace(images, noise_map=noise_map), "noise_floor")
    assert finding.value == pytest.approx(np.mean(noise_map == 0.07))
    assert "0.07" in finding.what
    assert finding.severity == "warning"


def test_floor_that_is_the_noise_of_the_sky_is_a_note(images):
    noise_map = np.sqrt(SCATTER**2 + np.maximum(images.noise_map**2 - (1.03 * SCATTER) ** 2, 0.0))
    assert finding_of(replace(images, noise_map=noise_map), "noise_floor").severity == "note"


def test_missing_poisson_term(images):
    texture = np.random.default_rng(SEED).normal(1.0, 0.01, images.data.shape)
    finding = finding_of(replace(images, noise_map=SCATTER * texture), "noise_poisson")
    assert abs(finding.value) < 0.01  # the variance does not rise at all


def test_variance_that_rises_otherwise_than_the_exposure_time_says(images):
    assert examined(replace(images, exposure_time=500.0)).named("noise_units") is None
    finding = finding_of(replace(images, exposure_time=2000.0), "noise_units")
    assert finding.value == pytest.approx(4.0, rel=0.1)  # the variance rises by 1 / 500


def test_correlated_noise_and_by_how_much_sums_scatter_more(images, light):
    kernel = np.array([[0.0, 1.0, 0.0], [1.0, 4.0, 1.0], [0.0, 1.0, 0.0]])
    noise = ndimage.convolve(np.random.default_rng(SEED).normal(size=light.shape), kernel)
    noise *= images.noise_map / np.sqrt((kernel**2).sum())
    finding = finding_of(replace(images, data=light + noise), "noise_correlated")
    assert finding.value == pytest.approx(kernel.sum() / np.sqrt((kernel**2).sum()), rel=0.08)


def test_sky_level(images):
    finding = finding_of(replace(images, data=images.data + 0.5 * SCATTER), "background_level")
    assert finding.value == pytest.approx(0.5, abs=0.1)


def test_sky_gradient_and_where_it_rises_to(images):
    y, x = images.coordinates
    plane = 2.0 * SCATTER * (0.6 * y + 0.8 * x) / 12.1
    finding = finding_of(replace(images, data=images.data + plane), "background_gradient")
    assert finding.value == pytest.approx(2.0, rel=0.15)
    direction = float(finding.what.split("towards ")[1].split(" ")[0])
    assert direction == pytest.approx(np.degrees(np.arctan2(0.6, 0.8)), abs=10.0)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_data_that_are_not_finite_are_an_error_where_they_are_fitted(images, value):
    data = images.data.copy()
    data[30:33, 30:33] = value
    assert finding_of(replace(images, data=data), "data_not_finite").severity == "error"
    mask = np.zeros(data.shape, dtype=bool)
    mask[28:35, 28:35] = True
    masked = finding_of(replace(images, data=data, mask=mask), "data_not_finite")
    assert (masked.severity, masked.value) == ("note", 9.0)


def test_noise_of_zero_and_flagged_noise(images):
    noise_map = images.noise_map.copy()
    noise_map[5, 5:8], noise_map[9, 9] = 0.0, 1e16
    diagnosis = examined(replace(images, noise_map=noise_map))
    assert diagnosis.named("noise_not_positive").value == 3.0
    assert diagnosis.named("flagged_pixels").value == 1e16
    assert "overflow" not in diagnosis.named("flagged_pixels").effect  # (1e16)^2 is a number in single precision


def test_hot_and_dead_pixels_are_found_and_a_star_is_not(images, psf):
    data = images.data.copy()
    data[20:37, 80:97] += 40.0 * psf
    noise_map = images.noise_map.copy()
    noise_map[20:37, 80:97] = np.sqrt(noise_map[20:37, 80:97] ** 2 + 40.0 * psf / 500.0)
    with_star = replace(images, data=data, noise_map=noise_map)
    assert examined(with_star).named("sharp_pixels") is None
    data = data.copy()
    data[100, 20] += 1.5
    data[58, 59] = 0.0  # on the core of the lens
    assert finding_of(replace(with_star, data=data), "sharp_pixels").value == 2.0


def test_blank_patch(images):
    data = images.data.copy()
    data[70:76, 10:16] = 0.0
    assert finding_of(replace(images, data=data), "blank_pixels").value == 36.0


def test_counts_are_no_blank_pixels(images):
    counts = np.random.default_rng(SEED).poisson(2.0, images.data.shape).astype(float)
    assert (
        examined(replace(images, data=counts, noise_map=np.full_like(counts, 2.0**0.5))).named("blank_pixels") is None
    )


def test_saturated_core(images):
    level = np.sort(images.data.ravel())[-9]
    assert finding_of(replace(images, data=np.minimum(images.data, level)), "saturated").value == 9.0


def test_shapes_that_differ(images):
    finding = finding_of(replace(images, noise_map=images.noise_map[1:]), "shape")
    assert (finding.severity, finding.value) == ("error", 120.0 * 121.0)


def test_header_of_another_pixel_scale(images):
    headers = {"data": {"PIXSCALE": 0.1}, "mask_extra_galaxies": {"PIXSCALE": 0.06}, "psf": {"PIXSCALE": 0.1004}}
    findings = [f for f in examined(replace(images, headers=headers)).findings if f.name == "pixel_scale"]
    assert [(f.severity, f.limit) for f in findings] == [("warning", 0.06)]
    both = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CDELT1": -1e-5, "CDELT2": 1e-5, "PIXSCALE": 0.1}
    assert examined(replace(images, headers={"data": both})).findings == ()  # that of the two which was given
    of_neither = finding_of(replace(images, headers={"data": {**both, "PIXSCALE": 0.2}}), "pixel_scale")
    assert of_neither.limit == 0.036


def test_header_in_other_units(images):
    assert examined(replace(images, headers={"data": {"BUNIT": "electrons/s"}})).findings == ()
    assert finding_of(replace(images, headers={"data": {"BUNIT": "ADU"}}), "units").severity == "warning"


def test_mask_that_cuts_an_image_and_one_that_leaves_the_lens_out(images):
    y, x = images.coordinates
    cut = finding_of(images.with_mask((y - 0.2) ** 2 + (x + 0.1) ** 2 > 1.25**2), "mask_cuts_arcs")
    assert 0.3 < cut.value < 1.0  # the farther and brighter of two images lies outside
    inverted = examined(images.with_mask((y - 0.2) ** 2 + (x + 0.1) ** 2 < 2.5**2))
    assert inverted.named("mask_centre").severity == "error"


def test_mask_that_leaves_out_everything(images):
    assert finding_of(images.with_mask(np.ones(images.data.shape, dtype=bool)), "mask_empty").severity == "error"


def test_data_without_anything_to_measure_end_in_findings(images):
    assert "blank_pixels" in names_of(examined(replace(images, data=np.zeros_like(images.data))))
    assert "data_not_finite" in names_of(examined(replace(images, data=np.full_like(images.data, np.nan))))
    small = replace(images, data=images.data[:9, :9], noise_map=images.noise_map[:9, :9], known=images.known[:9, :9])
    assert "sky_unknown" in names_of(examined(small), least="note")


def test_dictionary_and_back(images):
    diagnosis = examined(replace(images, noise_map=2.0 * images.noise_map))
    again = al.Diagnosis.from_dict(json.loads(json.dumps(diagnosis.to_dict())))
    assert again.findings == diagnosis.findings
    assert (again.worst, again.exit_code) == ("warning", 1)
    assert "noise_scale" in {f.name for f in again.findings}
    assert str(again).startswith("warning: 1 warning")
    assert al.Diagnosis.from_dict({"findings": [{"name": "x"}]}) is None


def test_doctor_of_a_dataset_in_memory_and_after_its_mask(images):
    dataset = al.Imaging(images.data, images.noise_map / 1.5, images.psf, pixel_scales=0.1)
    assert al.doctor(dataset).named("noise_scale").value == pytest.approx(1.5, rel=0.02)
    mask = al.Mask2D.circular(dataset.shape_native, radius=0.8, pixel_scales=0.1)
    assert al.doctor(dataset, mask=mask).named("mask_cuts_arcs") is not None
    assert names_of(al.doctor(dataset.apply_mask(mask)), least="note") >= {"sky_unknown"}


def tall_frame_of(images, above=679, below=300):
    """The same image in a frame of 1100 rows, whose middle is 18.95 arcsec above that of the image."""
    rng = np.random.default_rng(4)
    sky = [SCATTER * rng.normal(size=(n, images.data.shape[1])) for n in (above, below)]
    data = np.vstack([sky[0], images.data, sky[1]])
    noise_map = np.vstack([np.full(sky[0].shape, SCATTER), images.noise_map, np.full(sky[1].shape, SCATTER)])
    circle = al.Mask2D.circular(data.shape, radius=3.0, pixel_scales=0.1, centre=(-18.95, 0.0))
    return replace(images, data=data, noise_map=noise_map, known=np.ones(data.shape, dtype=bool), mask=circle.array)


def test_of_a_large_image_a_cut_out_about_the_mask_is_examined_and_that_is_said(images):
    diagnosis = examined(tall_frame_of(images))
    facts, guesses = diagnosis.facts, diagnosis.guesses
    assert (facts["shape"], facts["examined_shape"]) == ((1100, 121), (800, 121))
    assert facts["examined_middle"] == pytest.approx((-15.0, 0.0))  # rows 300 to 1099 of 1100
    assert diagnosis.maps["data"].shape == (800, 121)
    assert guesses["lens_centre"] == pytest.approx((0.2 - 18.95, -0.1), abs=0.02)
    assert guesses["einstein_radius"] == pytest.approx(1.2, abs=0.05)
    cut = diagnosis.named("cut_out")
    assert (cut.severity, cut.value, cut.limit) == ("note", 1100.0, 800.0)
    assert "800 x 121" in cut.what and "lie beyond" not in cut.what
    assert diagnosis.exit_code == 0


def test_values_that_are_no_numbers_are_found_beyond_the_cut_out_too(images):
    whole = tall_frame_of(images)
    whole.data[2, 5] = np.nan
    diagnosis = examined(replace(whole, mask=None))
    assert diagnosis.named("data_not_finite").severity == "error"
    assert f"{300 * 121} of the {1100 * 121} pixels that are fitted lie beyond" in diagnosis.named("cut_out").what


def test_shape_that_is_another_one_stays_so_in_a_cut_out(images):
    whole = tall_frame_of(images)
    other = replace(whole, noise_map=np.ones((800, 121)))  # the shape of the cut-out by chance
    assert not other.cut_about((0.0, 0.0), 800).is_one_frame
    assert examined(other).named("shape").severity == "error"


def test_blocks_of_the_sky_have_the_medians_and_clipped_scatters_of_their_pixels():
    rng = np.random.default_rng(5)
    data, noise = rng.normal(size=(24, 24)), rng.uniform(0.5, 2.0, (24, 24))
    empty = rng.uniform(size=(24, 24)) < 0.8
    empty[12:, 12:] = False  # one block of four has none
    blocks = blocks_from(Images(data, noise, None, 0.1, np.ones_like(empty)), noise, empty)
    chosen = [(data[corner][empty[corner]], noise[corner][empty[corner]]) for corner in CORNERS]
    assert blocks.level == pytest.approx([np.median(values) for values, _ in chosen], rel=1e-12)
    for i, (values, sigma) in enumerate(chosen):
        raw = clipped(values - np.median(values)), clipped((values - np.median(values)) / sigma)
        unbiased = 1.0 / np.sqrt(1.0 - 1.0 / len(values))
        assert (blocks.scatter[i], blocks.ratio[i]) == pytest.approx([unbiased * r for r in raw], rel=2e-4)


CORNERS = [np.s_[:12, :12], np.s_[:12, 12:], np.s_[12:, :12]]


def clipped(values):
    """Standard deviation of the values within three of it of their median, as scipy clips; of a Gaussian 1."""
    values = values - np.median(values)
    scatter = stats.median_abs_deviation(values, scale="normal")
    for _ in range(8):
        scatter = np.std(values[np.abs(values) <= 3.0 * scatter]) / stats.truncnorm(-3.0, 3.0).std()
    return scatter


def test_doctor_without_data_raises():
    with pytest.raises(exc.DatasetException, match=r"al\.doctor\(dataset\)"):
        al.doctor()


def test_severity_that_is_unknown_raises():
    with pytest.raises(exc.DatasetException, match="note, warning, error"):
        al.DataFinding("a", "bad", "b", None, None, "c", "d")
