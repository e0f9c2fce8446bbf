__version__ = "0.2.0"

import warnings as _warnings

# torch says this of fastai's own code when fastai is imported; who runs a lesson can do nothing about it
_warnings.filterwarnings('ignore', '.*torch.jit.script', FutureWarning)
