#!/usr/bin/env bash
# Trains a checkpoint as it comes with microgt (which commit the one that is there is of stands in its README.md) and puts it into
# data/checkpoints/micro. Needs MICROGT_BENCHMARKS (Spider) and two cores for two hours; goes on where it was stopped. Further overrides: scripts/train_micro.sh seed=1
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" OMP_NUM_THREADS=1
run=runs/micro
resume=$([[ -f $run/last.ckpt ]] && echo "resume=$run/last.ckpt" || true)
microgt train data=micro model=micro machine=cpu2 training=micro name=micro model/embedder/links=synonyms model/decoder/attention=tree \
    $resume "$@"
python scripts/learn_ranking.py $run/checkpoint --limit 400
microgt export checkpoint=$run to=data/checkpoints/micro format=int8 result=$run/result.json
