"""A wrong setting stops the start and is named; what is not given has a sensible answer."""

import stat
from pathlib import Path

import pytest

from framework.records.settings import SettingsError, load


def given(folder: Path, **environ: str) -> dict[str, str]:
    return {"DATA_FOLDER": str(folder), **environ}


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = load(given(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path}/tracker.db"
    assert settings.database_file == tmp_path / "tracker.db"
    assert settings.public_url == "http://localhost:8000"
    assert settings.smtp_url is None
    assert settings.sample
    assert not settings.secure


def test_a_setting_left_blank_is_a_setting_not_given(tmp_path: Path) -> None:
    assert load(given(tmp_path, PORT="", SMTP_URL="  ")) == load(given(tmp_path))


def test_the_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    first, second = load(given(folder)), load(given(folder))
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret-key"]


def test_a_secret_key_that_is_given_is_not_written_down(tmp_path: Path) -> None:
    assert load(given(tmp_path, SECRET_KEY="k" * 32)).secret_key == "k" * 32
    assert list(tmp_path.iterdir()) == []


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load(
        given(
            tmp_path,
            SECRET_KEY="hush" * 8,
            DATABASE_URL="postgresql://u:hush@h/t",
            SMTP_URL="smtp://u:hush@h",
            SECRET_KEY_FALLBACKS="hush" * 9,
        )
    )
    assert "hush" not in repr(settings)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_means_psycopg(tmp_path: Path, scheme: str) -> None:
    settings = load(given(tmp_path, DATABASE_URL=f"{scheme}://u:p%40ss@db:5433/tracker?sslmode=require"))
    assert settings.database_url == "postgresql+psycopg://u:p%40ss@db:5433/tracker?sslmode=require"
    assert settings.database_file is None


def test_the_public_address_loses_its_closing_slash(tmp_path: Path) -> None:
    settings = load(given(tmp_path, PUBLIC_URL="https://tracker.council.example/"))
    assert settings.public_url == "https://tracker.council.example"
    assert settings.secure
    assert settings.mail_from == "no-reply@tracker.council.example"


def test_earlier_keys_are_separated_by_commas(tmp_path: Path) -> None:
    settings = load(given(tmp_path, SECRET_KEY_FALLBACKS=f"{'a' * 32}, {'b' * 40}"))
    assert settings.secret_key_fallbacks == ("a" * 32, "b" * 40)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "abc", "whole number from 1 to 65535"),
        ("PORT", "0", "whole number"),
        ("PORT", "65536", "whole number"),
        ("PORT", "8_000", "whole number"),
        ("PORT", "٣", "whole number"),
        ("DATABASE_URL", "mysql://u@h/d", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", "tracker.db", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", "sqlite://", "name a file"),
        ("DATABASE_URL", "sqlite:///:memory:", "name a file"),
        ("DATABASE_URL", "postgresql://user:pw@host", "name a database"),
        ("DATABASE_URL", "postgresql://user:pw@host:port/db", "cannot be read|can be read"),
        ("SMTP_URL", "smtp://", "name a host"),
        ("SMTP_URL", "mail.council.example", "smtp://"),
        ("SMTP_URL", "http://mail.council.example", "smtp://"),
        ("SMTP_URL", "smtp://mail:x", "can be read"),
        ("PUBLIC_URL", "tracker.council.example", "http://"),
        ("PUBLIC_URL", "ftp://tracker.council.example", "http://"),
        ("PUBLIC_URL", "https://tracker.council.example/path", "nothing after"),
        ("MAIL_FROM", "nobody", "e-mail address"),
        ("MAIL_FROM", "a@b\nBcc: c@d", "e-mail address"),
        ("SECRET_KEY", "short", "at least 32"),
        ("SECRET_KEY_FALLBACKS", "short", "at least 32"),
        ("SESSION_HOURS", "0", "whole number"),
        ("TRUSTED_PROXIES", "-1", "whole number"),
        ("WORKERS", "many", "whole number"),
        ("THREADS", "2.5", "whole number"),
        ("SAMPLE", "maybe", "yes or no"),
        ("HOST", "a b", "network address"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as refused:
        load(given(tmp_path, **{name: value}))
    assert [problem.split()[0] for problem in refused.value.problems] == [name]


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load(given(tmp_path, PORT="abc", SAMPLE="maybe"))
    assert [problem.split()[0] for problem in refused.value.problems] == ["PORT", "SAMPLE"]


def test_a_refusal_does_not_repeat_a_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load(
            given(tmp_path, DATABASE_URL="mysql://u:hush@h/d", SMTP_URL="http://u:hush@h", SECRET_KEY="hush")
        )
    assert "hush" not in str(refused.value)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(SettingsError, match="DATA_FOLDER"):
        load(given(tmp_path / "data"))


def test_a_secret_key_file_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("cut")
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        load(given(tmp_path))
