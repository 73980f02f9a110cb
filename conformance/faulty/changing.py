"""Giving Butlers and displays a fault: instances get a subclass of their own class."""

from __future__ import annotations

import functools
import inspect
import threading
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
        self._classes: dict[tuple[type, frozenset[str]], type] = {}
        self._made: dict[type, tuple[type, frozenset[str]]] = {}
        self._inside = threading.local()
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

    def call(
        self,
        function: Replacement,
        owner: Any,
        real: Callable[..., Any],
        /,
        *given: Any,
        **named: Any,
    ) -> Any:
        """Call the fault's function, unless a real call that it stands before calls this one.

        What an implementation asks of itself is no business of the fault, which would else be
        there twice where one public call is made of another.
        """
        if getattr(self._inside, "real", False):
            return real(*given, **named)

        @functools.wraps(real)
        def guarded(*arguments: Any, **keywords: Any) -> Any:
            self._inside.real = True
            try:
                return real(*arguments, **keywords)
            finally:
                self._inside.real = False

        guarded.__self__ = owner  # type: ignore[attr-defined]
        return function(guarded, *given, **named)

    def changed(self, value: Any, owner: str) -> Any:
        """Give an object the fault, in place, where the fault has something to do with it.

        Parameters
        ----------
        value
            A Butler, a registry, collections or a display.
        owner
            Which of these it is, as faults write it, such as ``butler.registry``; a Butler may be
            its own registry.
        """
        kind, owners = self._made.get(type(value), (type(value), frozenset()))
        if owner not in owners and self._concerns(owner):
            object.__setattr__(value, "__class__", self._class(kind, owners | {owner}))
        return value

    def _concerns(self, owner: str) -> bool:
        parts = PARTS.values() if owner == "butler" else ()
        return not self.fault.owners.isdisjoint((owner, *parts))

    def _class(self, kind: type, owners: frozenset[str]) -> type:
        """Return the subclass that has the fault; the same for the same class."""
        if (kind, owners) not in self._classes:
            made = self._make(kind, owners)
            self._classes[kind, owners] = made
            self._made[made] = (kind, owners)
        return self._classes[kind, owners]

    def _make(self, kind: type, owners: frozenset[str]) -> type:
        members = {"__slots__": (), "__module__": kind.__module__, "__doc__": kind.__doc__}
        made = type(kind)(kind.__name__, (kind,), {**members, "__qualname__": kind.__qualname__})
        for owner in sorted(owners):
            for name in dir(kind):
                function = self.fault.replacement(f"{owner}.{name}")
                if function is not None:
                    _replace(made, name, functools.partial(self.call, function))
        made.__reduce_ex__ = _reduce(self, made, kind, owners)  # type: ignore[method-assign, assignment]
        if "butler" in owners:
            made.__getattribute__ = _attributes(self, made)  # type: ignore[method-assign, assignment]
            if hasattr(made, "clone"):
                _replace(made, "clone", lambda _, real, **new: self.changed(real(**new), "butler"))
        return made


def _replace(made: type, name: str, function: Callable[..., Any]) -> None:
    """Put a function in front of a method or a property of a class.

    It gets the object, the real call, and the arguments.
    """
    real = getattr(made, name, None)
    found = inspect.getattr_static(made, name)
    inner = made.__dict__.get(name)

    def bound(self: Any) -> Any:
        return getattr(super(made, self), name) if inner is None else inner.__get__(self)

    if callable(real) or isinstance(found, staticmethod | classmethod):

        @functools.wraps(real)  # type: ignore[arg-type]
        def method(self: Any, *arguments: Any, **keywords: Any) -> Any:
            return function(self, bound(self), *arguments, **keywords)

        setattr(made, name, method)
    else:
        setattr(made, name, property(lambda self: function(self, lambda: bound(self))))


def _attributes(changer: Changer, made: Any) -> Callable[[Any, str], Any]:
    """Return a way to the attributes of a Butler on which its parts have the fault too."""

    def look_up(self: Any, name: str) -> Any:
        value = super(made, self).__getattribute__(name)
        return changer.changed(value, PARTS[name]) if name in PARTS else value

    return look_up


def _reduce(
    changer: Changer, made: Any, kind: type, owners: frozenset[str]
) -> Callable[[Any, Any], Any]:
    """Return a way to pickle: made classes have no name under which they could be found."""

    def reduce(self: Any, protocol: Any) -> Any:
        reduced = super(made, self).__reduce_ex__(protocol)
        function, arguments, *rest = reduced
        plain = tuple(kind if one is made else one for one in arguments)
        return (_made_again, (changer.fault.name, owners, function, plain), *rest)

    return reduce


def _made_again(
    fault: str, owners: frozenset[str], function: Callable[..., Any], arguments: Any
) -> Any:
    made = function(*arguments)
    if fault in _changers:
        for owner in owners:
            _changers[fault].changed(made, owner)
    return made
