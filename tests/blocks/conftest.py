"""What the tests of blocks read."""

import pytest
import torch

from tests.blocks.relational import B, C, N


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


@pytest.fixture
def nodes():
    """x, relations, and a mask that hides the last two nodes of the first item."""
    mask = torch.ones(B, N, dtype=torch.bool)
    mask[0, -2:] = False
    return torch.randn(B, N, C), torch.randint(1, 63, (B, N, N), dtype=torch.uint8), mask
