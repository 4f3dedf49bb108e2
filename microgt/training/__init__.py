"""From questions to a checkpoint: prepared graphs, batches, the Lightning module, checkpoints."""
