"""The engines that come as Python wheels, and the launcher of `make run` that needs nothing else."""
