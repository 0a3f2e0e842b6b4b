"""Neural networks made ready to run: on one core, because the unit of parallelism is the clip."""

import onnxruntime as ort


def open_session(model: str | bytes, *, keeps_memory: bool = True) -> ort.InferenceSession:
    """A network, its file or its bytes, ready to run.

    Args:
        keeps_memory: whether memory is kept from run to run; for a large network it saves a third of the time, for one
            that runs seldom on small pictures it costs 10 MB and saves none.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = keeps_memory
    options.enable_mem_pattern = False  # it would keep a block of memory for every size of picture
    options.log_severity_level = 3
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
