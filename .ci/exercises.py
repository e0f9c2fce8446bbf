"""The notebooks of exercises and of solutions, made of nbs/library/practice.

    python .ci/exercises.py          writes nbs/exercises and nbs/solutions
    python .ci/exercises.py --check  says what is out of step; nothing is written
    python .ci/exercises.py --test   starting code, solution and wrong answers of every exercise, and how many there are
    python .ci/exercises.py --test --seeds 100   the same with so many inputs in place of three
"""
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

root = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root))
FOLDERS = 'exercises', 'solutions'


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


def main():
    if '--test' in sys.argv: return test(int(sys.argv[sys.argv.index('--seeds')+1]) if '--seeds' in sys.argv else 3)
    made = wanted()
    paths = out_of_step(made)
    if '--check' in sys.argv:
        names = [p.relative_to(root).as_posix() for p in paths]
        if names: sys.exit(f"out of step with nbs/library/practice: {', '.join(names)}; run python .ci/exercises.py")
        return print(f'{len(made)} notebooks of exercises and solutions are in step')
    write(made, paths)
    for path in paths: print(f'{"written" if path in made else "removed"}: {path.relative_to(root)}')


if __name__ == '__main__': main()
