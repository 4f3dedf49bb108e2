"""Graph in, candidate specs out: batches, the encoder and the grammar-masked decoder, search, checkpoints."""
