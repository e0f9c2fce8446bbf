"Everything that a lesson needs: fastai for vision, and the public names of the course."
from fastai.vision.all import *
from .budget import *
from .checks import DataError
from .data import *
from .shapes10 import *
from .load import *
from .store import caches
from .augment import *
from .loaders import *
from .rng import stream
from .ranks import in_processes, is_first, joined
from .follow import *
from .rates import *
from .model import *
from .tricks import *
from .lr_finder import *
from .schedule import *
from .callbacks import *
from .distributed import Distributed
from .history import *
from .training import *
from .interpret import *
from .recipes import *
from .sizes import ladder, named, reduced
from .build import make_learner, make_schedule
from .weights import *
from .runs import *
from .ledger import *
from .schedule_files import read_schedule
from .designer import designer, designer_page, nearest_runs
from .share import *
from .clinic import Diagnosis, Finding, diagnose
from .practice.guesses import guess
from .report import report, compare
from .benchmarks import *
from .speed import *
from .help_texts import explain as _explain
_explain(globals(), __package__)
