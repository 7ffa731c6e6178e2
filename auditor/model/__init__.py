"""The shared nouns: frozen values and enums, without I/O."""
