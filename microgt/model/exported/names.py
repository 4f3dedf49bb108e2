"""Inputs and outputs of the two functions, in their order.

Shapes: B graphs or derivations, S steps so far, Y layers of the decoder, H heads, D width of a head; others as of `Batch`.
"""

from __future__ import annotations

ENCODER, STEP = "encoder", "decoder_step"

# Fields of a batch; node_offsets as int64 [B,N].
READ = ("token_ids", "ngram_ids", "ngram_offsets", "node_tokens", "node_offsets", "kinds", "flags", "rel", "node_mask")
# What the encoder gives: [B,N,C] twice; keys and values of the nodes, those of a layer side by side, [2Y,B,H,N,D].
ENCODED = ("pointer_keys", "nodes", "cross")
# Where in the tree the step is, int64 [B,1] each.
PLACE = ("before", "slots", "parents", "depths")
# What a step takes. pointed: bool [B,N], nodes pointed at so far; past_depths: int64 [B,S]; past: keys and values [2Y,B,H,S,D].
STEP_INPUTS = (*PLACE, "node_mask", *ENCODED, "pointed", "past_depths", "past")
# What it gives: logits float32 [B,R+N], and pointed and past with one step more.
STEP_OUTPUTS = ("logits", "pointed_after", "past_after")
