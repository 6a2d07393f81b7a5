"""Pages for people: what runs here, and the documentation of the API, which loads nothing from elsewhere."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from besitos import __version__
from besitos.surfaces.http.problem import Refused
from besitos.surfaces.http.service import language_in
from besitos.surfaces.texts import Texts

VENDOR = Path(__file__).parent / "vendor"

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"content-security-policy": CSP, "referrer-policy": "no-referrer", "cache-control": "no-cache"}

FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "start.js": "text/javascript",
    "page.css": "text/css",
}
"""What may be asked for, and nothing else of the folder."""

DOCS = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>besitos API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

HOME = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>besitos</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<main>
<h1>besitos {version}</h1>
<p>{runs}</p>
<ul>
<li><a href="/docs">/docs</a>: {docs}</li>
<li><a href="/openapi.json">/openapi.json</a>: {openapi}</li>
<li><a href="/readyz">/readyz</a>: {ready}</li>
<li><a href="/metrics">/metrics</a>: {metrics}</li>
</ul>
<p>{keys} <code>besitos keys create</code></p>
</main>
</body>
</html>
"""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request) -> Response:
    """What runs here, and where to go."""
    texts = Texts(language_in(request.scope))
    said = {name: texts.of(f"home.{name}") for name in ("runs", "docs", "openapi", "ready", "metrics", "keys")}
    return HTMLResponse(HOME.format(language=texts.language, version=__version__, **said), headers=HEADERS)


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The documentation, to read and to try."""
    return HTMLResponse(DOCS.format(language=language_in(request.scope)), headers=HEADERS)


@router.get("/docs/{name}")
async def file(request: Request) -> Response:
    """One of the files of these pages."""
    name = request.path_params["name"]
    if name not in FILES:
        raise Refused(404, "route.unknown")
    return Response(_content(name), media_type=FILES[name], headers=HEADERS | {"cache-control": "max-age=3600"})


@cache
def _content(name: str) -> bytes:
    return (VENDOR / name).read_bytes()
