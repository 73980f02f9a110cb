"""Butlers whose registry is wrong in one way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.notebook import facts
from conformance.selftest.fakes import butlers
from conformance.selftest.fakes.butlers import JanuaryButler, TodayButler
from conformance.selftest.fakes.faulty import fault


@fault("NB-06.w_2020_03")
def january_collection_in_capitals() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def __init__(self, config: str, collection: str | None = None) -> None:
            super().__init__(config, collection)
            if collection:
                self.collection = collection.upper()

        def get(self, name: str, dataId: Mapping[str, Any]) -> Any:
            if not self.collection:
                return super().get(name, dataId)
            return butlers.fetch(self.repository, name, dataId)

    return {"january": Butler}


@fault("NB-06.current")
def open_forgets_the_collection() -> dict[str, Any]:
    class Butler(TodayButler):
        def exists(self, name: str, data_id: Mapping[str, Any]) -> bool:
            return self.cloned

        cloned = False

        def clone(self, collections: str) -> Any:
            clone = type(self)(self.repository, (collections,))
            clone.cloned = True
            return clone

    return {"today": Butler}


@fault("NB-14.current")
def registry_knows_no_collections_until_cloned() -> dict[str, Any]:
    class Butler(TodayButler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            answers: Iterator[list[str]] = iter([[]])
            known = self.collections.query
            self.collections.query = lambda pattern: next(answers, known(pattern))

    return {"today": Butler}


@fault("NB-05.current")
def uri_of_another_folder() -> dict[str, Any]:
    class Butler(TodayButler):
        def getURI(self, ref: Any) -> Any:
            ref.name = "src"
            return super().getURI(ref)

    return {"today": Butler}


@fault("NB-13.w_2020_03")
def january_opens_without_a_collection() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def __init__(self, config: str, collection: str | None = None) -> None:
            super().__init__(config, collection or "")

    return {"january": Butler}


@fault("NB-13.current")
def get_without_a_collection_finds_something() -> dict[str, Any]:
    class Butler(TodayButler):
        def get(self, name: str, data_id: Any = None, **keywords: Any) -> Any:
            return butlers.fetch(self.repository, name, {**(data_id or {}), **keywords})

    return {"today": Butler}


@fault("NB-14.w_2020_03")
def empty_collection_finds_everything() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def get(self, name: str, dataId: Mapping[str, Any]) -> Any:
            return butlers.fetch(self.repository, name, dataId)

    return {"january": Butler}


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


@fault("NB-18.w_2020_03")
def assigning_the_collection_is_forgotten_by_lookups() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def __init__(self, config: str, collection: str | None = None) -> None:
            super().__init__(config, collection)
            self.first = collection

        def datasetExists(self, name: str, data_id: Mapping[str, Any]) -> bool:
            return bool(self.first)

    return {"january": Butler}


@fault("NB-18.current")
def the_clone_keeps_its_defaults() -> dict[str, Any]:
    class Butler(TodayButler):
        def clone(self, collections: str) -> Any:
            return self

    return {"today": Butler}
