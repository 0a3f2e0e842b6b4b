"""Frames to observations: faces, people, picture quality. The only place that imports cv2, onnxruntime or dlib."""

import os

# onnxruntime sends Microsoft usage data and keeps a device id unless told otherwise before it is loaded; nothing of an
# inspection may leave the machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
