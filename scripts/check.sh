#!/usr/bin/env bash
# Checks everything: scripts, format, warnings, tests. Continuous integration runs this script.
#   scripts/check.sh [--install] [--newest-jdk] [--staged]
#     --install       first install what the tests need (Debian or Ubuntu, as root)
#     --newest-jdk    then run the unit tests of worker and runner again, on the JDK in ASTROPOOL_JDK_NEWEST or, without it,
#                     on the newest one in /usr/lib/jvm
#     --staged        also compile and run another project against the artifacts that a release deploys
# Tests with published data find them in ASTROPOOL_DATA or in examples/data, see scripts/fetch-data.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

install="" newest_jdk="" staged=""
for option in "$@"; do
    case $option in
        --install) install=1 ;;
        --newest-jdk) newest_jdk=1 ;;
        --staged) staged=1 ;;
        *)
            echo "check.sh: there is no option $option. Usage: scripts/check.sh [--install] [--newest-jdk] [--staged]" >&2
            exit 2
            ;;
    esac
done

# Debian package, and a command or file that shows whether it is installed
needs=(
    openmpi-bin mpiexec.openmpi
    mpich mpiexec.mpich
    libmpj-java /usr/share/java/mpj.jar
    libopenmpi-dev /usr/share/doc/libopenmpi-dev
    libmpich-dev /usr/share/doc/libmpich-dev
    gcc gcc
    make make
    libc6-dev /usr/include/stdio.h
    python3-emcee /usr/lib/python3/dist-packages/emcee
    python3-astropy /usr/lib/python3/dist-packages/astropy
    python3-scipy /usr/lib/python3/dist-packages/scipy
    python3-onnx /usr/lib/python3/dist-packages/onnx
    python3-h5py /usr/lib/python3/dist-packages/h5py
    python3-joblib /usr/lib/python3/dist-packages/joblib
    python3-sklearn /usr/lib/python3/dist-packages/sklearn
    python3-dask /usr/lib/python3/dist-packages/dask
    python3-cloudpickle /usr/lib/python3/dist-packages/cloudpickle
    python3-ipykernel /usr/lib/python3/dist-packages/ipykernel
    python3-nbconvert /usr/lib/python3/dist-packages/nbconvert
    python3-matplotlib /usr/lib/python3/dist-packages/matplotlib
    python3-mpi4py /usr/lib/python3/dist-packages/mpi4py
    slurm-wlm slurmctld
    munge munged
    iproute2 ip
    chromium chromium
    openssh-client ssh
    openssh-server sshd
    shellcheck shellcheck
    python3-sphinx /usr/lib/python3/dist-packages/sphinx
    python3-myst-parser /usr/lib/python3/dist-packages/myst_parser
    furo /usr/lib/python3/dist-packages/furo
    debootstrap debootstrap
    binutils readelf
    xz-utils xz
    bc bc
    procps pgrep
)

# Prints the packages that are missing here.
missing() {
    local i
    for ((i = 0; i < ${#needs[@]}; i += 2)); do
        [[ -e ${needs[i + 1]} ]] || type -P "${needs[i + 1]}" >/dev/null || printf '%s ' "${needs[i]}"
    done
}

PATH=$PATH:/usr/sbin:/sbin
read -ra packages <<<"$(missing)"
if ((${#packages[@]} > 0)); then
    if [[ -n $install ]]; then
        apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${packages[@]}" >/dev/null
    else
        echo "check.sh: tests that need these packages are skipped (where CI=true they fail): ${packages[*]}" \
            "(to install them, as root: scripts/check.sh --install)" >&2
    fi
fi
if [[ ! -d ${ASTROPOOL_DATA:-examples/data} ]]; then
    echo "check.sh: tests with published data are skipped (where CI=true they fail): there is no folder" \
        "${ASTROPOOL_DATA:-examples/data}. Set ASTROPOOL_DATA, or get the data: scripts/fetch-data.sh" >&2
fi

# Prints the home of the JDK in ASTROPOOL_JDK_NEWEST or, without it, of the newest one of this machine; nothing if there is
# none.
find_newest_jdk() {
    local release version newest=0 home=
    local releases=(/usr/lib/jvm/*/release)
    [[ -z ${ASTROPOOL_JDK_NEWEST-} ]] || releases=("$ASTROPOOL_JDK_NEWEST/release")
    for release in "${releases[@]}"; do
        [[ -r $release && -x ${release%/*}/bin/javac ]] || continue
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release")
        if ((version > newest)); then
            newest=$version home=${release%/*}
        fi
    done
    printf '%s' "$home"
}

if type -P shellcheck >/dev/null; then
    mapfile -t scripts < <(grep -rlE --exclude-dir=target '^#!/.*sh$' scripts .ci worker/src/test/sh examples/src/test/sh examples/external)
    shellcheck "${scripts[@]}"
fi
if [[ ${CI-} == true || -e /usr/lib/python3/dist-packages/furo ]]; then
    scripts/site.sh --check target/site-check
fi
./mvnw -B -ntp verify

# The archive and the wheels. The machine on which they are tested is made meanwhile.
if [[ -n ${ASTROPOOL_PACKAGE_JDK-} ]] || grep -qs '"Eclipse Adoptium"' /usr/lib/jvm/*/release; then
    bare=$(mktemp -d)
    scripts/distribution/test-package.sh --make-chroot "$bare/root" >"$bare/log" 2>&1 &
    ASTROPOOL_PACKAGE_XZ=-1 scripts/package.sh --no-build target/packages
    wait $! || cat "$bare/log" >&2
    scripts/distribution/test-package.sh target/packages "$bare/root"
    rm -rf --one-file-system "$bare"
else
    echo "check.sh: the packages are not tested (where CI=true that is a failure): there is no Temurin in /usr/lib/jvm, and" \
        "ASTROPOOL_PACKAGE_JDK is not set" >&2
    [[ ${CI-} != true ]]
fi

[[ -z $staged ]] || scripts/distribution/test-staged.sh

if [[ -n $newest_jdk ]]; then
    home=$(find_newest_jdk)
    [[ -n $home ]] || {
        echo "check.sh: no JDK in ${ASTROPOOL_JDK_NEWEST:-/usr/lib/jvm}. Set ASTROPOOL_JDK_NEWEST to the home of one" >&2
        exit 2
    }
    echo "check.sh: the unit tests of worker and runner on $home" >&2
    ./mvnw -B -ntp -pl worker,runner -am test "-Djvm=$home/bin/java" -Djacoco.skip -Dspotless.check.skip
fi
