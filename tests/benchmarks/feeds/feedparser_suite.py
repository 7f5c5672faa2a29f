"""Read every feed of feedparser's own test suite: each must end in entries or one clear error, none after 2
s.

    python tests/benchmarks/feeds/feedparser_suite.py              # downloads the source distribution
    python tests/benchmarks/feeds/feedparser_suite.py ARCHIVE      # or reads one that is there

Prints a line of figures and the five slowest; exits 1 when a file crashed, took too long, or a feed that
feedparser itself reads gave no entries.
"""

import io
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import feedparser

from bot.errors import SourceError
from bot.models import Source
from bot.sources.kinds import feed

RELEASE = "feedparser==6.0.14"
MAX_SECONDS = 2.0
CHARSET = re.compile(rb"Header:\s*Content-type:[^\r\n]*charset=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
SOURCE = Source(kind="feed", name="suite", address="https://suite.example/feed.xml")


def archive() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="suite-"))
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--no-binary",
        ":all:",
        RELEASE,
    ]
    subprocess.run([*command, "--dest", str(folder)], check=True)
    return next(folder.glob("feedparser-*.tar.gz"))


def files(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path) as packed:
        for member in packed:
            if member.isfile() and "/tests/" in member.name and member.name.endswith(".xml"):
                yield member.name.split("/tests/", 1)[1], packed.extractfile(member).read()


def outcome(data: bytes) -> str:
    declared = CHARSET.search(data)
    try:
        found = feed.parse_articles(data, SOURCE.address, SOURCE, declared[1].decode() if declared else "")
    except SourceError as error:
        return "clear error" if len(str(error)) < 300 else "long error"
    except Exception as error:
        return f"crash: {type(error).__name__}: {error}"
    if found:
        return "entries"
    return "lost" if feedparser.parse(io.BytesIO(data)).entries else "no entries in it"


def main() -> int:
    warnings.simplefilter("ignore")
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else archive()
    counts: Counter[str] = Counter()
    timed = []
    for name, data in files(path):
        began = time.perf_counter()
        result = outcome(data)
        timed.append((time.perf_counter() - began, name))
        counts[result.split(":")[0]] += 1
        if result.startswith(("crash", "long", "lost")):
            print(f"{name}: {result}")
    timed.sort(reverse=True)
    print(f"{len(timed)} files:", ", ".join(f"{count} {what}" for what, count in counts.most_common()))
    print("slowest:", ", ".join(f"{name} {seconds:.3f} s" for seconds, name in timed[:5]))
    return int(bool(counts["crash"] or counts["lost"] or counts["long error"] or timed[0][0] > MAX_SECONDS))


if __name__ == "__main__":
    sys.exit(main())
