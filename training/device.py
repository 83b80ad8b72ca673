"""Device, threads and mixed precision."""
import torch


def setup(name=None, threads=2, seed=0):
    """The device (CUDA where present) with seeded generators."""
    device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
    if device.type == "cpu":
        torch.set_num_threads(threads)
    else:
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
    torch.manual_seed(seed)
    return device


def mixed(device):
    """bfloat16 autocast."""
    return torch.autocast(device.type, dtype=torch.bfloat16)
