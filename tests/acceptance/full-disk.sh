#!/usr/bin/env bash
# Trains into a file system that is too small: the error is one line, the exit status 2, and every checkpoint that is there is whole.
# Needs the right to mount (root, or user namespaces); says so and passes where it is missing. Ends with "ok" and status 0.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
program=${HYPERSPHERE_PROGRAM:-$root/src/Hypersphere.Cli/bin/Release/net10.0/Hypersphere.Cli}
if [ "${1:-}" != inside ]; then
  if ! unshare -rm true 2>/dev/null; then
    echo "skipped: this user may not mount"
    echo ok
    exit 0
  fi
  exec unshare -rm "$0" inside
fi

small=$(mktemp -d)
trap 'umount "$small"; rmdir "$small"' EXIT
mount -t tmpfs -o size=640k tmpfs "$small"
data="synthetic:classes=4,images=256,size=12#train"
network="small-cnn(embedding=16, width=16)" # its checkpoint takes about 210 kB: the third does not fit
status=0
error=$("$program" train --data "$data" --holdout 0 --backbone "$network" --batch 32 --epochs 2 --checkpoint-every 3 --keep 9 \
  --out "$small/run" 2>&1 >/dev/null) || status=$?
echo "$error"
echo "status $status; left: $(cd "$small/run" && find . -type f | sort | tr '\n' ' ')"
[ "$status" -eq 2 ]
[ "$(wc -l <<<"$error")" -eq 1 ]
grep -q 'No space left on device' <<<"$error"
[ -z "$(find "$small" -name '*.tmp')" ]
ls "$small"/run/checkpoints/step-*.safetensors >/dev/null
for checkpoint in "$small"/run/checkpoints/*.safetensors; do
  "$program" evaluate --model "$checkpoint" --data "synthetic:classes=4,images=40,size=12" >/dev/null
done
echo ok
