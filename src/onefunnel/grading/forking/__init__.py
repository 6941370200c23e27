"""Kernels forked from one warm process, in a box where the system has one (Linux).

`box` says what the warm process may see, `server` is that process, `monitor` watches one kernel each, `provisioner`
offers them to Jupyter. `server` and `monitor` run inside the box: they import nothing of ours but `system`.
"""
