#!/usr/bin/env bash
# Trains the checkpoint that comes with microgt and puts it into data/checkpoints/micro. Needs MICROGT_BENCHMARKS (Spider) and one core for
# three hours; goes on where it was stopped. Three stages: all there is; also changes of answers; also questions of business people about
# windows, percentiles and groups that have nothing, over Spider's train databases and the embedded ones. Further overrides: seed=1
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" OMP_NUM_THREADS=1

stage() { # NAME OVERRIDES...
  local run=runs/$1
  [[ -f $run/result.json ]] && return
  microgt train data=micro machine=cpu ablation=renamed name="$1" training.steps=40000 training.checkpoint_every=500 \
    $([[ -f $run/last.ckpt ]] && echo "resume=$run/last.ckpt") "${@:2}"
}

stage micro model=micro model/embedder/tokens=static model/decoder/attention=tree training.minutes=95 training.warmup=500 "$@"
stage micro_edits start=runs/micro/checkpoint data.shares.edits_train=0.6 data.shares.edits_demo_train=0.6 \
  training.minutes=24 training.warmup=100 training.lr=5e-4 training.ema=0.998 seed=11 "$@"
stage micro_windows start=runs/micro_edits/checkpoint data.shares.edits_train=0.3 data.shares.edits_demo_train=0.3 \
  data.shares.business_train=0.6 data.shares.synthetic_train=0 data.shares.demo_generated=0.5 \
  training.minutes=42 training.warmup=100 training.lr=6e-4 training.ema=0.998 seed=12 "$@"
python scripts/learn_ranking.py runs/micro_windows/checkpoint --limit 400 --sets validation business
microgt export checkpoint=runs/micro_windows to=data/checkpoints/micro format=int8 result=runs/micro_windows/result.json
