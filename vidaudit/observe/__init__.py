"""Frames to observations: faces, people, picture quality. The only place that imports cv2, onnxruntime or dlib."""
