"""The files of the page, without a browser."""

import re

import pytest

from microgt.serve.service import Service
from microgt.serve.settings import Settings
from microgt.serve.ui_routes import FOLDER
from tests.serve.scripted import Model

OWN = [path for path in sorted(FOLDER.rglob("*")) if path.is_file() and "vendor" not in path.parts]


def test_the_page_is_open_and_holds_nothing_else(serve, shop):
    with serve(Service([shop], Model, Settings(workers=1, ui=True, token="secret"))) as client:
        page = client.get("/")
        assert page.status_code == 200
        for address in ("/", *re.findall(r'(?:src|href)="(/ui/[^"]+)"', page.text), "/ui/js/api.js"):
            found = client.get(address)
            assert (found.status_code, "script-src 'self'" in found.headers["Content-Security-Policy"]) == (200, True), address
        assert client.get("/ui/js/app.js").headers["Content-Type"].startswith("text/javascript")
        for address in ("/ui/", "/ui/gone.js", "/ui/..%2fauth.py", "/ui/%2e%2e/auth.py"):
            assert client.get(address).status_code == 404, address
        assert client.get("/schema").status_code == 401
    with serve(Service([shop], Model, Settings(workers=1))) as client:
        assert (client.get("/").status_code, client.get("/ui/style.css").status_code) == (404, 404)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere_and_nothing_stands_inline(path):
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://", text)
    assert not re.search(r"\binnerHTML\b|\beval\(|<script>| on\w+=\"", text)


def test_every_vendored_build_has_its_licence():
    for build in (FOLDER / "vendor").glob("*.min.js"):
        assert (FOLDER / "vendor" / f"LICENSE.{build.name.removesuffix('.min.js')}").is_file()
    assert sum(file.stat().st_size for file in FOLDER.rglob("*")) < 1_500_000
