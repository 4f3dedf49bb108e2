"""Checkpoints in other forms: weights in shards or in fewer bits. Each is compared with its origin before it is kept."""
