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
[[ -z $job ]] || read -r started ends < <(SLURM_TIME_FORMAT=%s squeue --noheader --jobs="$job" --format="%S %e")
[[ $started =~ ^[0-9]+$ ]] || started=$(date +%s)
[[ $ends =~ ^[0-9]+$ ]] || ends=$((started + @SECONDS@))
