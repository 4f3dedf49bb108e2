#!/usr/bin/env bash
# Trains a checkpoint as it comes with microgt (which commit the one that is there is of stands in its README.md) and puts it into
# data/checkpoints/micro. Needs MICROGT_BENCHMARKS (Spider, Spider-Syn, nvBench) and two cores for two and a half hours; goes on where it
# was stopped.
# Further overrides, of both trainings: scripts/train_micro.sh seed=1
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" OMP_NUM_THREADS=1

training() { # NAME OVERRIDES...
  local run=runs/$1
  if [[ ! -f $run/result.json ]]; then
    microgt train name="$1" machine=cpu2 $([[ -f $run/last.ckpt ]] && echo "resume=$run/last.ckpt") "${@:2}"
  fi
}

training micro data=micro model=micro training=micro model/embedder/links=synonyms model/decoder/attention=tree "$@"
training micro_charts data=micro_charts training=micro_charts start=runs/micro "$@"
python scripts/learn_ranking.py runs/micro_charts/checkpoint --limit 400
microgt export checkpoint=runs/micro_charts to=data/checkpoints/micro format=int8 result=runs/micro_charts/result.json
