
# Open MPI passes only variables that are named to the ranks on other nodes.
case $("${launcher[0]}" --version 2>&1) in
    *OpenRTE* | *'Open MPI'*)
        for name in PATH LD_LIBRARY_PATH TMPDIR@NAMES@; do
            [[ -z ${!name+set} ]] || launcher+=(-x "$name")
        done
        ;;
esac
