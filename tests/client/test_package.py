"""That the client is reached from both packages, and weighs nothing where it is not used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import lipwright
import lipwright_client


def loaded_after(statement: str) -> set[str]:
    """The top modules that a fresh interpreter has loaded after a statement."""
    report = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_the_clients_are_offered_by_the_main_package() -> None:
    assert lipwright.Client is lipwright_client.Client
    assert lipwright.AsyncClient is lipwright_client.AsyncClient
    assert {"Client", "AsyncClient", "__version__"} <= set(dir(lipwright))
    with pytest.raises(AttributeError, match="'Klient'"):
        _ = lipwright.Klient


def test_the_main_package_does_not_load_the_client_before_it_is_used() -> None:
    assert loaded_after("import lipwright") & {"lipwright_client", "httpx", "pydantic"} == set()


def test_the_client_loads_neither_engine_nor_server() -> None:
    heavy = {"lipwright", "numpy", "av", "cv2", "onnxruntime", "fastapi", "sqlalchemy", "typer"}
    assert loaded_after("import lipwright_client") & heavy == set()


def test_both_packages_have_one_version() -> None:
    assert lipwright.__version__ == lipwright_client.__version__


def test_everything_that_is_offered_exists_and_is_sorted() -> None:
    assert lipwright_client.__all__ == sorted(lipwright_client.__all__)
    assert [name for name in lipwright_client.__all__ if not hasattr(lipwright_client, name)] == []
