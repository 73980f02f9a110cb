"""Butlers that look up in the wrong place, or find what is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.notebook import facts
from conformance.selftest.fakes import butlers
from conformance.selftest.fakes.butlers import JanuaryButler, TodayButler, TodayRef
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
        def exists(self, name: str, data_id: Mapping[str, Any], collections: str = "") -> bool:
            return self.cloned and super().exists(name, data_id, collections)

        cloned = False

        def clone(self, collections: str) -> Any:
            clone = type(self)(self.repository, (collections,))
            clone.cloned = True
            return clone

    return {"today": Butler}


@fault("NB-06.w_2020_03", "NB-06.current", "NB-18.w_2020_03", "NB-18.current")
def everything_exists() -> dict[str, Any]:
    class January(JanuaryButler):
        def datasetExists(self, name: str, data_id: Mapping[str, Any]) -> bool:
            return True

    class Today(TodayButler):
        def exists(self, *arguments: Any, **keywords: Any) -> bool:
            return True

    return {"january": January, "today": Today}


@fault("NB-06.w_2020_03", "NB-06.current")
def every_collection_is_searched_for_what_exists() -> dict[str, Any]:
    class January(JanuaryButler):
        def datasetExists(self, name: str, data_id: Mapping[str, Any]) -> bool:
            return JanuaryButler(str(self.repository.root), facts.OUTPUT).datasetExists(
                name, data_id
            )

    class Today(TodayButler):
        def exists(self, name: str, data_id: Mapping[str, Any], collections: str = "") -> bool:
            return super().exists(name, data_id)

    return {"january": January, "today": Today}


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


@fault("NB-05.current")
def uri_of_another_detector() -> dict[str, Any]:
    class Butler(TodayButler):
        def getURI(self, ref: Any) -> Any:
            number = ref.dataId["detector"]
            return super().getURI(
                TodayRef(
                    name=ref.name, dataId={**ref.dataId, "detector": {25: 18}.get(number, number)}
                )
            )

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


@fault("NB-18.w_2020_03")
def assigning_the_collection_is_forgotten_by_lookups() -> dict[str, Any]:
    class Butler(JanuaryButler):
        def __init__(self, config: str, collection: str | None = None) -> None:
            super().__init__(config, collection)
            self.first = collection

        def datasetExists(self, name: str, data_id: Mapping[str, Any]) -> bool:
            return bool(self.first) and super().datasetExists(name, data_id)

    return {"january": Butler}


@fault("NB-18.current")
def the_clone_keeps_its_defaults() -> dict[str, Any]:
    class Butler(TodayButler):
        def clone(self, collections: str) -> Any:
            return self

    return {"today": Butler}
