"""Turns a table of located events with fewer columns into the 49 of UCDP GED.

    python3 bench/scoring/official_layout.py RECORD.csv.gz > record.csv

Reads the columns id, year, date_est, dyad_name, side_a, side_b, pair, longitude,
latitude, where_prec, priogrid_gid, adm1, adm2, deaths_a, deaths_b,
deaths_civilians, deaths_unknown and deaths_total, as in a record of Syria whose
dates were rebuilt. What such a table doesn't tell is filled in: every date counts
as known to the day, low and high are the best estimate, and an event with a
government (GOV or STATE in pair) is state-based, any other non-state. So the
result is good for counting the dead by month, and not for studying precision.
"""

import csv
import gzip
import sys

COLUMNS = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,"
    "dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,"
    "number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,"
    "where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,"
    "region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,"
    "high,low,gwnoa,gwnob"
).split(",")
SYRIA = 652


def official(row, side_ids):
    sides = {side: side_ids.setdefault(row[side], 100 + len(side_ids)) for side in ("side_a", "side_b")}
    is_state = "GOV" in row["pair"] or "STATE" in row["pair"]
    kind = 1 if is_state else 2
    total = row["deaths_total"]
    row_out = dict.fromkeys(COLUMNS, "")
    row_out |= {name: row[name] for name in COLUMNS if name in row}
    row_out |= {
        "relid": f"SYR-{row['year']}-{kind}-0-{row['id']}",
        "type_of_violence": kind,
        "side_a_new_id": sides["side_a"],
        "side_b_new_id": sides["side_b"],
        "number_of_sources": -1,
        "adm_1": f"{row['adm1']} governorate",
        "adm_2": f"{row['adm2']} district" if int(row["where_prec"]) < 4 else "",
        "country": "Syria",
        "country_id": SYRIA,
        "region": "Middle East",
        "event_clarity": 1,
        "date_prec": 1,
        "date_start": row["date_est"],
        "date_end": row["date_est"],
        "best": total,
        "high": total,
        "low": total,
        "gwnoa": SYRIA if is_state else "",
    }
    return row_out


with gzip.open(sys.argv[1], "rt", encoding="utf-8", newline="") as file:
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    side_ids = {}
    for row in csv.DictReader(file):
        writer.writerow(official(row, side_ids))
