#!/bin/sh
# Makes latin.ttf and han.ttf, the two fonts of the preview pictures, out of Source
# Serif 4 and Noto Serif SC (both SIL Open Font License 1.1, see OFL.txt). They are
# kept as made: run this only to change what is in them. Needs npm and Python 3.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --prefix "$work" --no-audit --no-fund --silent @fontsource/source-serif-4@5.3.1 @fontsource/noto-serif-sc@5.3.0
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check fonttools==4.68.0 brotli==1.2.1
"$work/venv/bin/python" "$here/subset.py" "$work/node_modules/@fontsource" "$here"
