"""What carriers' sites do to those who look at them: good pages in every dress, failures, refusals, attacks."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable

from agent.vocabulary.status import LookOutcome
from tests.farm.carrier import Scene, Site

ROWS = [("2026-11-19 08:10", "Out for delivery", "Turku"), ("2026-11-18 21:40", "Arrived at sorting centre", "Tampere")]
SCENES: dict[str, Scene] = {}
READ, NOT_FOUND = LookOutcome.READ, LookOutcome.NOT_FOUND
BLOCKED, UNREACHABLE, CHANGED = LookOutcome.BLOCKED, LookOutcome.UNREACHABLE, LookOutcome.LAYOUT_CHANGED


def scene(*outcomes: LookOutcome, says: str = "") -> Callable[[Callable[[Site], None]], Callable[[Site], None]]:
    """Registers a site under its function's name."""

    def register(serve: Callable[[Site], None]) -> Callable[[Site], None]:
        SCENES[serve.__name__.replace("_", "-")] = Scene(serve=serve, outcomes=frozenset(outcomes), says=says)
        return serve

    return register


def page(number: str, body: str) -> str:
    return f"<html><head><title>Tracking</title></head><body><h1>Tracking number: {number}</h1>{body}</body></html>"


def table(rows: list[tuple[str, str, str]] = ROWS) -> str:
    return "<table>" + "".join(f"<tr><td>{d}</td><td>{w}</td><td>{p}</td></tr>" for d, w, p in rows) + "</table>"


def shown(number: str, attack: str = "") -> str:
    """A good page with something more on it."""
    return page(number, attack + table())


# --- good pages, however they come about ------------------------------------------------------------------------


@scene(READ)
def html(site: Site) -> None:
    site.say(shown(site.number))


@scene(READ)
def built_by_script(site: Site) -> None:
    script = f"const rows = `{table()}`; setTimeout(() => {{ x.innerHTML = rows }}, 300)"
    site.say(page(site.number, f"<div id=x>loading</div><script>{script}</script>"))


@scene(READ)
def fetched_by_script(site: Site) -> None:
    if site.path.startswith("/data"):
        rows = [{"date": d, "description": w, "location": p} for d, w, p in ROWS]
        return site.say(json.dumps({"trackingNumber": site.number, "events": rows}), "application/json")
    return site.say(page(site.number, f"<div id=x></div><script>fetch('/data?n={site.number}')</script>"))


@scene(READ)
def in_a_shadow(site: Site) -> None:
    script = f"x.attachShadow({{mode: 'open'}}).innerHTML = `{table()}`"
    site.say(page(site.number, f"<track-list id=x></track-list><script>{script}</script>"))


@scene(READ)
def in_a_frame(site: Site) -> None:
    if site.path.startswith("/inner"):
        return site.say(shown(site.number))
    return site.say(f"<html><body><h1>Welcome</h1><iframe src='/inner?n={site.number}'></iframe></body></html>")


@scene(READ)
def slow(site: Site) -> None:
    time.sleep(1)
    site.say(shown(site.number))


@scene(READ)
def redirected(site: Site) -> None:
    if "again" in site.path:
        return site.say(shown(site.number))
    return site.say("", status=307, Location=site.path + "&again=1")


@scene(READ)
def refreshed(site: Site) -> None:
    if "again" in site.path:
        return site.say(shown(site.number))
    return site.say(f"<meta http-equiv=refresh content='0;url={site.path}&again=1'>")


@scene(READ)
def shift_jis(site: Site) -> None:
    rows = [("2026/11/19 08:10", "持ち出し中", "札幌"), ("2026/11/18 21:40", "中継局を通過しました", "函館")]
    body = f"<h1>お問い合わせ番号 {site.number}</h1>{table(rows)}"
    site.say(f"<html><body>{body}</body></html>".encode("shift_jis"), "text/html; charset=Shift_JIS")


@scene(READ)
def latin_1_declared_over_utf_8(site: Site) -> None:
    rows = [
        ("19.11.2026 08:10", "In Zustellung", "Köln"),
        ("18.11.2026 21:40", "Im Paketzentrum bearbeitet", "Gütersloh"),
    ]
    site.say(page(site.number, table(rows)).encode(), "text/html; charset=iso-8859-1")


# --- no answer --------------------------------------------------------------------------------------------------


@scene(UNREACHABLE, says="in time")
def stalled(site: Site) -> None:
    site.server.over.wait(60)


@scene(UNREACHABLE, says="in time")
def dripping_headers(site: Site) -> None:
    site.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not site.server.over.wait(0.3):
        site.wfile.write(b"X-More: 1\r\n")


@scene(UNREACHABLE)
def never_ending(site: Site) -> None:
    site.begin()
    site.wfile.write(shown(site.number).replace("</body></html>", "").encode())
    while not site.server.over.wait(0.2):
        site.wfile.write(b"<p>and more</p>")


@scene(UNREACHABLE)
def cut_off(site: Site) -> None:
    site.send_response(200)
    site.send_header("Content-Type", "text/html")
    site.send_header("Content-Length", "100000")
    site.end_headers()
    site.wfile.write(b"<html><body>")


@scene(UNREACHABLE)
def no_http(site: Site) -> None:
    site.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n")


@scene(UNREACHABLE, says="500")
def broken(site: Site) -> None:
    site.say("oops", status=500)


@scene(UNREACHABLE, says="503")
def in_repair(site: Site) -> None:
    site.say("<h1>Back soon</h1>", status=503, Retry_After="3600")


@scene(UNREACHABLE)
def looping(site: Site) -> None:
    site.say("", status=302, Location=site.path)


@scene(UNREACHABLE, CHANGED)
def going_in_circles(site: Site) -> None:
    site.say(f"<meta http-equiv=refresh content=0><h1>{site.number}</h1><script>location.reload()</script>")


@scene(UNREACHABLE)
def to_a_private_address(site: Site) -> None:
    site.say("", status=302, Location="https://10.9.8.7/secret")


@scene(UNREACHABLE)
def to_plain_http(site: Site) -> None:
    site.say("", status=301, Location=f"http://{site.host}/track?n={site.number}")


# --- refusals and empty hands -----------------------------------------------------------------------------------


@scene(BLOCKED)
def captcha(site: Site) -> None:
    site.say("<h1>Are you a robot?</h1><p>Please complete the challenge</p>")


@scene(BLOCKED, says="403")
def forbidden(site: Site) -> None:
    site.say("<h1>Forbidden</h1>", status=403)


@scene(BLOCKED, says="rate limit")
def too_many(site: Site) -> None:
    site.say("slow down", status=429, Retry_After="120")


@scene(BLOCKED)
def blocked_with_200(site: Site) -> None:
    site.say("<html><title>Access Denied</title><h1>Access Denied</h1><p>You don't have permission to access this page."
             "<p>Reference #18.2d35.17</html>")  # fmt: skip


@scene(CHANGED)
def empty(site: Site) -> None:
    site.say("")


@scene(CHANGED)
def empty_shell(site: Site) -> None:
    site.say("<html><body><div id=app></div></body></html>")


@scene(CHANGED)
def wrong_number(site: Site) -> None:
    site.say(shown("ZZ999999999"))


@scene(NOT_FOUND)
def unknown(site: Site) -> None:
    site.say(page(site.number, "<p>This tracking number was not found.</p>"))


# --- too much ---------------------------------------------------------------------------------------------------


@scene(READ, CHANGED, UNREACHABLE)  # on a busy machine such a page does not come to rest in time, and that is said
def a_hundred_thousand_nodes(site: Site) -> None:
    site.say(page(site.number, table() + "<p><b>x</b></p>" * 50_000))


@scene(UNREACHABLE, CHANGED)
def huge(site: Site) -> None:
    site.begin()
    piece = b"<p>" + b"x" * 65_000 + b"</p>"
    for _ in range(1_500):
        site.wfile.write(piece)


PACKED = gzip.compress(b"<p>parcel</p>" * 30_000_000, 1)


@scene(UNREACHABLE, CHANGED)
def packed_bomb(site: Site) -> None:
    site.say(PACKED, Content_Encoding="gzip")


@scene(UNREACHABLE)
def packed_twice(site: Site) -> None:
    site.say(gzip.compress(gzip.compress(shown(site.number).encode())), Content_Encoding="br, gzip")


@scene(UNREACHABLE, CHANGED)
def spinning(site: Site) -> None:
    site.say(page(site.number, "<p>loading</p><script>setTimeout(() => { while (true) {} }, 50)</script>"))


@scene(UNREACHABLE, CHANGED)
def spinning_at_once(site: Site) -> None:
    site.say(page(site.number, "<p>loading</p><script>while (true) {}</script>"))


@scene(UNREACHABLE, CHANGED)
def crashing_heap(site: Site) -> None:
    site.say(page(site.number, "<script>const a = []; while (true) a.push(new Array(100000).fill({}))</script>"))


@scene(UNREACHABLE, CHANGED)
def crashing_memory(site: Site) -> None:
    grab = "const a = []; setInterval(() => a.push(new Uint8Array(8e7).fill(7)), 5)"
    site.say(page(site.number, f"<script>{grab}</script>"))


# --- tricks on a page that can be read ---------------------------------------------------------------------------


@scene(READ)
def pop_ups(site: Site) -> None:
    site.say(shown(site.number, "<script>for (let i = 0; i < 20; i++) window.open('/popped' + i)</script>"))


@scene(READ)
def alerts(site: Site) -> None:
    tricks = "for (let i = 0; i < 20; i++) { alert(i); confirm(i); prompt(i) }; onbeforeunload = () => 'stay'"
    site.say(shown(site.number, f"<script>{tricks}</script>"))


@scene(READ)
def service_worker(site: Site) -> None:
    site.say(
        shown(site.number, "<script>navigator.serviceWorker && navigator.serviceWorker.register('/sw.js')</script>")
    )


@scene(READ)
def web_socket(site: Site) -> None:
    site.say(shown(site.number, "<script>new WebSocket('wss://' + location.host + '/socket')</script>"))


@scene(READ)
def permissions(site: Site) -> None:
    ask = "navigator.geolocation.getCurrentPosition(() => {}); Notification.requestPermission(); "
    ask += "navigator.mediaDevices && navigator.mediaDevices.getUserMedia({video: true}).catch(() => {})"
    site.say(shown(site.number, f"<script>{ask}</script>"))


@scene(READ)
def print_dialog(site: Site) -> None:
    site.say(shown(site.number, "<script>print(); document.documentElement.requestFullscreen?.()</script>"))


@scene(READ)
def download_beside(site: Site) -> None:
    if site.path.startswith("/file"):
        return site.say(b"\0" * 100_000, "application/octet-stream", Content_Disposition="attachment; filename=x.exe")
    tricks = "<iframe src='/file'></iframe><a id=a href='/file' download></a><script>a.click()</script>"
    return site.say(shown(site.number, tricks))


@scene(UNREACHABLE, CHANGED)
def download(site: Site) -> None:
    site.say(b"\0" * 2000, "application/octet-stream", Content_Disposition="attachment; filename=x.exe")


@scene(UNREACHABLE, CHANGED, READ)
def files(site: Site) -> None:
    tricks = (
        "<iframe src='file:///etc/passwd'></iframe><img src='file:///etc/passwd'><script>location='file:///etc/passwd'"
    )
    site.say(page(site.number, tricks + "</script>"))


@scene(CHANGED, UNREACHABLE)
def leading_away(site: Site) -> None:
    site.say(page(site.number, "<script>location = 'https://169.254.169.254/latest/meta-data/'</script>"))
