job=${PBS_JOBID-}
batch=""
[[ ${PBS_ENVIRONMENT-} != PBS_BATCH ]] || batch=1
# PBS replaces the log of a job that it runs again.
[[ -z $batch ]] || exec >>"$directory/batch-${job%%.*}.log" 2>&1
restarts=0
[[ -z $job ]] || restarts=$(qstat -f "$job" 2>/dev/null | sed -n 's/^ *run_count = \([0-9]*\)$/\1/p')
restarts=$((${restarts:-1} > 0 ? ${restarts:-1} - 1 : 0))
nodes=1
[[ ! -r ${PBS_NODEFILE-} ]] || nodes=$(sort -u "$PBS_NODEFILE" | wc -l)
cores=$((nodes * ${NCPUS:-$(nproc)}))
ends=$((started + @SECONDS@))
