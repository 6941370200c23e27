"""Reads the playbook and the sample company's tables when it is imported, and keeps them.

For processes that open many lessons or are forked into kernels (`c.OneFunnelGrading.warm`): `data.load` and
`playbook.load` then answer from memory.
"""

from onefunnel import data, playbook

data.load()
playbook.load()
