"""Print the evidence that weighs most for each label, and the words, as the tables in
docs/explanation/newspaper.md.

python tests/benchmarks/pages/table.py [--count 9]
"""

import argparse
from collections.abc import Mapping, Sequence

from bot.newspaper.heading_words import load_table
from bot.newspaper.labels import LABELS, load_weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=9)
    options = parser.parse_args()
    words = load_table()
    evidence = {name: row for name, row in load_weights()[0].items() if name not in words}
    numbers = sum(map(bool, (number for row in words.values() for number in row)))
    print(f"{len(evidence)} kinds of evidence")
    print_strongest(evidence, options.count)
    print(f"\n{len(words)} kinds of evidence from words, {numbers} weights")
    print_strongest(words, options.count)


def print_strongest(evidence: Mapping[str, Sequence[float]], count: int) -> None:
    print("\n| label | speaks for it | speaks against it |\n|---|---|---|")
    for i, label in enumerate(LABELS):
        ranked = sorted(
            ((row[i] - sum(row) / len(row), name) for name, row in evidence.items()), reverse=True
        )
        most = "; ".join(f"{name} {weight:+.1f}" for weight, name in ranked[:count])
        least = "; ".join(f"{name} {weight:+.1f}" for weight, name in reversed(ranked[-count:]))
        print(f"| {label} | {most} | {least} |")


if __name__ == "__main__":
    main()
