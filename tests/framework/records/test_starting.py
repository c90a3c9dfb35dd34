"""The first start brings the sample in once and whole; starting for real keeps it as a file."""

import secrets
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from framework.records import starting
from framework.records.settings import Settings


class Sample:
    """Stands in for the sample: one person, marked as of the sample, and a count of how often it was asked for."""

    def __init__(self, *, is_sample: bool = True) -> None:
        self.loaded = 0
        self.is_sample = is_sample

    def __call__(self, settings: Settings) -> None:
        self.loaded += 1
        add_person(settings.database_url, is_sample=self.is_sample)
        settings.sample_sign_ins.write_text("Asha: a password\n")


def add_person(url: str, *, is_sample: bool) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO person (name, email, active, fs_uniquifier, created_at, failed_sign_ins, is_operator, is_sample)"
                " VALUES ('Asha', :key, true, :key, '2022-11-22 10:00:00', 0, false, :is_sample)"
            ),
            {"key": secrets.token_hex(8), "is_sample": is_sample},
        )
    engine.dispose()


def people(file: Path) -> int:
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        count = connection.execute(sa.text("SELECT count(*) FROM person")).scalar_one()
    engine.dispose()
    return int(count)


@pytest.fixture
def fresh(tmp_path: Path) -> Settings:
    folder = tmp_path / "data"
    return Settings(data_folder=folder, database_url=f"sqlite:///{folder}/tracker.db", secret_key="k" * 32)


def test_the_first_start_brings_the_sample_in_and_the_second_does_not(fresh: Settings) -> None:
    sample = Sample()
    for _ in range(2):
        assert starting.make_ready(fresh, empty=False, load_sample=sample) is None
    assert sample.loaded == 1
    assert people(fresh.data_folder / "tracker.db") == 1


def test_two_first_starts_at_once_load_one_sample(fresh: Settings) -> None:
    sample = Sample()
    starts = [
        threading.Thread(
            target=starting.make_ready, args=(fresh,), kwargs={"empty": False, "load_sample": sample}
        )
        for _ in range(2)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert sample.loaded == 1
    assert people(fresh.data_folder / "tracker.db") == 1


def test_a_first_start_that_breaks_off_leaves_no_database(fresh: Settings) -> None:
    def breaks_off(settings: Settings) -> None:
        add_person(settings.database_url, is_sample=True)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        starting.make_ready(fresh, empty=False, load_sample=breaks_off)
    assert not (fresh.data_folder / "tracker.db").exists()
    starting.make_ready(fresh, empty=False, load_sample=Sample())
    assert people(fresh.data_folder / "tracker.db") == 1
    assert not list(fresh.data_folder.glob("*.making*"))


def test_an_installation_that_wants_no_sample_gets_none(fresh: Settings) -> None:
    sample = Sample()
    starting.make_ready(replace(fresh, sample=False), empty=False, load_sample=sample)
    assert sample.loaded == 0
    assert people(fresh.data_folder / "tracker.db") == 0


def test_a_database_with_people_of_its_own_never_gets_the_sample(fresh: Settings) -> None:
    starting.make_ready(replace(fresh, sample=False), empty=False, load_sample=Sample())
    add_person(fresh.database_url, is_sample=False)
    sample = Sample()
    starting.make_ready(fresh, empty=False, load_sample=sample)
    assert sample.loaded == 0


def test_beginning_empty_keeps_the_sample_as_a_file_with_the_date(fresh: Settings) -> None:
    sample = Sample()
    starting.make_ready(fresh, empty=False, load_sample=sample)
    kept = starting.make_ready(fresh, empty=True, load_sample=sample)
    assert kept == fresh.data_folder / "sample-2022-11-22.db"
    assert people(kept) == 1
    assert people(fresh.data_folder / "tracker.db") == 0
    assert not fresh.sample_sign_ins.exists()
    assert (fresh.data_folder / "sample-2022-11-22-sign-ins.txt").exists()


def test_what_was_begun_empty_stays_empty_at_the_next_start(fresh: Settings) -> None:
    sample = Sample()
    starting.make_ready(fresh, empty=True, load_sample=sample)
    starting.make_ready(fresh, empty=False, load_sample=sample)
    assert sample.loaded == 0


def test_a_second_sample_of_the_day_is_kept_beside_the_first(fresh: Settings) -> None:
    for expected in ("sample-2022-11-22.db", "sample-2022-11-22-2.db"):
        starting.make_ready(fresh, empty=False, load_sample=Sample())
        add_person(fresh.database_url, is_sample=True)
        kept = starting.make_ready(fresh, empty=True, load_sample=Sample())
        assert kept is not None
        assert kept.name == expected


def test_beginning_empty_leaves_real_work_where_it_is(fresh: Settings) -> None:
    starting.make_ready(fresh, empty=True, load_sample=Sample())
    add_person(fresh.database_url, is_sample=False)
    assert starting.make_ready(fresh, empty=True, load_sample=Sample()) is None
    assert people(fresh.data_folder / "tracker.db") == 1


def test_the_sample_is_not_set_aside_under_a_running_site(fresh: Settings) -> None:
    starting.make_ready(fresh, empty=False, load_sample=Sample())
    with (
        starting.being_served(fresh),
        pytest.raises(starting.NotReady, match="running"),
    ):
        starting.make_ready(fresh, empty=True, load_sample=Sample())
    assert people(fresh.data_folder / "tracker.db") == 1


def test_a_database_that_does_not_answer_is_named_without_its_password(fresh: Settings) -> None:
    url = "postgresql+psycopg://tracker:hush@127.0.0.1:1/tracker"
    with pytest.raises(starting.NotReady, match="DATABASE_URL") as refused:
        starting.make_ready(replace(fresh, database_url=url), empty=False, load_sample=Sample())
    assert "hush" not in str(refused.value)
