"""The other arms of the comparison: question and schema as one text, specs as text."""
