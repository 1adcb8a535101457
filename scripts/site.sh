#!/usr/bin/env bash
# Builds the documentation as a site: the pages of docs, searchable, with the Python and Java APIs.
#   scripts/site.sh [--check] [DIR]
#     DIR       where the site is put; target/site by default. Open DIR/index.html, which needs no server
#     --check   only the pages, without Javadoc; fails when a link leads nowhere
# Needs Debian's python3-sphinx, python3-myst-parser and furo, or the same from PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."

check="" site=target/site
for argument in "$@"; do
    case $argument in
        --check) check=1 ;;
        -*)
            echo "site.sh: there is no option $argument. Usage: scripts/site.sh [--check] [DIR]" >&2
            exit 2
            ;;
        *) site=$argument ;;
    esac
done

# Debian's packages are those of its own interpreter, whatever python3 on PATH is.
python=
for candidate in "${ASTROPOOL_PYTHON-}" python3 /usr/bin/python3; do
    if [[ -n $candidate ]] && "$candidate" -c 'import sphinx, myst_parser, furo' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[[ -n $python ]] || {
    echo "site.sh: Sphinx, MyST or Furo is missing. Install python3-sphinx, python3-myst-parser and furo (Debian), or" \
        "sphinx, myst-parser and furo (PyPI); ASTROPOOL_PYTHON names the interpreter that has them" >&2
    exit 2
}

rm -rf "$site/.doctrees"
# -W: a link that leads nowhere is an error
"$python" -m sphinx -q -W --keep-going -c docs/site -d "$site/.doctrees" docs "$site"
rm -rf "$site/.doctrees"
if [[ -z $check ]]; then
    [[ -d scripts/distribution/target/astropool/lib ]] || ./mvnw -B -ntp -q -DskipTests package
    rm -rf "$site/java"
    "${JAVA_HOME:+$JAVA_HOME/bin/}javadoc" -quiet -Xdoclint:none -d "$site/java" -windowtitle astropool \
        -sourcepath worker/src/main/java:runner/src/main/java -classpath 'scripts/distribution/target/astropool/lib/*' \
        org.astropool.task org.astropool.pool org.astropool.sampler org.astropool.maximizer
fi
echo "site.sh: the site is $site/index.html" >&2
