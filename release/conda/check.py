"""Reads recipe.yaml as rattler-build does, and tells what it would build on each platform. Builds nothing.

    pip install py-rattler-build==0.73.0; python release/conda/check.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from rattler_build import PlatformConfig, RattlerBuildError, RenderConfig, Stage0Recipe, VariantConfig

PLATFORMS = ("linux-64", "linux-aarch64", "osx-arm64", "win-64")
# What conda-forge pins itself, as far as the recipe asks for it.
PINNED = """
c_compiler: [{c}]
rust_compiler: [rust]
c_stdlib: [{stdlib}]
python: ["3.11"]
"""


def main() -> None:
    recipe = Stage0Recipe.from_file(Path(__file__).with_name("recipe.yaml"))
    for platform in PLATFORMS:
        c, stdlib = {"linux": ("gcc", "sysroot"), "osx": ("clang", "macosx_deployment_target"), "win": ("vs2022", "vs")}[platform.split("-")[0]]
        config = RenderConfig(platform=PlatformConfig(target_platform=platform, build_platform=platform, host_platform=platform))
        found = recipe.render(VariantConfig.from_yaml(PINNED.format(c=c, stdlib=stdlib)), config)
        for variant in found:
            made = variant.recipe.to_dict()
            needs = made["requirements"]
            print(platform, made["package"]["name"], made["package"]["version"], "build:", *needs.get("build", []), "host:", *needs.get("host", []))
        if sorted(variant.recipe.to_dict()["package"]["name"] for variant in found) != ["allegiance", "allegiance-cli"]:
            sys.exit(f"{platform}: the recipe doesn't give both packages")


if __name__ == "__main__":
    try:
        main()
    except RattlerBuildError as error:
        sys.exit(f"recipe.yaml: {error}")
