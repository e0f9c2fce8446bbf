"Everything that a lesson needs: fastai for vision, and the public names of the course."
import warnings as _warnings
with _warnings.catch_warnings():
    _warnings.filterwarnings('ignore', '.*torch.jit.script', FutureWarning)
    from fastai.vision.all import *
from .data import *
from .augment import *
from .model import *
from .lr_finder import *
from .schedule import *
from .training import *
from .interpret import *
from .recipes import *
from .share import *
from .speed import *
