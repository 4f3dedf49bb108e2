"""Checkpoints in other forms: sharded or smaller weights, ONNX, `torch.export`. Each is compared with its origin before it is kept."""
