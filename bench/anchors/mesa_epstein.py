"""Statistics of Mesa's own Epstein model, the reference of the Rust anchor.

Runs `mesa.examples.advanced.epstein_civil_violence` unchanged over many seeds
and prints JSON: per seed and summarised, the counts of citizens by state after
a burn-in, and the outbursts (runs of steps with more than THRESHOLD actives).
The Rust twin of `statistics` is `crates/allegiance-anchors/src/series.rs`.

    python -m venv /tmp/mesa && /tmp/mesa/bin/pip install -r bench/anchors/requirements.txt
    /tmp/mesa/bin/python bench/anchors/mesa_epstein.py --seeds 150 > bench/anchors/mesa_reference.json
"""

import argparse
import hashlib
import inspect
import json
import math
import multiprocessing
import platform
import statistics as st
import sys

import mesa
import numpy
from mesa.examples.advanced.epstein_civil_violence import agents, model

THRESHOLD = 50
SETTINGS = {
    # The sliders of Mesa's app and of NetLogo's Rebellion: recurrent outbursts.
    "outbursts": {
        "parameters": {"cop_density": 0.04, "legitimacy": 0.82, "max_jail_term": 30},
        "steps": 300,
        "burn_in": 50,
    },
    # The same with a weaker regime: waves of mass rebellion from the first step.
    "unrest": {
        "parameters": {"cop_density": 0.04, "legitimacy": 0.7, "max_jail_term": 30},
        "steps": 60,
        "burn_in": 30,
    },
}
SHARED = {
    "width": 40,
    "height": 40,
    "citizen_density": 0.7,
    "citizen_vision": 7,
    "cop_vision": 7,
    "active_threshold": 0.1,
    "arrest_prob_constant": 2.3,
    "movement": True,
}


def run(parameters, steps, seed):
    """The counts after each step: lists of actives, quiet and arrested."""
    world = model.EpsteinCivilViolence(**SHARED, **parameters, max_iters=steps, seed=seed)
    world.datacollector.collect = lambda _: None  # a table per agent and step, unused here
    series = {"active": [], "quiet": [], "jailed": []}
    for _ in range(steps):
        world.step()
        series["active"].append(world.ACTIVE)
        series["quiet"].append(world.QUIET)
        series["jailed"].append(world.ARRESTED)
    return series


def outbursts(active, first):
    """Complete runs of steps above the threshold, as (start, end, peak, total)."""
    found, start = [], None
    for step in range(first, len(active)):
        above = active[step] > THRESHOLD
        before = active[step - 1] > THRESHOLD
        if above and not before:
            start = step
        elif before and not above and start is not None:
            spell = active[start:step]
            found.append((start, step, max(spell), sum(spell)))
            start = None
    return found


def mean_or_none(values):
    return sum(values) / len(values) if values else None


def statistics(series, burn_in):
    """The statistics of one run; None where there is nothing to average."""
    row = {
        "population": series["active"][0] + series["quiet"][0] + series["jailed"][0],
        "active_at_step_1": series["active"][0],
        "active_at_step_5": series["active"][4],
        "active_at_step_20": series["active"][19],
    }
    for state, counts in series.items():
        kept = counts[burn_in:]
        row[f"{state}_mean"] = st.fmean(kept)
        row[f"{state}_sd"] = st.pstdev(kept)
    row["active_max"] = max(series["active"][burn_in:])
    found = outbursts(series["active"], burn_in)
    waits = [b[0] - a[1] for a, b in zip(found, found[1:])]
    row["n_outbursts"] = len(found)
    row["outburst_steps"] = mean_or_none([end - start for start, end, _, _ in found])
    row["outburst_peak"] = mean_or_none([peak for _, _, peak, _ in found])
    row["outburst_activation"] = mean_or_none([total for _, _, _, total in found])
    row["wait_steps"] = mean_or_none(waits)
    return row, waits


def one(job):
    setting, seed = job
    plan = SETTINGS[setting]
    return statistics(run(plan["parameters"], plan["steps"], seed), plan["burn_in"])


def early(seed):
    """Actives after step 5 of `unrest`: its rare low values need many seeds."""
    return run(SETTINGS["unrest"]["parameters"], 5, seed)["active"][4]


def rounded(value):
    return None if value is None else float(f"{value:.6g}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=150)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--early", type=int, help="print only the sorted actives after step 5 of so many seeds from 1001")
    options = parser.parse_args()
    if options.early:
        with multiprocessing.Pool(options.processes, maxtasksperchild=20) as pool:
            print(json.dumps(sorted(pool.map(early, range(1001, 1001 + options.early), chunksize=1))))
        return
    seeds = range(1, options.seeds + 1)
    out = {
        "model": "mesa.examples.advanced.epstein_civil_violence",
        "command": f"python bench/anchors/mesa_epstein.py --seeds {options.seeds}",
        "versions": {
            "python": platform.python_version(),
            "mesa": mesa.__version__,
            "numpy": numpy.__version__,
        },
        "source_sha256": {
            module.__name__.rsplit(".", 1)[1]: hashlib.sha256(inspect.getsource(module).encode()).hexdigest()
            for module in (agents, model)
        },
        "seeds": {"first": 1, "last": options.seeds},
        "threshold": THRESHOLD,
        "settings": {},
    }
    # Mesa caches cells for ever, so that a process that runs many models grows.
    with multiprocessing.Pool(options.processes, maxtasksperchild=10) as pool:
        for name, plan in SETTINGS.items():
            results = pool.map(one, [(name, seed) for seed in seeds], chunksize=1)
            rows = [row for row, _ in results]
            per_seed = {key: [rounded(row[key]) for row in rows] for key in rows[0]}
            summary = {}
            for key, values in per_seed.items():
                known = [v for v in values if v is not None]
                summary[key] = {
                    "n": len(known),
                    "mean": rounded(st.fmean(known)) if known else None,
                    "sd": rounded(st.stdev(known)) if len(known) > 1 else None,
                    "standard_error": rounded(st.stdev(known) / math.sqrt(len(known))) if len(known) > 1 else None,
                }
            out["settings"][name] = {
                **plan,
                "parameters": {**SHARED, **plan["parameters"]},
                "summary": summary,
                "per_seed": per_seed,
                "waits": [wait for _, waits in results for wait in waits],
            }
    text = json.dumps(out, indent=1)
    # One line per list keeps the file readable and its changes small.
    lines, depth = [], 0
    for line in text.splitlines():
        opened = depth
        depth += line.rstrip().endswith("[") - line.strip().startswith("]")
        if opened:
            lines[-1] += line.strip() if line.strip().startswith("]") or lines[-1].endswith("[") else " " + line.strip()
        else:
            lines.append(line)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
