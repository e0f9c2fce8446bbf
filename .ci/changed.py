"""The one command before a commit: exports, cleans, brings README in step, checks the shape, and tests what changed.

    python .ci/changed.py         notebooks that differ from the last commit
    python .ci/changed.py --all   every notebook
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent


def run(*command, **environment):
    "A command's success; what it prints is shown."
    return subprocess.run(command, cwd=root, env={**os.environ, **environment}).returncode == 0


def test_environment():
    "What the tests' processes see."
    lines = (root/'.ci/test.env').read_text(encoding='utf-8').splitlines()
    return dict(line.split('=', 1) for line in lines if '=' in line and not line.startswith('#'))


def changed_notebooks():
    "Notebooks that differ from the last commit, new ones too."
    told = subprocess.run(['git', 'status', '--porcelain', '-uall', 'nbs'], cwd=root, capture_output=True, text=True, check=True)
    names = [line[3:].split(' -> ')[-1].strip('"') for line in told.stdout.splitlines()]
    return [n for n in names if n.endswith('.ipynb') and (root/n).exists()]


def with_tests(names):
    "The same with the notebooks of tests that import a module which changed."
    modules = set()
    for name in names:
        cells = json.loads((root/name).read_text(encoding='utf-8'))['cells']
        found = re.search(r'#\| *default_exp (\S+)', ''.join(''.join(c['source']) for c in cells))
        if found: modules.add(found[1])
    tests = [p.relative_to(root).as_posix() for p in sorted((root/'nbs/tests').glob('*.ipynb'))]
    def imports(path): return any(f'onecycle_course.{m} import' in (root/path).read_text(encoding='utf-8') for m in modules)
    return [*names, *(t for t in tests if t not in names and imports(t))]


def edited_modules():
    "Generated modules that were edited by hand: they differ from the last commit while their notebook does not."
    told = subprocess.run(['git', 'diff', '--name-only', 'HEAD', '--', 'onecycle_course'], cwd=root, capture_output=True, text=True)
    return [f for f in told.stdout.split() if f.endswith('.py')]


def main():
    names = sorted(p.relative_to(root).as_posix() for p in (root/'nbs').rglob('*.ipynb')) if '--all' in sys.argv else changed_notebooks()
    before = {f: (root/f).read_bytes() for f in edited_modules() if (root/f).exists()}
    done = {'export': run('nbdev_export'), 'clean': run('nbdev_clean')}
    lost = [f for f,text in before.items() if (root/f).read_bytes() != text]
    for f in lost:
        (root/f'{f}.edited').write_bytes(before[f])
        print(f'{f} was edited by hand and is made from a notebook: your version is kept as {f}.edited, move the change to the notebook')
    done['README'] = run(sys.executable, '.ci/readme.py')
    done['exercises'] = run(sys.executable, '.ci/exercises.py')
    done['shape'] = run(sys.executable, '.ci/check.py')
    for name in with_tests(names):
        print(f'testing {name}', flush=True)
        done[name] = run('nbdev_test', '--path', name, **test_environment())
    failed = [k for k,ok in done.items() if not ok]
    print(f"\n{len(done)} steps done: {', '.join(done)}")
    if failed: sys.exit(f"failed: {', '.join(failed)}")
    print('all passed')


if __name__ == '__main__': main()
