"""Draws docs/images/north-syria-2014.svg from the tables of a run.

    python3 -m venv .venv && .venv/bin/pip install duckdb
    allegiance run north-syria-2014 --replicates 20 --out runs/base
    .venv/bin/python docs/figures/north_syria.py runs/base docs/images/north-syria-2014.svg

Two maps show which side holds each place on the first and on the last day:
control shares are averaged over replicates and summed over the groups of a
side; a place where no side has more than half is contested and drawn hollow.
The six rebel groups are one side.
Below, the strength of each group by week: median and 90% interval.

The same run gives the same file, to the byte.
"""

import math
import pathlib
import sys
import tomllib
from html import escape

import duckdb

# Colours of Okabe & Ito, which most colour-blind readers can distinguish; in pairs
# for a light and a dark background.
SIDES = {
    "state": ("Government", "#d55e00", "#e8783a"),
    "rebel": ("Rebel groups", "#0072b2", "#56b4e9"),
    "isis": ("ISIS", "#a8327c", "#e08fc0"),
    "nusra": ("Jabhat al-Nusra", "#b98600", "#e6b422"),
    "kurdish": ("YPG", "#00805d", "#2fc49a"),
}
CITIES = {
    "Aleppo (west)": ("Aleppo", -13, 4, "end"),
    "Idlib": ("Idlib", -8, -7, "end"),
    "Raqqa": ("Raqqa", 0, -10, "middle"),
    "Deir ez-Zor (west)": ("Deir ez-Zor", -9, 4, "end"),
    "Manbij": ("Manbij", 0, -8, "middle"),
    "Azaz": ("Azaz", 0, -7, "middle"),
    "Kobani (Ayn al-Arab)": ("Kobani", 0, -8, "middle"),
    "Al-Bukamal": ("Al-Bukamal", -8, 4, "end"),
}
WIDTH = 1080
MARGIN = 24
MAP_WIDTH = 504
STYLE = """
text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:var(--ink)}
svg{--paper:#fff;--panel:#f4f5f6;--ink:#1c2126;--soft:#5a646d;--line:#c9ced3;%(light)s}
@media(prefers-color-scheme:dark){svg{--paper:#0f1317;--panel:#181d23;--ink:#e8ecef;--soft:#a3adb6;--line:#3a434b;%(dark)s}}
.title{font-size:21px;font-weight:600}.sub{font-size:13.5px;fill:var(--soft)}.head{font-size:15px;font-weight:600}
.name{font-size:13.5px;font-weight:600}.small{font-size:12px;fill:var(--soft)}.city{font-size:11.5px;paint-order:stroke;stroke:var(--panel);stroke-width:3px}
.dots circle{stroke:var(--panel);stroke-width:.5px}
.dots .open{fill:var(--panel);stroke:var(--soft);stroke-width:1px}%(fills)s
.line{fill:none;stroke-width:2px;stroke-linejoin:round}.band{fill-opacity:.22}.axis{stroke:var(--line);stroke-width:1px}
"""


def side_of(group):
    """The side whose colour a group has on the map."""
    return {"jihadist": "isis" if group["id"] == "isis" else "nusra"}.get(group["kind"], group["kind"])


def text(x, y, words, css, anchor="start"):
    anchor = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:g}" y="{y:g}" class="{css}"{anchor}>{escape(words)}</text>'


class Map:
    """Places on an equirectangular map."""

    def __init__(self, places):
        self.places = places
        latitudes = [place["latitude"] for place in places]
        longitudes = [place["longitude"] for place in places]
        self.west, self.north = min(longitudes), max(latitudes)
        self.squeeze = math.cos(math.radians((self.north + min(latitudes)) / 2))
        inner = MAP_WIDTH - 40
        self.scale = inner / ((max(longitudes) - self.west) * self.squeeze)
        self.height = (self.north - min(latitudes)) * self.scale + 44

    @staticmethod
    def radius(place):
        """Area grows with population; the smallest places stay visible."""
        return max(1.8, math.sqrt(place["population"]) / 95)

    def at(self, place):
        """The halves of a divided city are drawn side by side."""
        x = 20 + (place["longitude"] - self.west) * self.squeeze * self.scale
        x += 0.7 * self.radius(place) * (place["name"].endswith("(east)") - place["name"].endswith("(west)"))
        return x, 24 + (self.north - place["latitude"]) * self.scale

    def draw(self, left, top, holders, caption):
        parts = [text(left, top - 10, caption, "head"), f'<g transform="translate({left} {top})">']
        parts.append(f'<rect width="{MAP_WIDTH}" height="{self.height:.0f}" rx="6" fill="var(--panel)"/>')
        parts.append('<g class="dots">')
        for place in self.places:
            x, y = self.at(place)
            radius = self.radius(place)
            css = holders[place["id"]] or "open"
            parts.append(f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')
        parts.append("</g>")
        for place in self.places:
            if place["name"] in CITIES:
                name, dx, dy, anchor = CITIES[place["name"]]
                x, y = self.at(place)
                parts.append(text(round(x + dx, 1), round(y + dy, 1), name, "city", anchor))
        return [*parts, "</g>"]


def holders_on(run, sides, day):
    """The side that holds each place at the end of a day; "" is contested."""
    shares = duckdb.execute(
        f"""
        with latest as (
            select place, "group", replicate, arg_max(share, file_row_number) as share
            from read_parquet('{run}/control.parquet', file_row_number = true)
            where day <= ? group by all)
        select place, "group", sum(share) / (select max(replicate) + 1 from latest) from latest group by all
        order by place, "group" """,
        [day],
    ).fetchall()
    totals = {}
    for place, group, share in shares:
        of_place = totals.setdefault(place, dict.fromkeys(SIDES, 0.0))
        of_place[sides[group]] += share
    return {place: max((share, side) for side, share in of.items())[1] if max(of.values()) > 0.5 else "" for place, of in totals.items()}


def strengths(run):
    """Median and 90% interval of active members, by group, on every seventh day and the last."""
    rows = duckdb.execute(
        f"""
        select "group", day, quantile_cont(n_members, [0.05, 0.5, 0.95]) from '{run}/groups.parquet'
        where day % 7 = 0 or day = (select max(day) from '{run}/groups.parquet')
        group by all order by "group", day """
    ).fetchall()
    found = {}
    for group, day, quantiles in rows:
        found.setdefault(group, []).append((day, *quantiles))
    return found


def draw_strength(left, top, width, height, group, series, last_day):
    side = side_of(group)
    highest = max(high for _, _, _, high in series) * 1.08

    def at(day, value):
        return f"{left + width * day / last_day:.1f},{top + height * (1 - value / highest):.1f}"

    upper = [at(day, high) for day, _, _, high in series]
    lower = [at(day, low) for day, low, _, _ in reversed(series)]
    middle = " ".join(at(day, median) for day, _, median, _ in series)
    first, last = series[0][2], series[-1][2]
    return [
        text(left, top - 22, group["name"].split(" (")[0], "name"),
        text(left, top - 7, f"{first:,.0f} → {last:,.0f}", "small"),
        f'<polygon class="band" fill="var(--{side})" points="{" ".join(upper + lower)}"/>',
        f'<polyline class="line" stroke="var(--{side})" points="{middle}"/>',
        f'<path class="axis" d="M{left:g} {top + height:g}h{width:g}"/>',
    ]


def main(run, out):
    scenario = tomllib.loads(pathlib.Path(run, "scenario/scenario.toml").read_text(encoding="utf-8"))
    groups = scenario["groups"]
    sides = {group["id"]: side_of(group) for group in groups}
    relation = duckdb.sql(f"select * from '{run}/places.parquet' order by population desc, id")
    places = [dict(zip(relation.columns, row)) for row in relation.fetchall()]
    n_replicates, last_day = duckdb.sql(f"select max(replicate) + 1, max(day) from '{run}/groups.parquet'").fetchall()[0]
    dates = [
        duckdb.sql(f"select min(date) from '{run}/groups.parquet' where day = {day}").fetchall()[0][0].strftime("%-d %B %Y")
        for day in (0, last_day)
    ]
    chart = Map(places)
    map_top = 138
    legend_top = 84
    body = [
        text(MARGIN, 36, f"{scenario['title']} (simulated)", "title"),
        text(
            MARGIN,
            58,
            f"Synthetic people in real places; not a forecast. {sum(place['population'] for place in places):,} inhabitants of "
            f"{len(places):,} places, mean of {n_replicates} replicates.",
            "sub",
        ),
    ]
    x = MARGIN
    for side, (name, _, _) in SIDES.items():
        body.append(f'<circle cx="{x + 6}" cy="{legend_top}" r="6" fill="var(--{side})"/>')
        body.append(text(x + 18, legend_top + 4.5, name, "small"))
        x += 44 + 6.6 * len(name)
    body.append(f'<g class="dots"><circle class="open" cx="{x + 6}" cy="{legend_top}" r="5.5"/></g>')
    body.append(text(x + 18, legend_top + 4.5, "contested: no side holds more than half", "small"))
    body.append(text(WIDTH - MARGIN, legend_top + 4.5, "area of a dot: inhabitants", "small", "end"))
    right = WIDTH - MARGIN - MAP_WIDTH
    for left, day, date in ((MARGIN, 0, dates[0]), (right, last_day, dates[1])):
        body += chart.draw(left, map_top, holders_on(run, sides, day), f"Control at the end of {date}")
    top = map_top + chart.height + 44
    body.append(text(MARGIN, top, "Active members by week, each from zero (line: median; band: 90% of replicates)", "head"))
    series = strengths(run)
    n_columns, gap, height = 5, 28, 58
    width = (WIDTH - 2 * MARGIN - gap * (n_columns - 1)) / n_columns
    for nth, group in enumerate(groups):
        column, row = nth % n_columns, nth // n_columns
        body += draw_strength(
            MARGIN + column * (width + gap), top + 58 + row * (height + 66), width, height, group, series[group["id"]], last_day
        )
    total = top + 58 + ((len(groups) - 1) // n_columns + 1) * (height + 66) - 34
    colours = {
        "fills": "".join(f".{side}{{fill:var(--{side})}}" for side in SIDES),
        "light": ";".join(f"--{side}:{light}" for side, (_, light, _) in SIDES.items()),
        "dark": ";".join(f"--{side}:{dark}" for side, (_, _, dark) in SIDES.items()),
    }
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {total:.0f}" width="{WIDTH}" height="{total:.0f}" role="img" '
        f'aria-label="Simulated control of northern Syria on {dates[0]} and {dates[1]}, and strength of ten groups by week">',
        f"<style>{STYLE % colours}</style>",
        f'<rect width="{WIDTH}" height="{total:.0f}" fill="var(--paper)"/>',
        *body,
        "</svg>",
    ]
    pathlib.Path(out).write_text("\n".join(svg) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
