#!/bin/sh
# supernova.sh FOLDER OMEGA_M W: how a script wraps a program that asks for its input and writes its results to a file.
set -eu
printf '%s %s\n' "$2" "$3" >input.txt # in the scratch folder of the point
read -r omega_m w <input.txt
"$ASTROPOOL_JOB_DIRECTORY/supernova-command" "$1" "$omega_m" "$w" >fit.txt
echo "point $ASTROPOOL_INDEX is done"
