"""What a user does with h3-notes, step by step, and what must come back."""
import json
from dataclasses import dataclass, field

from clients.exchanges import pattern

ALLOWED = "http://app.example"  # the service is started with it as --origin
FOREIGN = "http://evil.example"
PROBLEM = "application/problem+json"
ATTACHMENT = pattern(3 * 1024 * 1024 + 5)
MAX_TRIES = 40  # h3-notes takes 10 attempts at once, and another every 6 s


@dataclass(frozen=True)
class Step:
    """The client encodes the body itself: at most one of form (urlencoded), parts (multipart), json and body."""
    name: str
    path: str
    status: int = 200
    method: str = "GET"
    user: str = "anna"  # each has a cookie jar
    form: dict[str, str] | None = None
    parts: dict[str, str] | None = None
    json: object = None
    body: bytes | None = None
    chunked: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    until: bool = False  # again and again until the status is as expected, MAX_TRIES times
    # Of the response. Names of fields are in lower case.
    expected: dict[str, str] = field(default_factory=dict)
    within: dict[str, tuple[str, ...]] = field(default_factory=dict)  # texts that a field has, among others
    absent: tuple[str, ...] = ()
    content: bytes | None = None
    has: str = ""
    members: dict[str, object] = field(default_factory=dict)  # JSON pointer: value


@dataclass(frozen=True)
class Result:
    status: int
    fields: dict[str, str]  # names in lower case
    body: bytes


def _problem(name: str, path: str, status: int, members: dict | None = None, **more) -> Step:
    return Step(name, path, status, members={"/status": status, **(members or {})},
                **{"expected": {"content-type": PROBLEM}, **more})


def _note(title: str, text: str = "") -> dict[str, str]:
    return {"title": title, "text": text}


def _account(name: str, password: str = "correct horse") -> dict[str, str]:
    return {"name": name, "password": password}


def _preflight(origin: str) -> dict[str, str]:
    return {"Origin": origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}


_SEEN = {"expected": {"location": "/"}, "within": {"set-cookie": ("notes=", "HttpOnly", "SameSite=Lax", "Path=/")}}
_HOSTILE = "<script>alert(1)</script> & \u00e4\u20ac\U0001f600 100 %"

_STRANGER = (
    Step("front-end", "/", has="<title>Notes</title>",
         expected={"x-content-type-options": "nosniff", "referrer-policy": "same-origin"},
         within={"content-type": ("text/html",),
                 "content-security-policy": ("default-src 'self'", "frame-ancestors 'none'", "form-action 'self'")}),
    Step("its script", "/notes.js", within={"content-type": ("text/javascript",)}),
    Step("its style", "/notes.css", within={"content-type": ("text/css",)}),
    Step("no such file", "/none.js", 404),
    _problem("no user, no notes", "/api/notes", 401, {"/detail": "log in first"}),
    _problem("no user, no upload", "/api/notes/1/attachment", 401, method="PUT", body=b"x"),
)
_ACCOUNT = (
    _problem("a form with two faults", "/register", 400,
             {"/errors/0/name": "name", "/errors/1/name": "password", "/errors/1/in": "form"},
             method="POST", form=_account("", "short")),
    Step("register by a form", "/register", 303, method="POST", form=_account("anna"), **_SEEN),
    Step("the cookie is sent back", "/api/notes", content=b"[]", within={"content-type": ("application/json",)}),
    _problem("a name is taken", "/register", 409, method="POST", form=_account("anna"), user="ben"),
    Step("another registers", "/register", 303, method="POST", form=_account("ben"), user="ben", **_SEEN),
)
_NOTES = (
    _problem("JSON with two faults", "/api/notes", 400, {"/errors/0/pointer": "/title", "/errors/1/pointer": "/text"},
             method="POST", json={"title": "", "text": 5}),
    _problem("no JSON", "/api/notes", 415, method="POST", form={"title": "x"}),
    Step("create", "/api/notes", 201, method="POST", json=_note(_HOSTILE, "first"), members={"/id": 1},
         expected={"location": "/api/notes/1"}),
    Step("read", "/api/notes/1", members={"/title": _HOSTILE, "/text": "first", "/attachment": False}),
    Step("change", "/api/notes/1", 204, method="PUT", json=_note(_HOSTILE, "second"), content=b""),
    Step("create another", "/api/notes", 201, method="POST", json=_note("other"), members={"/id": 2}),
    Step("search", "/api/notes?q=100%20%25", members={"/0/id": 1, "/0/text": "second", "/1": None}),
    Step("the newest first", "/api/notes?limit=1", members={"/0/id": 2, "/1": None}),
    _problem("a limit out of range", "/api/notes?limit=0", 400, {"/errors/0/name": "limit", "/errors/0/in": "query"}),
    _problem("of another user", "/api/notes/1", 404, user="ben"),
    _problem("deleted by another user", "/api/notes/1", 404, method="DELETE", user="ben"),
    Step("HEAD", "/api/notes/1", method="HEAD", content=b"", within={"content-type": ("application/json",)}),
)
_UPLOADS = (
    _problem("no attachment yet", "/api/notes/1/attachment", 404),
    Step("upload", "/api/notes/1/attachment", 204, method="PUT", body=ATTACHMENT),
    Step("download", "/api/notes/1/attachment", content=ATTACHMENT,
         expected={"content-disposition": "attachment", "content-type": "application/octet-stream"}),
    Step("upload in chunks", "/api/notes/1/attachment", 204, method="PUT", body=ATTACHMENT[::-1], chunked=True),
    Step("download again", "/api/notes/1/attachment", content=ATTACHMENT[::-1]),
    _problem("download by another user", "/api/notes/1/attachment", 404, user="ben"),
    Step("the note has it", "/api/notes/1", members={"/attachment": True}),
)
_ORIGINS = (
    Step("preflight", "/api/notes/1", 204, method="OPTIONS", fields=_preflight(ALLOWED),
         expected={"access-control-allow-origin": ALLOWED, "access-control-allow-credentials": "true"},
         within={"access-control-allow-methods": ("PUT", "DELETE"),
                 "access-control-allow-headers": ("Content-Type",)}),
    Step("preflight of a foreign site", "/api/notes/1", 204, method="OPTIONS", fields=_preflight(FOREIGN),
         absent=("access-control-allow-origin",)),
    Step("change by the allowed site", "/api/notes/1", 204, method="PUT", json=_note("from the app"),
         fields={"Origin": ALLOWED}, expected={"access-control-allow-origin": ALLOWED}),
    Step("change by a foreign site", "/api/notes/1", 403, method="PUT", json=_note("x"), fields={"Origin": FOREIGN},
         absent=("access-control-allow-origin",)),
    Step("a foreign form", "/logout", 403, method="POST", form={}, fields={"Origin": FOREIGN}),
    Step("nothing has changed", "/api/notes/1", members={"/title": "from the app"}),
)
_LEAVE = (
    Step("log out", "/logout", 303, method="POST", form={}, expected={"location": "/"},
         within={"set-cookie": ("notes=", "Max-Age=0")}),
    _problem("logged out", "/api/notes", 401),
    _problem("a wrong password", "/login", 403, {"/detail": "name or password is wrong"}, method="POST",
             form=_account("anna", "wrong horse")),
    Step("log in by a multipart form", "/login", 303, method="POST", parts=_account("anna"), **_SEEN),
    Step("the notes are still there", "/api/notes", members={"/0/id": 2, "/1/id": 1, "/2": None}),
    Step("delete", "/api/notes/1", 204, method="DELETE", content=b""),
    _problem("deleted", "/api/notes/1", 404),
    Step("too many attempts", "/login", 429, method="POST", form=_account("anna", "short"), until=True, user="mallory",
         within={"retry-after": ("",), "ratelimit": ('"login";r=0',)}),
    Step("the session goes on", "/api/notes", members={"/0/id": 2, "/1": None}),
)
JOURNEY = _STRANGER + _ACCOUNT + _NOTES + _UPLOADS + _ORIGINS + _LEAVE


def problems(step: Step, result: Result) -> list[str]:
    """What differs from the expected response."""
    found = []
    if result.status != step.status:
        found.append(f"status {result.status}, expected {step.status}: {result.body[:300]!r}")
    for name, value in step.expected.items():
        if result.fields.get(name) != value:
            found.append(f"{name} {result.fields.get(name)!r}, expected {value!r}")
    for name, texts in step.within.items():
        found += [f"{name} {result.fields.get(name)!r}, expected {text!r} in it" for text in texts
                  if text not in result.fields.get(name, "") or name not in result.fields]
    found += [f"{name} {result.fields[name]!r}, expected none" for name in step.absent if name in result.fields]
    if step.content is not None and result.body != step.content:
        found.append(f"another body of {len(result.body):,} bytes, expected {len(step.content):,}")
    if step.has.encode() not in result.body:
        found.append(f"no {step.has!r} in the body")
    return found + _wrong_members(step.members, result.body)


def _wrong_members(members: dict[str, object], body: bytes) -> list[str]:
    if not members:
        return []
    try:
        document = json.loads(body)
    except ValueError:
        return [f"no JSON: {body[:300]!r}"]
    values = {pointer: _at(document, pointer) for pointer in members}
    return [f"{pointer} {values[pointer]!r}, expected {value!r}" for pointer, value in members.items()
            if values[pointer] != value]


def _at(document, pointer: str):
    """None where there is nothing."""
    for key in pointer.split("/")[1:]:
        try:
            document = document[int(key)] if isinstance(document, list) else document[key]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return document
