#!/bin/sh
# Gets the supernova data sets of the examples from their public repositories and checks them.
#
# Usage: scripts/fetch-data.sh [DIR [DATASET...]]
#   DIR      where to put them, a folder for each data set; default: examples/data
#   DATASET  which; default: all that scripts/data-files.txt lists. union3 jla-binned pantheon2018 union2.1 pantheonplus
#            des-sn5yr-dovekie are those of the model supernova-distances.
#
# An existing file with the expected content is not fetched again. Files that could not be fetched or have unexpected
# content are listed at the end, and the exit code is then 1.
# ASTROPOOL_DATA_MIRROR is the address of a mirror laid out as OWNER/REPOSITORY/COMMIT/PATH (file:///... is also supported).
# Needs curl or wget, gzip, and for des-sn5yr-dovekie Java 17.
set -eu

case ${1:-} in
    -h | --help)
        sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
esac

here=$(cd "$(dirname "$0")" && pwd)
mirror=${ASTROPOOL_DATA_MIRROR:-https://raw.githubusercontent.com}
target=${1:-${here%/*}/examples/data}
[ $# -eq 0 ] || shift
wanted=$*
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
missing=$scratch/missing
: >"$scratch/error"
: >"$missing"

is_wanted() { # FOLDER
    [ -z "$wanted" ] && return 0
    for name in $wanted; do
        [ "$name" = "${1%%/*}" ] && return 0
    done
    return 1
}

check_wanted() {
    for name in $wanted; do
        if ! grep -q "^from .* $name\(/.*\)\{0,1\}\$" "$here/data-files.txt"; then
            echo "fetch-data.sh: no data set '$name'; there are: $(sed -n 's/^from .* \([^ /]*\).*$/\1/p' \
                "$here/data-files.txt" | uniq | tr '\n' ' ')" >&2
            exit 2
        fi
    done
}

sha256() { # of stdin
    if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}

content_hash() { # FILE, decompressed when it is gzipped
    case $1 in
        *.gz) gzip -dc "$1" 2>/dev/null | sha256 ;;
        *) sha256 <"$1" ;;
    esac
}

download() { # URL FILE
    if command -v curl >/dev/null; then
        curl --fail --location --silent --show-error --retry 2 --output "$2" "$1" 2>"$scratch/error"
    else
        wget --no-verbose --output-document "$2" "$1" 2>"$scratch/error"
    fi
}

# The two precision tables, created when both matrices have been fetched.
derive() { # NAME FILE
    if [ ! -d "$scratch/derived" ]; then
        mkdir "$scratch/derived"
        cp "$target/des-sn5yr-dovekie/STATONLY.npz" "$target/des-sn5yr-dovekie/VPEC.npz" "$scratch/derived" \
            2>"$scratch/error" && "$java" "$here/PrecisionTables.java" "$scratch/derived" 2>"$scratch/error" || return 1
    fi
    mv "$scratch/derived/${1%.gz}" "$2" 2>"$scratch/error"
}

# Writes the reason to $scratch/error when it fails.
get() { # HASH FILE SOURCE-NAME
    file=$target/$folder/$2
    if [ -f "$file" ] && [ "$(content_hash "$file")" = "$1" ]; then
        return 0
    fi
    case $source in
        derived/*)
            origin="scripts/PrecisionTables.java"
            raw=$scratch/${2%.gz}
            derive "$2" "$raw" || return 1
            ;;
        *)
            origin=$mirror/${source%/.}/$3
            raw=$scratch/$(basename "$3")
            download "$origin" "$raw" || return 1
            ;;
    esac
    hash=$(content_hash "$raw")
    if [ "$hash" != "$1" ]; then
        echo "its content has the SHA-256 $hash, expected $1" >"$scratch/error"
        return 1
    fi
    case $file,$raw in
        *.gz,*.gz) ;;
        *.gz,*)
            gzip -n "$raw"
            raw=$raw.gz
            ;;
    esac
    mkdir -p "$target/$folder"
    mv "$raw" "$file"
}

check_wanted
mkdir -p "$target"
folder=
while read -r first second third fourth fifth; do
    case $first in
        '' | '#'*) ;;
        from)
            if [ "$folder" != "$fifth" ] && is_wanted "$fifth"; then
                echo "$fifth, from $second" >&2
            fi
            source=$second/$third/$fourth
            folder=$fifth
            ;;
        *)
            if is_wanted "$folder" && ! get "$first" "$second" "${third:-$second}"; then
                echo "$folder/$second: could not be fetched from $origin: $(tail -n 1 "$scratch/error")" >>"$missing"
            fi
            ;;
    esac
done <"$here/data-files.txt"

if [ -s "$missing" ]; then
    echo "fetch-data.sh: missing files:" >&2
    cat "$missing" >&2
    exit 1
fi
echo "All files are in $target, their content is as expected." >&2
