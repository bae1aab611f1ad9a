"""Weights of what buyers want and in which language they write; made by `python -m bench.train_wishes`."""
