"""Texts that would act where they are not escaped, each with a mark of its own; readers of reports as strict as those that GitHub, a terminal,
a browser and a spreadsheet have; and the advisories that bring such texts into a database. For the suites hostile-*."""
import csv
import html.parser
import io
import json
import re

from harness import *

TEXTS = [
    "::error::%s", "\n::error::%s", "\r\n::add-mask::%s\r\n", "%%0A::error::%s", "\u2028::error::%s\x85::error::x", "##[add-mask]%s", " ##[error]%s ##[endgroup]", "\n::stop-commands::%s\n",
    "\n::set-output name=gate::open %s", "\ngate=open\nx<<EOF\n%s", "<script>alert('%s')</script>", "</script><script>alert('%s')</script>", "<img src=x onerror=alert('%s')>", "'\"><svg/onload=alert('%s')>",
    "--><h1>%s</h1><!--", "</details></summary><h1>%s</h1>", "]]><b>%s</b>", "&lt;b&gt;%s&#60;i&#62;", "a|b|%s|", "`%s` ``x``` `", "[%s](https://evil.example/x)", "[%s](javascript:alert(1))",
    "![%s](https://evil.example/p.png)", "[%s]: https://evil.example", "\n\n# %s\n\n- [x] y\n", "\n```\n%s\n```\n", "@team @acme/%s", "acme/x#1 #2 GH-3 %s", "https://evil.example/%s www.evil.example me@evil.example",
    "**%s** ~~x~~ __y__ $\\alert$ $$z$$ $`q`$", "[^1] %s\n[^1]: note", "> [!CAUTION]\n> %s", "${{ secrets.TOKEN }} %s {{x}}", "$(touch /tmp/%s) `id` ; id", "\u202e%s\u2066gnp.exe", "\x1b[31m%s\x1b]0;title\x07\x1b]8;;https://evil.example\x07",
    "\x9b31m%s\x08\x08\x7f", "\ufeff%s\u200b\u200d\U000e0041", "../../%s/..\\..", "C:\\%s", "</text>%s\nPackageName: mine\n<text>", "\"},\"x\":\"%s", "%%s%%n%s%%p", "%s" + "A" * 3000, "=cmd|'/c calc'!%s",
]
MARKS = [f"Q{i}Q" for i in range(len(TEXTS))]
EVIL = [t % m for t, m in zip(TEXTS, MARKS)]


def marks(text):
    return set(re.findall(r"Q\d+Q", text))


def told(name, text, least):
    """Is so much of it there at all?"""
    check(f"{name}: {least} of the texts or more are there", len(marks(text)) >= least, len(marks(text)))


# ---- readers of reports, as strict as theirs
OURS = {"error", "warning", "notice", "group", "endgroup", "add-mask", "debug"}


def runner_reads(name, text, own=OURS):
    """Both forms of command, as the runner parses each line of a step; what is masked must be no text of ours to hide."""
    lines = re.split(r"\r\n|\n|\r", text)
    new = [m for m in (re.match(r"\s*::\s*([^ :]+)(?: ([^:]*))?::(.*)", line) for line in lines) if m]
    check(f"{name}: only our own commands", {m[1].lower() for m in new} <= own, [m[0][:120] for m in new if m[1].lower() not in own])
    check(f"{name}: no command of the old form", "##[" not in text, [line[:120] for line in lines if "##[" in line])
    masked = [m[3] for m in new if m[1].lower() == "add-mask" and not m[3].startswith("s3cr")]  # the stand-in's own secret
    check(f"{name}: nothing of ours is masked", not masked, masked)
    for m in new:
        keys = [p.split("=")[0] for p in (m[2] or "").split(",") if p]
        if set(keys) - {"file", "line", "endLine", "col", "title"} or len(keys) != len(set(keys)):
            check(f"{name}: properties are ours", False, m[0][:200])


def terminal_shows(name, text, colour=False):
    if colour:
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    bad = [f"{ord(c):x}" for c in text if (ord(c) < 32 and c not in "\n\t") or 0x7f <= ord(c) < 0xa0 or c in "\u2028\u2029\ufeff" or 0x200b <= ord(c) <= 0x200f or
           0x202a <= ord(c) <= 0x202e or 0x2060 <= ord(c) <= 0x2069 or 0xe0000 <= ord(c) <= 0xe007f]
    check(f"{name}: no control, no mark that turns or hides text", not bad, bad[:20])


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.links, self.code, self.plain = set(), set(), set(), 0, ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {k for k, _ in attrs}
        self.links |= {v for k, v in attrs if k in ("href", "src")}
        self.code += tag in ("code", "pre")

    def handle_endtag(self, tag):
        self.code -= tag in ("code", "pre")

    def handle_data(self, data):
        self.plain += " " if self.code else data


def github_draws(name, text, least=1):
    """GitHub's own parser of Markdown, with HTML let through, then what GitHub finds in the text afterwards."""
    told(name, text, least)
    terminal_shows(name, text)
    try:
        import cmarkgfm
        from cmarkgfm.cmark import Options
    except ImportError:
        return skip(name, "cmarkgfm is not here")
    page = Page()
    page.feed(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES))
    check(f"{name}: no foreign element", page.tags <= {"h2", "h3", "p", "ul", "li", "a", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "strong", "blockquote", "pre", "br"}, page.tags)
    check(f"{name}: no foreign attribute", page.attributes <= {"href", "align", "lang", "class"}, page.attributes)
    check(f"{name}: links lead to two places", all(re.match(r"https://(osv\.dev/vulnerability/[A-Za-z0-9-]+$|github\.com/acme/)", u) for u in page.links), page.links)
    check(f"{name}: mentions nobody, links no issue or commit", not re.findall(r"(?:^|[^A-Za-z0-9_])(@[A-Za-z][\w/]*|[\w/]*#\d+|[Gg][Hh]-\d+)", page.plain),
          re.findall(r".{20}(?:^|[^A-Za-z0-9_])(@[A-Za-z]\w*|[\w/]*#\d+|[Gg][Hh]-\d+)", page.plain)[:5])
    check(f"{name}: no address that is made a link", not re.search(r"https?://|www\.", page.plain), re.findall(r".{30}(?:https?://|www\.).{20}", page.plain)[:5])
    bare = re.sub(r"`[^`\n]*`", "", text)
    check(f"{name}: no formula, no coloured note", not re.search(r"(?<!\\)\$|(?m:^> ?\[!)", bare), re.findall(r".{30}(?<!\\)\$.{20}", bare)[:5])
    heads = [line for line in text.splitlines() if re.match(r"\|[-:| ]+\|$", line)]
    widths = []
    for block in re.split(r"\n\n+", text):
        rows = [len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines() if line.startswith("| ")]
        widths += [rows] if len(set(rows)) > 1 else []
    check(f"{name}: each row has its head's columns", heads and not widths or not heads, widths)


FORMULA = re.compile(r"[\t\r\n]|[\s\xa0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def spreadsheet_opens(name, text, columns=None):
    """RFC 4180, and nothing that Excel, LibreOffice or Google take for a formula; the rows without the head."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as e:
        check(f"{name}: it is CSV", False, e)
        return []
    check(f"{name}: each row has its head's columns", rows and {len(r) for r in rows} == {len(rows[0])}, [r for r in rows if len(r) != len(rows[0])][:2])
    check(f"{name}: no cell is a formula", not [c for r in rows for c in r if FORMULA.match(c)], [c[:60] for r in rows for c in r if FORMULA.match(c)][:5])
    equal(f"{name}: each row is one line", text.count("\n"), len(rows))
    terminal_shows(name, text.replace("\r\n", "\n"))
    return rows[1:]


# ---- data that is hostile
def osv(i, ecosystem, name, versions=("1.0.1",)):
    events = [{"introduced": "0"}, *({"fixed": v} for v in versions)]
    return {"schema_version": "1.6.0", "id": f"EVIL-{ecosystem}-{i}", "aliases": [f"CVE-2049-1{i:03d}", "X-" + EVIL[i][:60]], "modified": "2026-11-20T08:00:00Z", "published": "2026-11-20T08:00:00Z",
            "summary": EVIL[i] + " summary", "details": EVIL[i], "severity": [{"type": "CVSS_V3", "score": EVIL[i]}], "references": [{"type": "WEB", "url": EVIL[i]}, {"type": "FIX", "url": "javascript:alert(1)"}],
            "credits": [{"name": EVIL[i]}], "database_specific": {"severity": EVIL[i]},
            "affected": [{"package": {"ecosystem": ecosystem, "name": name, "purl": EVIL[i]}, "ranges": [{"type": "SEMVER" if ecosystem == "npm" else "ECOSYSTEM", "events": events}]}]}


def cve(i, evil):
    return {"dataType": "CVE_RECORD", "dataVersion": "5.1", "cveMetadata": {"cveId": f"CVE-2049-1{i:03d}", "state": "PUBLISHED", "assignerShortName": evil,
            "datePublished": "2026-11-02T08:00:00Z", "dateUpdated": "2026-11-20T08:00:00Z"}, "containers": {"cna": {"title": evil, "providerMetadata": {"shortName": evil}, "descriptions": [{"lang": "en", "value": evil}]},
            "adp": [{"title": "CISA ADP Vulnrichment", "providerMetadata": {"orgId": "134c704f-9b21-4f2e-91b3-4a467353bcc0", "shortName": "CISA-ADP", "dateUpdated": "2026-11-20T09:00:00Z"}, "metrics": [{"other": {"type": "ssvc",
                "content": {"id": f"CVE-2049-1{i:03d}", "role": evil, "options": [{"Exploitation": "poc"}, {"Automatable": "yes"}, {"Technical Impact": "total"}], "timestamp": "2026-11-20T09:00:00Z", "version": "2.0.3"}}}]}]}}


def kev():
    return {"catalogVersion": "2026.11.20", "dateReleased": "2026-11-20T15:00:00.000Z", "count": len(EVIL) // 2, "vulnerabilities": [
            {"cveID": f"CVE-2049-1{i:03d}", "vendorProject": EVIL[i], "product": EVIL[i], "vulnerabilityName": EVIL[i], "dateAdded": "2026-11-12", "shortDescription": EVIL[i], "requiredAction": EVIL[i],
             "dueDate": "2026-12-03", "knownRansomwareCampaignUse": "Unknown", "notes": EVIL[i], "cwes": [EVIL[i]]} for i in range(0, len(EVIL), 2)]}
