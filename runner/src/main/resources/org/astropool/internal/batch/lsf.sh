job=${LSB_JOBID-}
batch=""
[[ -z $job || ${LSB_INTERACTIVE-} == Y ]] || batch=1
[[ -z $batch ]] || exec >>"$directory/batch-$job.log" 2>&1
restarts=0
[[ ${LSB_RESTART-} != Y ]] || restarts=1
read -ra nodes <<<"${LSB_MCPU_HOSTS:-here 1}" # names and numbers of slots, by turns
hosts=$((${#nodes[@]} / 2))
cores=$((hosts * $(nproc)))
ends=$((started + @SECONDS@))
