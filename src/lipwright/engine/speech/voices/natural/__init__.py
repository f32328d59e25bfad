"""The natural voices: small networks that sound like people, from the package `hibari-tts`."""
