"""How values stand in the columns of the database, as plain sqlite3 reads them."""

from __future__ import annotations

import base64
import contextlib
import re
import time as clock
from typing import Any

from butler_core import CollectionType, DatasetIdGenEnum, Timespan

from .core_world import (
    CALIB,
    CHAIN,
    LATISS_RUN,
    RUN_A,
    RUN_B,
    TAGGED,
    World,
    box,
    data_id,
    visit_fields,
)

NANOSECONDS_OF_DAY = 86_400 * 10**9


def test_ids_are_32_lower_case_hexadecimal_digits(world: World) -> None:
    butler = world.butler(collections=CHAIN)
    ref = butler.find_dataset("stats", data_id())
    assert ref is not None
    assert world.rows("SELECT count(*) FROM dataset WHERE id = ?", ref.id.hex) == [(1,)]
    for (text,) in world.rows(
        "SELECT id FROM dataset UNION SELECT dataset_id FROM dataset_tags_00000001"
    ):
        assert re.fullmatch("[0-9a-f]{32}", text)


def test_new_ids_are_ordered_in_time(world: World) -> None:
    registry = world.butler().registry
    visits = [{"instrument": "HSC", "visit": visit} for visit in (903334, 903342)]
    (first,) = registry.insertDatasets("summary", visits[:1], run=RUN_A)
    clock.sleep(0.002)
    (second,) = registry.insertDatasets("summary", visits[1:], run=RUN_A)
    assert first.id.version == second.id.version == 7
    assert first.id < second.id


def test_ids_of_a_data_id_are_the_same_again(world: World) -> None:
    registry = world.butler().registry
    visits = [{"instrument": "HSC", "visit": 903334}]
    ids = {}
    for mode in (DatasetIdGenEnum.DATAID_TYPE, DatasetIdGenEnum.DATAID_TYPE_RUN):
        for run in (RUN_A, RUN_B):
            with contextlib.suppress(ZeroDivisionError), registry.transaction():
                (ref,) = registry.insertDatasets("summary", visits, run, idGenerationMode=mode)
                ids[mode.name, run] = ref.id
                _ = 1 / 0
    # lsst-daf-butler 30 makes these of the same run, type and data ID.
    assert str(ids["DATAID_TYPE", RUN_A]) == "37e96e05-8ec0-5d89-baf5-68e0265f7cc5"
    assert str(ids["DATAID_TYPE_RUN", RUN_A]) == "1babc1a4-a86e-5fd3-8cf4-0172586b675a"
    assert ids["DATAID_TYPE", RUN_A] == ids["DATAID_TYPE", RUN_B]
    assert ids["DATAID_TYPE_RUN", RUN_A] != ids["DATAID_TYPE_RUN", RUN_B]


def test_times_are_nanoseconds_of_tai(world: World) -> None:
    sql = "SELECT timespan_begin, timespan_end FROM visit WHERE id = ? AND instrument = 'HSC'"
    begin = 16011 * NANOSECONDS_OF_DAY + (334 % 24) * 3600 * 10**9  # 2013-11-02 is day 16011
    assert world.rows(sql, 903334) == [(begin, begin + 30 * 10**9)]
    insert = world.butler().registry.insertDimensionData
    insert("visit", visit_fields(1, "HSC-R") | {"timespan": None})
    assert world.rows(sql, 1) == [(None, None)]
    insert("visit", visit_fields(2, "HSC-R") | {"timespan": Timespan(None, None)})
    assert world.rows(sql, 2) == [(0, 4102444800000000000)]


def test_the_date_of_ingest_is_now_in_tai(world: World) -> None:
    registry = world.butler().registry
    before = clock.time_ns()
    (ref,) = registry.insertDatasets("summary", [{"instrument": "HSC", "visit": 903334}], run=RUN_A)
    after = clock.time_ns()
    ((date,),) = world.rows("SELECT ingest_date FROM dataset WHERE id = ?", ref.id.hex)
    assert before <= date - 37 * 10**9 <= after


def test_regions_are_base64_of_sphgeom(world: World) -> None:
    region = box(12.0, 3.0, 1.0)
    world.butler().registry.insertDimensionData(
        "visit", visit_fields(1, "HSC-R") | {"region": region}
    )
    ((text,),) = world.rows("SELECT region FROM visit WHERE id = 1")
    assert base64.b64decode(text, validate=True) == region.encode()
    assert region.encode()[:1] == b"p"


def test_hashes_are_base64(world: World) -> None:
    registry = world.butler().registry
    limits = {"tract_max": 2, "patch_nx_max": 3, "patch_ny_max": 3}
    registry.insertDimensionData("skymap", {"name": "rings", "hash": b"\x00\xff", **limits})
    assert world.rows("SELECT hash FROM skymap") == [("AP8=",)]
    (record,) = registry.queryDimensionRecords("skymap")
    assert record.hash == b"\x00\xff"


def test_booleans_and_numbers(world: World) -> None:
    registry = world.butler().registry
    registry.insertDimensionData("group", {"instrument": "HSC", "name": "g"})
    fields: dict[str, Any] = {"instrument": "HSC", "id": 1, "obs_id": "o", "group": "g"}
    fields |= {"physical_filter": "HSC-R", "day_obs": 20131102, "exposure_time": 2, "seq_num": 5}
    registry.insertDimensionData(
        "exposure", {**fields, "can_see_sky": True, "has_simulated": False}
    )
    sql = "SELECT can_see_sky, has_simulated, exposure_time, seq_num, dark_time FROM exposure"
    assert world.rows(sql) == [(1, 0, 2.0, 5, None)]
    (record,) = registry.queryDimensionRecords("exposure")
    assert record.can_see_sky is True
    assert record.has_simulated is False
    assert type(record.exposure_time) is float


def test_collections_are_numbered_by_type(world: World) -> None:
    rows = dict(world.rows("SELECT name, type FROM collection"))
    assert rows == {
        RUN_A: CollectionType.RUN,
        RUN_B: 1,
        LATISS_RUN: 1,
        TAGGED: 2,
        CHAIN: 3,
        CALIB: 4,
    }
    assert world.rows("SELECT doc FROM collection WHERE name = ?", TAGGED) == [("what was chosen",)]
    assert world.rows("SELECT host, timespan_begin, timespan_end FROM run") == [(None,) * 3] * 3


def test_a_chain_is_numbered_from_zero(world: World) -> None:
    rows = world.rows(
        "SELECT position, collection.name FROM collection_chain"
        " JOIN collection ON collection_id = child ORDER BY position"
    )
    assert rows == [(0, RUN_B), (1, RUN_A)]


def test_summaries_cover_what_was_inserted(world: World) -> None:
    rows = world.rows(
        "SELECT collection.name, dataset_type.name FROM collection_summary_dataset_type"
        " JOIN collection USING (collection_id)"
        " JOIN dataset_type ON dataset_type.id = dataset_type_id"
    )
    assert set(rows) == {
        *((run, name) for run in (RUN_A, RUN_B) for name in ("stats", "bias")),
        (TAGGED, "stats"),
        (LATISS_RUN, "stats"),
    }
    rows = world.rows(
        "SELECT collection.name, instrument FROM collection_summary_instrument"
        " JOIN collection USING (collection_id)"
    )
    assert set(rows) == {(RUN_A, "HSC"), (RUN_B, "HSC"), (TAGGED, "HSC"), (LATISS_RUN, "LATISS")}


def test_a_file_has_a_record_and_a_location(world: World) -> None:
    butler = world.butler(run=RUN_A)
    ref = butler.put({"a": 1}, "summary", instrument="HSC", visit=903334)
    ((path, formatter, storage_class, component, checksum, size),) = world.rows(
        "SELECT path, formatter, storage_class, component, checksum, file_size"
        " FROM file_datastore_records WHERE dataset_id = ?",
        ref.id.hex,
    )
    assert path.startswith(f"{RUN_A}/summary/")
    assert formatter == "lsst.daf.butler.formatters.yaml.YamlFormatter"
    assert (storage_class, component, checksum) == ("StructuredDataDict", "__NULL_STRING__", None)
    assert size == (world.root / path).stat().st_size
    rows = world.rows(
        "SELECT datastore_name FROM dataset_location WHERE dataset_id = ?", ref.id.hex
    )
    assert rows == [("FileDatastore@<butlerRoot>",)]
    assert world.rows("SELECT table_name FROM opaque_meta") == [("file_datastore_records",)]
