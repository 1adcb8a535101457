#!/usr/bin/env bash
# Checks everything: scripts, format, warnings, tests. Continuous integration runs just this.
#   scripts/check.sh [--install]    --install: first install what the tests need (Debian or Ubuntu, as root)
set -euo pipefail
cd "$(dirname "$0")/.."

# Debian package, and a command or file that tells whether it is there
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
    slurm-wlm slurmctld
    munge munged
    iproute2 ip
    openssh-client ssh
    openssh-server sshd
    shellcheck shellcheck
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
    if [[ ${1-} == --install ]]; then
        apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${packages[@]}" >/dev/null
    else
        echo "check.sh: tests that need these packages are skipped: ${packages[*]}" >&2
    fi
fi

if type -P shellcheck >/dev/null; then
    mapfile -t scripts < <(grep -rlE '^#!/.*sh$' scripts .ci worker/src/test/sh examples/src/test/sh examples/external)
    shellcheck "${scripts[@]}"
fi
./mvnw -B -ntp verify
