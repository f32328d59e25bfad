"""Kinds of voices, one module each. Each stands behind `voice.VoiceKind`."""
