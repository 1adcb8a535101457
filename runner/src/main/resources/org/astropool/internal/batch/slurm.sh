job=${SLURM_JOB_ID-}
batch=""
[[ -z $job || ${ENVIRONMENT-} != BATCH ]] || batch=1
restarts=${SLURM_RESTART_COUNT:-0}
cores=0
IFS=, read -ra nodes <<<"${SLURM_JOB_CPUS_PER_NODE:-$(nproc)}" # for instance 32(x3),16
for node in "${nodes[@]}"; do
    cpus=${node%%'('*} times=1
    if [[ $node == *'(x'* ]]; then
        times=${node#*x}
        times=${times%?}
    fi
    cores=$((cores + cpus * times))
done
ends=""
# The tasks of an array have numbers of their own for squeue.
[[ -z $job ]] || read -r started ends < <(env -u SQUEUE_STATES -u SQUEUE_PARTITION -u SQUEUE_USERS SLURM_TIME_FORMAT=%s squeue \
    --noheader --jobs="${SLURM_ARRAY_JOB_ID:-$job}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}" --format="%S %e")
[[ $started =~ ^[0-9]+$ ]] || started=$(date +%s)
[[ $ends =~ ^[0-9]+$ ]] || ends=$((started + @SECONDS@))
export SLURM_EXPORT_ENV=ALL # the ranks that srun starts get the variables of this script, also with --export=NONE
