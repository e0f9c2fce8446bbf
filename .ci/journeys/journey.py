"""What the journeys share: a fresh clone in a temporary folder, commands in it, and a clear line where one fails."""
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

root = Path(__file__).resolve().parent.parent.parent
start = time.perf_counter()


def expect(holds, what):
    "End the journey with a line where something is not as the pages promise."
    if not holds: sys.exit(f'failed: {what}')


def passed(what): print(f'{time.perf_counter() - start:4.0f} s  {what}', flush=True)


def environment(clone):
    "The environment of this process, with the modules of the clone: `uv run` takes it as it is and installs nothing."
    tests = dict(line.split('=', 1) for line in (clone/'.ci/test.env').read_text().splitlines() if '=' in line)
    kept = {name: value for name,value in os.environ.items() if not name.startswith('ONECYCLE_')}
    here = dict(VIRTUAL_ENV=sys.prefix, UV_PROJECT_ENVIRONMENT=sys.prefix, UV_NO_SYNC='1', PYTHONPATH=str(clone),
                PATH=f"{Path(sys.prefix)/'bin'}{os.pathsep}{os.environ['PATH']}")
    own = dict(ONECYCLE_BUDGET='ci', ONECYCLE_CACHE=f'{clone}.cache', ONECYCLE_PROGRESS=f'{clone}.progress.json')
    return kept | tests | here | own | dict(PYTHONWARNINGS='ignore', TERM='dumb', NO_COLOR='1', COLUMNS='120')


class Clone:
    "A fresh clone of the last commit, and the commands that are run in it."
    def __init__(self, folder):
        self.folder = folder
        subprocess.run(['git', 'clone', '-q', root, folder], check=True)
        self.environment = environment(folder)

    def run(self, command, fails=False):
        "What a command prints; the journey ends where it fails, or where it does not and should."
        done = subprocess.run(command, shell=True, cwd=self.folder, env=self.environment, text=True,
                              encoding='utf-8', stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        expect((done.returncode != 0) == fails, f'{command}\n{done.stdout[-3000:]}\nended with {done.returncode}')
        return done.stdout

    def changed_lines(self):
        "(lines added, lines removed, file) of every file that differs from the commit."
        return [tuple(line.split('\t')) for line in self.run('git diff --numstat').splitlines()]

    def commands(self, page='README.md'):
        "The commands of a page in Markdown, each in the line in which it stands."
        return re.findall(r'^    (\S.*)$', re.sub(r'```.*?```', '', (self.folder/page).read_text(), flags=re.S), re.M)


@contextmanager
def fresh_clone():
    "A clone in a folder that is removed at the end."
    expect(shutil.which('uv'), 'uv is needed: pip install uv')
    with TemporaryDirectory() as tmp: yield Clone(Path(tmp).resolve()/'onecycle_course')
