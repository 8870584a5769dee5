#!/usr/bin/env bash
# Trainings under mpirun: two ranks against one process on the same batches, then kill -9 of a rank at random, again and again, and the run
# goes on with another number of ranks. Usage: ranks.sh [MPIRUN, all that are there without] [KILLS, 10 without]. Ends with "ok" and status 0.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
program=${HYPERSPHERE_PROGRAM:-$root/src/Hypersphere.Cli/bin/Release/net10.0/Hypersphere.Cli}
checks=${HYPERSPHERE_CHECKS:-$root/tests/Ranks/bin/Release/net10.0/Hypersphere.Ranks}
kills=${2:-10}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() { echo "WRONG: $*"; failed=1; }

launchers=()
for launcher in ${1:-mpirun.openmpi mpirun.mpich}; do
  if command -v "$launcher" >/dev/null; then launchers+=("$launcher"); fi
done
[ ${#launchers[@]} -gt 0 ] || launchers=(mpirun)
command -v "${launchers[0]}" >/dev/null || { echo "no mpirun here"; exit 1; }

train=("$program" train --data "synthetic:classes=7,images=800,size=8" --holdout 0 --threads 1 --batch 16 --flip 0.5 --crop 1 --lr 0.0001
  --schedule constant --log-every 1)
smooth="linear(embedding=16, norm=true)"

# 200 steps. Rounding differs between one sum and two partial ones. Where it moves a rectifier's input over 0 the gradient jumps, and the courses part:
# the bound of networks with rectifiers is wider.
course() { # NAME LOSSES WEIGHTS [OPTIONS]: how far they may be apart
  local name=$1 losses=$2 weights=$3
  shift 3
  "${train[@]}" --epochs 4 --out "$work/$name-1" "$@" >"$work/log" 2>&1 || { fail "$name in one process"; cat "$work/log"; return; }
  for launcher in "${launchers[@]}"; do
    "$launcher" -np 2 "${train[@]}" --epochs 4 --out "$work/$name-$launcher" "$@" >"$work/log" 2>&1 </dev/null || { fail "$name, $launcher"; cat "$work/log"; }
    printf '%s, 2 ranks of %s against one process, ' "$name" "$launcher"
    "$checks" compare "$work/$name-1" "$work/$name-$launcher" "$losses" "$weights" || failed=1
  done
}

course arcface 1e-5 1e-4 --backbone "$smooth" --loss "arcface(margin=0.3, scale=16)"
course partial-fc 1e-5 1e-4 --backbone "$smooth" --loss "arcface(margin=0.3, scale=16)" --partial-fc 0.8
course triplet 1e-5 1e-4 --backbone "$smooth" --loss "triplet"
course small-cnn 1e-2 1e-2 --backbone "small-cnn(embedding=16, width=4)" --loss "arcface(margin=0.3, scale=16)"
course no-norm 1e-5 1e-4 --backbone "linear(embedding=16)" --loss "arcface(margin=0.3, scale=16)"

# kills; the newest line "ranks …" of rank 0's log says which process each rank is
killed=("${train[@]}" --backbone "$smooth" --epochs 12 --checkpoint-every 10 --loss "arcface(margin=0.3, scale=16)")
"${killed[@]}" --out "$work/whole" >"$work/log" 2>&1
newest() { ls "$run/checkpoints" 2>/dev/null | grep 'step-.*safetensors$' | tail -n 1 || true; }
for launcher in "${launchers[@]}"; do
  run=$work/killed-$launcher
  resume=()
  for ((kill = 1; kill <= kills; kill++)); do
    ranks=$((2 + kill % 2))
    victim=$((RANDOM % ranks))
    rm -f "$run/rank-0.log"
    "$launcher" -np "$ranks" "${killed[@]}" --out "$run" ${resume[@]+"${resume[@]}"} >"$work/log" 2>&1 </dev/null &
    job=$!
    until grep -qs '^train' "$run/rank-0.log" || ! kill -0 "$job" 2>/dev/null; do sleep 0.02; done
    before=$(newest)
    while [ $((kill % 3)) -ne 0 ] && [ "$(newest)" = "$before" ] && kill -0 "$job" 2>/dev/null; do sleep 0.02; done # two of three get on
    sleep "0.$((RANDOM % 4))"
    process=$(grep -s '^ranks' "$run/rank-0.log" | sed -nE "s/.*[ ,:] $victim on [^ ]+ \(process ([0-9]+)\).*/\1/p")
    kill -9 "$process" 2>/dev/null || victim=none
    began=$(date +%s%N)
    if wait "$job" 2>/dev/null; then
      # a rank that has done its part may be killed, or have ended, while rank 0 writes the report, the last thing it tells of
      grep -qs '^report' "$run/rank-0.log" || fail "$launcher says that all is well after rank $victim was killed"
      echo "$launcher, kill $kill: the training was over"
      break
    fi
    [ "$victim" != none ] || fail "$launcher ended by itself"
    took=$((($(date +%s%N) - began) / 1000000))
    [ "$took" -lt 15000 ] || fail "the job ended only after $took ms"
    # MPICH's mpirun kills the others within milliseconds, mostly before one of them can speak; it names the machine only
    named=$(cat "$work/log" "$run"/rank-*.log | grep -acE "rank $victim .*on (node )?$(hostname) (is gone|exited)|RUNNING AT $(hostname)" || true)
    [ "$named" -gt 0 ] || { fail "rank $victim is not named"; cat "$work/log"; }
    ! pgrep -f "$run" >/dev/null || { sleep 1; ! pgrep -f "$run" >/dev/null || fail "a rank outlives the job"; }
    echo "$launcher, kill $kill: rank $victim of $ranks; the job ended after $took ms, newest $(newest)"
    resume=(--resume)
  done
  "${killed[@]}" --out "$run" --resume >"$work/log" 2>&1 || { fail "resume in one process"; cat "$work/log"; }
  printf '%s, after the kills, in the end in one process, ' "$launcher"
  "$checks" compare "$work/whole" "$run" 1e-5 1e-4 || failed=1
done
[ "$failed" -eq 0 ] && echo ok
exit "$failed"
