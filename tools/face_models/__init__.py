"""TensorFlow Lite graphs of the face models, read and written again as ONNX."""
