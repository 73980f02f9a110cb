"""Modules made in memory, which offer what real ones offer, and objects that have a fault."""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from conformance.faulty.changing import Changer

FORWARDED = ("__all__", "__version__")


def offer(real: str, opens: str, changer: Changer) -> str:
    """Make a module importable that stands before a real one, and return its name.

    The real module is imported when this one is; what that raises is raised.

    Parameters
    ----------
    real
        The name of the real module.
    opens
        The name of its class whose instances have the fault: ``Butler`` or ``Display``.
    changer
        What gives instances the fault.
    """
    name = f"{real.replace('.', '_')}__{changer.fault.name}"
    if _FINDER not in sys.meta_path:
        sys.meta_path.append(_FINDER)
    sys.modules.pop(name, None)
    _FINDER.offered[name] = (real, opens, changer)
    return name


class _Finder(MetaPathFinder, Loader):
    def __init__(self) -> None:
        self.offered: dict[str, tuple[str, str, Changer]] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self.offered:
            return ModuleSpec(fullname, self, is_package=True)
        parent, _, child = fullname.rpartition(".")
        if parent not in self.offered:
            return None
        return ModuleSpec(fullname, _RealLoader(f"{self.offered[parent][0]}.{child}"))

    def exec_module(self, module: ModuleType) -> None:
        name, opens, changer = self.offered[module.__name__]
        real = importlib.import_module(name)
        module.__doc__ = real.__doc__
        vars(module)["__dir__"] = lambda: dir(real)
        vars(module)["__getattr__"] = _forwarding(module, real, opens, changer)


class _RealLoader(Loader):
    """Gives a module below a real one, which opens nothing and so has no fault."""

    def __init__(self, real: str) -> None:
        self._real = real
        self._own_spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._real)
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._own_spec  # the import system has put the other name's spec there


_FINDER = _Finder()


def _forwarding(
    module: ModuleType, real: ModuleType, opens: str, changer: Changer
) -> Callable[[str], Any]:
    """Return the function that gives a module the attributes of the real one."""

    def attribute(name: str) -> Any:
        if name[:2] == "__" and name not in FORWARDED:
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
        value = getattr(real, name)
        if name == opens:
            value = opening_class(value, opens, changer)
        elif inspect.isfunction(value):
            value = _changing_results(value, getattr(real, opens, None), opens, changer)
        vars(module)[name] = value
        return value

    return attribute


def _changing_results(real: Any, kind: Any, opens: str, changer: Changer) -> Any:
    """Return a function whose results are changed where they are what the module opens."""

    @functools.wraps(real)
    def call(*arguments: Any, **keywords: Any) -> Any:
        result = real(*arguments, **keywords)
        is_opened = isinstance(kind, type) and isinstance(result, kind)
        return changer.changed(result, opens.lower()) if is_opened else result

    return call


def opening_class(real: Any, opens: str, changer: Changer) -> Any:
    """Return what stands before a class: a subclass that opens changed instances.

    Calling it, or its ``from_config``, gives instances of the real class, changed; to `isinstance`
    and `issubclass` it is the real class.
    """
    if not isinstance(real, type):
        return changer.opening(opens, real)

    def call(cls: type, *arguments: Any, **keywords: Any) -> Any:
        if cls is made:
            return changer.opening(opens, real)(*arguments, **keywords)
        return changer.changed(type(real).__call__(cls, *arguments, **keywords), opens.lower())

    real_opening: Any = getattr(real, "from_config", None)

    def from_config(cls: Any, *arguments: Any, **keywords: Any) -> Any:
        if cls is made:
            return changer.opening(opens, real_opening)(*arguments, **keywords)
        return super(made, cls).from_config(*arguments, **keywords)

    meta = type(
        f"Opening{opens}",
        (type(real),),
        {
            "__call__": call,
            "__instancecheck__": lambda cls, one: type.__instancecheck__(_known(cls), one),
            "__subclasscheck__": lambda cls, one: type.__subclasscheck__(_known(cls), one),
        },
    )

    def _known(cls: type) -> type:
        return real if cls is made else cls

    members: dict[str, Any] = {
        "__slots__": (),
        "__module__": real.__module__,
        "__qualname__": real.__qualname__,
        "__doc__": real.__doc__,
    }
    if real_opening is not None:
        members["from_config"] = classmethod(from_config)
    made: Any = meta(real.__name__, (real,), members)
    return made
