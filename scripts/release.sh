#!/usr/bin/env bash
# Rehearses a release in a copy of the last commit: docs/releasing.md. Changes nothing here, and uploads nothing.
# usage: scripts/release.sh VERSION DIR
set -euo pipefail
checkout=$(cd "$(dirname "$0")/.." && pwd -P)

fail() {
    printf 'release.sh: %s\n' "$*" >&2
    exit 2
}

[[ $# == 2 && $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+(-rc[0-9]+)?$ ]] || fail "usage: scripts/release.sh 1.2.3 DIR"
version=$1
[[ -z $(git -C "$checkout" status --porcelain) ]] || fail "$checkout has changes that are not committed"
mkdir -p "$2"
target=$(cd "$2" && pwd -P)
[[ -z $(ls -A "$target") ]] || fail "$target is not empty"
today=$(date -u +%F)

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git clone --quiet "$checkout" "$copy/astropool"
cd "$copy/astropool"
old=$(sed -n 's/^  <version>\(.*\)<\/version>$/\1/p' pom.xml | head -n 1)
grep -rl --include=pom.xml -e ">$old<" . | xargs sed -i "s/<version>$old</<version>$version</"
sed -i "s/<project.build.outputTimestamp>.*</<project.build.outputTimestamp>${today}T00:00:00Z</" pom.xml
sed -i "s/^## Unreleased.*/## $version ($today)/" CHANGELOG.md
sed -i "s/^version: .*/version: $version/; /^date-released:/d; /^version:/a date-released: $today" CITATION.cff
sed -i "s/^version = .*/version = \"${version/-rc/rc}\"/" scripts/python/pyproject.toml
if grep -rn --include=pom.xml -e SNAPSHOT .; then fail "a version is left"; fi
git -c user.name="$(git -C "$checkout" config user.name)" -c user.email="$(git -C "$checkout" config user.email)" \
    commit --quiet --all --message "Version $version"
git format-patch -1 --stdout >"$target/release.patch"

./mvnw -q -B -Prelease deploy -DskipTests "-DaltDeploymentRepository=release::file://$target/maven"
scripts/package.sh --no-build "$target/packages"
find "$target" -type f -name "*$version*" ! -name '*.md5' ! -name '*.sha*' | sort
