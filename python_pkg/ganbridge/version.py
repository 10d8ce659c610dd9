"""The version, which stands once for both packages: in `DESCRIPTION`."""

from pathlib import Path


def read_version() -> str:
    """Return the version from the `DESCRIPTION` that this folder belongs to, or else the one that pip installed.

    In a checkout and in an installed R package, `DESCRIPTION` lies two folders up. It goes first, because the metadata
    may be those of another copy of the package.
    """
    description = Path(__file__).resolve().parent.parent.parent / "DESCRIPTION"
    if description.is_file():
        lines = description.read_text(encoding="utf-8").splitlines()
        fields = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if fields.get("Package") == "ganbridge":
            return fields["Version"]

    from importlib.metadata import version

    return version("ganbridge")


__version__ = read_version()
