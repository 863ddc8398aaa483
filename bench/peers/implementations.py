"""The implementations, and how each is started."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scenario.generate import RUNNING, SWITCHED_OFF

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PYTHON = str(Path(os.environ.get("PEERS_VENV", HERE / ".venv")) / "bin" / "python")
TARGET = os.environ.get("CARGO_TARGET_DIR")
KRABMAGA = str(Path(TARGET or HERE / "krabmaga" / "target") / "release" / "peers-krabmaga")
CACHE = HERE / "out" / "cache"
# One thread for everything, and caches of compiled code that the harness empties when it starts.
ENVIRONMENT = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON", "NUMBA")} | {
    "NPROC": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "NUMBA_CACHE_DIR": str(CACHE / "numba"),
    "JAX_COMPILATION_CACHE_DIR": str(CACHE / "jax"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
}


def allegiance_binary() -> Path:
    """The release build of Allegiance; `ALLEGIANCE` names another."""
    return Path(os.environ.get("ALLEGIANCE", Path(TARGET or ROOT / "target") / "release" / "allegiance"))


def refuse_unknown_mechanisms() -> None:
    """Fails where the program has a mechanism that the scenario doesn't name: it may run, and the peers don't have it."""
    command = [str(allegiance_binary()), "schema"]
    schema = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    unknown = sorted(schema["properties"]["mechanisms"]["properties"].keys() - {*RUNNING, *SWITCHED_OFF})
    if unknown:
        raise SystemExit(f"scenario/generate.py must switch off what is new in Allegiance: {', '.join(unknown)}")


@dataclass(frozen=True)
class Implementation:
    """An implementation: its label, its command, and the options that make the variant."""

    label: str
    program: tuple[str, ...]
    variant: tuple[str, ...] = ()
    # Compiles in its first run, and keeps what it compiled.
    is_compiled_when_run: bool = False

    @property
    def is_allegiance(self) -> bool:
        """Whether it runs the scenario, and not a program of its own."""
        return not self.program

    def command(self, people: int, days: int, is_dense: bool) -> list[str]:
        """The command line of one run of a peer."""
        dense = ["--dense"] if is_dense else []
        return [*self.program, str(people), str(days), *dense, *self.variant]


def _script(folder: str) -> tuple[str, str]:
    return PYTHON, str(HERE / folder / "model.py")


IMPLEMENTATIONS = {
    "allegiance": Implementation("Allegiance", ()),
    # The totals by day are all that the peers have at the end of a run.
    "allegiance-totals": Implementation("Allegiance, writing the table of groups alone", (), ("--tables", "groups")),
    "krabmaga": Implementation("krABMaga, everyone scheduled", (KRABMAGA,)),
    "krabmaga-roles": Implementation("krABMaga, only members and idle men scheduled", (KRABMAGA,), ("--roles",)),
    "mesa": Implementation("Mesa, everyone steps", _script("mesa")),
    "mesa-roles": Implementation("Mesa, only members and idle men step", _script("mesa"), ("--roles",)),
    "numpy": Implementation("NumPy, arrays of everyone", _script("numpy")),
    "numpy-thin": Implementation("NumPy, thinned by hand for this model", _script("numpy"), ("--thin",)),
    "numba": Implementation("Numba, loops over members and idle men", _script("numba"), is_compiled_when_run=True),
    "numba-thin": Implementation("Numba, thinned by hand for this model", _script("numba"), ("--thin",), is_compiled_when_run=True),
    "jax": Implementation("JAX, one compiled program for all days", _script("jax"), is_compiled_when_run=True),
}
PEERS = [name for name, implementation in IMPLEMENTATIONS.items() if not implementation.is_allegiance]
