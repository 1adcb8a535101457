#!/usr/bin/env bash
# Prints the newest version of glibc, such as 2.17, that the programs and libraries in a folder need. Fails, naming the files,
# where that is newer than the limit, or where one needs a library that is neither in the folder nor part of glibc.
# usage: elf-needs.sh FOLDER [LIMIT]    LIMIT: by default 2.28, that of RHEL 8, Debian 10 and Ubuntu 18.10
set -euo pipefail
folder=$1 limit=${2:-2.28}
glibc=' ld-linux-x86-64.so.2 libc.so.6 libdl.so.2 libm.so.6 libpthread.so.0 librt.so.1 libutil.so.1 ld-linux-aarch64.so.1 '

newest=0 count=0 trouble=
while IFS= read -r file; do
    [[ $(head -c 4 "$file" | tr -d '\0') == $'\x7fELF' ]] || continue
    count=$((count + 1))
    facts=$(readelf --wide --dynamic --version-info "$file")
    while IFS= read -r version; do
        if [[ $(printf '%s\n' "$version" "$newest" | sort -V | tail -n 1) == "$version" ]]; then newest=$version; fi
        if [[ $(printf '%s\n' "$version" "$limit" | sort -V | tail -n 1) != "$limit" ]]; then
            trouble+="$file needs GLIBC_$version, which is newer than $limit"$'\n'
        fi
    done < <(grep -o 'GLIBC_[0-9][0-9.]*' <<<"$facts" | sed 's/GLIBC_//' | sort -u)
    while IFS= read -r library; do
        if [[ $glibc != *" $library "* && -z $(find "$folder" -name "$library" -print -quit) ]]; then
            trouble+="$file needs $library, which is neither in $folder nor a part of glibc"$'\n'
        fi
    done < <(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$facts")
done < <(find "$folder" -type f -size +1k)
((count > 0)) || trouble="there is no program and no library in $folder"$'\n'
printf '%s\n' "$newest"
if [[ -n $trouble ]]; then
    printf '%s' "$trouble" >&2
    exit 1
fi
