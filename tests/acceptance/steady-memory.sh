#!/usr/bin/env bash
# Trains for 8,000 steps and fails when the working set at the end is 1 % or more above that after step 4,000: a leak of 400 bytes a step
# is seen. Before that a few MB come from compiling what runs often again, and from the garbage collector's choice of sizes. Prints the peak
# between too, which the collector's timing lifts by a few MB now and then. Linux only: it reads /proc.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
program=${HYPERSPHERE_PROGRAM:-$root/src/Hypersphere.Cli/bin/Release/net10.0/Hypersphere.Cli}
out=$(mktemp -d)
trap 'kill "$train" 2>/dev/null || true; rm -rf "$out"' EXIT
"$program" train --data "synthetic:classes=10,images=6400#train" --holdout 0 --batch 64 --epochs 80 --lr 0.01 --checkpoint-every 0 --out "$out/run" \
  >"$out/log" 2>&1 </dev/null &
train=$!

step() { { tail -n 1 "$out/run/metrics.jsonl" 2>/dev/null || true; } | sed -nE 's/^\{"step":([0-9]+).*/\1/p'; }
resident() { sed -nE 's/^VmRSS:[^0-9]*([0-9]+) kB/\1/p' "/proc/$train/status" 2>/dev/null; }

first=0 last=0 most=0 samples=0
while kill -0 "$train" 2>/dev/null; do
  now=$(step)
  if [ "${now:-0}" -ge 8000 ]; then break; fi
  if [ "${now:-0}" -ge 4000 ]; then
    size=$(resident) || break
    [ "$first" -gt 0 ] || first=$size
    [ "$size" -le "$most" ] || most=$size
    last=$size
    samples=$((samples + 1))
  fi
  sleep 0.2
done
if [ "$samples" -lt 10 ]; then
  echo "steady-memory: too few samples ($samples):"
  cat "$out/log"
  exit 1
fi
echo "steady-memory: $first kB after step 4,000, $last kB before step 8,000, $most kB at most"
[ $((last * 100)) -lt $((first * 101)) ]
