"""Cuts and joins the fonts: subset.py FONTSOURCE_FOLDER OUTPUT_FOLDER

han.ttf has the characters of GB 2312 (1980) that Google Fonts' "chinese-simplified"
cut of Noto Serif SC has too: all but four of the 3,755 common ones (these are added
from the finer cuts) and two thirds of the rare ones. latin.ttf has Source Serif 4's
Latin, Greek and Cyrillic, with kerning. What a picture has no use for goes: hints,
vertical metrics, alternates, and half of the grid that outlines stand on: a fifth of
a pixel in the largest title. The names go too, since both are changed versions.
"""

import glob
import os
import sys
import tempfile

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

WEIGHT = 600
GRID = 500  # units to the em
NAME = "Groundswell Serif"


def gb2312(first, last):
    """The code points of the rows first to last."""
    for row in range(first, last + 1):
        for cell in range(0xA1, 0xFF):
            try:
                yield ord(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                pass


def cut(path, wanted, features):
    font = TTFont(path)
    options = subset.Options()
    options.hinting = False
    options.layout_features = features
    options.name_IDs = [0, 13, 14]  # copyright and licence
    options.notdef_outline = True
    options.drop_tables += ["BASE", "STAT", "gasp", "vhea", "vmtx", "GSUB"] + ([] if features else ["GPOS", "GDEF"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.flavor = None
    return font


def join(fonts, out):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, f"{i}.ttf") for i in range(len(fonts))]
        for font, path in zip(fonts, paths):
            font.save(path)
        font = merge.Merger().merge(paths) if len(paths) > 1 else TTFont(paths[0])
        scale_upem(font, GRID)
        font["name"].setName(NAME, 1, 3, 1, 0x409)
        font["post"].formatType = 3.0
        font.save(out)
    print(f"{out}: {len(font.getBestCmap())} characters, {os.path.getsize(out)} bytes")


def han(folder, out):
    common, rare, signs = set(gb2312(0xB0, 0xD7)), set(gb2312(0xD8, 0xF7)), set(gb2312(0xA1, 0xA5)) | {0x2014, 0x2018, 0x2019, 0x201C, 0x201D}
    whole = f"{folder}/noto-serif-sc/files/noto-serif-sc-chinese-simplified-{WEIGHT}-normal.woff2"
    fonts = [cut(whole, common | rare | signs, [])]
    missing = (common | signs) - set(fonts[0].getBestCmap())
    for path in sorted(glob.glob(f"{folder}/noto-serif-sc/files/noto-serif-sc-[0-9]*-{WEIGHT}-normal.woff2")):
        some = missing & set(TTFont(path).getBestCmap())
        if some:
            fonts.append(cut(path, some, []))
            missing -= some
    join(fonts, f"{out}/han.ttf")


def latin(folder, out):
    fonts, have = [], set()
    for part in ["latin", "latin-ext", "vietnamese", "cyrillic", "greek"]:
        path = f"{folder}/source-serif-4/files/source-serif-4-{part}-{WEIGHT}-normal.woff2"
        some = set(TTFont(path).getBestCmap()) - have
        fonts.append(cut(path, some, ["kern"]))
        have |= some
    join(fonts, f"{out}/latin.ttf")


if __name__ == "__main__":
    latin(sys.argv[1], sys.argv[2])
    han(sys.argv[1], sys.argv[2])
