#!/usr/bin/env bash
# Kills a training with SIGKILL at random moments, resumes it each time, and compares the final weights, byte for byte, with those of
# a run that nobody disturbed; then compares one thread with two. Usage: kill-resume.sh [KILLS, 10 without]. Ends with "ok" and status 0.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
program=${HYPERSPHERE_PROGRAM:-$root/src/Hypersphere.Cli/bin/Release/net10.0/Hypersphere.Cli}
kills=${1:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

train() { # FOLDER [OPTIONS]; replaces the shell that it runs in, so that a kill meets the program itself
  exec "$program" train --data "synthetic:classes=6,images=1200,size=12#train" --holdout 0 --backbone "small-cnn(embedding=16, width=8)" \
    --batch 32 --epochs 12 --flip 0.5 --crop 1 --checkpoint-every 7 --out "$@"
}

newest() { ls "$work/killed/checkpoints" 2>/dev/null | grep 'step-.*safetensors$' | tail -n 1 || true; }
weights() { sha256sum <"$1/model.safetensors"; }

has_begun() { grep -qs '^train' "$1" || ! kill -0 "$2" 2>/dev/null; } # LOG PROCESS: it trains, or is over already

train "$work/whole" >"$work/whole.log" &
whole=$!
until has_begun "$work/whole.log" $whole; do sleep 0.02; done
began=$(date +%s%N)
wait $whole
duration=$((($(date +%s%N) - began) / 1000000))
echo "undisturbed: $duration ms of training"

resume=()
alive=0
for ((kill = 1; kill <= kills; kill++)); do
  moment=$((RANDOM * RANDOM % (duration / kills))) # after training has begun, so that the kills share the run among them
  train "$work/killed" ${resume[@]+"${resume[@]}"} >"$work/killed.log" 2>&1 &
  victim=$!
  until has_begun "$work/killed.log" "$victim"; do sleep 0.02; done
  before=$(newest)
  while [ $((kill % 3)) -ne 0 ] && [ "$(newest)" = "$before" ] && kill -0 "$victim" 2>/dev/null; do sleep 0.02; done # two of three get on
  sleep "$((moment / 1000)).$(printf '%03d' $((moment % 1000)))"
  kill -9 "$victim" 2>/dev/null && alive=$((alive + 1))
  wait "$victim" 2>/dev/null || true
  echo "killed after $moment ms: $(cat "$work/killed/metrics.jsonl" 2>/dev/null | wc -l) lines of metrics," \
    "newest $(newest)"
  resume=(--resume)
done
echo "$alive of $kills kills met a running program"
(train "$work/killed" --resume >"$work/killed.log")
(train "$work/one" --threads 1 >"$work/one.log")

failed=0
check() { # WHAT COMMAND…
  if "${@:2}"; then echo "same: $1"; else echo "DIFFERENT: $1"; failed=1; fi
}
check "weights after $kills kills" test "$(weights "$work/whole")" = "$(weights "$work/killed")"
check "weights with one thread" test "$(weights "$work/whole")" = "$(weights "$work/one")"
strip() { sed -E 's/,"samples_per_second":[^,}]*//; s/,"tensor_bytes":[^,}]*//' "$1/metrics.jsonl"; }
check "metrics after $kills kills" test "$(strip "$work/whole")" = "$(strip "$work/killed")"
check "no temporary file is left" test -z "$(find "$work/killed" -name '*.tmp')"
[ "$alive" -gt $((kills / 3)) ] || { echo "too few kills met a running program to tell anything"; failed=1; }
[ "$failed" -eq 0 ] && echo ok
exit "$failed"
