"""The lock files pin everything by hash and name no place to download it from."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-test.txt", "build-requirements.txt")


@pytest.mark.parametrize("name", LOCKS)
def test_a_requirements_lock_holds_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_version_and_a_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
    packages = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert packages
    loose = [
        line for line in packages if not re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+.* --hash=sha256:", line)
    ]
    assert loose == []


def test_the_tests_run_on_the_versions_that_the_site_runs_on() -> None:
    site, test = (_pins(ROOT / name) for name in ("requirements.txt", "requirements-test.txt"))
    assert site <= test


def test_the_javascript_lock_holds_no_address_but_where_to_give_money() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]
    addresses = [(where, words) for where, words in _texts(lock) if "://" in words and "funding" not in where]
    assert addresses == []


def test_every_javascript_package_is_pinned_by_hash() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    unpinned = [name for name, about in lock["packages"].items() if name and "integrity" not in about]
    assert unpinned == []


def test_no_lock_of_a_kind_that_records_addresses_is_here() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "uv.lock" in ignored
    assert "pylock*.toml" in ignored


def _pins(path: Path) -> set[str]:
    return set(
        re.findall(r"^[a-z0-9._-]+(?:\[[a-z,]+\])?==[^\s;]+", path.read_text(encoding="utf-8"), re.MULTILINE)
    )


def _texts(value: object, where: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in _texts(inner, (*where, str(key)))]
    if isinstance(value, list):
        return [found for inner in value for found in _texts(inner, where)]
    return [(where, value)] if isinstance(value, str) else []
