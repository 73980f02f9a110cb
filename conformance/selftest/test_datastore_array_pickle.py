"""Arrays in pickles: what comes back, and that nothing of a pickle is run."""

from __future__ import annotations

import copyreg
import pickle
import pickletools
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from butler_core.datastore.formatters.array_pickle import ArrayPickleFormatter
from butler_core.errors import DatasetReadError, DatasetTypeNotSupportedError
from butler_core.storage_class import StorageClassFactory

from .datastore_world import World

FORMATTER = ArrayPickleFormatter(StorageClassFactory()["NumpyArray"])
NESTED = np.dtype([("p", [("x", "f4"), ("y", ">f8")]), ("t", "M8[25s]"), ("s", "U3", (2, 2))])
RECORDS = np.rec.array([(1,)], dtype=[("a", int)])


class Own(np.ndarray):
    """A class of arrays."""


PLAIN: dict[str, Any] = {
    "rows": np.arange(6.0).reshape(2, 3),
    "columns": np.asfortranarray(np.arange(6, dtype=">i2").reshape(2, 3)),
    "every second": np.arange(12.0)[::2],
    "turned": np.arange(24).reshape(2, 3, 4).transpose(1, 0, 2),
    "one number": np.array(3),
    "none": np.zeros((0, 5), "f4"),
    "truths": np.array([True, False]),
    "complex": np.array([1j, np.nan]),
    "texts": np.array(["µ", "Cephei", ""]),
    "bytes": np.array([b"ab", b"c"]),
    "times": np.array(["2020-01-01", "NaT"], "M8[ns]"),
    "durations": np.array([1, 2], "m8[25s]"),
    "structures": np.zeros(3, NESTED),
    "aligned": np.zeros(2, np.dtype([("a", "i1"), ("b", "f8")], align=True)),
    "some fields": np.zeros(2, [("a", "i1"), ("b", "f8"), ("c", "i4")])[["a", "c"]],
    "titles": np.zeros(2, [(("flux in a circle", "flux"), "f4"), ("b", "i4")]),
    "no fields": np.zeros(2, np.dtype([])),
    "raw": np.array([b"abc"], "V3"),
    "records": RECORDS,
    "records with a part": np.rec.array(
        [(1, (2, "x"))], dtype=[("a", int), ("b", [("c", int), ("d", "U2")])]
    ),
    "a structured array of records": np.asarray(RECORDS),
    "masked": np.ma.MaskedArray(
        [[1, 2], [3, 4]], mask=[[False, True], [False, False]], fill_value=-9
    ),
    "nothing masked": np.ma.MaskedArray([1.0, 2.0]),
    "masked structures": np.ma.MaskedArray(
        np.zeros(2, [("a", "i4"), ("b", "U2")]),
        mask=np.array([(0, 1), (1, 0)], [("a", "?"), ("b", "?")]),
    ),
}


def same(first: Any, second: Any) -> Any:
    if type(first) is not type(second) or first.dtype != second.dtype:
        return False
    if isinstance(first, np.ma.MaskedArray):
        return (
            np.array_equal(np.ma.getmaskarray(first), np.ma.getmaskarray(second))
            and first.fill_value == second.fill_value
            and same(first.data, second.data)
        )
    return first.shape == second.shape and first.tobytes() == second.tobytes()


def read(folder: Path, data: bytes) -> Any:
    path = folder / "a.pickle"
    path.write_bytes(data)
    return FORMATTER.read(path)


@pytest.mark.parametrize("name", PLAIN)
def test_arrays_come_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.pickle"
    FORMATTER.write(PLAIN[name], path)
    back = FORMATTER.read(path)
    assert same(back, PLAIN[name])
    assert back.flags.writeable
    assert same(pickle.loads(path.read_bytes()), PLAIN[name])  # as LSST's Butler reads it


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("name", PLAIN)
def test_arrays_that_others_pickled_are_read(tmp_path: Path, name: str, protocol: int) -> None:
    data = pickle.dumps(PLAIN[name], protocol)
    assert same(read(tmp_path, data), PLAIN[name])
    if protocol == 2:  # names without their lengths before them
        assert same(read(tmp_path, data.replace(b"numpy._core", b"numpy.core")), PLAIN[name])


@settings(max_examples=200, deadline=None)
@given(arrays.arrays(arrays.nested_dtypes() | arrays.scalar_dtypes(), arrays.array_shapes()))
def test_any_array_comes_back(tmp_path_factory: pytest.TempPathFactory, array: Any) -> None:
    path = tmp_path_factory.mktemp("any") / "a.pickle"
    FORMATTER.write(array, path)
    assert same(FORMATTER.read(path), array)


def test_a_put_array_is_got(tmp_path: Path) -> None:
    world = World(tmp_path)
    ref = world.ref("kernel", "NumpyArray", run="x", instrument="HSC")
    world.datastore.put(PLAIN["rows"], ref)
    assert world.files()[-1] == "x/kernel/kernel_HSC_x.pickle"
    assert same(world.datastore.get(ref), PLAIN["rows"])


class Ran:
    """Something whose pickle calls a function."""

    def __reduce__(self) -> Any:
        return ran, ("called",)


RAN: list[Any] = []


def ran(*what: Any) -> None:
    RAN.append(what)


def reduced(module: str, name: str, *arguments: Any) -> bytes:
    """Return a pickle that calls something."""
    said = pickle.dumps(arguments, 4)[2:-1]  # without its PROTO and its STOP
    said = said[9:] if said[:1] == pickle.FRAME else said
    return b"\x80\x04c" + f"{module}\n{name}\n".encode() + said + b"R."


FROM_BUFFER = np.zeros(1).__reduce_ex__(5)[0]


def dtype_state(code: str, state: tuple[Any, ...]) -> bytes:
    """Return a pickle of eight bytes, with a dtype whose state is false."""

    class Dtype:
        def __reduce__(self) -> Any:
            return np.dtype, (code, False, True), state

    class Array:
        def __reduce__(self) -> Any:
            return FROM_BUFFER, (bytearray(8), Dtype(), (1,), "C")

    return pickle.dumps(Array(), 5)


def itself() -> bytes:
    """Return a pickle of a dtype with a field that is of this very dtype."""
    made = b"\x80\x04cnumpy.core.numeric\n_frombuffer\n(C\x08" + bytes(8)
    made += b"cnumpy\ndtype\n(\x8c\x02V8\x89\x88tR\x94(K\x03\x8c\x01|N\x8c\x01a\x85}\x8c\x01ah\x00"
    return made + b"K\x00\x86sK\x08K\x01K\x00tbK\x01\x85\x8c\x01CtR."


TRUE_STATE = (3, "<", None, None, None, -1, -1, 0)
PAIRS = np.zeros(1, [("a", "i4"), ("b", "i4")])
NUMBERED = np.dtype({"names": ["a"], "formats": ["i4"], "titles": [5]})
UNSAFE = {
    "a function": (pickle.dumps(Ran(), 5), "names .*ran, which could run code"),
    "the shell": (reduced("os", "system", "true"), "names os.system, which could run code"),
    "eval": (reduced("builtins", "eval", "1"), "names builtins.eval, which"),
    "a method of the array class": (
        reduced("numpy", "ndarray.tofile", "x"),
        "names numpy.ndarray.tofile, which",
    ),
    "another of numpy's": (reduced("numpy", "load", "x"), "names numpy.load, which"),
    "an array in a list": (pickle.dumps([PLAIN["rows"]]), "holds a list, not an array"),
    "a number": (pickle.dumps(1), "holds a int, not an array"),
    "a name alone": (b"\x80\x04cnumpy\ndtype\n.", "holds a dtype, not an array"),
    "a dtype alone": (pickle.dumps(np.dtype("i4")), "holds a dtype, not an array"),
    "objects": (pickle.dumps(np.array([1, "a"], object)), "an array of Python objects"),
    "objects in structures": (
        pickle.dumps(np.zeros(1, [("a", "i4"), ("b", "O")])),
        "an array of Python objects",
    ),
    "objects said by their flags": (
        dtype_state("O8", (3, "|", None, None, None, -1, -1, 0)),
        "an array of Python objects",
    ),
    "a class of arrays": (pickle.dumps(np.zeros(2).view(Own)), r"names .*array_pickle\.Own, which"),
    "a dtype for a class": (
        pickle.dumps(np.zeros(8)[::2], 2).replace(b"cnumpy\nndarray", b"cnumpy\ndtype", 1),
        "an array whose class is a dtype",
    ),
    "an instance of old": (b"(S'true'\nios\nsystem\n.", "instruction STRING"),
    "a new object": (b"\x80\x04cnumpy\nndarray\n)\x81.", "instruction NEWOBJ"),
    "an object by its class": (b"\x80\x02(cnumpy\nndarray\no.", "instruction OBJ"),
    "something elsewhere": (b"\x80\x04K\x01Q.", "instruction BINPERSID"),
    "a registered extension": (b"\x80\x02\x82\x63.", "instruction EXT1"),
    "a state for a name": (
        b"\x80\x04cnumpy\ndtype\n}\x8c\x04roleK\x01sb.",
        "gives a state to the name of a dtype",
    ),
    "attributes for a name": (
        b"\x80\x04cnumpy\ndtype\nN}\x8c\x04roleK\x01s\x86b.",
        "gives a state to the name of a dtype",
    ),
    "another encoding": (
        pickle.dumps(PLAIN["rows"], 2).replace(b"latin1", b"zlib_c"),
        "bytes in the encoding 'zlib_c'",
    ),
    "another byte order": (dtype_state("f8", (3, "x", *TRUE_STATE[2:])), "byte order 'x'"),
    "a unit of another kind": (
        pickle.dumps(PLAIN["times"]).replace(b"C\x02ns", b"C\x02n]"),
        "the unit b'n]'",
    ),
    "too great a shape": (
        pickle.dumps(np.zeros(5, "i1"), 5).replace(b"K\x05\x85", b"K\x06\x85"),
        r"of shape \(6,\) and dtype int8 has 5 bytes, not 6",
    ),
    "a shape below zero": (
        pickle.dumps(np.zeros(255, "i1"), 5).replace(b"K\xff\x85", b"J\xff\xff\xff\xff\x85"),
        "a int in the place of a length",
    ),
    "a field beyond the end": (
        pickle.dumps(np.zeros(1, [("a", "i4"), ("b", "i4")]), 5).replace(
            b"K\x04\x86", b"K\x09\x86"
        ),
        "what it says is no array",
    ),
    "a dtype of itself": (itself(), "RecursionError"),
    "a far place": (b"\x80\x04K\x01r" + struct.pack("<I", 2**31) + b".", "it is damaged"),
    "a long text that is not there": (
        b"\x80\x04\x8d" + struct.pack("<Q", 2**60) + b"a.",
        "damaged",
    ),
    "an end too early": (pickle.dumps(PLAIN["rows"])[:-40], "is no pickle, or a damaged one"),
    "a text": (b"2019", "the pickle instruction DUP"),
    "nothing": (b"", "is no pickle, or a damaged one"),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_what_is_no_plain_array_is_refused_and_not_run(tmp_path: Path, name: str) -> None:
    data, says = UNSAFE[name]
    RAN.clear()
    copyreg.add_extension(__name__, "ran", 0x63)
    try:
        with pytest.raises(DatasetReadError, match=says):
            read(tmp_path, data)
    finally:
        copyreg.remove_extension(__name__, "ran", 0x63)
    assert RAN == []


def test_a_false_state_of_a_dtype_is_not_believed(tmp_path: Path) -> None:
    """Flags that say no objects, or a size that is not the type's, change nothing."""
    false = dtype_state("f8", (3, "<", None, None, None, 64, 64, 0xFF))
    assert read(tmp_path, false).dtype == np.dtype("f8")


def test_a_refused_array_is_named_with_the_way_out(tmp_path: Path) -> None:
    world = World(tmp_path)
    ref = world.ref("kernel", "NumpyArray", run="x", instrument="HSC")
    world.datastore.put(PLAIN["rows"], ref)
    path = tmp_path / world.files()[-1]
    path.write_bytes(pickle.dumps(Ran()).ljust(path.stat().st_size, b"."))
    RAN.clear()
    with pytest.raises(DatasetReadError, match=r"^kernel@.*could run code.*allow\('lsst\.daf") as c:
        world.datastore.get(ref)
    assert str(path) in str(c.value)
    assert RAN == []
    world.formatters.allow("lsst.daf.butler.formatters.pickle.PickleFormatter")
    world.datastore.get(ref)
    assert RAN == [("called",)]


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.array([1, "a"], object), "dtype object is not stored"),
        (np.zeros(1, [("a", "i4"), ("b", "O")]), r"dtype \[.* is not stored"),
        (np.zeros(2).view(Own), "a Own would come back as another type"),
        (
            np.zeros(1, np.dtype({"names": ["a"], "formats": ["i4"], "titles": [5]})),
            "is not stored",
        ),
        (np.float64(1), "a float64 would come back"),
    ],
)
def test_what_only_a_true_pickle_holds_is_not_written(
    tmp_path: Path, array: Any, says: str
) -> None:
    with pytest.raises(TypeError, match=says):
        FORMATTER.write(array, tmp_path / "a.pickle")
    assert list(tmp_path.iterdir()) == []


def test_only_arrays_are_safe(tmp_path: Path) -> None:
    world = World(tmp_path)
    ref = world.ref("sky", "SkyMap", run="x", instrument="HSC")
    name, _ = world.formatters.name_for(ref)
    with pytest.raises(DatasetTypeNotSupportedError, match="runs code from the file it reads"):
        world.formatters.formatter(name, ref.datasetType.storageClass, ref)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(PLAIN)), st.sampled_from([2, 5]), st.data())
def test_damaged_pickles_are_arrays_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, protocol: int, data: Any
) -> None:
    text = bytearray(pickle.dumps(PLAIN[name], protocol))
    for _ in range(data.draw(st.integers(1, 3))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read(tmp_path_factory.mktemp("damaged"), bytes(text))
    except DatasetReadError:
        return
    assert isinstance(found, np.ndarray)
    assert not found.dtype.hasobject
    assert list(pickletools.genops(bytes(text)))
