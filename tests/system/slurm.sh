#!/usr/bin/env bash
# simrun sweep --slurm through a real Slurm: controller, node daemon and munge of Debian's packages,
# started here on the loopback interface, taken down at the end.
. "$(dirname "$0")/lib.sh"

missing=
for tool in sbatch slurmctld slurmd munged; do
    PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || missing="$missing $tool"
done
if [ -n "$missing" ] || [ "$(id -u)" -ne 0 ]; then
    echo "SKIPPED SKIPPED SKIPPED: no Slurm here (missing:$missing) or not root; nothing was tested"
    exit 0
fi
PATH=$PATH:/usr/sbin

slurm=$work/slurm
mkdir -p "$slurm"/{state,spool,munge,run}
chmod 755 "$work" "$slurm" # munged looks at who may write above its socket
cleanup() {
    for pid in "$slurm"/*.pid "$slurm"/munge/*.pid; do
        [ ! -e "$pid" ] || kill "$(cat "$pid")" 2>/dev/null || true
    done
    sleep 1
    rm -rf "$work"
}

# Ports that nobody uses, as far as one can tell.
port=$((20000 + $$ % 20000))
host=$(hostname -s)
cat >"$slurm/slurm.conf" <<END
ClusterName=simrun
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$slurm/munge/socket
CredType=cred/munge
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=10000
MaxArraySize=8
MpiDefault=none
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF=$slurm/slurm.conf

start_daemons() {
    dd if=/dev/urandom of="$slurm/munge/key" bs=128 count=1 2>/dev/null
    chmod 400 "$slurm/munge/key"
    munged --force --socket="$slurm/munge/socket" --key-file="$slurm/munge/key" \
        --pid-file="$slurm/munge/munged.pid" --log-file="$slurm/munge/log" \
        --seed-file="$slurm/munge/seed"
    slurmctld
    slurmd || return 1
    for _ in $(seq 30); do
        [ "$(sinfo -h -o %T 2>/dev/null)" = idle ] && return
        sleep 1
    done
    return 1
}

sweep=$work/study.ini
points=18
write_sweep() { # LIMIT
    cat >"$sweep" <<END
[sweep]
config = $base
directory = $work/study
core.issue_width = 1, 2
l2.size = 128KiB .. 512KiB * 2
system.max_instructions = $1

[workload.sort]
program = $build/workloads/sort
[workload.matmul]
program = $build/workloads/matmul
[workload.queens]
program = $build/workloads/queens
END
}

results() { find "$work/study/points" -name result.h5 | wc -l; }
count_of() { "$simrun" sweep --dry-run "$sweep" 2>/dev/null | awk -v s="$1" '$2 == s' | wc -l; }

equals_local_sweep() {
    sed "s,^directory = .*,directory = $work/local," "$sweep" >"$work/local.ini"
    "$simrun" sweep -q "$work/local.ini" || return 1
    local point
    for point in "$work"/study/points/*; do
        h5diff --exclude-path /meta --exclude-path /config/table \
            --exclude-path /config/entry "$point/result.h5" \
            "$work/local/points/${point##*/}/result.h5" || return 1
    done
}

# The node daemon wants control groups, which not every container has.
if ! start_daemons; then
    echo "SKIPPED SKIPPED SKIPPED: Slurm's daemons do not start here; nothing was tested:"
    grep -h "error" "$slurm"/*.log | tail -n 3
    exit 0
fi

write_sweep 200K
capture run "$simrun" sweep --slurm "$sweep"
check "a sweep through Slurm ends well" "$(cat "$work/run.err")" [ "$(status_of run)" -eq 0 ]
check "... in arrays no longer than MaxArraySize" "$(cat "$work/run.err")" \
    [ "$(grep -c '^simrun: Slurm job' "$work/run.err")" -eq 3 ]
check "every point has a result" "$(results)" [ "$(results)" -eq $points ]
check "... equal to a local sweep's" "they differ" equals_local_sweep

rm -rf "$work/study"
write_sweep 8M
"$simrun" sweep --slurm "$sweep" >/dev/null 2>"$work/cut.err" &
watcher=$!
for _ in $(seq 50); do
    [ "$(squeue -h -t R | wc -l)" -lt 2 ] || break
    sleep 0.2
done
sleep 1
scancel "$(squeue -h -t R -o %A | head -n 1)" || true # it may have ended just now
scancel "$(squeue -h -r -t PD -o %i | tail -n 1)"
kill -INT "$watcher"
status=0
wait "$watcher" || status=$?
check "an interrupted wait leaves the jobs" "$status $(cat "$work/cut.err")" [ "$status" -eq 130 ]
check "... in the queue" "$(squeue)" [ -n "$(squeue -h)" ]
write_again() { capture again "$simrun" sweep --slurm "$sweep"; }
write_again
check "the next call waits for them and runs what was cancelled" "$(cat "$work/again.err")" \
    [ "$(status_of again)$(results)" = "0$points" ]
check "... and says that it waits" "$(cat "$work/again.err")" \
    grep -q "of an earlier call" "$work/again.err"
check "... and leaves no claims" "$(find "$work/study" -name claim)" \
    [ -z "$(find "$work/study" -name claim)" ]

# What is cancelled while somebody waits for it is named.
rm -rf "$work/study"
write_sweep 8M
"$simrun" sweep --slurm "$sweep" >/dev/null 2>"$work/lost.err" &
watcher=$!
for _ in $(seq 50); do
    [ "$(squeue -h -t R | wc -l)" -lt 2 ] || break
    sleep 0.2
done
scancel $(squeue -h -r -t PD -o %i | tail -n 2)
status=0
wait "$watcher" || status=$?
check "cancelled points are reported" "$status $(cat "$work/lost.err")" \
    [ "$status$(grep -c 'queued: Slurm: CANCELLED' "$work/lost.err")" = 12 ]

rm -rf "$work/study"
write_sweep 50K
capture script "$simrun" sweep --script "$sweep"
check "--script prints how to submit" "$(cat "$work/script.out")" \
    [ "$(grep -c '^sbatch .*\.sh$' "$work/script.out")" -eq 3 ]
sh "$work/script.out" >/dev/null
for _ in $(seq 60); do
    [ -n "$(squeue -h)" ] || break
    sleep 1
done
check "... and what it writes runs" "$(count_of limit)" [ "$(count_of limit)" -eq $points ]
capture condor "$simrun" sweep --condor "$sweep"
check "--condor has nothing left to do" "$(cat "$work/study/batch/condor.sub")" \
    grep -qx "queue 0" "$work/study/batch/condor.sub"
rm -rf "$work/study"
capture condor "$simrun" sweep --condor "$sweep"
check "--condor writes a submit file" "$(cat "$work/study/batch/condor.sub")" \
    grep -qx "queue $points" "$work/study/batch/condor.sub"
sh "$work/study/batch/condor.sh" 3 >/dev/null 2>&1 || true
check "... whose command runs one point" "$(results)" [ "$(results)" -eq 1 ]

finish
