"""Data products: an answer that is kept, checked, deployed as a page, refreshed, and taken back when it was wrong."""
