"""Butlers whose registry answers wrong in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conformance.notebook import facts
from conformance.selftest.fakes.butlers import JanuaryButler, TodayButler
from conformance.selftest.fakes.faulty import fault


@fault("NB-15.w_2020_03")
def empty_run_is_listed() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def getAllCollections(self) -> set[str]:
            return set(facts.ALL_COLLECTIONS)

    return {"january": Butler}


@fault("NB-15.current")
def a_collection_stands_twice() -> dict[str, Any]:
    class Butler(TodayButler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self.collections.query = lambda pattern: sorted([*facts.ALL_COLLECTIONS, "skymaps"])

    return {"today": Butler}


@fault("NB-16.w_2020_03")
def one_component_is_missing() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def getAllDatasetTypes(self) -> frozenset[Any]:
            known = super().getAllDatasetTypes()
            return frozenset(one for one in known if one.name != "raw.wcs")

    return {"january": Butler}


@fault("NB-16.w_2020_03")
def names_are_quoted_as_today() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def getAllDatasetTypes(self) -> frozenset[Any]:
            known = super().getAllDatasetTypes()
            for one in known:
                one.printed = one.printed.replace(f"({one.name}", f"('{one.name}'")
            return known

    return {"january": Butler}


@fault("NB-16.current")
def one_type_has_lost_a_dimension() -> dict[str, Any]:
    class Butler(TodayButler):
        def queryDatasetTypes(self) -> Any:
            known = super().queryDatasetTypes()
            known[10].dimensions.required -= {"visit", "skymap", "instrument"}
            return known

    return {"today": Butler}


@fault("NB-17.w_2020_03")
def one_ref_is_given_twice_for_another() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def queryDatasets(self, *arguments: Any, **keywords: Any) -> Iterator[str]:
            refs = list(super().queryDatasets(*arguments, **keywords))
            yield from [*refs[:-1], refs[0]]

    return {"january": Butler}


@fault("NB-17.w_2020_03")
def all_refs_have_one_id() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def queryDatasets(self, *arguments: Any, **keywords: Any) -> Iterator[str]:
            for ref in super().queryDatasets(*arguments, **keywords):
                yield f"{ref.partition(' (id=')[0]} (id=7)"

    return {"january": Butler}


@fault("NB-17.w_2020_03")
def the_answer_is_a_list() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def queryDatasets(self, *arguments: Any, **keywords: Any) -> Any:
            return list(super().queryDatasets(*arguments, **keywords))

    return {"january": Butler}


@fault("NB-09.current", "NB-17.current")
def the_order_is_backwards() -> dict[str, Any]:
    class Butler(TodayButler):
        def query_datasets(self, name: str, **keywords: Any) -> Any:
            return super().query_datasets(name, **keywords)[::-1]

    return {"today": Butler}


@fault("NB-07.current")
def the_band_is_taken_from_the_filter() -> dict[str, Any]:
    class Butler(TodayButler):
        def query_datasets(self, name: str, **keywords: Any) -> Any:
            refs = super().query_datasets(name, **keywords)
            if name == "calexp":
                for ref in refs:
                    ref.dataId["band"] = ref.dataId["physical_filter"]
            return refs

    return {"today": Butler}


@fault("NB-08.current")
def the_filter_is_ignored() -> dict[str, Any]:
    class Butler(TodayButler):
        def query_datasets(self, name: str, **keywords: Any) -> Any:
            keywords.pop("physical_filter", None)
            return super().query_datasets(name, **keywords)

    return {"today": Butler}


@fault("NB-07.current", "NB-08.current")
def one_calexp_of_another_visit_is_lost() -> dict[str, Any]:
    class Butler(TodayButler):
        def query_datasets(self, name: str, **keywords: Any) -> Any:
            refs = super().query_datasets(name, **keywords)
            return refs if name != "calexp" else [refs[0], *refs[2:]] if len(refs) > 2 else refs

    return {"today": Butler}


@fault("NB-07.current")
def one_calexp_is_found_twice() -> dict[str, Any]:
    class Butler(TodayButler):
        def query_datasets(self, name: str, **keywords: Any) -> Any:
            refs = super().query_datasets(name, **keywords)
            return [*refs, refs[0]] if name == "calexp" and not keywords else refs

    return {"today": Butler}


def _first_src(change: Callable[[Any, Any], None]) -> dict[str, Any]:
    class Butler(TodayButler):
        def query_datasets(self, name: str, **keywords: Any) -> Any:
            refs = super().query_datasets(name, **keywords)
            if name == "src":
                change(refs[0], refs[-1])
            return refs

    return {"today": Butler}


@fault("NB-17.current")
def the_day_is_that_of_another_visit() -> dict[str, Any]:
    return _first_src(lambda first, last: first.dataId.update(day_obs=last.dataId["day_obs"]))


@fault("NB-17.current")
def two_refs_have_one_id() -> dict[str, Any]:
    return _first_src(lambda first, last: vars(first).update(id=last.id))
