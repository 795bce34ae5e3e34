"""A plan kept as a data set: only what changed is made again, and versions appear whole.

::

    plan ─▶ chains of keys ─▶ what is due ─▶ executor ─▶ store ─▶ version ─▶ gates ─▶ published

A scene is made in stages. What a stage makes is stored under a key: the digest of all that it
depends on, the content of the stage before among it. A key that is there is never made again.
"""
