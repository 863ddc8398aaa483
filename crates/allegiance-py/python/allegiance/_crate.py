"""A run's folder as an RO-Crate: who made what of what, for repositories and their catalogues."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allegiance._errors import ArgumentError
from allegiance._run import Run, RunLike, open_run

_FILE = "ro-crate-metadata.json"
_FORMATS = {
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".toml": "application/toml",
    ".csv": "text/csv",
    ".txt": "text/plain",
}


def ro_crate(run: RunLike, *, license: str, creators: Mapping[str, str | None] | None = None) -> Path:
    """Writes ``ro-crate-metadata.json`` into a run's folder, and gives its path.

    It follows RO-Crate 1.1 and the profile Process Run Crate 0.5: the files with their digests, the columns of the tables with
    units and meanings, the program with its version, and what it was asked. ``license`` is the address of
    the licence under which you give the results away, and ``creators`` are names with their ORCID, where
    they have one. Say there and in any text around it that the people in a run are simulated; the description does.
    """
    opened = run if isinstance(run, Run) else open_run(run)
    folder = opened.folder
    if folder is None:
        raise ArgumentError("the run isn't in a folder of this machine", hint="give run() a folder with out=")
    if "://" not in license:
        raise ArgumentError(f"the licence {license!r} isn't an address", hint="such as https://spdx.org/licenses/CC-BY-4.0")
    manifest = opened.manifest
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _FILE)
    tables = {entry["file"]: name for name, entry in manifest["tables"].items()}
    entities: list[dict[str, Any]] = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        entity: dict[str, Any] = {
            "@id": name,
            "@type": "File",
            "name": name,
            "contentSize": str(path.stat().st_size),
            "encodingFormat": _FORMATS.get(path.suffix, "application/octet-stream"),
            "sha256": _digest(path),
        }
        if table := tables.get(name):
            columns = [_column(table, column) for column in opened.table(table).columns]
            entity["description"] = opened.table(table).metadata.get("allegiance.meaning", f"The table {table}.")
            entity["variableMeasured"] = [{"@id": column["@id"]} for column in columns]
            entities += columns
        entities.append(entity)
    inputs = [path.relative_to(folder).as_posix() for path in files if path.parent != folder]
    outputs = [path.name for path in files if path.parent == folder]
    people = [_person(name, orcid) for name, orcid in (creators or {}).items()]
    theory, effort = manifest["theory"], manifest["effort"]
    program = f"#allegiance-{manifest['engine_version']}"
    settings = {
        "seed": manifest["seed"],
        "replicates": manifest["n_replicates"],
        "days": manifest["n_days"],
        "theory of belief": theory["belief"],
        "theory of exit": theory["exit"],
        "changes": " ".join(manifest["changes"]),
        "digest of all tables": manifest["digest"],
    }
    asked = [
        {"@id": f"#{key.replace(' ', '-')}", "@type": "PropertyValue", "name": key, "value": value}
        for key, value in settings.items()
        if value != ""
    ]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{manifest['scenario_title']}: {manifest['n_replicates']} simulated histories",
        "description": f"{manifest['about']} From {manifest['start']} to {manifest['end']}, theories "
        f"{theory['belief']} and {theory['exit']}, seed {manifest['seed']}.",
        "datePublished": effort["finished"],
        "license": {"@id": license},
        "conformsTo": {"@id": "https://w3id.org/ro/wfrun/process/0.5"},
        "hasPart": [{"@id": path.relative_to(folder).as_posix()} for path in files],
        "mentions": {"@id": "#run"},
        "temporalCoverage": f"{manifest['start']}/{manifest['end']}",
    }
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Simulation of {manifest['scenario_id']}",
        "instrument": {"@id": program},
        "startTime": effort["started"],
        "endTime": effort["finished"],
        "object": [{"@id": name} for name in [*inputs, *(one["@id"] for one in asked)]],
        "result": [{"@id": name} for name in outputs],
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }
    if people:
        root["creator"] = action["agent"] = [{"@id": person["@id"]} for person in people]
    software = {
        "@id": program,
        "@type": "SoftwareApplication",
        "name": "Allegiance",
        "description": "An open laboratory for theories of allegiance in civil war.",
        "version": manifest["engine_version"],
        "softwareVersion": manifest["git"] or manifest["engine_version"],
        "license": [{"@id": f"https://spdx.org/licenses/{name}"} for name in ("MIT", "Apache-2.0")],
    }
    terms = [
        {"@id": address, "@type": "CreativeWork", "name": address.rsplit("/", 1)[-1]}
        for address in sorted({license, *(one["@id"] for one in software["license"])})
    ]
    profile = {
        "@id": "https://w3id.org/ro/wfrun/process/0.5",
        "@type": "CreativeWork",
        "name": "Process Run Crate",
        "version": "0.5",
    }
    head = {
        "@id": _FILE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    graph = [head, root, action, software, profile, *terms, *people, *asked, *entities]
    contexts = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
    text = json.dumps({"@context": contexts, "@graph": graph}, indent=2, ensure_ascii=False)
    place = folder / _FILE
    half = place.with_name(f"{_FILE}.{os.getpid()}")
    half.write_text(text + "\n", encoding="utf-8")
    half.replace(place)
    return place


def _column(table: str, column: Any) -> dict[str, Any]:
    entity = {
        "@id": f"#{table}.{column.name}",
        "@type": "PropertyValue",
        "name": column.name,
        "description": column.meaning,
    }
    return entity | ({"unitText": column.unit} if column.unit else {})


def _person(name: str, orcid: str | None) -> dict[str, Any]:
    if orcid is not None and not orcid.startswith("https://orcid.org/"):
        orcid = f"https://orcid.org/{orcid}"
    return {"@id": orcid or f"#{name.replace(' ', '-')}", "@type": "Person", "name": name}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
