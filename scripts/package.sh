#!/usr/bin/env bash
# Makes what users install: the archive, which contains its own Java, and two wheels for pip, one with that Java and one
# without. Needs python3, and readelf of binutils.
#   scripts/package.sh [--no-build] [DIR]    writes into DIR (default: target/packages)
#     --no-build   package the distribution that is built already
# ASTROPOOL_PACKAGE_JDK is the home of the JDK whose parts become the runtime; the default is the newest Temurin in
# /usr/lib/jvm, or the newest other JDK there. ASTROPOOL_PACKAGE_XZ is the level of xz, such as -1 where only the contents
# matter (default: -9). docs/releasing.md says which of these files are the same to the byte when they are made again.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/.." && pwd -P)

fail() {
    printf 'package.sh: %s\n' "$*" >&2
    exit 2
}

# Prints the value of a key in the file "release" of a JDK.
release_value() {
    sed -n "s/^$2=\"\(.*\)\"\$/\1/p" "$1/release"
}

# Prints the home of the newest JDK in /usr/lib/jvm that has jlink, of Temurin if there is one.
newest_jdk() {
    local release home version rank newest=0 found=
    for release in /usr/lib/jvm/*/release; do
        home=${release%/release}
        [[ -x $home/bin/jlink ]] || continue
        version=$(release_value "$home" JAVA_VERSION)
        version=${version%%[!0-9]*}
        rank=${version:-0}
        [[ $(release_value "$home" IMPLEMENTOR) != "Eclipse Adoptium" ]] || ((rank += 1000))
        if ((rank > newest)); then
            newest=$rank found=$home
        fi
    done
    printf '%s' "$found"
}

# Sets jdk, and says what is lost with it.
choose_jdk() {
    local version
    jdk=${ASTROPOOL_PACKAGE_JDK:-$(newest_jdk)}
    [[ -n $jdk ]] || fail "no JDK with jlink in /usr/lib/jvm. Install one, preferably Temurin 25, or set ASTROPOOL_PACKAGE_JDK"
    [[ -x $jdk/bin/jlink && -r $jdk/release ]] ||
        fail "there is no bin/jlink in $jdk. Set ASTROPOOL_PACKAGE_JDK to the home of a JDK, preferably Temurin 25"
    version=$(release_value "$jdk" JAVA_VERSION)
    version=${version%%[!0-9]*}
    ((version >= 17)) || fail "$jdk is a JDK ${version:-of unknown version}; at least 17 is needed"
    [[ $(release_value "$jdk" IMPLEMENTOR) == "Eclipse Adoptium" ]] ||
        say "$jdk is not a build of Temurin: its libraries may need a newer glibc, or libraries that a node does not have"
    ((version >= 20)) ||
        say "Java $version ignores its class archive once the package has been moved (JDK-8279366): it starts more slowly"
}

say() {
    printf 'package.sh: %s\n' "$*" >&2
}

# All modules of Java SE, so that the classes of users find what they need, and those that the libraries use in addition.
# Without what draws on a screen or plays sound: it would need X11 and ALSA.
link_runtime() {
    local used
    used=$("$jdk/bin/jdeps" --ignore-missing-deps --multi-release 17 --print-module-deps "$tree"/lib/*.jar 2>/dev/null |
        tail -n 1)
    [[ $used == *java.base* ]] || fail "jdeps does not say which modules the libraries need: $used"
    "$jdk/bin/jlink" --add-modules "java.se,jdk.zipfs,jdk.management,$used" --no-header-files --no-man-pages \
        --strip-java-debug-attributes --output "$tree/runtime" >&2
    rm -f "$tree"/runtime/lib/lib{awt_xawt,jawt,splashscreen,jsound}.so "$tree"/runtime/bin/{keytool,jrunscript,rmiregistry}
}

build=1
while [[ ${1-} == -* ]]; do
    case $1 in
        --no-build) build= ;;
        *) fail "there is no option $1. Usage: scripts/package.sh [--no-build] [DIR]" ;;
    esac
    shift
done
(($# <= 1)) || fail "one folder at most, not $*. Usage: scripts/package.sh [--no-build] [DIR]"
target=${1:-$checkout/target/packages}
for program in readelf xz tar; do
    type -P "$program" >/dev/null || fail "there is no $program on the PATH. Install it (Debian: binutils, xz-utils, tar)"
done
# Not one of pyenv or conda that shadows the system's: any version from 3.8 on will do.
python=$(type -P python3) || fail "there is no python3 on the PATH, which makes the wheels"
choose_jdk
mkdir -p "$target"
target=$(cd "$target" && pwd -P)

[[ -z $build ]] || (cd "$checkout" && ./mvnw -q -B package -DskipTests) </dev/null >&2
built=$checkout/scripts/distribution/target/astropool
[[ -x $built/bin/astropool ]] || fail "$built is missing: run scripts/package.sh without --no-build"
runner=("$built"/lib/astropool-runner-*.jar)
version=${runner[0]##*/astropool-runner-}
version=${version%.jar}
# The time of the last change, which all files get: the class archive holds the times of the jars.
time=${SOURCE_DATE_EPOCH:-$(git -C "$checkout" log -1 --format=%ct 2>/dev/null)} ||
    fail "$checkout is not a clone of the repository: set SOURCE_DATE_EPOCH to the time of the release in seconds"

umask 022
work=$(mktemp -d "$target/.package.XXXXXX")
trap 'rm -rf "$work"' EXIT
name=astropool-$version
tree=$work/$name
mkdir "$tree"
(cd "$built" && tar c --exclude='lib/astropool.jsa' --exclude='lib/libjnidispatch.so' --exclude='__pycache__' .) |
    tar x --no-same-owner -C "$tree"
chmod -R u=rwX,go=rX "$tree"
find "$tree" -exec touch -h -d "@$time" {} +
link_runtime
chmod -R u=rwX,go=rX "$tree/runtime"
linked=
if "$jdk/bin/java" --enable-native-access=ALL-UNNAMED -version >/dev/null 2>&1; then # 24 or later
    "$jdk/bin/java" "$checkout/scripts/distribution/StackMaps.java" "$tree"/lib/picocli-*.jar
    printf '\n%s\n' "lib/picocli-*.jar was changed for this archive: its classes have the stack maps of Java 8." >>"$tree/THIRD-PARTY.txt"
    touch -d "@$time" "$tree"/lib/picocli-*.jar "$tree/THIRD-PARTY.txt"
    linked=--linked
fi
"$checkout/scripts/class-archive.sh" ${linked:+"$linked"} "$tree/runtime/bin/java" "$tree/lib" "$jdk/bin/jar" >"$target/class-archive.log" 2>&1 ||
    fail "the class archive could not be made, see $target/class-archive.log"
chmod 644 "$tree"/lib/astropool.jsa "$tree"/lib/libjnidispatch.so
find "$tree" -exec touch -h -d "@$time" {} +

glibc=$("$checkout/scripts/distribution/elf-needs.sh" "$tree") || # which has named the files
    say "the packages work only on machines that have these"
archive=$target/$name-linux-$(uname -m).tar.xz
"$python" "$checkout/scripts/distribution/wheel.py" --tree "$tree" --python "$checkout/scripts/python" --version "$version" \
    --time "$time" --glibc "$glibc" --out "$target" >"$work/wheels" &
# Blocks, and therefore the bytes, do not depend on the number of threads.
(cd "$work" && tar c --sort=name --owner=0 --group=0 --numeric-owner --format=gnu "$name") |
    xz --threads=2 --block-size=32MiB "${ASTROPOOL_PACKAGE_XZ:--9}" >"$archive.part"
wait $!
mv "$archive.part" "$archive"
printf '%s\n' "$archive"
cat "$work/wheels"
