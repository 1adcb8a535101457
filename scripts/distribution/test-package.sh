#!/usr/bin/env bash
# Tests the archive and the wheels that scripts/package.sh has made: on this machine, and, as root and where debootstrap is
# installed, on a bare machine: a chroot without Java, Maven, git and network, in which an ordinary user runs them from a
# read-only mount. Where CI=true nothing may be left out.
# usage: scripts/distribution/test-package.sh PACKAGES [CHROOT]
#        scripts/distribution/test-package.sh --make-chroot CHROOT
#   PACKAGES   the folder with the packages
#   CHROOT     where the chroot is, or is made; it is kept
set -euo pipefail
scripts=$(cd "$(dirname "$0")/.." && pwd -P)
mirror=http://deb.debian.org/debian
later=python3,python3-venv,openmpi-bin,mpich

# Sets obstacle to the reason why there can be no chroot here, or to nothing.
find_obstacle() {
    obstacle=
    if [[ $(id -u) != 0 ]]; then
        obstacle="only root can make a chroot"
    elif ! type -P debootstrap >/dev/null; then
        obstacle="debootstrap is not installed"
    elif ! unshare --net --mount --pid --fork true 2>/dev/null; then
        obstacle="no namespaces can be made here"
    fi
}

# Unpacked, not configured: that takes a minute longer, and changes nothing that is used here.
make_chroot() {
    debootstrap --foreign --variant=minbase --include="$later" bookworm "$root" "$mirror" || make_chroot_from_packages
    rm -rf "$root/debootstrap"
    [[ ! -L $root/proc ]] || rm "$root/proc" # which debootstrap makes in a container
    mkdir -p "$root/proc" "$root/opt/astropool" "$root/home/user" "$root/packages" "$root/scratch" "$root/mnt" "$root/srv"
    chmod 1777 "$root/scratch"
    chown 1000:1000 "$root/home/user"
    printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\nother:x:1001:1001::/:/bin/sh\n' >"$root/etc/passwd"
    printf 'root:x:0:\nuser:x:1000:\nother:x:1001:\n' >"$root/etc/group"
    printf '127.0.0.1 localhost %s\n' "$(uname -n)" >"$root/etc/hosts"
}

# Where debootstrap does not reach its mirror.
make_chroot_from_packages() {
    local folder=$root/var/cache/apt/archives names package
    rm -rf "$root"
    mkdir -p "$folder"
    mapfile -t names < <(
        { dpkg-query --show --showformat='${Essential} ${Package}\n' | sed -n 's/^yes //p' && tr , '\n' <<<"$later"; } |
            xargs apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
                --no-enhances | grep '^[a-z]' | grep -v : | sort -u
    )
    (cd "$folder" && apt-get -qq download "${names[@]}")
    mkdir -p "$root"/usr/{bin,lib,lib64,sbin}
    ln -s usr/bin usr/lib usr/lib64 usr/sbin "$root"
    for package in "$folder"/*.deb; do
        case ${package##*/} in
            python3* | libpython* | openmpi* | mpich* | libopenmpi* | libmpich*) ;;
            *) dpkg-deb --fsys-tarfile "$package" | tar x -C "$root" --keep-directory-symlink && rm "$package" ;;
        esac
    done
}

find_obstacle
if [[ $1 == --make-chroot ]]; then
    root=$2
    [[ -n $obstacle || -d $root/home/user ]] || make_chroot >&2
    exit
fi

packages=$(cd "$1" && pwd -P)
root=${2-}
archives=("$packages"/astropool-*-linux-*.tar.xz)
[[ ${#archives[@]} == 1 && -r ${archives[0]} ]] || {
    echo "test-package.sh: there must be one archive in $packages: ${archives[*]}. Make it with scripts/package.sh" >&2
    exit 2
}
work=$(mktemp -d "${TMPDIR:-/tmp}/astropool-package.XXXXXX")
group=
# shellcheck disable=SC2317,SC2329 # a trap calls it
clean() {
    [[ -z $group ]] || rmdir "$group" || true
    chmod -R u+w "$work"
    rm -rf --one-file-system "$work"
}
trap clean EXIT
chmod 755 "$work"

begun=$EPOCHREALTIME
failures=0

# check NAME COMMAND... runs a command, which may be a function of this script, and shows its output where it fails.
check() {
    local name=$1 from=$EPOCHREALTIME code
    shift
    set +e # in a condition the commands of the function would go on after a failure
    (
        set -e
        "$@"
    ) >"$work/output" 2>&1
    code=$?
    set -e
    if ((code == 0)); then
        printf 'ok      %-82s %5.1f s\n' "$name" "$(bc <<<"$EPOCHREALTIME - $from")"
    else
        printf 'FAILED  %s (exit code %s)\n' "$name" "$code"
        sed 's/^/        /' "$work/output"
        failures=$((failures + 1))
    fi
}

left_out() {
    printf 'LEFT OUT %s\n' "$*"
    [[ ${CI-} != true ]] || failures=$((failures + 1))
}

fails() { # the command
    if "$@"; then
        echo "did not fail: $*"
        return 1
    fi
}

expect() { # a text in the output so far
    grep -qF -e "$1" "$work/output" || {
        echo "expected: $1"
        return 1
    }
}

# --- on this machine

place="$work/an older Größe"
unpack() {
    mkdir "$place"
    tar xf "${archives[0]}" -C "$place"
    local top=("$place"/*)
    [[ ${#top[@]} == 1 ]] # one folder
    ln -s "${top[0]}/bin/astropool" "$work/link"
    ln -s "${top[0]}" "$work/tree"
}

has_all_parts() {
    local part
    cd "$work/tree"
    for part in LICENSE THIRD-PARTY.txt bin/astropool bin/astropool-mpiexec lib/astropool.jsa lib/libjnidispatch.so \
        python/astropool/__init__.py runtime/bin/java runtime/legal/java.base/LICENSE share/man/man1/astropool-run.1 \
        share/bash-completion/completions/astropool share/cluster/slurm.sh share/jobs/simulated-wcdm.toml; do
        [[ -s $part ]] || ls -l "$part"
    done
    grep -q '(LGPL-3.0) STIL' THIRD-PARTY.txt
    bash -n share/bash-completion/completions/astropool
    fails grep . < <(find . -perm /022 ! -type l)
}

needs_no_newer_glibc() {
    "$scripts/distribution/elf-needs.sh" "$work/tree" 2.28
    fails "$scripts/distribution/elf-needs.sh" "$work/tree" 2.2
    expect "newer than 2.2"
}

# With nothing but what it is given: no HOME, no locale, no Java.
bare() {
    env -i PATH=/usr/bin:/bin LANG=C "$@"
}

runs_from_anywhere() {
    umask 077
    cd "$work"
    bare JAVA_HOME=/nowhere "$work/link" run tree/share/jobs/simulated-wcdm.toml --out "out É 1" --progress none \
        --threads 1
    grep -q '"complete": *true' "out É 1/summary.json"
}

uses_its_class_archive() {
    local classes
    bare ASTROPOOL_JAVA_OPTS="-Xlog:class+load:file=$work/classes" "$work/link" run "$work/tree/share/jobs/simulated-wcdm.toml" \
        --out "$work/out-2" --progress none --set grid.w.count=2
    classes=$(grep -c 'source: shared objects file' "$work/classes")
    echo "$classes of $(wc -l <"$work/classes") classes are from the archive"
    # shellcheck disable=SC2126 # the number, not the lines
    ((classes > 2000 && $(grep -v 'shared objects file' "$work/classes" | grep -c '/lib/.*\.jar') < classes / 10))
}

chooses_its_java() {
    local other
    other=$(readlink -f "$(type -P java)")
    mkdir "$work/path"
    printf '#!/bin/sh\nexit 9\n' >"$work/path/java"
    chmod +x "$work/path/java"
    bare PATH="$work/path:/usr/bin:/bin" JAVA_HOME="$work" "$work/link" doctor
    expect "class archive        in use"
    expect "$(readlink -f "$work/tree")/runtime"
    bare ASTROPOOL_JAVA="$other" "$work/link" doctor
    expect "${other%/bin/java}"
    bare ASTROPOOL_JAVA="${other%/bin/java}" "$work/link" --version
    fails bare ASTROPOOL_JAVA=/nowhere "$work/link" --version
    expect "ASTROPOOL_JAVA is /nowhere, but there is no program /nowhere"
}

compiles_against_the_class_path() {
    [[ $(bare "$work/link" --class-path) == *"/lib/astropool-worker-"*.jar* ]]
}

wheel_without_java_uses_that_of_the_machine() {
    local java
    java=$(readlink -f "$(type -P java)")
    mkdir "$work/site"
    python3 -m zipfile -e "$packages"/astropool-*-py3-none-any.whl "$work/site"
    chmod +x "$work/site/astropool/_distribution/bin/"* # installers do
    cd "$work"
    PYTHONPATH=$work/site bare PYTHONPATH="$work/site" JAVA_HOME="${java%/bin/java}" python3 -m astropool doctor
    expect "${java%/bin/java}"
}

check "the archive holds one folder" unpack
check "with all its parts, which only the owner can change" has_all_parts
check "no library needs a glibc newer than 2.28" needs_no_newer_glibc
check "runs through a link, below a path with blanks and accents, with umask 077 and LANG=C" runs_from_anywhere
check "finds its class archive after the move" uses_its_class_archive
check "uses its own Java, or the one in ASTROPOOL_JAVA" chooses_its_java
check "prints its class path" compiles_against_the_class_path
check "the wheel without Java uses that of the machine" wheel_without_java_uses_that_of_the_machine

printf 'size    packed %s MB; unpacked' "$(($(stat -c %s "${archives[0]}") / 1000000))"
for part in . runtime lib/astropool.jsa lib bin python share; do
    printf ' %s %s MB,' "$part" "$(($(du -sb "$work/tree/$part" | cut -f 1) / 1000000))"
done
printf ' wheels'
for wheel in "$packages"/*.whl; do printf ' %s MB' "$(($(stat -c %s "$wheel") / 1000000))"; done
echo

# --- on a bare machine

add_packages() { # python3, Open MPI, MPICH and what they need
    local package
    for package in "$root"/var/cache/apt/archives/*.deb; do
        [[ -r $package ]] || continue # a chroot that was kept has them already
        dpkg-deb --fsys-tarfile "$package" | tar x -C "$root" --keep-directory-symlink
        rm "$package"
    done
    chroot "$root" /sbin/ldconfig
}

# inside SHELL-COMMANDS: as an ordinary user, with the mounts of a machine and without a network. "as=1001" before it is
# another user.
inside() {
    # shellcheck disable=SC2016 # of the shell inside
    unshare --net --mount --fork --pid sh -euc '
        ip link set lo up
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        mount -t tmpfs -o size=16k,mode=1777 tmpfs "$1/mnt"
        mount -t tmpfs -o mode=1777,noexec tmpfs "$1/srv"
        mount --bind "$2" "$1/opt/astropool"
        mount -o remount,bind,ro "$1/opt/astropool"
        mount --bind "$3" "$1/packages"
        exec chroot --userspec="$4" "$1" /usr/bin/env -i PATH=/usr/bin:/bin LANG=C bash -euc "cd /home/user; $5"
    ' sh "$root" "$(readlink -f "$work/tree")" "$packages" "${as:-1000}:${as:-1000}" "$1"
}

run='/opt/astropool/bin/astropool run /opt/astropool/share/jobs/simulated-wcdm.toml --progress none'
small="$run --set grid.w.count=9"

runs_in_five_seconds() {
    local from attempt
    inside 'if type java || type mvn || type git || grep -v -e lo: -e "|" /proc/net/dev; then exit 1; fi'
    for attempt in 1 2 3; do # other programs may use the processors
        from=$EPOCHREALTIME
        inside "$run --out wcdm --overwrite"
        expect "1681 of 1681 points ok"
        if [[ $(bc <<<"$EPOCHREALTIME - $from < 5") == 1 ]]; then return 0; fi
        echo "attempt $attempt took longer than 5 s"
    done
    return 1
}

two_users_at_once() {
    inside "$small --out first" &
    as=1001 inside "$small --out /scratch/second"
    wait $!
    cmp "$root/home/user/first/results.ecsv" "$root/scratch/second/results.ecsv"
}

small_address_space() { inside "ulimit -v 4000000; $small --out v"; }
few_processes() { inside "ulimit -u 200; $small --out u"; }

too_little() {
    local limit
    for limit in "u 10" "n 20" "d 300000" "v 700000"; do
        fails inside "ulimit -$limit; $small --out little"
        expect "ulimit -${limit%% *}"
    done
}

# The largest resident memory of the ranks, and their threads, while programs evaluate for some seconds.
footprint() {
    local pid name value rest most=0 threads=0
    cat >"$root/home/user/footprint.py" <<'PYTHON'
from astropool import Pool


def half(x):
    return x / 2


if __name__ == "__main__":
    with Pool() as pool:
        for _ in range(40):
            pool.map(half, range(20_000))
PYTHON
    sed 's/model.py/footprint-model.py/; s/count = 5/count = 250/' "$root/home/user/grid.toml" >"$root/home/user/footprint.toml"
    cp "$root/home/user/model.py" "$root/home/user/footprint-model.py"
    inside "${1//PYTHON/v/bin/python}" &
    while kill -0 $! 2>/dev/null; do
        for pid in $(pgrep -f "^/(opt/astropool|home/user/v/.*)/runtime/bin/java .*footprint"); do
            while read -r name value rest; do
                case $name in
                    VmHWM:) ((value <= most)) || most=$value ;;
                    Threads:) ((value <= threads)) || threads=$value ;;
                esac
            done 2>/dev/null <"/proc/$pid/status" || true
        done
        sleep 0.2
    done
    wait $!
    echo "$((most / 1024)) MiB, $threads threads" | tee "$work/footprint"
    ((most > 0 && most / 1024 <= 150))
}
mpiexec='/usr/bin/mpiexec.openmpi --oversubscribe --bind-to none -n 2'
full_folder() { inside "head -c 1000000 /dev/zero >/mnt/fill || true; TMPDIR=/mnt $small --out full"; }
noexec_folder() { inside "TMPDIR=/srv $small --out noexec; TMPDIR=/srv /opt/astropool/bin/astropool doctor"; }

# Makes a control group with a limit of memory, of whichever version is mounted. Sets group.
make_group() {
    local folder file
    for folder in /sys/fs/cgroup/memory /sys/fs/cgroup /sys/fs/cgroup/unified; do
        mkdir "$folder/astropool-test.$$" 2>/dev/null || continue
        group=$folder/astropool-test.$$
        for file in memory.limit_in_bytes memory.max; do
            [[ ! -w $group/$file ]] || { echo $((512 << 20)) >"$group/$file" && return 0; }
        done
        rmdir "$group"
        group=
    done
    return 1
}

small_control_group() {
    echo $BASHPID >"$group/cgroup.procs"
    inside "$small --out cgroup"
}

python_from_a_wheel() {
    cat >"$root/home/user/functions.py" <<'PYTHON'
import sys

from astropool import Job, Pool


def log_likelihood(x, y):
    return -(x * x + y * y)


def square(x):
    return x * x


if __name__ == "__main__":
    for name in ("numpy", "cloudpickle"):
        try:
            __import__(name)
            sys.exit(name + " is here")
        except ImportError:
            pass
    with Pool(2) as pool:
        assert pool.map(square, range(100)) == [x * x for x in range(100)]
    print("mapped")
PYTHON
    cat >"$root/home/user/model.py" <<'PYTHON'
from astropool import serve


def log_likelihood(x, y):
    return -(x * x + y * y)


serve(log_likelihood)
PYTHON
    cat >"$root/home/user/grid.toml" <<'TOML'
job.name = "grid"
model.program = ["{python}", "model.py"]
[grid]
x = { from = -1.0, to = 1.0, count = 5 }
y = { from = -1.0, to = 1.0, count = 5 }
TOML
    inside 'python3 -m venv v; v/bin/pip install --quiet --no-index --no-compile /packages/astropool-*-manylinux_*.whl
        v/bin/astropool --version; v/bin/python -m astropool doctor
        v/bin/python functions.py
        v/bin/astropool run grid.toml --out grid --progress none'
    expect "mapped"
    expect "25 of 25 points ok"
    expect "_distribution/runtime"
}

openmpi() { inside "/usr/bin/mpiexec.openmpi --oversubscribe --bind-to none -n 3 $run --out openmpi" && same_as wcdm openmpi 3; }
mpich() { inside "/usr/bin/mpiexec.mpich -n 3 $run --out mpich" && same_as wcdm mpich 3; }

# There are no fonts and no fontconfig.
draws() {
    local format
    for format in svg pdf png; do
        inside "/opt/astropool/bin/astropool plot wcdm --truth omega_m=0.3,w=-1 --out contour.$format"
        [[ -s $root/home/user/contour.$format ]] || return 1
    done
}

same_as() {
    cmp "$root/home/user/$1/results.ecsv" "$root/home/user/$2/results.ecsv"
    expect ": $3 ranks on 1 node"
}

tests_in_chroot() {
    root=${root:-$work/root}
    [[ -d $root/home/user ]] || check "a bare machine: Debian 12 without Java, Maven, git and network" make_chroot
    rm -rf "${root:?}/home/user/"* "$root/scratch/"*
    check "an ordinary user has results in 5 s, from a read-only mount, without HOME" runs_in_five_seconds
    check "plots as SVG, PDF and PNG, without fonts" draws
    check "two users at once" two_users_at_once
    check "ulimit -v 4000000" small_address_space
    check "ulimit -u 200" few_processes
    check "limits that are too low are named" too_little
    check "a full TMPDIR" full_folder
    check "a noexec TMPDIR" noexec_folder
    if make_group; then
        check "a control group of 512 MB (${group%/*})" small_control_group
    else
        left_out "a control group of 512 MB: no memory controller under /sys/fs/cgroup can be changed here"
    fi
    check "python3, Open MPI and MPICH are added" add_packages
    check "pip installs the wheel without a network; a grid and a map in Python" python_from_a_wheel
    check "three ranks of Open MPI, with the same bytes" openmpi
    check "three ranks of MPICH, with the same bytes" mpich
    check "a rank whose model is a program occupies 150 MiB at most" \
        footprint "$mpiexec /opt/astropool/bin/astropool run footprint.toml --out footprint --progress none"
    [[ ! -r $work/footprint ]] || sed 's/^/size    /' "$work/footprint"
    check "and one whose functions are in Python" \
        footprint "$mpiexec /opt/astropool/bin/astropool python footprint.py"
    [[ ! -r $work/footprint ]] || sed 's/^/size    /' "$work/footprint"
}

if [[ -n $obstacle ]]; then
    left_out "a bare machine: $obstacle"
else
    tests_in_chroot
fi
printf '%s failures, %.0f s\n' "$failures" "$(bc <<<"$EPOCHREALTIME - $begun")"
((failures == 0))
