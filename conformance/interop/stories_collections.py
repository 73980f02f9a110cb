"""What one Butler does to collections, the other finds in them: tags, validity ranges, chains."""

from __future__ import annotations

from conformance.interop import interop
from conformance.interop.stage import Actor


@interop("ITP-04.tagged", "Datasets of A that B tags, or takes out of a tag, A finds so")
def tagged(a: Actor, b: Actor) -> None:
    """Tag and untag in turn."""
    b.does("""
        found = butler.query_datasets("stats", "run/1", instrument="Cam", visit=2)
        butler.registry.associate("tag", found)
        butler.registry.disassociate("tag", butler.query_datasets("bias", "tag"))
        butler.collections.register("mine", CollectionType.TAGGED)
        butler.registry.associate("mine", butler.query_datasets("coadd", "run/2"))
    """)
    a.sees(
        "sorted(one.dataId['visit'] for one in butler.query_datasets('stats', 'tag'))", [1, 2, 2]
    )
    a.does("""
        butler.registry.associate("mine", butler.query_datasets("notes", "run/1"))
        found = butler.query_datasets("stats", "tag", instrument="Cam", detector=1)
        butler.registry.disassociate("tag", found)
    """)
    b.sees("[one.dataId['detector'] for one in butler.query_datasets('stats', 'tag')]", [2])
    a.does("butler.registry.associate('tag', butler.query_datasets('stats', 'run/2'))")
    b.is_refused(
        """
        found = butler.query_datasets("stats", "run/1", instrument="Cam", visit=2)
        butler.registry.associate("tag", found)
        """,
        "ConflictingDefinitionError",
    )


@interop("ITP-05.certified", "Validity ranges that B certifies, cuts and ends A finds so")
def certified(a: Actor, b: Actor) -> None:
    """Certify flats, cut a hole into them, and end the biases of one detector."""
    b.does("""
        from astropy.time import Time
        times = [Time(f"2020-0{n}-01T00:00:00", scale="tai") for n in (1, 2, 3, 4)]
        flats = butler.registry.insertDatasets("flat", [
            dict(instrument="Cam", detector=n, physical_filter="Cam-R") for n in (1, 2)
        ], run="run/1")
        butler.registry.certify("calib", flats, Timespan(times[0], times[3]))
        butler.registry.decertify("calib", "flat", Timespan(times[1], times[2]))
        butler.registry.decertify(
            "calib", "bias", Timespan(times[3], None), dataIds=[dict(instrument="Cam", detector=1)]
        )
    """)
    looks_up = """[
        found and found.run for month in (1, 2, 3) for found in [butler.find_dataset(
            "flat", instrument="Cam", detector=1, physical_filter="Cam-R", collections="calib",
            timespan=Timespan(
                Time(f"2020-0{month}-10", scale="tai"), Time(f"2020-0{month}-11", scale="tai")
            ),
        )]
    ]"""
    a.sees(
        f"(lambda Time: {looks_up})(__import__('astropy.time').time.Time)", ["run/1", None, "run/1"]
    )
    a.does("""
        from astropy.time import Time
        span = Timespan(Time("2020-02-01", scale="tai"), Time("2020-03-01", scale="tai"))
        later = butler.registry.insertDatasets(
            "flat", [dict(instrument="Cam", detector=1, physical_filter="Cam-R")], run="run/2"
        )
        butler.registry.certify("calib", later, span)
    """)
    b.sees(
        f"(lambda Time: {looks_up})(__import__('astropy.time').time.Time)",
        ["run/1", "run/2", "run/1"],
    )
    b.is_refused(
        "butler.registry.certify('calib', butler.query_datasets('bias', 'run/1'),"
        " Timespan(None, None))",
        "ConflictingDefinitionError",
    )


@interop("ITP-06.chained", "Chains that B edits A searches in the new order")
def chained(a: Actor, b: Actor) -> None:
    """Edit chains of the other in each way."""
    b.does("""
        butler.collections.register("new", CollectionType.CHAINED, doc="by B")
        butler.collections.redefine_chain("new", ["run/2", "tag"])
        butler.collections.prepend_chain("all", "new")
        butler.collections.remove_from_chain("all", "run/2")
        butler.collections.extend_chain("top", "run/2")
    """)
    a.sees(
        "butler.collections.query('top', flatten_chains=True)", ["run/2", "tag", "run/1", "calib"]
    )
    a.sees("butler.collections.get_info('all').children", ["new", "tag", "run/1"])
    a.does("""
        butler.collections.redefine_chain("new", ["run/1"])
        butler.collections.prepend_chain("top", ["tag", "calib"])
    """)
    b.sees("butler.collections.get_info('top').children", ["tag", "calib", "all", "run/2"])
    b.is_refused("butler.collections.extend_chain('new', 'top')", "CollectionCycleError")
    b.does("""
        butler.collections.redefine_chain("all", ["run/2"])
        butler.collections.x_remove("new")
        butler.registry.setCollectionDocumentation("run/1", "changed by B")
    """)


@interop("ITP-07.pruned", "Datasets of A that B removes are gone for A, with their files")
def pruned(a: Actor, b: Actor) -> None:
    """Remove datasets in each way."""
    b.does("""
        stats = butler.query_datasets("stats", "run/1", instrument="Cam", visit=1)
        butler.pruneDatasets(stats, purge=True, unstore=True, disassociate=True)
        biases = butler.query_datasets("bias", "run/1", instrument="Cam", detector=2)
        butler.pruneDatasets(biases, disassociate=True, unstore=False, tags=["tag"])
        butler.pruneDatasets(
            butler.query_datasets("notes", "run/1"), disassociate=False, unstore=True
        )
        butler.registry.removeDatasets(butler.query_datasets("raw", "run/1"))
        butler.registry.removeDatasetType("raw")
    """)
    a.sees(
        "sorted(path.name.partition('_')[0] for path in (root / 'run' / '1').rglob('*.yaml'))",
        ["bias", "bias", "coadd", "stats", "stats"],
    )
    a.does("""
        butler.put({"again": 1}, "stats", instrument="Cam", visit=1, detector=1, run="run/1")
        butler.collections.register("run/3")
        butler.put({"again": 2}, "notes", run="run/3")
    """)
    b.sees(
        """[one.dataId["detector"] for one in butler.query_datasets(
            "stats", "run/1", instrument="Cam", visit=1)]""",
        [1],
    )


@interop("ITP-07.removed", "Runs and collections of A that B removes are gone for A")
def removed(a: Actor, b: Actor) -> None:
    """Remove a run with what it is in, a tag, and a calibration collection."""
    b.does("""
        butler.removeRuns(["run/1"], unlink_from_chains=True)
        butler.collections.remove_from_chain("top", "calib")
        butler.collections.x_remove("calib")
        butler.collections.remove_from_chain("all", "tag")
        butler.collections.x_remove("tag")
    """)
    a.sees("{path.relative_to(root).parts[1] for path in (root / 'run').rglob('*.yaml')}", ["2"])
    a.sees("sorted(butler.collections.query('*'))", ["all", "run/2", "top"])
    a.does("""
        butler.collections.register("tag", CollectionType.TAGGED)
        butler.registry.associate("tag", butler.query_datasets("stats", "all"))
    """)
    b.sees("[one.run for one in butler.query_datasets('stats', 'tag')]", ["run/2"])
