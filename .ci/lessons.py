"""Runs every lesson from top to bottom in a fresh kernel, as "Run all" in plain Jupyter does: offline, without data
sets, without flags.

    python .ci/lessons.py                      all lessons at the `ci` budget; nothing is written
    python .ci/lessons.py --keep 04_lr_finder  at the `cpu` budget; keeps outputs, writes the times that are stated
    python .ci/lessons.py --times              writes the times that are known once more, without running anything
    python .ci/lessons.py --keep teaching      the same for a page that computes a table; its time is not stated
    python .ci/lessons.py --keep command       the same for the reference of the command, at the `ci` budget
    python .ci/lessons.py --outside            copies in empty folders, with the package that is installed
    python .ci/lessons.py --jobs 1             one at a time, where cores or memory are short; one a core by default
    python .ci/lessons.py --passed FILE        notes lessons that ran through, and leaves them out while they, the
                                               package and the recorded results are as they were
"""
import argparse
import hashlib
import json
import math
import os
import re
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

root = Path(__file__).resolve().parent.parent
TIMES = root/'nbs/results/lessons.json'
COMMAND = root/'nbs/library/command.ipynb'
WORDS_A_MINUTE, CODE_LINES_A_MINUTE = 180, 20
SMALLER = {'n_train=6000': 'n_train=1000', 'num_it=150': 'num_it=50', 'epochs=6': 'epochs=1'}  # the index at `ci`
MARKS = '<!-- lessons: written by `python .ci/lessons.py --times` -->', '<!-- end of lessons -->'


def lessons(names=()):
    "The notebooks of all lessons, or of those that are named, which may also be pages and the command's reference."
    found = [*sorted(root.glob('nbs/[0-9][0-9]_*.ipynb')), root/'nbs/index.ipynb']
    others = [*sorted(root.glob('nbs/pages/*.ipynb')), COMMAND]
    return [p for p in [*found, *others] if p.stem in names] if names else found


def environment(budget, nowhere, outside=False):
    "What a kernel sees: the budget, no data set, no way out to the net, and outside of the clone no clone."
    closed = {k: 'http://127.0.0.1:9' for k in ('http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY')}
    places = '' if outside else os.pathsep.join(filter(None, [str(root), os.environ.get('PYTHONPATH')]))
    return closed | dict(ONECYCLE_BUDGET=budget, ONECYCLE_DATA=nowhere, NO_ALBUMENTATIONS_UPDATE='1', MPLBACKEND='',
                         PYTHONPATH=places, PYTHONWARNINGS='', PIP_NO_INDEX='1', no_proxy='')


def smaller(notebook):
    "The index with fewer images and epochs."
    for old,new in SMALLER.items():
        cells = [c for c in notebook.cells if c.cell_type == 'code' and old in c.source]
        if not cells: raise ValueError(f'.ci/lessons.py makes {old!r} smaller in the index, which does not hold it')
        for cell in cells: cell.source = cell.source.replace(old, new)


def execute(path, budget, outside=False):
    """(the notebook with its outputs, seconds); the first error ends it. Outside of the clone, it runs in a folder of
    its own."""
    import nbformat
    from nbclient import NotebookClient
    notebook = nbformat.read(path, 4)
    if path.stem == 'index' and budget == 'ci': smaller(notebook)
    with tempfile.TemporaryDirectory() as nowhere:
        kernel_env = {**os.environ, **environment(budget, nowhere, outside)}
        for name in ('MPLBACKEND', 'PYTHONPATH', 'PYTHONWARNINGS'):
            if not kernel_env[name]: kernel_env.pop(name)
        if path == COMMAND: kernel_env['PYTHONWARNINGS'] = 'ignore'  # a library's, which names this machine's folders
        if outside: shutil.copy(path, nowhere)
        here = dict(metadata=dict(path=nowhere if outside else str(path.parent)))
        patience = dict(timeout=1800, startup_timeout=600, iopub_timeout=600, raise_on_iopub_timeout=True)
        client = NotebookClient(notebook, kernel_name='python3', resources=here, **patience)
        start = time.perf_counter()
        client.execute(env=kernel_env)
    return notebook, time.perf_counter() - start


def warnings_in(notebook):
    "What the cells of an executed notebook wrote to stderr, which Jupyter shows in red."
    outputs = [out for c in notebook.cells if c.cell_type == 'code' for out in c.outputs]
    return [out.text.strip() for out in outputs if out.get('name') == 'stderr']


def timed(path, budget, outside=False):
    "(seconds that a lesson takes from top to bottom, on one core; what it wrote to stderr)."
    os.environ['OMP_NUM_THREADS'] = '1'
    notebook, seconds = execute(path, budget, outside)
    return seconds, warnings_in(notebook)


def longest_first(paths):
    "Lessons in the order in which several cores are done with them soonest."
    known = json.loads(TIMES.read_text()).get('lessons', {}) if TIMES.exists() else {}
    return sorted(paths, key=lambda path: known.get(path.stem, {}).get('seconds', math.inf), reverse=True)


def line_on(path, seconds, warned):
    "A line on a lesson that ran, and what it wrote to stderr."
    return '\n'.join([f'{path.stem}: {seconds:.0f} s', *(f'    in red: {text}' for text in warned)])


def note(file, line):
    "Put a line at the end of a file."
    with file.open('a') as opened: print(line, file=opened)


def beside():
    "Everything that lies beside the lessons, also what git ignores or does not see, such as an empty folder."
    return {p for p in root.glob('nbs/**/*') if '.ipynb_checkpoints' not in p.parts}


def digests(paths, *how):
    "A sum for every lesson, of what decides whether it runs through: its cells, the package, the results, and how."
    package = [*sorted(root.glob('onecycle_course/**/*.py')), *sorted(root.glob('nbs/results/*.json'))]
    common = hashlib.sha256(b''.join([repr(how).encode(), *(p.read_bytes() for p in package)]))
    sums = {}
    for path in paths:
        sums[path] = common.copy()
        sums[path].update(path.read_bytes())
    return {path: s.hexdigest() for path,s in sums.items()}


def run_all(paths, budget, outside=False, jobs=None, notes=None):
    "Run lessons, one a core; the first error ends it, and so does what a lesson leaves beside itself."
    before, sums = beside(), digests(paths, budget, outside)
    passed = notes.read_text().split() if notes and notes.exists() else ()
    if passed: print(f'{sum(s in passed for s in sums.values())} lessons passed before', flush=True)
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        todo = [p for p in longest_first(paths) if sums[p] not in passed]
        running = {pool.submit(timed, p, budget, outside): p for p in todo}
        for done in as_completed(running):
            try:
                print(line_on(running[done], *done.result()), flush=True)
                if notes: note(notes, sums[running[done]])
            except Exception:
                print(f'{running[done].stem} stopped', flush=True)
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    left = sorted(str(p.relative_to(root)) for p in beside() - before)
    if left: sys.exit(f"left behind by a lesson: {', '.join(left)}")


def lines(text): return text.splitlines(True) if isinstance(text, str) else text


def settled(value, name):
    "HTML in which the ids of a styled table follow from its cell, so that they stay when the cell runs again."
    if not isinstance(value, str): return value
    found = dict.fromkeys(re.findall(r'T_[0-9a-f]{5}(?=["_])', value))
    for i,old in enumerate(found): value = value.replace(old, f'T_{name}' + (f'_{i}' if i else ''))
    return value


def joined(outputs):
    "Outputs in which what was printed in pieces is whole: how often a kernel sends what it has is a matter of time."
    whole = []
    for out in outputs:
        last = whole[-1] if whole else {}
        if 'text' in out and last.get('name') == out['name']: last['text'] += out['text']
        else: whole.append(out)
    return whole


def clean_output(out, name):
    "An output without what changes from run to run, in the form in which notebooks are kept."
    if 'execution_count' in out: out['execution_count'] = None
    if 'metadata' in out: out['metadata'] = {}
    if 'text' in out: out['text'] = lines(out['text'])
    for kind,value in out.get('data', {}).items():
        if kind == 'text/html': value = settled(value, name)
        if kind != 'image/png': out['data'][kind] = lines(value)
    return out


def without_clock(text):
    "A text without dates, seconds, temporary folders, and the columns and rows of tables that hold seconds."
    text = re.sub(r'\b20\d\d-\d\d-\d\d\b|\b\d+(\.\d+)? s(econds)?\b|/tmp/tmp\w+', '', text)
    text = re.sub(r'^( *\d+ +[\d.]+) +[\d.]+(?= )', r'\1', text, flags=re.M) if ' seconds ' in text else text
    table = [re.findall(r'<t[hd].*?>(.*?)</t[hd]>', row, re.S) for row in re.findall(r'<tr.*?</tr>', text, re.S)]
    if not table: return text
    clocks = [i for i,name in enumerate(table[0]) if name in ('seconds', 'time')]
    rows = [[v for i,v in enumerate(row) if i not in clocks] for row in table if not row[0].startswith('seconds')]
    return re.sub(r'<table.*?</table>', '', text, flags=re.S), rows


def timeless(output):
    "What an output shows, without what a clock says. The text of a table says what its HTML says."
    shown = {kind: ''.join(value) for kind,value in output.get('data', dict(text=output.get('text', ''))).items()}
    if 'text/html' in shown: shown.pop('text/plain', None)
    return {kind: value if kind == 'image/png' else without_clock(value) for kind,value in shown.items()}


def keep(path, executed):
    """The outputs of an executed notebook, put into the file. Those that differ by seconds and dates only stay, as all
    else in the file does."""
    kept = json.loads(path.read_text(encoding='utf-8'))
    for cell,run in zip(kept['cells'], executed.cells):
        if cell['cell_type'] != 'code': continue
        new = [clean_output(o, cell['id']) for o in joined(json.loads(json.dumps(run.outputs)))]
        if [timeless(o) for o in new] != [timeless(o) for o in cell['outputs']]: cell['outputs'] = new
        cell['execution_count'] = None
    save(path, kept)


def save(path, notebook): path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')


def minutes(value):
    "A time in words."
    n = math.ceil(value)
    return 'under a minute' if value < .9 else f"{n} minute{'s'*(n > 1)}"


def reading(path):
    "How long a lesson takes to read: its words and its lines of code."
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    texts = {kind: [''.join(c['source']) for c in cells if c['cell_type'] == kind] for kind in ('markdown', 'code')}
    words = sum(len(t.split()) for t in texts['markdown'])
    code = sum(bool(l.strip()) for t in texts['code'] for l in t.splitlines())
    return minutes(words/WORDS_A_MINUTE + code/CODE_LINES_A_MINUTE)


def machine():
    "What the times were measured on."
    from onecycle_course.device import machine
    return machine()


def measured_on(machine):
    "What a lesson says of a machine."
    return {k: machine[k] for k in ('device', 'precision', 'date')}


def still_holds(told, seconds, machine):
    "Is the time that is told of a lesson within a quarter of this one, on the same kind of machine?"
    same = all(told.get(k) == machine[k] for k in ('device', 'precision'))
    return same and abs(seconds - told['seconds']) <= told['seconds']/4


def write_times(times, measured=None):
    """The record of the times, the two rows in the head of every lesson, and the table of the index. Every lesson has
    the machine that it ran on, since not all are run on the same day; a time that still holds stays."""
    record = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    known = {k: measured_on(record['machine']) | v for k,v in record.get('lessons', {}).items()}
    times = {k: v for k,v in times.items() if not still_holds(known.get(k, {}), v, measured)}
    for name,seconds in times.items():
        known[name] = dict(seconds=round(seconds), running=minutes(seconds/60)) | measured_on(measured)
    stems = [p.stem for p in lessons()]
    known = {k: known[k] | dict(reading=reading(root/f'nbs/{k}.ipynb')) for k in stems if k in known}
    facts = dict(unit='seconds from top to bottom in a fresh kernel', budget='cpu')
    facts |= dict(reading=f'{WORDS_A_MINUTE} words and {CODE_LINES_A_MINUTE} lines of code a minute')
    facts |= dict(machine=measured if times else record.get('machine'))
    TIMES.write_text(json.dumps(dict(lessons=known, **facts), indent=1) + '\n')
    for name,told in known.items(): write_head(root/f'nbs/{name}.ipynb', told)
    write_index(known)


def rewrite(path, change):
    "A notebook's Markdown changed cell by cell; the file is written where something differs."
    notebook = json.loads(path.read_text(encoding='utf-8'))
    before = json.dumps(notebook)
    for cell in notebook['cells']:
        if cell['cell_type'] == 'markdown': cell['source'] = change(''.join(cell['source'])).splitlines(True)
    if json.dumps(notebook) != before: save(path, notebook)


def ran_on(told):
    "The machine of a lesson's time in words: cores of a CPU, or the name of a GPU."
    threads = re.search(r', (\d+) threads?$', told['device'])
    if not threads: return f"on a GPU, {told['device']}, in {told['precision']} ({told['date']})"
    n = int(threads[1])
    number = {1: 'one', 2: 'two', 4: 'four', 8: 'eight'}.get(n, n)
    return f"on {number} CPU core{'s'*(n > 1)} in {told['precision']} ({told['date']}); on a GPU not measured yet"


def write_head(path, told):
    "The rows Reading and Running of a lesson's head."
    rows = dict(Reading=told['reading'], Running=f"{told['running']} {ran_on(told)}")
    def change(text):
        for name,value in rows.items():
            text = re.sub(rf'^\| {name} \|.*\|$', lambda _: f'| {name} | {value} |', text, flags=re.M)
        return text
    rewrite(path, change)


def head(path):
    "(title, question) of a lesson."
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    text = next(''.join(c['source']) for c in cells if ''.join(c['source']).startswith('# '))
    question = re.search(r'^> (.*)$', text, flags=re.M)
    return text.splitlines()[0][2:], question[1] if question else ''


def write_index(known):
    "The table of lessons in the index."
    badge = '[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]'
    colab = 'https://colab.research.google.com/github/onecycle-course/onecycle_course/blob/main/nbs'
    rows = ['| lesson | question | reading | running | open |', '| --- | --- | --- | --- | --- |']
    for path in lessons():
        if path.stem == 'index': continue
        title, question = head(path)
        told = known.get(path.stem, dict(reading='', running=''))
        link = f'[{path.stem[:2]} {title}]({path.name})'
        rows.append(f"| {link} | {question} | {told['reading']} | {told['running']} | {badge}({colab}/{path.name}) |")
    table = f'{MARKS[0]}\n\n' + '\n'.join(rows) + f'\n\n{MARKS[1]}'
    pattern = re.escape(MARKS[0]) + '.*?' + re.escape(MARKS[1])
    rewrite(root/'nbs/index.ipynb', lambda text: re.sub(pattern, lambda _: table, text, flags=re.S))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='*', help='lessons, such as 04_lr_finder; all by default')
    parser.add_argument('--keep', action='store_true', help='keep outputs and times')
    parser.add_argument('--times', action='store_true', help='only write the times once more')
    parser.add_argument('--outside', action='store_true', help='outside of the clone')
    parser.add_argument('--budget', help="'ci' by default, 'cpu' with --keep")
    parser.add_argument('--jobs', type=int, help='how many at a time; one a core by default')
    parser.add_argument('--passed', type=Path, help='a file that is made, or goes on')
    asked = parser.parse_args()
    if asked.times: return write_times({})
    found = lessons(asked.names)
    missing = set(asked.names) - {p.stem for p in found}
    if missing: sys.exit(f"there is no lesson {', '.join(sorted(missing))}")
    if not asked.keep: return run_all(found, asked.budget or 'ci', asked.outside, asked.jobs, asked.passed)
    [teaching], before = lessons(['teaching']), TIMES.read_bytes() if TIMES.exists() else b''
    for path in found:
        notebook, seconds = execute(path, asked.budget or ('ci' if path == COMMAND else 'cpu'))
        print(f'{path.stem}: {seconds:.0f} s', flush=True)
        keep(path, notebook)
        if path.parent.name == 'nbs': write_times({path.stem: seconds}, machine())
    if TIMES.read_bytes() != before: keep(teaching, execute(teaching, 'cpu')[0])  # it adds up the times


if __name__ == '__main__': main()
