"""Pictures: decoded fully under limits, upright, without a word about where they were taken."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from portal.documents.intake.limits import Limits
from portal.documents.intake.sniff import Kind
from portal.errors import Rejected

# The number of pixels is compared with Limits as soon as the header is read, with a sentence of
# our own; Pillow's warning would come first.
Image.MAX_IMAGE_PIXELS = None

BROKEN = (
    "Foto tidak dapat dibuka: rusak atau terpotong saat dikirim. "
    "Foto ulang dokumennya, lalu unggah lagi."
)
ANIMATED = "Gambar ini bergerak (animasi). Unggah foto biasa (JPG atau PNG) atau PDF."
JPEG_QUALITY = 85
WEBP_QUALITY = 78
WEBP_EFFORT = 2
"""0 fast … 6 small; 2 costs half the time of the default for a tenth more bytes."""
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_CLOCKWISE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def read_picture(path: Path, kind: Kind, limits: Limits) -> Image.Image:
    """The picture, upright, RGB or L, on white, long side at most `picture_side`, no metadata.

    Raises Rejected for pictures that are broken, animated, or have too many pixels.
    """
    if kind is Kind.HEIC:
        from pillow_heif import register_heif_opener  # 30 ms that other pictures need not wait

        register_heif_opener(thumbnails=False)
    try:
        with Image.open(path, formats=[kind.value]) as source:
            _refuse_too_many_pixels(source, limits)
            _refuse_animation(source, kind)
            return _normalised(source, limits.picture_side)
    except (Rejected, MemoryError):
        raise
    except Exception as error:
        raise Rejected(BROKEN) from error


def turned(picture: Image.Image, degrees: int) -> Image.Image:
    """Turned clockwise by 0, 90, 180 or 270 degrees, as the person wished."""
    return picture.transpose(_CLOCKWISE[degrees]) if degrees else picture


def write_jpeg(picture: Image.Image, path: Path) -> None:
    """Encode for the PDF."""
    picture.save(path, "JPEG", quality=JPEG_QUALITY)


def write_webp(picture: Image.Image, path: Path, side: int) -> None:
    """Encode for the screen, long side at most `side`."""
    small = picture.copy()
    small.thumbnail((side, side), reducing_gap=2.0)
    small.save(path, "WEBP", quality=WEBP_QUALITY, method=WEBP_EFFORT)


def _refuse_too_many_pixels(source: Image.Image, limits: Limits) -> None:
    pixels = source.width * source.height
    if pixels > limits.max_pixels:
        raise Rejected(
            f"Foto {source.width} × {source.height} piksel ({_megapixels(pixels)} megapiksel). "
            f"Paling besar {_megapixels(limits.max_pixels)} megapiksel. "
            "Foto ulang dengan resolusi lebih kecil."
        )


def _megapixels(pixels: int) -> int:
    return -(-pixels // 1_000_000)


def _refuse_animation(source: Image.Image, kind: Kind) -> None:
    # A JPEG of several pictures is what phones write for depth or HDR: the first is the photo.
    if kind in {Kind.WEBP, Kind.PNG} and getattr(source, "n_frames", 1) > 1:
        raise Rejected(ANIMATED)


def _normalised(source: Image.Image, side: int) -> Image.Image:
    orientation = _orientation(source)
    scale = min(1.0, side / max(source.size))
    target = (max(1, round(source.width * scale)), max(1, round(source.height * scale)))
    source.draft(None, target)  # JPEG: decodes at 1/2, 1/4 or 1/8 when that is still enough
    picture = _resizable(source)
    if picture.size != target and scale < 1:
        picture = picture.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = _flat(picture)
    if orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[orientation])
    picture.info = {}
    return picture


def _orientation(source: Image.Image) -> int:
    """As the camera noted it; broken notes are no reason to refuse a readable photo."""
    try:
        return int(source.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001  the parser raises anything on hostile bytes
        return 1


def _resizable(source: Image.Image) -> Image.Image:
    """Fully decoded, in a mode that can be resized smoothly."""
    source.load()
    if source.mode in {"P", "PA"}:
        return source.convert("RGBA" if source.has_transparency_data else "RGB")
    if source.mode == "1":
        return source.convert("L")
    if source.mode.startswith("I") or source.mode == "F":  # 16 bits a pixel
        return source.convert("I").point(lambda v: v * (1 / 256)).convert("L")
    return source


def _flat(picture: Image.Image) -> Image.Image:
    """RGB or L; what is transparent becomes paper."""
    if picture.has_transparency_data:
        alpha = picture.convert("RGBA")
        paper = Image.new("RGB", alpha.size, "white")
        paper.paste(alpha, mask=alpha.getchannel("A"))
        return paper
    return picture if picture.mode == "L" else picture.convert("RGB")
