"""The shape of the house: stairs, owners, sizes and names."""

import ast
import re
import subprocess

import pytest

from tests.house.reading import FLOORS, ROOT, imports_of, name_of, sources, tree_of

ABOVE = {"framework": ("lots", "calloffs"), "lots": ("calloffs",), "calloffs": ()}
NEVER_A_ROOM = {"utils", "util", "helpers", "helper", "misc", "common", "core", "services", "managers"}

# One owner each: what only one file may import.
OWNERS = {
    "decimal": {"framework/definitions/money.py"},
    "weasyprint": {"framework/records/documents.py"},
    "smtplib": {"framework/records/mail.py"},
    "apscheduler": {"commands.py"},
    # A stranger's file is opened in a process apart, by these alone.
    "python_calamine": {"framework/records/sheet_reading.py"},
    "openpyxl": set(),
    "pypdf": {"framework/records/proving.py"},
    "PIL": {"framework/records/proving.py"},
    "zipfile": {"framework/records/container.py"},
}
FLASK = ("flask", "flask_wtf", "flask_security", "flask_sqlalchemy_lite", "htmx_flask", "werkzeug", "wtforms")
FLASK_OUTSIDE_DOORS = {"framework/people/signing_in.py", "framework/records/database.py"}


def test_stairs_go_down_only():
    wrong = [
        f"{name_of(path)}:{line} imports {module}, which is upstairs"
        for floor in FLOORS
        for path in sources(floor)
        for module, line in imports_of(path)
        if module.split(".")[0] in (*ABOVE[floor], "app", "commands", "tests")
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", sorted(OWNERS))
def test_each_thing_has_one_owner(package):
    wrong = [
        f"{name_of(path)}:{line} imports {module}; only {', '.join(OWNERS[package])} may"
        for path in [*sources(), ROOT / "app.py", ROOT / "commands.py"]
        for module, line in imports_of(path)
        if module.split(".")[0] == package and name_of(path) not in OWNERS[package]
    ]
    assert not wrong, "\n".join(wrong)


def test_flask_stays_in_the_doors():
    wrong = [
        f"{name_of(path)}:{line} imports {module}"
        for path in sources()
        for module, line in imports_of(path)
        if module.split(".")[0] in FLASK
        and "/web/" not in name_of(path)
        and name_of(path) not in FLASK_OUTSIDE_DOORS
    ]
    assert not wrong, "\n".join(wrong)


def test_only_one_file_asks_the_time():
    asks = {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("date", "today"),
        ("datetime", "today"),
        ("time", "time"),
    }
    wrong = [
        f"{name_of(path)}:{node.lineno} asks the clock itself; dates.now() and dates.today() do"
        for path in sources()
        if name_of(path) != "framework/definitions/dates.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in asks
    ]
    assert not wrong, "\n".join(wrong)


def test_only_settings_read_the_environment():
    wrong = [
        f"{name_of(path)}:{node.lineno} reads os.environ"
        for path in [*sources(), ROOT / "app.py"]
        if name_of(path) != "framework/records/settings.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_ledger_moves_balances():
    balances = {"reserved_pence", "committed_pence", "invoiced_pence", "paid_pence", "used_net_pence"}
    wrong = []
    for path in sources():
        if name_of(path) == "calloffs/spend/ledger.py":
            continue
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Assign | ast.AugAssign):
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            wrong += [
                f"{name_of(path)}:{node.lineno} sets {target.attr}"
                for target in targets
                if isinstance(target, ast.Attribute) and target.attr in balances
            ]
    assert not wrong, "\n".join(wrong)


def test_doors_hold_no_queries_and_no_commits():
    wrong = []
    for path in sources():
        if "/web/" not in name_of(path) or path.name in ("visit.py", "menu.py"):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "select":
                wrong.append(f"{name_of(path)}:{node.lineno} selects: that belongs in finding.py")
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "commit"
            ):
                wrong.append(f"{name_of(path)}:{node.lineno} commits: the visit does")
    assert not wrong, "\n".join(wrong)


def test_actions_never_commit():
    wrong = [
        f"{name_of(path)}:{node.lineno} commits; its caller does"
        for path in sources()
        if "/web/" not in name_of(path) and not name_of(path).startswith("framework/records/")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not wrong, "\n".join(wrong)


def test_no_file_is_over_400_lines():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py", "*.html", "*.js", "*.scss"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    paths = [ROOT / one for one in listed] or [*sources(*FLOORS, "tests", "bench"), ROOT / "app.py"]
    long = {
        name_of(path): lines
        for path in paths
        if path.exists() and (lines := len(path.read_text().splitlines())) > 400
    }
    assert not long


def test_no_room_is_called_after_nothing():
    wrong = [
        name_of(path)
        for path in sources(*FLOORS, "tests")
        if {path.stem, *path.relative_to(ROOT).parts[:-1]} & NEVER_A_ROOM
    ]
    assert not wrong


def test_every_module_says_what_it_is():
    wrong = [
        name_of(path)
        for path in [*sources(), ROOT / "app.py", ROOT / "commands.py"]
        if not ast.get_docstring(tree_of(path))
    ]
    assert not wrong


def test_templates_never_mark_text_as_safe_and_carry_no_inline_code():
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        patterns = {
            r"\|\s*safe\b": "|safe",
            r"autoescape\s+false": "autoescape false",
            r"\son[a-z]+=": "an inline handler",
        }
        if "documents" not in path.parts:
            patterns |= {
                r"\sstyle=": "an inline style",
                r"<style": "a style sheet of its own",
                r"<script(?![^>]*\ssrc=)": "a script",
            }
        patterns |= {r"hx-on": "hx-on", r"\bjs:": "js:"}
        wrong += [
            f"{name_of(path)}: {what}" for pattern, what in patterns.items() if re.search(pattern, text)
        ]
    assert not wrong, "\n".join(wrong)


def test_every_form_that_posts_carries_its_keys():
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for form in re.findall(
            r"<form\b[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.S | re.I
        ):
            if "_keys.html" not in form and "csrf_token" not in form:
                wrong.append(f"{name_of(path)}: a form without its keys")
    assert not wrong, "\n".join(wrong)
