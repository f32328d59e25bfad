"""The library eSpeak NG, loaded when it is installed."""
