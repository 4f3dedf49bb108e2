"""The Triton kernels. Importing this package needs triton; `microgt_kernels` imports it only when it is asked for."""
