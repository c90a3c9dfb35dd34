"""What things cost, as ratios to a bare baseline measured in the same run. `python -m bench --help` names the workloads."""
