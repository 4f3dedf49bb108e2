#!/usr/bin/env bash
# Trains the checkpoint that comes with microgt and puts it into data/checkpoints/micro. Needs MICROGT_BENCHMARKS (Spider) and two cores for an
# hour; goes on where it was stopped. Further overrides: scripts/train_micro.sh seed=1
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" OMP_NUM_THREADS=1
run=runs/micro
resume=$([[ -f $run/last.ckpt ]] && echo "resume=$run/last.ckpt" || true)
microgt train data=mix model=micro machine=cpu2 ablation=renamed name=micro \
    model/embedder/tokens=static model/decoder/attention=tree \
    data.shares.spider_extra=1.0 data.shares.synthetic_train=0.15 data.shares.retold_train=0.5 \
    data.shares.demo_generated=0.1 data.shares.demo_other=0.1 data.shares.demo_written=0.5 \
    training.minutes=47 training.steps=9000 training.warmup=300 training.checkpoint_every=250 $resume "$@"
python scripts/learn_ranking.py $run/checkpoint --limit 400 --sets validation business
microgt export checkpoint=$run to=data/checkpoints/micro format=int8 result=$run/result.json
