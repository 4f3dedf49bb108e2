# make demo   install, train a small model on the embedded databases, evaluate it, ask it questions (about ten minutes)
# make test   install and run the fast tests
# make check  lint, format and types
#
# PIP_FLAGS is handed to pip. On a machine without a GPU, the CPU build of torch is a much smaller download:
#   make demo PIP_FLAGS="--extra-index-url https://download.pytorch.org/whl/cpu"

PYTHON ?= python3
PIP_FLAGS ?=
BIN := .venv/bin

.PHONY: demo test check install clean

demo: .venv/demo.stamp
	$(BIN)/microgt demo

test: .venv/dev.stamp
	scripts/test

check: .venv/dev.stamp
	scripts/check

install: .venv/dev.stamp

# A stamp is written last, so an interrupted installation is taken up again; a changed pyproject.toml installs again.
.venv/demo.stamp: EXTRAS := train,demo
.venv/dev.stamp: EXTRAS := train,serve,export,runtime,demo,dev,triton,sweep,wandb,tensorboard
.venv/demo.stamp .venv/dev.stamp: pyproject.toml
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet $(PIP_FLAGS) --editable '.[$(EXTRAS)]'
	touch $@

clean:
	rm -rf .venv dist build .pytest_cache .ruff_cache
