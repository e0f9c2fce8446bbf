"""The notebooks of exercises and of solutions, made of nbs/library/practice.

    python .ci/exercises.py          writes nbs/exercises and nbs/solutions
    python .ci/exercises.py --check  says what is out of step; nothing is written
    python .ci/exercises.py --test   starting code, solution and wrong answers of every exercise, and how many there are
    python .ci/exercises.py --test --seeds 100   the same with so many inputs in place of three
    python .ci/exercises.py --hand-out FOLDER 04_lr_finder ...   lessons and their exercises without the solutions
"""
import argparse
import json
import os
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

root = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root))
FOLDERS = 'exercises', 'solutions'
PAGES = 'pages/glossary.ipynb', 'pages/cheat_sheet.ipynb'
ADDRESS = 'https://github.com/onecycle-course/onecycle_course/blob/main'
TO_SOLUTIONS = r'; there are \[solutions\]\(solutions/\w+\.ipynb\), too| \[Solutions\]\(\.\./solutions/\w+\.ipynb\)\.'


def sources():
    "The notebooks in which exercises are written."
    return sorted((root/'nbs/library/practice').glob('lesson_[0-9][0-9].ipynb'))


def lesson_of(source):
    "(name, title) of the lesson to which exercises belong."
    import nbformat
    found = sorted((root/'nbs').glob(f'{source.stem[-2:]}_*.ipynb'))
    if len(found) != 1: sys.exit(f'{source.name}: there is no lesson {source.stem[-2:]}')
    texts = [c.source for c in nbformat.read(found[0], 4).cells]
    return found[0].stem, next(m[1] for t in texts if (m := re.match(r'# (.+)', t)))


def wanted():
    "Path -> text of every notebook that is made."
    from onecycle_course.exercises import all_exercises
    from onecycle_course.practice.workshop import learners_notebook
    all_exercises()
    made = {}
    for source in sources():
        stem, title = lesson_of(source)
        for folder in FOLDERS: made[root/'nbs'/folder/f'{stem}.ipynb'] = learners_notebook(source, stem, title, folder)
    return made


def out_of_step(made):
    "Notebooks whose text is another one, and those that nothing is the source of."
    here = {p for folder in FOLDERS for p in (root/'nbs'/folder).glob('*.ipynb')}
    known = here & set(made)
    changed = {p for p in known if p.read_text(encoding='utf-8') != made[p]}
    return sorted((here | set(made)) - known | changed)


def write(made, paths):
    "Bring notebooks in step."
    for path in paths:
        if path not in made: path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(made[path], encoding='utf-8')


def tried(source, seeds):
    "(exercises, wrong answers that are refused, what is wrong) of a lesson."
    from onecycle_course.exercises import all_exercises
    from onecycle_course.practice.workshop import try_out
    all_exercises()
    try: found = try_out(source, seeds)
    except AssertionError as e: return 0, 0, f'{source.stem}: {e}'
    return len(found), int(found.refused.sum()), ''


def test(seeds):
    "Try out every exercise, a lesson a process."
    start, paths = time.perf_counter(), sources()
    with ProcessPoolExecutor(2) as pool: found = list(pool.map(tried, paths, [seeds]*len(paths)))
    for source,(exercises,refused,_) in zip(paths, found):
        print(f'{source.stem}: {exercises} exercises, {refused} wrong answers refused')
    exercises, refused, said = zip(*found)
    print(f'{sum(exercises)} exercises, {sum(refused)} wrong answers refused with the hint meant for them, '
          f'{time.perf_counter() - start:.0f} s')
    if any(said): sys.exit('\n'.join(filter(None, said)))


def for_learners(text, file, given):
    "Markdown of a notebook that is handed out: no link to solutions, and to what is not given a link to the course."
    def address(link):
        target = os.path.normpath(file.parent/link[1])
        if target in given: return link[0]
        place = ADDRESS.replace('/blob/', '/raw/') if target.endswith('.svg') else ADDRESS
        return '](' + f'{place}/nbs/{target}'.replace('/nbs/..', '')
    return re.sub(r'\]\((?![a-z]+:|#)([^)#\s]+)', address, re.sub(TO_SOLUTIONS, '', text))


def hand_out(to, names):
    "Lessons, all or those that are named, with their exercises and the pages to look things up, in a new folder."
    known = sorted(p.stem for p in (root/'nbs').glob('[0-9][0-9]_*.ipynb'))
    odd = ', '.join(sorted(set(names) - set(known)))
    if odd: sys.exit(f"there is no lesson {odd}: the lessons are {', '.join(known)}")
    if to.exists(): sys.exit(f'{to} is there already: name a new folder')
    given = [*PAGES, *(f'{folder}{stem}.ipynb' for stem in names or known for folder in ('', 'exercises/'))]
    for name in given:
        notebook = json.loads((root/'nbs'/name).read_text(encoding='utf-8'))
        for cell in [c for c in notebook['cells'] if c['cell_type'] == 'markdown']:
            cell['source'] = for_learners(''.join(cell['source']), Path(name), given).splitlines(True)
        (to/name).parent.mkdir(parents=True, exist_ok=True)
        (to/name).write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')
    print(f'{len(given)} notebooks without solutions are in {to}')


def asked():
    "What the command line asks for; a word that is not known is refused."
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument('--check', action='store_true', help='only say what is out of step')
    ways.add_argument('--test', action='store_true', help='try out every exercise')
    ways.add_argument('--hand-out', metavar='FOLDER', type=Path, help='a new folder')
    parser.add_argument('--seeds', type=int, default=3, help='with --test: so many inputs')
    parser.add_argument('names', nargs='*', help='with --hand-out: lessons, such as 04_lr_finder; all by default')
    found = parser.parse_args()
    if found.names and not found.hand_out: parser.error(f"lessons are named with --hand-out, got {found.names[0]}")
    return found


def main():
    options = asked()
    if options.hand_out: return hand_out(options.hand_out, options.names)
    if options.test: return test(options.seeds)
    made = wanted()
    paths = out_of_step(made)
    if options.check:
        names = [p.relative_to(root).as_posix() for p in paths]
        if names: sys.exit(f"out of step with nbs/library/practice: {', '.join(names)}; run python .ci/exercises.py")
        return print(f'{len(made)} notebooks of exercises and solutions are in step')
    write(made, paths)
    for path in paths: print(f'{"written" if path in made else "removed"}: {path.relative_to(root)}')


if __name__ == '__main__': main()
