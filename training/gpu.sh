#!/bin/bash
# One visit to a machine with a GPU: trains until the limit, then exports what there is. Run it again to go on from the checkpoints.
# usage: bash training/gpu.sh [seconds of training in this visit] [minutes of the whole schedule]; results go to $OUT.
cd "$(dirname "$0")/.." || exit 1
limit=${1:-520} minutes=${2:-20} out=${OUT:-training/checkpoints/out}
python=${PYTHON:-python3}
mkdir -p "$out"
timeout "$limit" "$python" -u -m training.tessera_train_all --preset gpu --minutes "$minutes" --save-every 45 --out "$out/models" --force
status=$?
if [ $status -ne 0 ]; then
  # Cut off (124) or failed: export whatever checkpoints exist, so that nothing is lost.
  timeout 60 "$python" -m training.tessera_train_export --out "$out/models" --force --scenes 256
fi
cp training/checkpoints/*.png training/checkpoints/*.log training/checkpoints/*.jsonl training/checkpoints/edits.txt "$out" 2>/dev/null
[ $status -eq 124 ] && echo "not finished: run the same command again" || exit $status
