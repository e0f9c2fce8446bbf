"What can be said of the repository without running it: sizes and pictures of the notebooks, README's commands, files that must not be there."
import json, re, subprocess, sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
problems = []

for nb in sorted((root/'nbs').glob('*.ipynb')):
    cells = json.loads(nb.read_text(encoding='utf-8'))['cells']
    outputs = [o for c in cells if c['cell_type'] == 'code' for o in c['outputs']]
    if nb.stat().st_size > 1_000_000: problems.append(f'{nb.name} has {nb.stat().st_size/1e6:.1f} MB, more than 1')
    if any(o['output_type'] == 'error' for o in outputs): problems.append(f'{nb.name} keeps an error among its outputs')
    if not any('image/png' in o.get('data', {}) for o in outputs): problems.append(f'{nb.name} keeps no picture')
    if re.search(r'@@|/work/|/root/|/home/', nb.read_text(encoding='utf-8')): problems.append(f'{nb.name} holds a placeholder or a path of the machine that ran it')

took = json.loads((root/'nbs/results/lessons.json').read_text())['lessons']
problems += [f'{nb.stem} states a time and nbs/results/lessons.json has none' for nb in (root/'nbs').glob('*.ipynb') if '| Time |' in nb.read_text(encoding='utf-8') and nb.stem not in took]
for name,seconds in took.items():
    said = re.search(r'\| Time \| (.*?) on two', (root/f'nbs/{name}.ipynb').read_text(encoding='utf-8'))
    meant = 'under a minute' if seconds <= 60 else f'{-(-seconds//60)} minutes'
    if said and said[1] != meant: problems.append(f'{name}: the lesson says {said[1]}, nbs/results/lessons.json says {meant}')

commands = re.findall(r'^    (pip install uv && .*)$', (root/'README.md').read_text(encoding='utf-8'), flags=re.M)
run = (root/'.ci/run').read_text()
for c in commands:
    if c not in run: problems.append(f'README says {c!r}, which .ci/run does not run')
if len(commands) != 2: problems.append(f'README has {len(commands)} commands that install and run, expected 2')

files = subprocess.run(['git', 'ls-files'], cwd=root, capture_output=True, text=True, check=True).stdout.split()
problems += [f'{f} must not be committed' for f in files if Path(f).name in ('uv.lock', 'poetry.lock')]
if problems: sys.exit('\n'.join(problems))
