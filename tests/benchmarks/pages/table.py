"""Print the evidence that weighs most for each label, as the table in docs/newspaper.md.

python tests/benchmarks/pages/table.py [--count 9]
"""

import argparse

from bot.newspaper.labels import LABELS, weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=9)
    options = parser.parse_args()
    evidence, _ = weights()
    print(f"{len(evidence)} kinds of evidence\n\n| label | speaks for it | speaks against it |\n|---|---|---|")
    for i, label in enumerate(LABELS):
        ranked = sorted(((row[i] - sum(row) / len(row), name) for name, row in evidence.items()), reverse=True)
        most = "; ".join(f"{name} {weight:+.1f}" for weight, name in ranked[: options.count])
        least = "; ".join(f"{name} {weight:+.1f}" for weight, name in reversed(ranked[-options.count :]))
        print(f"| {label} | {most} | {least} |")


if __name__ == "__main__":
    main()
