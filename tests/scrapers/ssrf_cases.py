"""How a carrier's site could try to make us connect to where nobody may: data for `test_ssrf`."""

from __future__ import annotations

from dataclasses import dataclass

SECRET = "10.9.8.7"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One attack. The name is the host's first label."""

    name: str
    attack: str = ""
    """Where a redirect leads, or what stands on the page."""
    status: int = 0
    """Of a redirect; 0 is a page."""
    browser: bool = True
    addresses: tuple[tuple[str, ...], ...] = ()
    """What the name server says, first, second … time; empty: the public address."""
    reads: bool | None = None
    """Whether the page must still be read; None: either."""
    headers: tuple[tuple[str, str], ...] = ()


SPELLINGS = {
    "loopback": "127.0.0.1",
    "loopback-other": "127.8.9.1",
    "localhost": "localhost",
    "localhost-dot": "localhost.",
    "localhost-sub": "x.localhost",
    "ten": SECRET,
    "ten-dot": f"{SECRET}.",
    "decimal": str(10 << 24 | 9 << 16 | 8 << 8 | 7),
    "octal": "012.011.010.07",
    "hex": "0x0a.0x9.0x8.0x7",
    "hex-whole": "0x0a090807",
    "short": "127.1",
    "zero": "0",
    "zeros": "0.0.0.0",
    "mixed": "0x7f.1",
    "full-width": "１２７.０.０.１",
    "circled": "①⑩.⑨.⑧.⑦",
    "encoded": "%31%30.9.8.7",
    "metadata": "169.254.169.254",
    "shared": "100.64.1.2",
    "six-loopback": "[::1]",
    "six-any": "[::]",
    "six-mapped": f"[::ffff:{SECRET}]",
    "six-mapped-hex": "[::ffff:a09:807]",
    "six-compatible": f"[::{SECRET}]",
    "six-6to4": "[2002:a09:807::]",
    "six-nat64": f"[64:ff9b::{SECRET}]",
    "six-local": "[fd00::7]",
    "six-link": "[fe80::7]",
    "six-zone": "[fe80::7%25lo]",
    "userinfo": f"carrier.example@{SECRET}",
    "userinfo-password": f"carrier.example:443@{SECRET}",
    "name-of-address": f"{SECRET}.sslip.io",
    "name-of-address-dashes": "10-9-8-7.nip.io",
    "other-host": "evil.example",
}
"""Of one and the same kind of place: where nobody may connect."""

HINTS = ("prefetch", "preload", "preconnect", "dns-prefetch", "prerender", "modulepreload")
OWN = "{host}"
WORKER = 'new Worker(URL.createObjectURL(new Blob(["%s"])))'


def urls(port: int = 443) -> list[str]:
    """Addresses of secrets for attacks that can name many at once."""
    tail = "" if port == 443 else f":{port}"
    return [f"https://{SPELLINGS[name]}{tail}/s" for name in ("ten", "loopback", "six-loopback", "metadata", "decimal")]


def _redirects() -> list[Case]:
    cases = []
    for name, host in SPELLINGS.items():
        status = (301, 302, 303, 307, 308)[len(cases) % 5]
        cases.append(Case(name=f"http-{name}", status=status, attack=f"https://{host}/s", browser=False, reads=False))
    for status in (300, 301, 302, 303, 304, 305, 307, 308):
        cases.append(
            Case(name=f"http-{status}", status=status, attack=f"https://{SECRET}/", browser=False, reads=False)
        )
        cases.append(Case(name=f"page-{status}", status=status, attack=f"https://{SECRET}/", reads=False))
    odd = {
        "backslash": f"https://{OWN}\\@{SECRET}/",
        "backslashes": f"https:\\\\{SECRET}\\s",
        "slashes": f"//{SECRET}/s",
        "many-slashes": f"https:////{SECRET}/s",
        "plain": f"http://{SECRET}/s",
        "plain-own": f"http://{OWN}/s",
        "port-80": f"https://{OWN}:80/s",
        "port-22": f"https://{OWN}:22/s",
        "port-8080": f"https://{SECRET}:8080/s",
        "port-9222": "http://127.0.0.1:9222/json",
        "file": "file:///etc/passwd",
        "ftp": f"ftp://{SECRET}/s",
        "gopher": f"gopher://{SECRET}:6379/_INFO",
        "data": "data:text/html,<h1>RR471203985FI</h1>",
        "script": f"javascript:fetch('https://{SECRET}/')",
        "blob": "blob:https://example/0000",
        "view-source": f"view-source:https://{SECRET}/",
        "chrome": "chrome://settings",
        "tab": f"https://{SECRET}\t/s",
        "hash": f"https://{SECRET}#@{OWN}/",
        "dot-dot": f"https://{OWN}@{SECRET}/..//",
    }
    for name, attack in odd.items():
        stays = None if name == "many-slashes" else False  # httpx takes the last of them for a path of the same host
        cases.append(Case(name=f"http-{name}", status=302, attack=attack, browser=False, reads=stays))
    for name in ("backslash", "slashes", "plain", "port-22", "port-9222", "file", "ftp", "data", "script", "tab"):
        stays = None if name == "backslash" else False  # a slash to Chromium: it stays with the host before it
        cases.append(Case(name=f"page-{name}", status=302, attack=odd[name], reads=stays))
    return cases


def _names() -> list[Case]:
    public = ("93.184.216.34",)
    kinds = {
        "loopback": ("127.0.0.1",),
        "private": (SECRET,),
        "metadata": ("169.254.169.254",),
        "one-of-two": (*public, SECRET),
        "one-of-many": (*public, "93.184.216.35", "::1"),
        "mapped": (f"::ffff:{SECRET}",),
        "nat64": ("64:ff9b::a09:807",),
        "nat64-local": ("64:ff9b:1::a09:807",),
        "6to4": ("2002:a09:807::1",),
        "teredo": ("2001:0:5db8:d822::f5f6:f7f8",),
        "compatible": (f"::{SECRET}",),
        "zone": ("fe80::7%lo",),
        "unspecified": ("0.0.0.0",),
        "multicast": ("224.0.0.1",),
        "broadcast": ("255.255.255.255",),
        "nonsense": ("carrier",),
        "nothing": (),
    }
    cases = [
        Case(name=f"name-{name}", addresses=(found or ("",),), browser=False, reads=False)
        for name, found in kinds.items()
    ]
    for name in ("loopback", "private", "mapped", "one-of-two"):
        cases.append(Case(name=f"rebind-{name}", addresses=(public, kinds[name]), browser=False, reads=False))
        page = "<script>setInterval(() => fetch('/again?' + Math.random()), 100)</script>"
        cases.append(Case(name=f"rebind-page-{name}", attack=page, addresses=(public, public, kinds[name])))
    return cases


def _pages() -> list[Case]:
    where = [*urls(), *urls(80), *(url.replace("https", "http") for url in urls(8080))]
    listed = str(where)
    elements = {
        "img": "".join(f"<img src='{url}'>" for url in where),
        "srcset": "".join(f"<img srcset='{url} 2x'>" for url in where),
        "frame": "".join(f"<iframe src='{url}'></iframe>" for url in where),
        "srcdoc": f"<iframe srcdoc=\"<img src='{where[0]}'><script>fetch('{where[1]}')</script>\"></iframe>",
        "object": "".join(f"<object data='{url}'></object><embed src='{url}'>" for url in where),
        "script-element": "".join(f"<script async src='{url}'></script>" for url in where),
        "module": f"<script type=module>import('{where[0]}'); import('{where[1]}')</script>",
        "style-sheet": "".join(f"<link rel=stylesheet href='{url}'>" for url in where[:3]),
        "style-import": "<style>" + "".join(f"@import url('{url}');" for url in where[:3]) + "</style>",
        "style-image": f"<div style=\"background: url('{where[0]}')\">.</div>",
        "font": f"<style>@font-face {{font-family: x; src: url('{where[0]}')}} p {{font-family: x}}</style><p>x</p>",
        "svg": f"<svg><image href='{where[0]}'/><use href='{where[1]}#x'/></svg>",
        "media": f"<video src='{where[0]}' poster='{where[1]}'></video><audio src='{where[2]}' autoplay></audio>",
        "prefetch": "".join(
            f"<link rel={how} href='{url}'>" for url in urls() for how in ("prefetch", "preload as=image")
        ),
        "preconnect": "".join(
            f"<link rel='{how}' href='{url}'>" for url in urls() for how in ("preconnect", "dns-prefetch")
        ),
        "icon": f"<link rel=icon href='{where[0]}'><link rel=manifest href='{where[1]}'>",
        "ping": f"<a id=a href='#' ping='{where[0]}'>x</a><script>a.click()</script>",
    }
    scripts = {
        "fetch": f"for (const u of {listed}) fetch(u, {{mode: 'no-cors'}}).catch(() => 0)",
        "fetch-local-network": "fetch('http://127.0.0.1:8080/', {targetAddressSpace: 'loopback'}).catch(() => 0)",
        "xhr": f"for (const u of {listed}) {{ const x = new XMLHttpRequest(); x.open('POST', u); x.send('a') }}",
        "beacon": f"for (const u of {listed}) navigator.sendBeacon(u, 'a')",
        "event-source": f"for (const u of {listed}) new EventSource(u)",
        "socket": f"for (const u of {listed}) new WebSocket(u.replace('http', 'ws'))",
        "socket-in-worker": WORKER % f"for (const u of {listed}) new WebSocket(u.replace(/http/, 'ws'))",
        "worker": WORKER % f"for (const u of {listed}) fetch(u, {{mode: 'no-cors'}})",
        "shared-worker": WORKER.replace("Worker", "SharedWorker") % f"fetch('{where[0]}', {{mode: 'no-cors'}})",
        "service-worker": "navigator.serviceWorker && navigator.serviceWorker.register('/sw.js').catch(() => 0)",
        "open": f"for (const u of {listed}) window.open(u)",
        "web-rtc": "const p = new RTCPeerConnection({iceServers: [{urls: ['stun:127.0.0.1:3478', 'stun:10.9.8.7:3478', "
                   "'turn:10.9.8.7:3478?transport=tcp', 'turns:10.9.8.7:443?transport=tcp'], username: 'a', "
                   "credential: 'b'}]}); p.createDataChannel('x'); "
                   "p.createOffer().then(o => p.setLocalDescription(o))",
        "web-transport": f"try {{ new WebTransport('{where[0]}') }} catch (e) {{}}",
        "image-object": f"for (const u of {listed}) new Image().src = u",
        "paint": "CSS.paintWorklet && CSS.paintWorklet.addModule('https://10.9.8.7/p.js').catch(() => 0)",
        "audio-worklet": "new AudioContext().audioWorklet.addModule('https://10.9.8.7/p.js').catch(() => 0)",
    }  # fmt: skip
    moves = {
        "location": "location = 'https://10.9.8.7/'",
        "replace": "location.replace('http://127.0.0.1:8080/')",
        "assign-six": "location.assign('https://[::1]/')",
        "form": "document.body.insertAdjacentHTML('beforeend', \"<form id=f method=post action='https://10.9.8.7/'>"
                "</form>\"); f.submit()",
        "link": "document.body.insertAdjacentHTML('beforeend', \"<a id=l href='http://10.9.8.7:8080/'>x</a>\"); "
                "l.click()",
        "history": "history.pushState({}, '', '/x'); location.host = '10.9.8.7'",
        "scheme": "location = 'ftp://10.9.8.7/'",
        "file": "location = 'file:///etc/passwd'",
        "mailto": "location = 'mailto:a@10.9.8.7'",
    }  # fmt: skip
    cases = [Case(name=f"el-{name}", attack=attack, reads=True) for name, attack in elements.items()]
    cases += [Case(name=f"js-{name}", attack=f"<script>{code}</script>", reads=True) for name, code in scripts.items()]
    cases += [Case(name=f"go-{name}", attack=f"<body><script>{code}</script>") for name, code in moves.items()]
    for name, host in SPELLINGS.items():
        if name in {
            "decimal",
            "octal",
            "hex",
            "zero",
            "full-width",
            "six-mapped",
            "six-nat64",
            "localhost",
            "userinfo",
        }:
            leave = f"<meta http-equiv=refresh content='0;url=https://{host}/s'>"
            cases.append(Case(name=f"meta-{name}", attack=leave))
    cases.append(
        Case(name="base", attack="<base href='https://10.9.8.7/'><img src=a><script src=b></script>", reads=True)
    )
    cases.append(Case(name="header-refresh", headers=(("Refresh", "0; url=https://10.9.8.7/"),)))
    cases.append(Case(name="header-link", headers=(("Link", "<https://10.9.8.7/a.css>; rel=preload; as=style"),)))
    report = '{"endpoints": [{"url": "https://10.9.8.7/r"}], "group": "a", "max_age": 60}'
    cases.append(Case(name="header-report", headers=(
        ("Report-To", report), ("NEL", '{"report_to": "a", "max_age": 60, "success_fraction": 1}'),
        ("Content-Security-Policy-Report-Only", "default-src 'none'; report-uri https://10.9.8.7/c"),
        ("Alt-Svc", 'h3="10.9.8.7:443"; ma=60, h2="10.9.8.7:443"; ma=60'),
    )))  # fmt: skip
    return cases


CASES = [
    Case(name="good-http", browser=False, reads=True),
    Case(name="good-page", attack="<script>document.title = 'x'</script>", reads=True),
    *_redirects(),
    *_names(),
    *_pages(),
]


def located(case: Case) -> str:
    """An attack with the carrier's own host in its place."""
    return case.attack.replace(OWN, f"{case.name}.example")


def body(case: Case, number: str) -> str:
    """A page that can be read once a script has run, so that it takes a browser; with the attack before it."""
    rows = "<tr><td>2026-11-19 08:10</td><td>Out for delivery</td><td>Turku</td></tr>"
    rows += "<tr><td>2026-11-18 21:40</td><td>Arrived at sorting centre</td><td>Tampere</td></tr>"
    attack = "" if case.status else located(case)
    if not case.browser:
        return f"<html><body><h1>Tracking number: {number}</h1><table>{rows}</table></body></html>"
    late = f"<table id=t></table><script>setTimeout(() => {{ t.innerHTML = `{rows}` }}, 200)</script>"
    return f"<html><body><h1>Tracking number: {number}</h1>{attack}{late}</body></html>"
