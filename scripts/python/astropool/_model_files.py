"""The files that the results of a model depend on: its modules, and what it has read."""

import hashlib
import os
import sys

_opened = {}  # path: whether it was only read
_watches = "ASTROPOOL_JOB_DIRECTORY" in os.environ  # astropool has started this process
_LARGEST_DIGEST = 1 << 24  # astropool computes those of larger files, once per host instead of in each program


def _watch(event, arguments):
    if not _watches or event not in ("open", "ctypes.dlopen"):
        return
    try:
        path = os.path.abspath(os.fsdecode(arguments[0]))
        writes = event == "open" and (
            any(letter in (arguments[1] or "") for letter in "wax+") or (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        _opened[path] = _opened.get(path, True) and not writes
    except Exception:  # a file descriptor, or a name that is not a path: must not affect the model
        pass


if _watches:
    sys.addaudithook(_watch)


def model_files(declared):
    """The files as the hello of a program lists them. From now on, files that are opened do not count."""
    global _watches
    _watches = False
    files = []
    modules = set()
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(path, str) and not _is_installed(path) and os.path.isfile(path):
            modules.add(os.path.realpath(path))
            if name == "__main__":
                files.append(_file("file " + _shown(path), path))
            elif os.path.realpath(path) != os.path.realpath(getattr(sys.modules["__main__"], "__file__", "")):
                files.append(_file("module " + name, path))
    for path, only_read in sorted(_opened.items()):
        if only_read and os.path.isfile(path) and os.path.realpath(path) not in modules and not _is_no_data(path):
            files.append(_file("data file " + _shown(path), path))
    for path in declared:
        path = os.path.abspath(os.fspath(path))
        if not os.path.isfile(path):
            raise FileNotFoundError("serve(files=[...]) names %s, which is not a regular file" % path)
        files.append(_file("file " + _shown(path), path))
    return list({file["name"]: file for file in files}.values())


_PACKAGE = os.path.dirname(os.path.realpath(__file__))


def _is_installed(path):
    parts = path.split(os.sep)
    return (
        os.path.dirname(os.path.realpath(path)) == _PACKAGE
        or "site-packages" in parts
        or "dist-packages" in parts
        or path.startswith(os.path.dirname(os.__file__) + os.sep)
        or os.path.realpath(path).startswith(os.path.dirname(os.path.realpath(os.__file__)) + os.sep)
    )


def _is_no_data(path):
    """Files of Python and of the system, temporary files, and files in hidden folders, such as caches and settings."""
    system = ("/bin/", "/boot/", "/dev/", "/etc/", "/lib/", "/lib32/", "/lib64/", "/proc/", "/run/", "/sbin/", "/sys/", "/usr/")
    return (
        _is_installed(path)
        or path.startswith(system)
        or (os.path.isabs(_shown(path)) and path.startswith(("/tmp/", "/var/tmp/", os.environ.get("TMPDIR", "/tmp") + os.sep)))
        or path.endswith(".pyc")
        or any(part.startswith(".") for part in _shown(path).split(os.sep))
    )


def _shown(path):
    path = os.path.abspath(path)
    here = os.getcwd() + os.sep
    return path[len(here):] if path.startswith(here) else path


def _file(name, path):
    """Paths that are not UTF-8 have unpaired surrogates, which astropool refuses; such files get a digest."""
    if os.path.getsize(path) > _LARGEST_DIGEST:
        return {"name": unicode_text(name), "path": os.path.abspath(path)}
    with open(path, "rb") as file:
        return {"name": unicode_text(name), "sha256": hashlib.sha256(file.read()).hexdigest()}


def unicode_text(text):
    """Names of files that are not UTF-8 have unpaired surrogates, which astropool refuses."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
