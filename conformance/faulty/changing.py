"""Giving Butlers and displays a fault: instances get a subclass of their own class."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from conformance.faults import Fault, Replacement

PARTS = {"registry": "butler.registry", "collections": "butler.collections"}
_changers: dict[str, Changer] = {}


class Changer:
    """Puts the functions of a fault in front of the calls of objects.

    An object gets a subclass of its own class, so that it stays what it was, for `isinstance`
    and for all calls that the fault does not change.

    Parameters
    ----------
    fault
        What is to be wrong.
    """

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._classes: dict[tuple[type, str], type] = {}
        self._made: set[type] = set()
        _changers[fault.name] = self

    def before(self, call: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return a call with the fault's function in front of it, where there is one."""
        function = self.fault.replacement(call)
        return real if function is None else functools.partial(function, real)

    def opening(self, kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return a call that gives a Butler or a display, the result of which is changed."""

        @functools.wraps(real)
        def opened(*arguments: Any, **keywords: Any) -> Any:
            return self.changed(real(*arguments, **keywords), kind.lower())

        return self.before(kind, opened)

    def changed(self, value: Any, owner: str) -> Any:
        """Give an object the fault, in place.

        Parameters
        ----------
        value
            A Butler, a registry, collections or a display.
        owner
            Which of these it is, as faults write it, such as ``butler.registry``.
        """
        if type(value) not in self._made and value is not None:
            object.__setattr__(value, "__class__", self.class_of(type(value), owner))
        return value

    def class_of(self, kind: type, owner: str) -> type:
        """Return the subclass that has the fault; the same for the same class."""
        if (kind, owner) not in self._classes:
            made = self._make(kind, owner)
            self._classes[kind, owner] = made
            self._made.add(made)
        return self._classes[kind, owner]

    def _make(self, kind: type, owner: str) -> type:
        members = {"__slots__": (), "__module__": kind.__module__, "__doc__": kind.__doc__}
        made = type(kind)(kind.__name__, (kind,), {**members, "__qualname__": kind.__qualname__})
        for name in dir(kind):
            function = self.fault.replacement(f"{owner}.{name}")
            if function is not None:
                _replace(made, kind, name, function)
        made.__reduce_ex__ = _reduce(self, made, kind, owner)  # type: ignore[method-assign, assignment]
        if owner == "butler":
            made.__getattribute__ = _attributes(self, made)  # type: ignore[method-assign, assignment]
            if hasattr(made, "clone"):
                _replace(made, made, "clone", lambda real, **new: self.changed(real(**new), owner))
        return made


def _replace(made: type, kind: type, name: str, function: Replacement) -> None:
    """Put a function in front of a method or a property of a class."""
    real = getattr(made, name, None)
    found = inspect.getattr_static(kind, name)
    if callable(real) or isinstance(found, staticmethod | classmethod):
        inner = made.__dict__.get(name)

        @functools.wraps(real)  # type: ignore[arg-type]
        def method(self: Any, *arguments: Any, **keywords: Any) -> Any:
            bound = getattr(super(made, self), name) if inner is None else inner.__get__(self)
            return function(bound, *arguments, **keywords)

        setattr(made, name, method)
    else:
        setattr(
            made, name, property(lambda self: function(lambda: getattr(super(made, self), name)))
        )


def _attributes(changer: Changer, made: Any) -> Callable[[Any, str], Any]:
    """Return a way to the attributes of a Butler on which its parts have the fault too."""

    def look_up(self: Any, name: str) -> Any:
        value = super(made, self).__getattribute__(name)
        return changer.changed(value, PARTS[name]) if name in PARTS else value

    return look_up


def _reduce(changer: Changer, made: Any, kind: type, owner: str) -> Callable[[Any, Any], Any]:
    """Return a way to pickle: made classes have no name under which they could be found."""

    def reduce(self: Any, protocol: Any) -> Any:
        reduced = super(made, self).__reduce_ex__(protocol)
        function, arguments, *rest = reduced
        plain = tuple(kind if one is made else one for one in arguments)
        return (_made_again, (changer.fault.name, owner, function, plain), *rest)

    return reduce


def _made_again(fault: str, owner: str, function: Callable[..., Any], arguments: Any) -> Any:
    made = function(*arguments)
    return _changers[fault].changed(made, owner) if fault in _changers else made
