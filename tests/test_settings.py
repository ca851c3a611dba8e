import stat

import pytest

from tracker.domain.errors import Invalid
from tracker.paths import SOCKET_LIMIT, DataFolder
from tracker.settings import SETTINGS, Settings


def test_an_empty_environment_gives_everything_on_this_machine(tmp_path):
    settings = Settings.from_environment({"TRACKER_DATA": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path}/tracker.sqlite"
    assert settings.embedded_queue
    assert settings.redis_url == f"unix://{tmp_path}/run/valkey.sock"
    assert settings.base_url == "http://127.0.0.1:8000"


def test_reading_the_settings_creates_nothing(tmp_path):
    Settings.from_environment({"TRACKER_DATA": str(tmp_path / "later")})

    assert not (tmp_path / "later").exists()


def test_a_bare_postgres_address_names_psycopg_3(tmp_path):
    settings = Settings.from_environment({"TRACKER_DATABASE_URL": "postgresql://a@b/c"})

    assert settings.database_url == "postgresql+psycopg://a@b/c"
    assert not settings.on_sqlite


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("TRACKER_SMTP_SECURITY", "perhaps"),
        ("TRACKER_DATABASE_URL", "oracle://x"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(name, value):
    with pytest.raises(Invalid, match=name):
        Settings.from_environment({name: value})


def test_a_deep_data_folder_still_gets_a_socket_short_enough(tmp_path):
    deep = DataFolder(tmp_path / ("d" * 90))

    assert len(str(deep.socket)) <= SOCKET_LIMIT
    assert deep.socket == DataFolder(deep.root).socket
    assert deep.socket != DataFolder(tmp_path / ("e" * 90)).socket


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    settings = Settings.from_environment({"TRACKER_DATA": str(tmp_path)})

    first = settings.audit_key

    assert len(first) == 32
    assert settings.audit_key == first
    assert settings.secret_key != first
    assert stat.S_IMODE((tmp_path / "keys" / "audit.key").stat().st_mode) == 0o600
    assert sorted(file.name for file in (tmp_path / "keys").iterdir()) == ["audit.key", "secret.key"]


def test_a_broken_key_file_is_refused_and_never_replaced(tmp_path):
    settings = Settings.from_environment({"TRACKER_DATA": str(tmp_path)})
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "seal.key").write_text("half\n")

    with pytest.raises(Invalid, match="khóa"):
        _ = settings.seal_key

    assert (tmp_path / "keys" / "seal.key").read_text() == "half\n"


def test_each_setting_has_a_help_text():
    assert all(setting.help.endswith(".") for setting in SETTINGS)
