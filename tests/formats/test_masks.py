"""Label maps: what their values mean, and that they come back as they were given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from spn_annotator.errors import FileReadError, FormatError, SaveError, ShapeError
from spn_annotator.formats.masks import read_label_map, write_label_map

PALETTE = bytes([0, 0, 0, 200, 10, 10, 10, 200, 10])


def save(path: Path, array: np.ndarray, *, palette: bytes | None = None, **options: int) -> Path:
    """Write a mask with Pillow alone, as another program would."""
    image = Image.fromarray(array)
    if palette is not None:
        # Pillow chooses the depth by the palette, and would cut larger ids off.
        image.putpalette(palette.ljust(3 * (int(array.max()) + 1), b"\0"))
    image.save(path, **options)
    return path


class TestMeaning:
    @pytest.mark.parametrize(
        ("values", "unknown", "binary"),
        [
            ([0, 255], None, True),
            ([255, 255], None, True),
            ([0, 1, 255], 255, False),
            ([0, 1], 255, False),
            ([0, 0], 255, False),
            ([3, 254], 255, False),
        ],
    )
    def test_of_8_bit_values(
        self, tmp_path: Path, values: list[int], unknown: int | None, binary: bool
    ) -> None:
        file = read_label_map(save(tmp_path / "a.png", np.array([values], np.uint8)))
        assert (file.unknown, file.is_binary) == (unknown, binary)

    @pytest.mark.parametrize(
        ("values", "unknown", "binary"),
        [
            ([0, 255], None, True),
            ([0, 65535], None, True),
            ([0, 1, 255], 65535, False),
            ([0, 300, 65535], 65535, False),
        ],
    )
    def test_of_16_bit_values(
        self, tmp_path: Path, values: list[int], unknown: int | None, binary: bool
    ) -> None:
        file = read_label_map(save(tmp_path / "a.png", np.array([values], np.uint16)))
        assert file.mode == "I;16"
        assert (file.unknown, file.is_binary) == (unknown, binary)

    def test_can_be_said_outright(self, tmp_path: Path) -> None:
        path = save(tmp_path / "a.png", np.array([[0, 7, 255]], np.uint8))
        assert read_label_map(path, unknown=None).unknown is None
        assert read_label_map(path, unknown=7).unknown == 7
        path = save(tmp_path / "b.png", np.array([[0, 255]], np.uint8))
        said = read_label_map(path, unknown=255)
        assert (said.unknown, said.is_binary) == (255, False)

    def test_an_unknown_value_beyond_the_depth_is_an_error(self, tmp_path: Path) -> None:
        path = save(tmp_path / "a.png", np.array([[0, 7]], np.uint8))
        with pytest.raises(FormatError, match=r"a\.png: cannot hold the unknown value 300"):
            read_label_map(path, unknown=300)

    def test_black_and_white_is_binary(self, tmp_path: Path) -> None:
        file = read_label_map(save(tmp_path / "a.png", np.array([[True, False]])))
        assert (file.mode, file.is_binary, file.array.tolist()) == ("1", True, [[1, 0]])

    @pytest.mark.parametrize("bits", [2, 4])
    def test_shallow_grey_gives_the_ids_as_stored(self, tmp_path: Path, bits: int) -> None:
        ids = np.arange(2**bits, dtype=np.uint8)[None]
        assert np.array_equal(read_label_map(save(tmp_path / "a.png", ids, bits=bits)).array, ids)

    def test_binary_ids_are_0_and_1_and_go_back_to_the_values_of_the_file(
        self, tmp_path: Path
    ) -> None:
        file = read_label_map(save(tmp_path / "a.png", np.array([[0, 255, 255]], np.uint8)))
        assert file.ids().tolist() == [[0, 1, 1]]
        assert file.with_ids(np.array([[1, 1, 0]], np.uint8)).array.tolist() == [[255, 255, 0]]

    def test_ids_are_a_copy_and_the_map_is_read_only(self, tmp_path: Path) -> None:
        file = read_label_map(save(tmp_path / "a.png", np.array([[0, 3]], np.uint8)))
        file.ids()[:] = 9
        assert file.array.tolist() == [[0, 3]]
        with pytest.raises(ValueError, match="read-only"):
            file.array[:] = 9

    def test_ids_of_another_shape_or_too_large_are_refused(self, tmp_path: Path) -> None:
        file = read_label_map(save(tmp_path / "a.png", np.array([[0, 3]], np.uint8)))
        with pytest.raises(ShapeError, match="shape"):
            file.with_ids(np.zeros((2, 2), np.uint8))
        with pytest.raises(ShapeError, match="300"):
            file.with_ids(np.full((1, 2), 300, np.uint16))


class TestRefusal:
    @pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA"])
    def test_of_colour_pictures(self, tmp_path: Path, mode: str) -> None:
        path = tmp_path / "a.png"
        Image.new(mode, (4, 4)).save(path)
        with pytest.raises(FormatError, match=f"colour picture.*{mode}.*indexed or grey PNG"):
            read_label_map(path)

    def test_of_jpeg_which_changes_ids(self, tmp_path: Path) -> None:
        path = tmp_path / "a.png"
        Image.new("L", (8, 8)).save(path, format="JPEG")
        with pytest.raises(FormatError, match="is a JPEG file, but label maps are PNG"):
            read_label_map(path)

    def test_of_a_truncated_file(self, tmp_path: Path) -> None:
        noise = np.random.default_rng(0).integers(0, 9, (99, 99), dtype=np.uint8)
        path = save(tmp_path / "a.png", noise)
        path.write_bytes(path.read_bytes()[:-600])
        with pytest.raises(FileReadError, match="damaged or cut short"):
            read_label_map(path)


class TestRoundTrip:
    @pytest.mark.parametrize(
        ("array", "palette", "mode"),
        [
            (np.array([[0, 1, 2, 255]], np.uint8), PALETTE, "P"),
            (np.array([[0, 1, 2, 255]], np.uint8), None, "L"),
            (np.array([[0, 1, 300, 65535]], np.uint16), None, "I;16"),
            (np.array([[True, False, True, True]]), None, "1"),
        ],
        ids=["P", "L", "I;16", "1"],
    )
    def test_keeps_mode_ids_and_palette(
        self, tmp_path: Path, array: np.ndarray, palette: bytes | None, mode: str
    ) -> None:
        file = read_label_map(save(tmp_path / "in.png", array, palette=palette))
        write_label_map(tmp_path / "out.png", file.array, like=file)
        with Image.open(tmp_path / "out.png") as image:
            assert image.mode == mode
            assert np.array_equal(np.array(image), array)
            if palette is not None:
                colours = image.getpalette("RGB")
                assert colours is not None
                assert bytes(colours[: len(palette)]) == palette

    def test_a_palette_shorter_than_the_ids_does_not_cut_them_off(self, tmp_path: Path) -> None:
        file = read_label_map(
            save(tmp_path / "in.png", np.array([[0, 1]], np.uint8), palette=PALETTE[:6])
        )
        write_label_map(tmp_path / "out.png", np.array([[0, 200]], np.uint8), like=file)
        assert read_label_map(tmp_path / "out.png").array.tolist() == [[0, 200]]

    def test_keeps_transparent_indices(self, tmp_path: Path) -> None:
        array = np.array([[0, 1]], np.uint8)
        file = read_label_map(save(tmp_path / "in.png", array, palette=PALETTE, transparency=0))
        write_label_map(tmp_path / "out.png", array, like=file)
        with Image.open(tmp_path / "out.png") as image:
            assert image.info["transparency"] == 0

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
    @given(
        array=st.one_of(
            hnp.arrays(dtype, st.tuples(st.integers(1, 9), st.integers(1, 9)))
            for dtype in (np.uint8, np.uint16, np.bool_)
        ),
        indexed=st.booleans(),
    )
    def test_of_any_map(self, tmp_path: Path, array: np.ndarray, indexed: bool) -> None:
        palette = PALETTE if indexed and array.dtype == np.uint8 else None
        write_label_map(tmp_path / "a.png", array, palette=palette)
        assert np.array_equal(read_label_map(tmp_path / "a.png").array, array)


class TestWriting:
    @pytest.mark.parametrize(
        "bad",
        [np.full((2, 2), np.nan), np.zeros((2, 2, 3), np.uint8), np.zeros((0, 2), np.uint8)],
        ids=["nan", "channels", "empty"],
    )
    def test_what_is_no_label_map_is_refused(self, tmp_path: Path, bad: np.ndarray) -> None:
        with pytest.raises(ShapeError, match="label map"):
            write_label_map(tmp_path / "a.png", bad)
        assert list(tmp_path.iterdir()) == []

    def test_an_id_beyond_the_mode_is_refused(self, tmp_path: Path) -> None:
        file = read_label_map(save(tmp_path / "in.png", np.array([[0, 3]], np.uint8)))
        with pytest.raises(ShapeError, match="id 300 does not fit into a PNG of mode L"):
            write_label_map(tmp_path / "out.png", np.full((1, 2), 300, np.uint16), like=file)

    def test_into_a_missing_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(SaveError, match="Make the folder first"):
            write_label_map(tmp_path / "none" / "a.png", np.zeros((2, 2), np.uint8))
