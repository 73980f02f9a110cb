"""What one Butler makes of a repository, the other finds: what is added, and what is in it."""

from __future__ import annotations

from conformance.interop import interop
from conformance.interop.stage import Actor


@interop("ITP-01.filled", "What A fills a repository with B sees, and would write so itself")
def filled(a: Actor, b: Actor) -> None:
    """Fill a repository by each, and compare."""
    b.fills("own")
    a.compares("own")
    b.compares("own")


@interop("ITP-02.datasets", "What B puts into the runs of A, and into its own, A gets")
def datasets(a: Actor, b: Actor) -> None:
    """Put datasets in turn."""
    b.does("""
        butler.collections.register("run/3")
        for visit in (1, 2):
            data_id = dict(instrument="Cam", visit=visit, detector=2)
            butler.put({"by": "B", "list": [1, 2.5, None, "µ"]}, "stats", data_id, run="run/3")
        butler.registry.insertDatasets("flat", [
            dict(instrument="Cam", detector=n, physical_filter="Cam-R") for n in (1, 2)
        ], run="run/2")
    """)
    a.sees(
        """[
            butler.get("stats", instrument="Cam", visit=n, detector=2, collections="run/3")
            for n in (1, 2)
        ]""",
        [{"by": "B", "list": [1, 2.5, None, "µ"]}] * 2,
    )
    a.does("""
        data_id = dict(instrument="Cam", visit=1, detector=1)
        butler.put({"by": "A"}, "stats", data_id, run="run/3")
    """)
    b.sees(
        """butler.get("stats", instrument="Cam", visit=1, detector=1, collections="run/3")""",
        {"by": "A"},
    )


@interop("ITP-02.dataset-types", "A dataset type that B registers, of new dimensions, A fills")
def dataset_types(a: Actor, b: Actor) -> None:
    """Register types whose tables are not there yet."""
    b.does("""
        for name, dimensions, is_calibration in [
            ("reference", ["htm7"], False),
            ("camera", ["instrument"], True),
            ("both", ["visit", "patch"], False),
        ]:
            butler.registry.registerDatasetType(DatasetType(
                name, dimensions, "StructuredDataDict",
                universe=butler.dimensions, isCalibration=is_calibration,
            ))
    """)
    a.does("""
        butler.put({"stars": 3}, "reference", htm7=222340, run="run/1")
        butler.put({"detectors": 2}, "camera", instrument="Cam", run="run/1")
        data_id = dict(instrument="Cam", visit=1, skymap="sky", tract=0, patch=1)
        butler.put({"overlap": 0.25}, "both", data_id, run="run/1")
    """)
    b.sees("""butler.get("reference", htm7=222340, collections="run/1")""", {"stars": 3})
    b.sees("""butler.get("camera", instrument="Cam", collections="run/1")""", {"detectors": 2})


@interop("ITP-03.inserted", "Records with regions and times that B inserts lie where A puts them")
def inserted(a: Actor, b: Actor) -> None:
    """Insert visits, one without a region, and a second camera and sky."""
    b.does("""
        from lsst.sphgeom import Circle, ConvexPolygon, LonLat, UnitVector3d
        from astropy.time import Time
        insert = butler.registry.insertDimensionData
        corners = [(150.0, 2.0), (151.5, 2.0), (151.5, 3.5), (150.0, 3.5)]
        region = ConvexPolygon([UnitVector3d(LonLat.fromDegrees(*one)) for one in corners])
        span = Timespan(Time("2020-01-02T01:00:00", scale="tai"), None)
        own = dict(instrument="Cam", day_obs=20200101, physical_filter="Cam-R")
        insert("visit", dict(own, id=3, name="v3", region=region, timespan=span),
               dict(own, id=4, name="v4"))
        insert("visit_detector_region", dict(instrument="Cam", visit=3, detector=1, region=region))
        insert("instrument", dict(name="Two", class_name="two.Two", detector_max=4))
        insert("skymap", dict(name="disc", hash=b"disc"))
        insert("tract", dict(skymap="disc", id=7, region=region))
    """)
    a.does("""
        data_id = dict(instrument="Cam", visit=3, detector=1)
        butler.put({"of": "visit 3"}, "stats", data_id, run="run/1")
    """)


@interop("ITP-03.changed", "A region that B changes in a record of A lies elsewhere for both")
def changed(a: Actor, b: Actor) -> None:
    """Change a visit and a detector, then one of them back in part."""
    b.does("""
        from lsst.sphgeom import ConvexPolygon, LonLat, UnitVector3d
        corners = [(200.0, 60.0), (201.0, 60.0), (201.0, 61.0), (200.0, 61.0)]
        region = ConvexPolygon([UnitVector3d(LonLat.fromDegrees(*one)) for one in corners])
        visit = dict(
            instrument="Cam", id=1, name="v1", day_obs=20200101, physical_filter="Cam-R",
            exposure_time=31.0, region=region,
        )
        butler.registry.syncDimensionData("visit", visit, update=True)
    """)
    a.sees(
        """[record.exposure_time for record in butler.query_dimension_records(
            "visit", instrument="Cam", visit=1)]""",
        [31.0],
    )
    a.does("""
        detector = dict(instrument="Cam", id=1, full_name="S1", purpose="GUIDE", raft="R0")
        butler.registry.syncDimensionData("detector", detector, update=True)
    """)
    b.sees(
        """[record.purpose for record in butler.query_dimension_records(
            "detector", instrument="Cam", detector=1)]""",
        ["GUIDE"],
    )


@interop("ITP-08.rolled-back", "Of what B undoes, or is refused, A finds nothing")
def rolled_back(a: Actor, b: Actor) -> None:
    """Leave a transaction by an exception, and do what conflicts with what A did."""
    b.does("""
        data_id = dict(instrument="Cam", visit=1, detector=1)
        try:
            with butler.transaction():
                butler.put({"undone": True}, "stats", data_id, run="run/2")
                ref = butler.find_dataset("stats", data_id, collections="run/2")
                butler.registry.associate("tag", [
                    butler.find_dataset("coadd", skymap="sky", tract=0, patch=0, band="r",
                                        collections="run/1")
                ])
                raise InterruptedError
        except InterruptedError:
            pass
    """)
    b.is_refused(
        """
        butler.put({}, "stats", instrument="Cam", visit=1, detector=1, run="run/1")
        """,
        "ConflictingDefinitionError",
    )
    a.does("""
        data_id = dict(instrument="Cam", visit=1, detector=1)
        butler.put({"done": True}, "stats", data_id, run="run/2")
    """)
    b.sees(
        """butler.get("stats", instrument="Cam", visit=1, detector=1, collections="run/2")""",
        {"done": True},
    )
