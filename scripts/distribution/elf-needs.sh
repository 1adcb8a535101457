#!/usr/bin/env bash
# Prints the newest version of glibc, such as 2.17, that the programs and libraries in a folder need. Fails, naming the files,
# where that is newer than the limit, or where one needs a library that is neither in the folder nor part of glibc.
# usage: elf-needs.sh FOLDER [LIMIT]    LIMIT: by default 2.28, that of RHEL 8, Debian 10 and Ubuntu 18.10
set -euo pipefail
folder=$(cd "$1" && pwd -P) limit=${2:-2.28}
known=' ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 libc.so.6 libdl.so.2 libm.so.6 libpthread.so.0 librt.so.1 libutil.so.1 '

# Whether a version is newer than another.
newer() {
    [[ $1 != "$2" && $(printf '%s\n' "$1" "$2" | sort -V | tail -n 1) == "$1" ]]
}

newest=0 trouble=
files=()
while IFS= read -r file; do
    if [[ $(head -c 4 "$file" | tr -d '\0') == $'\x7fELF' ]]; then
        files+=("$file")
        known+="${file##*/} "
    fi
done < <(find "$folder" -type f -size +1k)
((${#files[@]} > 0)) || trouble="there is no program and no library in $folder"$'\n'

for file in "${files[@]}"; do
    facts=$(readelf --wide --dynamic --version-info "$file")
    version=$(grep -o 'GLIBC_[0-9][0-9.]*' <<<"$facts" | sort -Vu | tail -n 1)
    version=${version#GLIBC_}
    if newer "${version:-0}" "$newest"; then newest=$version; fi
    if newer "${version:-0}" "$limit"; then
        trouble+="$file needs GLIBC_$version, which is newer than $limit"$'\n'
    fi
    while IFS= read -r library; do
        [[ $known == *" $library "* ]] ||
            trouble+="$file needs $library, which is neither in $folder nor a part of glibc"$'\n'
    done < <(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$facts")
done
printf '%s\n' "$newest"
if [[ -n $trouble ]]; then
    printf '%s' "$trouble" >&2
    exit 1
fi
