"""Prints TextWidth.asciiAdvances: the width of each printable ASCII character in hundredths of an em.

    python glyph_widths.py [DejaVuSans.ttf LiberationSans-Regular.ttf] [--check]

It is the wider of DejaVu Sans (the widest common system font) and Liberation Sans (Arial's metrics),
rounded up. The fonts are Debian's fonts-dejavu-core and fonts-liberation; fontTools 4 reads them.
With --check the exit code is 1 when Sources/Charts/TextWidth.swift holds other numbers.
"""
import math
import pathlib
import re
import sys

from fontTools.ttLib import TTFont

FONTS = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
]
SOURCE = pathlib.Path(__file__).parents[2] / "Sources/Charts/TextWidth.swift"


def advances(path):
    font = TTFont(path)
    names, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    return [widths[names[code]][0] / em for code in range(0x20, 0x7F)]


def main():
    paths = [argument for argument in sys.argv[1:] if argument != "--check"] or FONTS
    # The small amount keeps a width that is whole from being rounded up.
    table = [math.ceil(max(each) * 100 - 1e-9) for each in zip(*map(advances, paths))]
    print(", ".join(map(str, table)))
    if "--check" in sys.argv:
        text = re.search(r"asciiAdvances: \[UInt8\] = \[(.*?)\]", SOURCE.read_text(), re.S).group(1)
        same = [int(number) for number in re.findall(r"\d+", text)] == table
        print("TextWidth.swift holds these" if same else "TextWidth.swift holds others")
        sys.exit(not same)


if __name__ == "__main__":
    main()
