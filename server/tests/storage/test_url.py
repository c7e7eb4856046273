import pytest

from widgetstream_server.storage import Database
from widgetstream_server.storage.url import DatabaseUrl

SQLITE = ["sqlite:///data/x.db", "sqlite+aiosqlite:///data/x.db", "sqlite+pysqlite:///data/x.db"]
POSTGRES = [
    "postgres://ann:pa%40ss@db:5433/app?sslmode=require&password=tops3cret",
    "postgresql://ann:pa%40ss@db:5433/app?sslmode=require&password=tops3cret",
    "postgresql+asyncpg://ann:pa%40ss@db:5433/app?sslmode=require&password=tops3cret",
]


@pytest.mark.parametrize("text", SQLITE)
def test_sqlite(text: str) -> None:
    url = DatabaseUrl.parse(text)

    assert (url.dialect, url.address, str(url)) == ("sqlite", "data/x.db", "sqlite:///data/x.db")


def test_an_absolute_path_has_four_slashes() -> None:
    assert DatabaseUrl.parse("sqlite:////var/lib/x.db").address == "/var/lib/x.db"


@pytest.mark.parametrize("text", POSTGRES)
def test_postgresql_in_the_forms_that_people_write(text: str) -> None:
    url = DatabaseUrl.parse(text)

    assert url.dialect == "postgresql"
    assert url.address == "postgresql://ann:pa%40ss@db:5433/app?sslmode=require&password=tops3cret"
    assert str(url) == "postgresql://db:5433/app"
    assert "pa%40ss" not in repr(url)
    assert "tops3cret" not in repr(url)


def test_a_socket_is_an_option() -> None:
    assert str(DatabaseUrl.parse("postgresql:///app?host=/run/postgresql")) == "postgresql:///app"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tops3cret",
        "mysql://ann:tops3cret@db/app",
        "postgresql+psycopg://ann:tops3cret@db/app",
        "postgresql://ann:tops3cret@db:port/app",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x.db?tops3cret=1",
        "sqlite://tops3cret/x.db",
    ],
)
async def test_other_urls_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="a database URL is sqlite:///") as refused:
        await Database.open(text)

    assert "tops3cret" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


async def test_a_database_shows_where_it_is_and_no_more(database: Database, database_url: str) -> None:
    assert repr(database) == f"Database({str(DatabaseUrl.parse(database_url))!r})"
