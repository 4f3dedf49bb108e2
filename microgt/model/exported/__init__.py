"""Models as two exported functions of arrays, an encoder and a decoder's step, with search in NumPy. Nothing here needs torch."""
