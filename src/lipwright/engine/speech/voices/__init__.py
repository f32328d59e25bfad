"""Kinds of voices, one module each. Each stands behind `catalogue.VoiceKind`."""
