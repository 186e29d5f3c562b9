"""Images in: every usual file becomes upright 8-bit RGB, or one clear error."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spn_annotator.cv import cv2
from spn_annotator.errors import FileReadError, ShapeError
from spn_annotator.formats.images import (
    count_pages,
    list_images,
    natural_key,
    read_image,
    read_size,
    write_image,
)

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
# What a camera held this way writes: the upright picture, turned.
TURNED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}


def quarters(height: int = 16, width: int = 32) -> np.ndarray:
    """Return a picture whose four quarters are red, green, blue and white."""
    picture = np.empty((height, width, 3), np.uint8)
    middle, centre = height // 2, width // 2
    picture[:middle, :centre], picture[:middle, centre:] = RED, GREEN
    picture[middle:, :centre], picture[middle:, centre:] = BLUE, WHITE
    return picture


def grey_tiff(values: np.ndarray, bits: int) -> bytes:
    """Return a grey TIFF of 12 bit, packed (its width must be even), or of 32 without a sign."""
    height, width = values.shape
    pixels = values.astype("<u4").tobytes()
    if bits == 12:
        digits = "".join(f"{value:012b}" for value in values.ravel().tolist())
        pixels = int(digits, 2).to_bytes(len(digits) // 8, "big")
    tags = {256: width, 257: height, 258: bits, 259: 1, 262: 1, 273: 8, 277: 1, 278: height}
    tags |= {279: len(pixels), 339: 1}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    directory = struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels + directory


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


class TestOrientation:
    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
    def test_is_applied_once(self, tmp_path: Path, suffix: str, orientation: int) -> None:
        path = tmp_path / f"photo.{suffix}"
        stored = np.ascontiguousarray(TURNED[orientation](quarters()))
        options = {"jpg": {"quality": 100, "subsampling": 0}, "webp": {"lossless": True}}
        Image.fromarray(stored).save(path, exif=exif(orientation), **options.get(suffix, {}))
        found = read_image(path)
        assert found.shape == (16, 32, 3)
        assert np.abs(found.astype(int) - quarters()).max() <= (3 if suffix == "jpg" else 0)
        assert read_size(path) == (32, 16)

    def test_written_behind_the_pixels_of_a_png_counts_too(self, tmp_path: Path) -> None:
        path = tmp_path / "photo.png"
        Image.fromarray(np.rot90(quarters()).copy()).save(path)
        data = path.read_bytes()
        chunk = b"eXIf" + exif(6).tobytes().removeprefix(b"Exif\0\0")
        late = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        end = data.index(b"IEND") - 4
        path.write_bytes(data[:end] + late + data[end:])
        assert np.array_equal(read_image(path), quarters())
        assert read_size(path) == (32, 16)

    @pytest.mark.parametrize("orientation", [0, 9, 77])
    def test_that_is_none_is_left_alone(self, tmp_path: Path, orientation: int) -> None:
        path = tmp_path / "photo.png"
        Image.fromarray(quarters()).save(path, exif=exif(orientation))
        assert np.array_equal(read_image(path), quarters())
        assert read_size(path) == (32, 16)


class TestColour:
    def test_what_is_transparent_shows_white(self, tmp_path: Path) -> None:
        pixels = np.zeros((1, 3, 4), np.uint8)
        pixels[0] = [(255, 0, 0, 255), (255, 0, 0, 0), (0, 0, 0, 128)]
        Image.fromarray(pixels).save(tmp_path / "a.png")
        found = read_image(tmp_path / "a.png")[0].tolist()
        assert found[:2] == [[255, 0, 0], [255, 255, 255]]
        assert found[2] == pytest.approx([127] * 3, abs=1)

    def test_a_transparent_palette_colour_shows_white(self, tmp_path: Path) -> None:
        indexed = Image.fromarray(np.array([[0, 1]], np.uint8))
        indexed.putpalette([10, 20, 30, 40, 50, 60])
        indexed.save(tmp_path / "a.png", transparency=0)
        assert read_image(tmp_path / "a.png").tolist() == [[[255, 255, 255], [40, 50, 60]]]

    @pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "LA"])
    def test_every_colour_model_becomes_rgb(self, tmp_path: Path, mode: str) -> None:
        suffix = "jpg" if mode == "CMYK" else "png"
        black = Image.fromarray(quarters() // 255 * 0)
        black.convert(mode).save(tmp_path / f"a.{suffix}")
        found = read_image(tmp_path / f"a.{suffix}")
        assert found.shape == (16, 32, 3)
        assert found.dtype == np.uint8
        assert found.max() <= 2

    def test_grey_of_16_bit_is_stretched_to_its_own_range(self, tmp_path: Path) -> None:
        values = np.linspace(1000, 3000, 64 * 64).astype(np.uint16).reshape(64, 64)
        Image.fromarray(values).save(tmp_path / "a.png")
        found = read_image(tmp_path / "a.png")
        assert found[0, 0, 0] == 0
        assert found[-1, -1, 0] == 255
        assert found[32, 0, 0] == pytest.approx(127.5, abs=2)

    def test_hot_pixels_do_not_darken_the_rest(self, tmp_path: Path) -> None:
        values = np.linspace(1000, 3000, 64 * 64).astype(np.uint16).reshape(64, 64)
        values[0, 0] = 65535
        Image.fromarray(values).save(tmp_path / "a.png")
        assert read_image(tmp_path / "a.png")[32, 0, 0] == pytest.approx(127.5, abs=2)

    def test_one_flat_grey_of_16_bit_is_black(self, tmp_path: Path) -> None:
        Image.fromarray(np.full((8, 8), 4096, np.uint16)).save(tmp_path / "a.png")
        assert read_image(tmp_path / "a.png").max() == 0

    def test_floating_point_may_hold_nan_and_infinities(self, tmp_path: Path) -> None:
        values = np.linspace(-1, 1, 64 * 64).astype(np.float32).reshape(64, 64)
        values[0, :3] = np.nan, np.inf, -np.inf
        Image.fromarray(values).save(tmp_path / "a.tif")
        found = read_image(tmp_path / "a.tif")
        assert found[0, :3, 0].tolist() == [0, 0, 0]
        assert found[-1, -1, 0] == 255

    def test_grey_of_12_bit_is_unpacked(self, tmp_path: Path) -> None:
        values = np.arange(0, 4096, 64).reshape(8, 8)
        (tmp_path / "a.tif").write_bytes(grey_tiff(values, 12))
        found = read_image(tmp_path / "a.tif")[..., 0]
        assert np.abs(found - values / values.max() * 255).max() <= 1

    def test_grey_of_32_bit_without_a_sign_keeps_its_order(self, tmp_path: Path) -> None:
        values = np.linspace(0, 2**32 - 1, 64).astype(np.uint32).reshape(8, 8)
        (tmp_path / "a.tif").write_bytes(grey_tiff(values, 32))
        found = read_image(tmp_path / "a.tif")[..., 0].astype(int).ravel()
        assert (np.diff(found) >= 0).all()
        assert (found[0], found[-1]) == (0, 255)

    @pytest.mark.parametrize("suffix", ["png", "tif"])
    def test_colour_of_16_bit_keeps_its_high_byte(self, tmp_path: Path, suffix: str) -> None:
        rgb = np.random.default_rng(0).integers(0, 65535, (6, 7, 3)).astype(np.uint16)
        cv2.imwrite(str(tmp_path / f"a.{suffix}"), rgb[..., ::-1])
        assert np.array_equal(read_image(tmp_path / f"a.{suffix}"), rgb >> 8)

    def test_nothing_but_nan_is_black(self, tmp_path: Path) -> None:
        Image.fromarray(np.full((4, 4), np.nan, np.float32)).save(tmp_path / "a.tif")
        assert read_image(tmp_path / "a.tif").max() == 0


class TestPages:
    def test_of_a_tiff_the_first_is_read_unless_another_is_asked_for(self, tmp_path: Path) -> None:
        first, second = Image.fromarray(quarters()), Image.new("RGB", (32, 16), BLUE)
        first.save(tmp_path / "a.tif", save_all=True, append_images=[second])
        assert count_pages(tmp_path / "a.tif") == 2
        assert np.array_equal(read_image(tmp_path / "a.tif"), quarters())
        assert (read_image(tmp_path / "a.tif", page=1) == BLUE).all()
        with pytest.raises(FileReadError, match="no page 2"):
            read_image(tmp_path / "a.tif", page=2)

    @pytest.mark.parametrize("suffix", ["png", "webp"])
    def test_an_animation_is_refused(self, tmp_path: Path, suffix: str) -> None:
        frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN)]
        path = tmp_path / f"a.{suffix}"
        frames[0].save(path, save_all=True, append_images=frames[1:])
        for read in (read_image, read_size):
            with pytest.raises(FileReadError, match=r"animation of 2 pictures.*still image"):
                read(path)


class TestDamage:
    @pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp", "bmp"])
    def test_text_under_an_image_name_is_refused(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"a.{suffix}"
        path.write_text("Dear diary, today I was a picture.")
        with pytest.raises(FileReadError) as caught:
            read_image(path)
        assert str(caught.value).startswith(f"{path}: is not a JPEG, PNG, TIFF, WebP or BMP")
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp", "bmp"])
    @pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
    def test_a_file_cut_short_is_refused(self, tmp_path: Path, suffix: str, share: float) -> None:
        path = tmp_path / f"a.{suffix}"
        noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
        Image.fromarray(noise).save(path)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(FileReadError) as caught:
            read_image(path)
        assert str(path) in str(caught.value)

    def test_an_empty_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a.png").touch()
        with pytest.raises(FileReadError, match="is empty"):
            read_image(tmp_path / "a.png")

    def test_a_missing_file_a_folder_and_another_format_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(FileReadError, match="does not exist"):
            read_image(tmp_path / "none.png")
        with pytest.raises(FileReadError, match="is a folder"):
            read_image(tmp_path)
        Image.fromarray(quarters()).save(tmp_path / "a.gif")
        with pytest.raises(FileReadError, match="is a GIF file, which may hold an animation"):
            read_image(tmp_path / "a.gif")

    def test_a_picture_beyond_the_limit_is_refused_by_its_header(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Image.new("L", (2000, 1001)).save(tmp_path / "a.png")
        assert read_size(tmp_path / "a.png") == (2000, 1001)
        monkeypatch.setenv("SPN_ANNOTATOR_MAX_PICTURE_PIXELS", "2000000")
        for read in (read_image, read_size):
            with pytest.raises(FileReadError, match="larger than 2 megapixels"):
                read(tmp_path / "a.png")

    def test_a_decompression_bomb_is_refused(self, tmp_path: Path) -> None:
        header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
        chunk = b"IHDR" + header
        path = tmp_path / "bomb.png"
        path.write_bytes(
            b"\x89PNG\r\n\x1a\n"
            + struct.pack(">I", len(header))
            + chunk
            + struct.pack(">I", zlib.crc32(chunk))
            + struct.pack(">I", 0)
            + b"IDAT"
            + struct.pack(">I", zlib.crc32(b"IDAT"))
        )
        with pytest.raises(FileReadError, match="larger than 300 megapixels"):
            read_image(path)

    def test_warnings_of_the_decoder_do_not_leak(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jpg"
        Image.fromarray(quarters()).save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x09broken")
        assert read_image(path).shape == (16, 32, 3)  # warnings are errors in tests
        assert read_size(path) == (32, 16)


class TestListing:
    def test_is_in_natural_order_without_hidden_and_other_files(self, tmp_path: Path) -> None:
        for name in ("a10.jpg", "a2.JPG", "b.txt", ".hidden.png", "A1.tiff", "c.webp"):
            (tmp_path / name).touch()
        (tmp_path / "folder.png").mkdir()
        names = [path.name for path in list_images(tmp_path)]
        assert names == ["A1.tiff", "a2.JPG", "a10.jpg", "c.webp"]

    def test_of_a_missing_folder_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileReadError, match="cannot be read as a folder"):
            list_images(tmp_path / "none")

    def test_natural_keys_of_any_two_names_can_be_compared(self) -> None:
        names = ["7", "a", "a7", "7a", "", "a07", "²", "a7b10", "a7b9"]
        ordered = sorted(names, key=natural_key)
        assert ordered.index("a7b9") < ordered.index("a7b10")


def test_an_image_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_image(tmp_path / "a.png", quarters()[::-1])
    assert np.array_equal(read_image(tmp_path / "a.png"), quarters()[::-1])


def test_writing_what_is_no_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ShapeError, match="rgb must be"):
        write_image(tmp_path / "a.png", np.zeros((4, 4), np.uint8))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "CMYK"])
def test_a_large_image_is_the_same_whatever_it_is_copied_in(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (37, 23, 3), dtype=np.uint8)
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    Image.fromarray(pixels).convert(mode).save(path)
    whole = read_image(path)
    monkeypatch.setattr("spn_annotator.formats.images._BAND", 100)
    bands = read_image(path)
    assert bands.flags.c_contiguous
    assert bands.flags.writeable
    np.testing.assert_array_equal(bands, whole)
    if mode == "RGB":
        np.testing.assert_array_equal(bands, pixels)
