"""Makes two wheels of a packaged distribution: one with its Java, for Linux, and one without. See scripts/package.sh."""

import argparse
import base64
import hashlib
import os
import platform
import re
import time
import zipfile

#: The folder of the distribution inside the package.
DISTRIBUTION = "astropool/_distribution"
#: Nothing older than this glibc is promised, even where the files would need less.
OLDEST_GLIBC = "2.28"

ENTRY_POINTS = "[console_scripts]\nastropool = astropool._command:main\n"


class Wheel:
    """A zip file in the format of wheels, the same to the byte for the same contents."""

    def __init__(self, folder, version, tag, seconds):
        self.path = os.path.join(folder, "astropool-%s-%s.whl" % (version, tag))
        self._info = "astropool-%s.dist-info" % version
        self._tag = tag
        self._time = max(time.gmtime(seconds)[:6], (1980, 1, 1, 0, 0, 0))
        self._records = []
        self._zip = zipfile.ZipFile(self.path + ".part", "w", zipfile.ZIP_DEFLATED)

    def add(self, name, content, mode=0o644):
        entry = zipfile.ZipInfo(name, self._time)
        entry.external_attr = (0o100000 | mode) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self._records.append("%s,sha256=%s,%d\n" % (name, digest, len(content)))

    def add_folder(self, folder, prefix, leave_out=()):
        for parent, folders, files in os.walk(folder):
            folders[:] = sorted(each for each in folders if os.path.join(parent, each) not in leave_out)
            for file in sorted(files):
                path = os.path.join(parent, file)
                if path in leave_out:
                    continue
                with open(path, "rb") as stream:
                    self.add(prefix + "/" + os.path.relpath(path, folder), stream.read(),
                             0o755 if os.access(path, os.X_OK) else 0o644)

    def close(self, metadata, licence):
        self.add(self._info + "/METADATA", metadata.encode())
        tags = _expanded(self._tag)
        pure = "true" if self._tag.endswith("any") else "false"
        self.add(self._info + "/WHEEL", ("Wheel-Version: 1.0\nGenerator: astropool\nRoot-Is-Purelib: %s\n%s" % (
            pure, "".join("Tag: %s\n" % each for each in tags))).encode())
        self.add(self._info + "/entry_points.txt", ENTRY_POINTS.encode())
        self.add(self._info + "/licenses/LICENSE", licence)
        record = self._info + "/RECORD"
        self.add(record, ("".join(self._records) + record + ",,\n").encode())
        self._zip.close()
        os.replace(self.path + ".part", self.path)


def _expanded(tag):
    python, abi, platforms = tag.split("-")
    return ["-".join((python, abi, each)) for each in platforms.split(".")]


def python_version(version):
    """Maven's 0.1.0-SNAPSHOT is 0.1.0.dev0 in Python, 0.1.0-rc1 is 0.1.0rc1."""
    match = re.fullmatch(r"(\d+(?:\.\d+)*)(?:-(SNAPSHOT)|-(?:rc|RC)(\d+))?", version)
    if not match:
        raise SystemExit("wheel.py: the version %s must have the form 1.2.3, 1.2.3-rc1 or 1.2.3-SNAPSHOT" % version)
    number, snapshot, candidate = match.groups()
    return number + (".dev0" if snapshot else "rc" + candidate if candidate else "")


def metadata(project, version):
    """The core metadata, from pyproject.toml; without a parser, which Python has from 3.11 on."""
    with open(os.path.join(project, "pyproject.toml"), encoding="utf-8") as stream:
        text = stream.read()

    def value(key):
        return re.search(r'^%s = "(.*)"$' % key, text, re.MULTILINE).group(1)

    classifiers = re.search(r"^classifiers = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL).group(1)
    lines = ["Metadata-Version: 2.1", "Name: astropool", "Version: " + version, "Summary: " + value("description"),
             "License: Apache-2.0", "License-File: LICENSE", "Requires-Python: " + value("requires-python")]
    lines += ["Classifier: " + each for each in re.findall(r'"(.*)"', classifiers)]
    lines += ["Provides-Extra: closures", 'Requires-Dist: cloudpickle; extra == "closures"']
    return "\n".join(lines) + "\n"


def newest(*versions):
    return max(versions, key=lambda version: [int(part) for part in version.split(".")])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--tree", "--python", "--version", "--time", "--glibc", "--out"):
        parser.add_argument(option, required=True)
    options = parser.parse_args()
    version = python_version(options.version)
    tree = options.tree
    with open(os.path.join(tree, "LICENSE"), "rb") as stream:
        licence = stream.read()
    tag = "manylinux_%s_%s" % (newest(options.glibc, OLDEST_GLIBC).replace(".", "_"), platform.machine())
    # The class archive fits only the Java that made it.
    without_java = {os.path.join(tree, "runtime"), os.path.join(tree, "lib", "astropool.jsa")}
    for platforms, leave_out in ((tag, set()), ("any", without_java)):
        wheel = Wheel(options.out, version, "py3-none-" + platforms, int(options.time))
        wheel.add_folder(os.path.join(tree, "python", "astropool"), "astropool")
        wheel.add_folder(tree, DISTRIBUTION, leave_out)
        # Installers give files new times, and the class archive is valid for jars with theirs.
        wheel.add(DISTRIBUTION + "/time", b"%d\n" % int(options.time))
        wheel.close(metadata(options.python, version), licence)
        print(wheel.path)


if __name__ == "__main__":
    main()
