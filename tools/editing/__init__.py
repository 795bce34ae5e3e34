"""Tries the JSON Schema with the language server that editors use; see `tools/try_editor`."""
