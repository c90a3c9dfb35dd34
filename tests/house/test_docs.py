"""The written part keeps step with the code: settings, open lists, words, paths, links and plain English."""

import ast
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

import commands
from calloffs.call_off import CallOffStatus
from framework.agreement import AgreementStatus
from framework.people.permissions import PARTNER_ROLES, Role
from framework.records.settings import Settings
from tests.house.reading import ROOT, name_of, sources, tree_of

GUIDE = sorted((ROOT / "docs" / "guide").glob("*.md"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
WRITTEN = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
READERS = {
    "administrator",
    "approver",
    "auditor",
    "commissioning-manager",
    "finance",
    "framework-owner",
    "operator",
    "partner",
}
COMMANDS = ("./run", "./run --empty", "./run test", "./run check", "./run lock", "./run tracker")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def rows_of(path: Path, heading: str) -> list[list[str]]:
    """The cells of the table whose first heading is this one."""
    found: list[list[str]] = []
    inside = False
    for line in text_of(path).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == heading:
            inside = True
        elif inside and not set(line) <= set("|-: "):
            found.append(cells)
    assert found, f"{name_of(path)} has no table that begins with {heading}"
    return found


def in_code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def classes() -> set[str]:
    found = set()
    for path in [*sources(), ROOT / "app.py", ROOT / "commands.py"]:
        found |= {node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)}
    return found


def assigned_in(path: Path) -> set[str]:
    """Names given a value at the top of a module."""
    found = set()
    for node in tree_of(path).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {one.id for one in targets if isinstance(one, ast.Name)}
    return found


# README


def test_the_readme_names_every_command_that_run_knows() -> None:
    readme = text_of(ROOT / "README.md")
    missing = [
        command for command in COMMANDS if f"`{command}" not in readme and f"\n{command}" not in readme
    ]
    assert not missing
    known = set(re.findall(r"^    '?(--empty|[a-z]+)'?\)$", text_of(ROOT / "run"), re.MULTILINE))
    assert {command.removeprefix("./run ") for command in COMMANDS} - {"./run"} <= known


def test_every_setting_is_in_the_readme_and_nothing_else() -> None:
    read = set(
        re.findall(r"reading\.take\(\s*\"([A-Z_]+)\"", text_of(ROOT / "framework/records/settings.py"))
    )
    assert len(read) > 10
    told = [row[0].strip("`") for row in rows_of(ROOT / "README.md", "Setting")]
    assert sorted(told) == sorted(read)


def test_every_setting_says_what_it_means_and_what_holds_without_it() -> None:
    assert all(
        len(row) == 3 and len(row[1]) > 15 and row[2] for row in rows_of(ROOT / "README.md", "Setting")
    )


def test_the_readme_gives_the_defaults_that_hold() -> None:
    told = {row[0].strip("`"): row[2].strip("`") for row in rows_of(ROOT / "README.md", "Setting")}
    held = {field.name.upper(): field.default for field in fields(Settings)}
    for name in ("HOST", "PORT", "WORKERS", "THREADS", "TRUSTED_PROXIES", "SESSION_HOURS"):
        assert told[name] == str(held[name]), name
    assert told["SAMPLE"] == ("yes" if held["SAMPLE"] else "no")


# The operator's guide and the architecture


def test_every_command_is_in_the_operators_guide() -> None:
    told = text_of(ROOT / "docs/guide/operator.md")
    assert len(commands.tracker.commands) > 5
    assert [name for name in commands.tracker.commands if f"`./run tracker {name}`" not in told] == []


def test_every_job_is_in_the_architecture() -> None:
    told = text_of(ROOT / "docs/architecture.md")
    assert [job.name for job in commands.JOBS if job.name not in told] == []


# Roles and statuses


def test_every_role_of_an_authority_is_in_the_administrators_guide() -> None:
    told = {row[0] for row in rows_of(ROOT / "docs/guide/administrator.md", "Role")}
    assert told == {role.label.lower() for role in Role if role not in PARTNER_ROLES}


@pytest.mark.parametrize(
    ("guide", "statuses"), [("commissioning-manager", CallOffStatus), ("framework-owner", AgreementStatus)]
)
def test_every_status_is_explained(guide: str, statuses: type[CallOffStatus | AgreementStatus]) -> None:
    told = [row[0] for row in rows_of(ROOT / "docs" / "guide" / f"{guide}.md", "Status")]
    assert told == [status.label for status in statuses]


# CONTRIBUTING


def test_every_open_list_of_the_recipes_is_where_they_say() -> None:
    for row in rows_of(ROOT / "CONTRIBUTING.md", "List"):
        name, places = row[0].strip("`"), re.findall(r"`([^`]+\.py)`", row[1])
        assert places, f"{name}: which file?"
        for place in places:
            assert (ROOT / place).exists(), f"{name}: there is no {place}"
            assert name in assigned_in(ROOT / place), f"{place} has no {name}"


def test_every_list_that_grows_has_its_recipe() -> None:
    told = {row[0].strip("`") for row in rows_of(ROOT / "CONTRIBUTING.md", "List")}
    wired = {
        name
        for name in assigned_in(ROOT / "calloffs/open_lists.py") | assigned_in(ROOT / "commands.py")
        if name.isupper() and not name.startswith("_")
    }
    grow = {
        "COLUMNS",
        "GRANTS",
        "KINDS",
        "MANDATORY",
        "PAPERS",
        "PARTS",
        "REPORTS",
        "RULES",
        "SENTENCES",
        "TABLES",
    }
    assert wired | grow <= told


# The glossary


def test_every_name_in_the_glossary_is_in_the_code() -> None:
    known = classes()
    terms = rows_of(ROOT / "docs/glossary.md", "Word")
    named = [name for row in terms for name in re.findall(r"`([A-Z]\w+)`", " ".join(row))]
    assert len(named) > 40
    assert [name for name in named if name not in known] == []


def test_no_word_stands_in_the_glossary_twice() -> None:
    words = [row[0].lower() for row in rows_of(ROOT / "docs/glossary.md", "Word")]
    assert [word for word in words if words.count(word) > 1] == []


# Links, paths and pages


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(path)):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), f"{name_of(path)} points to {target}"
        if anchor:
            heads = re.findall(r"^#+ (.+)$", text_of(found), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}, (
                target
            )


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_path_that_is_named_is_there(path: Path) -> None:
    named = [
        one
        for one in in_code(text_of(path))
        if re.fullmatch(r"[\w.][\w./-]*(/|\.(py|html|md|in|txt|js|scss|css|json|toml|svg|png))", one)
    ]
    made = ("data/", ".venv/", "node_modules/", "framework/static/vendor/")
    missing = [
        one
        for one in named
        if "/" in one and not one.startswith(made) and not (ROOT / one.rstrip("/")).exists()
    ]
    assert not missing, f"{name_of(path)} names {missing}"


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_nothing_names_a_folder_of_somebodys_machine(path: Path) -> None:
    assert not re.search(r"(?<![\w.:])/(work|home|tmp|Users|root)/", text_of(path))


def test_each_reader_has_a_page_and_the_readme_leads_to_it() -> None:
    assert {path.stem for path in GUIDE} == READERS
    readme = text_of(ROOT / "README.md")
    assert [path.name for path in GUIDE if f"docs/guide/{path.name}" not in readme] == []


def test_each_decision_says_why_what_and_what_was_given_up() -> None:
    assert len(DECISIONS) > 10
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    for path in DECISIONS:
        heads = re.findall(r"^## (.+)$", text_of(path), re.MULTILINE)
        assert heads == ["Context", "Choice", "What we gave up"], name_of(path)


# Guides: the words on the screen, and plain English


@cache
def _on_screen() -> str:
    """Every word that a template or a door can show, spaces folded."""
    files = [*(ROOT / "templates").rglob("*.html"), *sources(), ROOT / "app.py"]
    return " ".join(" ".join(text_of(path).split()) for path in files)


@pytest.mark.parametrize("path", GUIDE, ids=name_of)
def test_words_in_bold_are_words_on_a_page(path: Path) -> None:
    bold = re.findall(r"\*\*([^*]+)\*\*", text_of(path))
    assert bold, "a guide names the buttons and links it speaks of in bold"
    assert [words for words in bold if " ".join(words.split()) not in _on_screen()] == []


def sentences_of(text: str) -> list[str]:
    """What a guide says, sentence by sentence: each item of a list and each cell of a table ends one."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    blocks: list[str] = []
    for line in text.splitlines():
        if line.startswith("|"):
            blocks += [] if set(line) <= set("|-: ") else line.strip("|").split("|")
        elif not line.strip() or re.match(r"\s*([-*#]|\d+\.)\s", line):
            blocks.append(re.sub(r"^\s*([-*]|#+|\d+\.)\s", "", line))
        elif blocks:
            blocks[-1] += f" {line.strip()}"
        else:
            blocks.append(line)
    plain = (re.sub(r"\]\([^)]*\)|[*`\[]", "", block) for block in blocks)
    parts = [part for block in plain for part in re.split(r"(?<=[.?!:])\s+", block)]
    return [part for part in parts if len(part.split()) > 1]


@pytest.mark.parametrize("path", GUIDE, ids=name_of)
def test_guides_speak_in_short_sentences(path: Path) -> None:
    lengths = {sentence: len(sentence.split()) for sentence in sentences_of(text_of(path))}
    assert len(lengths) > 20
    assert sum(lengths.values()) / len(lengths) <= 20
    assert {sentence: words for sentence, words in lengths.items() if words > 35} == {}
