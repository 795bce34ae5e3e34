"""Throws broken scenarios at the language and the sampler; see `tools/fuzz`."""
