"""The implementations, and how each is started."""

import os
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = str(HERE / ".venv" / "bin" / "python")
KRABMAGA = str(HERE / "krabmaga" / "target" / "release" / "peers-krabmaga")


def allegiance_binary() -> Path:
    """The release build of Allegiance; `ALLEGIANCE` names another."""
    return Path(os.environ.get("ALLEGIANCE", HERE.parent.parent / "target" / "release" / "allegiance"))


@dataclass(frozen=True)
class Implementation:
    """A peer: its command, and the option that makes the variant."""

    label: str
    program: tuple[str, ...]
    variant: tuple[str, ...] = ()

    def command(self, people: int, days: int, is_dense: bool) -> list[str]:
        """The command line of one run."""
        dense = ["--dense"] if is_dense else []
        return [*self.program, str(people), str(days), *dense, *self.variant]


IMPLEMENTATIONS = {
    "allegiance": Implementation("Allegiance", ()),
    "krabmaga": Implementation("krABMaga, everyone scheduled", (KRABMAGA,)),
    "krabmaga-roles": Implementation("krABMaga, only members and idle men scheduled", (KRABMAGA,), ("--roles",)),
    "mesa": Implementation("Mesa, everyone steps", (PYTHON, str(HERE / "mesa" / "model.py"))),
    "mesa-roles": Implementation("Mesa, only members and idle men step", (PYTHON, str(HERE / "mesa" / "model.py")), ("--roles",)),
    "numpy": Implementation("NumPy, arrays of everyone", (PYTHON, str(HERE / "numpy" / "model.py"))),
    "numpy-thin": Implementation("NumPy, thinned by hand for this model", (PYTHON, str(HERE / "numpy" / "model.py")), ("--thin",)),
}
