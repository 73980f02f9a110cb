"""Datasets of each storage class that both Butlers know, written by one and read by the other."""

from __future__ import annotations

from conformance.interop import interop
from conformance.interop.stage import Actor

TABLE = """
from astropy.table import KIND
made = KIND({
    "id": np.array([775958091962253313, 2], dtype=np.int64),
    "flux": np.array([1.5, 0.1], dtype=np.float32),
    "flag": np.array([True, False]),
    "name": ["NGC 1", "µ Cep"],
})
made["x"] = np.array([0.1, 1 / 3]) * units.pix
made["flux"].description = "flux of a source"
"""
KNOWN_TO_ALL = {
    "StructuredDataDict": 'made = {"a": [1, 2.5, None, True, 1e300], "ü": {"b": "x: y", "c": {}}}',
    "int": "made = 903334",
    "NumpyArray": 'made = np.array([[1.5, 0.1], [np.inf, -0.0]], dtype=">f4")',
    "AstropyTable": TABLE.replace("KIND", "Table"),
    "AstropyQTable": TABLE.replace("KIND", "QTable"),
}
KNOWN_TO_SOME = {
    "StructuredDataList": 'made = [1, "two", {"three": 3.0}]',
    "Timespan": "made = Timespan(None, Time('2020-01-01T12:00:00', scale='tai'))",
    "ArrowAstropy": TABLE.replace("KIND", "Table"),
    "ArrowNumpy": """
made = np.array([(1, 2.5, "ä"), (2, np.inf, "bc")],
               dtype=[("id", "i8"), ("x", "f4"), ("name", "U4")])
""",
    "ArrowNumpyDict": 'made = {"a": np.arange(3), "b": np.array(["x", "yy", "z"])}',
    "ArrowTable": """
import pyarrow
made = pyarrow.table({"a": [1, 2, None], "b": ["x", "y", "z"]})
""",
    "ArrowSchema": """
import pyarrow
made = pyarrow.schema([("a", pyarrow.int32()), ("b", pyarrow.string())])
""",
    "DataFrame": """
import pandas
made = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]}, index=[10, 20])
""",
}
COLUMNS = {
    "ArrowAstropy": ["id", "flux", "flag", "name", "x"],
    "ArrowNumpy": ["id", "x", "name"],
    "ArrowNumpyDict": ["a", "b"],
    "ArrowTable": ["a", "b"],
    "DataFrame": ["a", "b"],
}
SHOWN = '''
def shown(value):
    """Return what a dataset holds, as texts."""
    if hasattr(value, "nsec"):
        return f"{value.nsec[0]} to {value.nsec[1]} ns"
    if hasattr(value, "colnames"):
        columns = [value[name] for name in value.colnames]
        return [type(value).__name__] + [
            f"{one.info.name} {one.dtype} {one.unit} {one.info.description} "
            f"{getattr(one, 'value', one).tolist()}"
            for one in columns
        ]
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items()}
    if hasattr(value, "to_pydict"):
        return f"{value.schema} {value.to_pydict()}"
    if hasattr(value, "to_dict"):
        return f"{value.dtypes.to_dict()} {value.to_dict()}"
    if hasattr(value, "dtype"):
        return f"array {value.dtype.descr} {value.tolist()}"
    return f"{type(value).__name__} {value}"
'''
IMPORTS = "import numpy as np\nfrom astropy import units\nfrom astropy.time import Time\n"
FORMATTERS = """
import sqlite3
from contextlib import closing
with closing(sqlite3.connect(root / "gen3.sqlite3")) as database:
    found = database.execute(
        "SELECT storage_class, count(DISTINCT formatter) FROM file_datastore_records"
        " GROUP BY storage_class HAVING count(DISTINCT formatter) > 1"
    ).fetchall()
found
"""


@interop(
    "ITP-09.contents",
    "What one puts, of each storage class that both know, the other gets",
    alone=False,
)
def contents(a: Actor, b: Actor) -> None:
    """Put one of each into a run of each, and get it by the other."""
    classes = {**KNOWN_TO_ALL, **KNOWN_TO_SOME}
    a.does(f"""
        for name in {list(classes)}:
            butler.registry.registerDatasetType(
                DatasetType(f"a_{{name}}", (), name, universe=butler.dimensions)
            )
        butler.collections.register("by/A")
        butler.collections.register("by/B")
    """)
    for name, making in classes.items():
        for writer, reader in ((a, b), (b, a)):
            puts = f'butler.put(made, "a_{name}", run="by/{writer.letter}")'
            code = f"{IMPORTS}{making.strip()}\n{puts}"
            if name in KNOWN_TO_ALL:
                writer.does(code)
            elif not writer.tries(code):
                continue
            reader.sees_as(
                f'{SHOWN}shown(butler.get("a_{name}", collections="by/{writer.letter}"))',
                f"{IMPORTS}{SHOWN}{making.strip()}\nshown(made)",
                what=f"the {name} that {writer.letter} put",
            )
            if name in COLUMNS:
                part = f'butler.get("a_{name}.columns", collections="by/{writer.letter}")'
                reader.sees(f"list({part})", COLUMNS[name])
    a.sees(FORMATTERS, [])
