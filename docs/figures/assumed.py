"""Draws what a scenario made by `allegiance data build` assumes about places.

    python3 docs/figures/assumed.py SCENARIO BOUNDARIES.geojson docs/images/pakistan-2009-assumed.svg

One map of the scenario's places by where they come from (the table of places,
events alone, or the rule of the countryside) and by who holds them on the first
day; the outlines are those of the file of boundaries. Needs the standard library
alone. The same scenario gives the same file, to the byte.
"""

import csv
import json
import math
import sys
from html import escape
from pathlib import Path

WIDTH, MARGIN, TOP = 860, 20, 96
HELD = (("the government", "#d55e00"), ("others, half or more", "#0072b2"))
ORIGINS = (("places", "named by the table of places"), ("ucdp_ged", "named by events alone"), ("rule_countryside", "countryside, by a rule"))
STYLE = """
text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:var(--ink)}
svg{--paper:#fff;--ink:#1c2126;--soft:#5a646d;--line:#b9c0c6;background:var(--paper)}
@media(prefers-color-scheme:dark){svg{--paper:#0f1317;--ink:#e8ecef;--soft:#a3adb6;--line:#48525b}}
.title{font-size:19px;font-weight:600}.small{font-size:13px;fill:var(--soft)}
.outline{fill:none;stroke:var(--line);stroke-width:1px}.name{font-size:12px;fill:var(--soft)}
"""


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rings(geometry):
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def mark(origin, x, y, colour):
    if origin == "places":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
    if origin == "ucdp_ged":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="none" stroke="{colour}" stroke-width="1.4"/>'
    return f'<path d="M{x - 3:.1f} {y:.1f}h6M{x:.1f} {y - 3:.1f}v6" stroke="{colour}" stroke-width="1.4"/>'


def main(scenario, boundaries, out):
    places = rows(Path(scenario) / "places.csv")
    shares = {row["place"]: float(row["share"]) for row in rows(Path(scenario) / "control.csv") if row["group"] == "government"}
    north = [float(place["latitude"]) for place in places]
    east = [float(place["longitude"]) for place in places]
    low_north, high_north, low_east, high_east = min(north) - 0.4, max(north) + 0.4, min(east) - 0.4, max(east) + 0.4
    squeeze = math.cos(math.radians((low_north + high_north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((high_east - low_east) * squeeze)
    height = TOP + scale * (high_north - low_north) + MARGIN

    def at(longitude, latitude):
        return MARGIN + (longitude - low_east) * squeeze * scale, TOP + (high_north - latitude) * scale

    text = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">',
        f"<style>{STYLE}</style>",
        f'<clipPath id="map"><rect x="{MARGIN}" y="{TOP}" width="{WIDTH - 2 * MARGIN}" height="{height - TOP - MARGIN:.0f}"/></clipPath>',
        f'<text class="title" x="{MARGIN}" y="28">What the scenario assumes: {len(places)} places and who holds them</text>',
    ]
    x = MARGIN
    for words, colour in HELD:
        text.append(f'<rect x="{x}" y="42" width="11" height="11" fill="{colour}"/><text class="small" x="{x + 17}" y="52">{words}</text>')
        x += 30 + 7.2 * len(words)
    x = MARGIN
    for origin, words in ORIGINS:
        n = sum(place["source"].startswith(origin) for place in places)
        text.append(mark(origin, x + 6, 73, "var(--ink)") + f'<text class="small" x="{x + 17}" y="78">{words} ({n})</text>')
        x += 62 + 7.2 * len(words)
    text.append('<g clip-path="url(#map)">')
    for feature in json.loads(Path(boundaries).read_text(encoding="utf-8"))["features"]:
        for ring in rings(feature["geometry"]):
            # A third of a kilometre a pixel at best: every third corner is enough.
            corners = ring[::3] + ring[-1:]
            text.append('<path class="outline" d="M' + "L".join("{:.0f} {:.0f}".format(*at(*corner[:2])) for corner in corners) + '"/>')
    order = {origin: number for number, (origin, _) in enumerate(reversed(ORIGINS))}
    for place in sorted(places, key=lambda place: next(n for origin, n in order.items() if place["source"].startswith(origin))):
        origin = next(origin for origin in order if place["source"].startswith(origin))
        colour = HELD[0][1] if shares.get(place["place"], 0.0) > 0.5 else HELD[1][1]
        text.append(mark(origin, *at(float(place["longitude"]), float(place["latitude"])), colour))
    for place in sorted(places, key=lambda place: -int(place["population"]))[:40]:
        if place["kind"] == "city" and place["source"] == "places" and int(place["population"]) > 700_000:
            x, y = at(float(place["longitude"]), float(place["latitude"]))
            text.append(f'<text class="name" x="{x + 6:.0f}" y="{y - 5:.0f}">{escape(place["name"])}</text>')
    text += ["</g>", "</svg>", ""]
    Path(out).write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
