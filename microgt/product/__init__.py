"""What a person gets: an answer with its spec, SQL, numbers and chart."""

from microgt.product.answered import Answered, ValueSource
from microgt.product.asker import Asker

__all__ = ["Answered", "Asker", "ValueSource"]
