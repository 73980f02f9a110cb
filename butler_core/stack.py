"""`butler_core` under the module names of the LSST stack, for programs that import those.

``python -m butler_core.stack --release w_2020_03 script.py ARGS…`` runs a script so.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from .errors import StackError, nearest

__all__ = ["RELEASES", "install", "installed", "main", "uninstall"]

RELEASES: Mapping[str, Mapping[str, str]] = {
    "w_2020_03": {
        "lsst.daf.butler": "butler_core.w_2020_03",
        "lsst.daf.butler.registry": "butler_core.w_2020_03.registry",
        "lsst.daf.butler.registry.queries": "butler_core.w_2020_03.registry.queries",
        "lsst.afw.display": "butler_core.display",
    },
    "current": {
        "lsst.daf.butler": "butler_core",
        "lsst.daf.butler.registry": "butler_core.registry",
        "lsst.afw.display": "butler_core.display",
    },
}
"""For each release, the modules that stand in for those of the stack."""

_PACKAGES = ("lsst", "lsst.daf", "lsst.afw")

_LIKE: Mapping[str, str] = {
    "lsst.geom": "Angle, Box2I, Extent2I, Point2D, Point2I and SpherePoint",
    "lsst.afw.cameraGeom": "Detector",
    "lsst.afw.detection": "GaussianPsf",
    "lsst.afw.geom": "Polygon, Quadrupole and SkyWcs",
    "lsst.afw.image": "Exposure, Image, Mask, MaskedImage, PhotoCalib, VisitInfo and ExposureF,"
    " ImageF, … by the type of pixel",
    "lsst.afw.table": "BaseCatalog, Schema, SimpleCatalog and SourceCatalog",
    "lsst.daf.base": "PropertyList",
}
"""Modules of the stack, and what of them `butler_core.image` has under its own name."""


class _AliasLoader(Loader):
    """Gives a module that has another name of its own."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._own_spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._target)
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._own_spec  # the import system has put the alias's spec there


class _EmptyPackageLoader(Loader):
    """Gives a package in which there is nothing but what is imported into it."""

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        module.__doc__ = "Holds the modules that butler_core.stack has installed."


class _AliasFinder(MetaPathFinder):
    """Finds the stand-ins, before anything else is asked."""

    def __init__(self, release: str) -> None:
        self.release = release
        self.aliases = RELEASES[release]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self.aliases:
            return ModuleSpec(fullname, _AliasLoader(self.aliases[fullname]), is_package=True)
        if any(fullname.startswith(f"{alias}.") for alias in self.aliases):
            raise _missing(fullname, self.release)
        return None


def _missing(name: str, release: str) -> ModuleNotFoundError:
    """Return the error for a module of the stack that nobody has."""
    instead = (
        f"butler_core.image has {_LIKE[name]}"
        if name in _LIKE
        else "the rest comes with the LSST Science Pipelines"
    )
    return ModuleNotFoundError(
        f"No module named {name!r}: butler_core stands in for {', '.join(RELEASES[release])}, of"
        f" release {release}, alone; {instead}",
        name=name,
    )


class _PackageFinder(MetaPathFinder):
    """Finds the packages around the stand-ins, where nobody else has them.

    It is asked last: what else is asked for in these packages does not exist.
    """

    def __init__(self, release: str) -> None:
        self.release = release

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _PACKAGES:
            if fullname.rpartition(".")[0] in _PACKAGES and not _is_only_looked_for():
                raise _missing(fullname, self.release)
            return None
        return ModuleSpec(fullname, _EmptyPackageLoader(), is_package=True)


def _is_only_looked_for() -> bool:
    """Return whether `importlib.util.find_spec` asks, which answers `None` for what is missing."""
    asking = sys._getframe(3)  # of import_module or an import statement, if not
    return asking.f_code is importlib.util.find_spec.__code__


_finders: tuple[_AliasFinder, _PackageFinder] | None = None


def install(release: str = "current") -> None:
    """Put `butler_core` under the module names of the stack.

    ``import lsst.daf.butler`` and ``import lsst.afw.display`` give the Butler
    and the display of this package from then on. Other modules of the stack
    that are installed, such as ``lsst.sphgeom``, are left alone.

    Parameters
    ----------
    release : `str`, optional
        Whose dialect to speak: ``w_2020_03`` or ``current``.

    Raises
    ------
    StackError
        There is no such release, another one is installed, or the process
        has imported the real modules.
    """
    global _finders
    if release not in RELEASES:
        raise StackError(
            f"There is no release {release!r}; there are {', '.join(RELEASES)}"
            + nearest(release, RELEASES)
        )
    if _finders is not None:
        if _finders[0].release != release:
            raise StackError(
                f"Release {_finders[0].release} is installed; uninstall it before {release}"
            )
        return
    for name in RELEASES[release]:
        if name in sys.modules:
            raise StackError(
                f"{name} is imported from {getattr(sys.modules[name], '__file__', 'elsewhere')} "
                "in this process, and objects of both would mix; call install() before anything "
                "imports it"
            )
    _finders = (_AliasFinder(release), _PackageFinder(release))
    sys.meta_path.insert(0, _finders[0])
    sys.meta_path.append(_finders[1])
    importlib.invalidate_caches()


def uninstall() -> None:
    """Take the names of the stack back; modules that were imported keep working."""
    global _finders
    if _finders is None:
        return
    for finder in _finders:
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)
    names = [*reversed([*_finders[0].aliases]), *reversed(_PACKAGES)]
    for name in names:
        module = sys.modules.get(name)
        spec = getattr(module, "__spec__", None)
        if name in _PACKAGES and not isinstance(getattr(spec, "loader", None), _EmptyPackageLoader):
            continue
        if sys.modules.pop(name, None) is None:
            continue
        parent, _, child = name.rpartition(".")
        package = sys.modules.get(parent)
        if package is not None and getattr(package, child, None) is module:
            delattr(package, child)
    _finders = None


@contextmanager
def installed(release: str = "current") -> Iterator[None]:
    """Install a release for the time of a ``with`` statement."""
    install(release)
    try:
        yield
    finally:
        uninstall()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a script with a release installed; the command line of this module.

    Parameters
    ----------
    arguments : `~collections.abc.Sequence` [ `str` ], optional
        ``--release RELEASE SCRIPT ARGS…``; those of the process if not given.

    Returns
    -------
    status : `int`
        Exit status of the script.
    """
    import click

    from .run_script import run_script

    @click.command(context_settings={"allow_interspersed_args": False})
    @click.option(
        "--release",
        type=click.Choice(list(RELEASES)),
        default="current",
        show_default=True,
        help="Whose dialect.",
    )
    @click.argument("script")
    @click.argument("args", nargs=-1, type=click.UNPROCESSED)
    def parse(release: str, script: str, args: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
        """Run SCRIPT, which imports lsst.daf.butler and lsst.afw.display, with ARGS."""
        return release, script, args

    try:
        given = parse.main(arguments, "python -m butler_core.stack", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    if isinstance(given, int):  # --help was answered
        return given
    release, script, args = given
    try:
        install(release)
    except StackError as error:
        click.echo(f"python -m butler_core.stack: {error}", err=True)
        return 2
    return run_script(script, args)


if __name__ == "__main__":
    from butler_core.stack import main as _main  # the module that scripts import, not this copy

    sys.exit(_main())
