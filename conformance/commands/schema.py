"""``butler-conformance schema``: print a JSON Schema, for editors and other programs."""

from __future__ import annotations

from importlib.resources import files

import click

SCHEMAS = {
    "case": "cases/case.schema.json",
    "repository": "repositories/repository.schema.json",
    "deviations": "deviations/deviations.schema.json",
    "requirement": "requirements/requirement.schema.json",
    "golden-image": "pictures/golden_image.schema.json",
    "report": "report/report.schema.json",
    "proof": "proving/proof.schema.json",
    "bench": "benchmarks/bench.schema.json",
}
"""What has a schema, and its file in the package."""


@click.command("schema")
@click.argument("name", type=click.Choice(list(SCHEMAS)))
def command(name: str) -> None:
    """Print the JSON Schema of NAME.

    An editor that knows the YAML language server completes and checks a file of cases that lies
    beside what `butler-conformance schema case` prints.
    """
    text = files("conformance").joinpath(SCHEMAS[name]).read_text(encoding="utf-8")
    click.echo(text, nl=False)
