#!/bin/bash
# One visit to a machine with a GPU: trains until the limit, then exports what there is. Run it again to go on from the checkpoints.
# The main models come first; with time left, each variant (64 tokens, VAE, grid) gets its minutes.
# usage: bash training/gpu.sh [seconds of training in this visit] [minutes of the whole schedule] [minutes of each variant, 0 for none]
# Results go to $OUT: models/ and variants/.
cd "$(dirname "$0")/.." || exit 1
began=$SECONDS limit=${1:-520} minutes=${2:-20} each=${3:-1.5} out=${OUT:-training/checkpoints/out}
python=${PYTHON:-python3}
mkdir -p "$out"
status=0
if [ ! -f training/checkpoints/main.done ]; then
  timeout "$limit" "$python" -u -m training.tessera_train_all --preset gpu --minutes "$minutes" --save-every 45 --out "$out/models" --force
  status=$?
  [ $status -eq 0 ] && touch training/checkpoints/main.done
fi
if [ $status -ne 0 ]; then
  # Cut off (124) or failed: export whatever checkpoints exist, so that nothing is lost.
  timeout 60 "$python" -m training.tessera_train_export --out "$out/models" --force --scenes 256
elif [ "$each" != 0 ]; then
  for variant in pocket-64 pocket-vae pocket-2d; do
    left=$((limit - (SECONDS - began)))
    [ $left -lt 20 ] && status=124 && break
    timeout $left "$python" -u -m training.tessera_train_tokenizer --preset $variant --name $variant --minutes "$each" --save-every 45
    status=$?
    timeout 60 "$python" -m training.tessera_train_export --only tokenizer --tokenizer $variant --out "$out/variants/$variant" --force --scenes 1000
    [ $status -ne 0 ] && break
  done
fi
cp training/checkpoints/*.png training/checkpoints/*.log training/checkpoints/*.jsonl training/checkpoints/edits.txt "$out" 2>/dev/null
[ $status -eq 124 ] && echo "not finished: run the same command again" || exit $status
