"""A photo of paper made fit for reading: even light, lines that lie level."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PIL import Image, ImageChops, ImageFilter, ImageMath, ImageStat

_SHRINK = 8
"""The light on a sheet changes slowly: a picture of an eighth shows it."""
_REACH = 9
"""Pixels of that small picture, odd: wider than any stroke, narrower than a shadow."""
_DARKEST = 40
"""Of the paper; below it is table, and stretching it would only bring out noise."""
_LOOK = 480
"""Long side of the picture in which the slope of the lines is searched."""
_CELL, _DULLER = 16, 10
"""Pixels of a point when the paper is looked for, and how much greyer it may get at its rim."""
_GAP = 4
"""Such points in a row that may be dark within the paper."""
_RULE, _THICK = 128, 16
"""Pixels: how long a line of a table is at least, and how thick at most."""
_COARSE, _FINE = 1.5, 0.25
_SMALLEST = 64
"""Pixels of a side below which there are no lines to level."""
_AREA = 7
"""Pixels of that picture, odd: what is thicker is no writing."""
_INK = 70
"""Darkness from which a point of the flattened picture counts as ink."""
_WIDEST = 12.0
"""Degrees that people hold a telephone askew."""


def flattened(picture: Image.Image) -> Image.Image:
    """Grey, with the paper white wherever light fell on it."""
    grey = picture.convert("L")
    small = grey.resize(_shrunk(grey.size), Image.Resampling.BOX)
    light = small.filter(ImageFilter.MaxFilter(_REACH)).filter(ImageFilter.GaussianBlur(4))
    light = light.point(lambda value: max(value, _DARKEST)).resize(grey.size)
    even: Image.Image = ImageMath.lambda_eval(
        lambda found: found["convert"](
            found["min"](found["grey"] * 255 / found["light"], 255), "L"
        ),
        grey=grey,
        light=light,
    )
    return even


def _shrunk(size: tuple[int, int]) -> tuple[int, int]:
    return max(1, size[0] // _SHRINK), max(1, size[1] // _SHRINK)


def slope(flat: Image.Image, quarters: Sequence[int] = (0, 1)) -> tuple[int, float]:
    """(quarter, angle): turn the picture `quarter` × 90° and then `angle` degrees, both
    counterclockwise, and its lines lie level – or stand on their heads; that, only reading tells.

    `quarters` are the candidates, where something else has told how the paper lies.
    """
    width, height = flat.size
    if min(width, height) < _SMALLEST:
        return quarters[0], 0.0
    ink = ImageChops.invert(flat.crop((width // 6, height // 6, width * 5 // 6, height * 5 // 6)))
    ink.thumbnail((_LOOK, _LOOK))
    ink = _strokes(ink.point(lambda value: 255 if value > _INK else 0))
    turned = {quarter: ink.rotate(90 * quarter, expand=True) for quarter in quarters}
    _, quarter, about = max(
        (_levelness(picture, angle), quarter, angle)
        for quarter, picture in turned.items()
        for angle in _steps(0.0, _WIDEST, _COARSE)
    )
    fine = _steps(about, _COARSE, _FINE)
    return quarter, max((_levelness(turned[quarter], angle), angle) for angle in fine)[1]


def _strokes(ink: Image.Image) -> Image.Image:
    """What is as thin as writing; coloured bands and the table around the paper go."""
    areas = ink.filter(ImageFilter.MinFilter(_AREA)).filter(ImageFilter.MaxFilter(_AREA + 4))
    return ImageChops.subtract(ink, areas)


def _steps(middle: float, reach: float, step: float) -> Iterator[float]:
    count = round(reach / step)
    return (middle + number * step for number in range(-count, count + 1))


def _levelness(ink: Image.Image, angle: float) -> float:
    """How sharply rows of ink alternate with rows of paper; comparable between both ways in
    which a sheet can lie."""
    turned = ink.rotate(angle)
    rows = turned.resize((1, turned.height), Image.Resampling.BOX)
    upper, lower = rows.crop((0, 0, 1, rows.height - 1)), rows.crop((0, 1, 1, rows.height))
    steps = ImageChops.difference(upper, lower)
    return float(ImageStat.Stat(steps).sum2[0]) * turned.width**2


def levelled(flat: Image.Image, quarter: int, angle: float) -> Image.Image:
    """The picture turned as `slope` says, on white."""
    turned = flat.rotate(90 * quarter, expand=True) if quarter else flat
    if abs(angle) < _FINE:
        return turned
    return turned.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)


def sheet(level: Image.Image) -> Image.Image:
    """The brightest rectangle of a levelled page: the paper without the table on which it lies.

    Coloured bands at its rim may go as well; tables are seldom printed on them.
    """
    width, height = level.size
    small = level.resize((max(1, width // _CELL), max(1, height // _CELL)), Image.Resampling.BOX)
    counts = small.crop(
        (small.width // 4, small.height // 4, small.width * 3 // 4 + 1, small.height * 3 // 4 + 1)
    ).histogram()
    paper = counts.index(max(counts)) - _DULLER
    bright = small.point(lambda value: 255 if value >= paper else 0)
    left, right = _longest_run(bright.resize((small.width, 1), Image.Resampling.BOX))
    column = bright.crop((left, 0, right, small.height))
    top, bottom = _longest_run(column.resize((1, small.height), Image.Resampling.BOX))
    return level.crop((left * _CELL, top * _CELL, right * _CELL, bottom * _CELL))


def _longest_run(profile: Image.Image) -> tuple[int, int]:
    """The longest stretch at least half as bright as the brightest point; lines of writing within
    it are short, the shadow around a paper is not."""
    values = profile.tobytes()
    runs: list[tuple[int, int]] = []
    for place, value in enumerate(values):
        if value * 2 >= max(values):
            near = runs and place - runs[-1][1] <= _GAP
            start = runs.pop()[0] if near else place
            runs.append((start, place + 1))
    return max(runs, key=lambda run: run[1] - run[0])


def unruled(level: Image.Image) -> Image.Image:
    """A levelled page without the lines of its tables and frames, whose cells hide short words."""
    ink = level.point(lambda value: 255 if value < 255 - _INK else 0)
    page = level
    for across in (True, False):
        runs = _opened(ink, _RULE, across=across)
        rules = ImageChops.subtract(runs, _opened(runs, _THICK, across=not across))
        page = ImageChops.lighter(page, rules.filter(ImageFilter.MaxFilter(5)))
    return page


def _opened(ink: Image.Image, length: int, *, across: bool) -> Image.Image:
    """Only the ink that runs on for `length` pixels (a power of 2), across or down the page."""
    eroded = _spread(ink, length, ImageChops.darker, across=across, back=False)
    return _spread(eroded, length, ImageChops.lighter, across=across, back=True)


def _spread(
    ink: Image.Image,
    length: int,
    pick: Callable[[Image.Image, Image.Image], Image.Image],
    *,
    across: bool,
    back: bool,
) -> Image.Image:
    """Each point joined with the `length` - 1 after it, in steps that double."""
    step = 1
    while step < length:
        shift = step if back else -step
        dx, dy = (shift, 0) if across else (0, shift)
        ink = pick(ink, ImageChops.offset(ink, dx, dy))
        step *= 2
    return ink
