"""The shape of the tree, without running it: `python .ci/check.py [ROOT]` names what is out of shape by file, cell and
limit. Lessons and their cells, lines and functions, borders and floors of the rooms, names that fastai has, README's
commands, the settings of nbdev, files that must not be there."""
import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from configparser import ConfigParser
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from links import stale_files

CELLS, EXPORTED, CELL_LINES, SILENT = 80, 120, 20, 5         # of a lesson
WIDTH, FUNCTION_LINES, NOTEBOOK_BYTES = 120, 30, 1_000_000  # of everything

# a room imports only from rooms of lower floors, or from those that stand before it on its own floor
FLOORS = [
    'interrupts origins ranks help_texts checks files rng device plots budget moved',
    'data shapes10 decode sources.source sources.splits sources.folders sources.tables sources.cifar sources.parquet'
    ' sources.tiny_imagenet sources.archives sources.census sources.find fetch store load',
    'transforms one_by_one augment loaders preprocessing follow resizing rates schedule model ghost tricks speednet'
    ' callbacks distributed untouched rules doubts lr_finder editors history packing memory loader_memory plan'
    ' checkpoint training contenders',
    'predictions mistakes cam calibration interpret',
    'published build vitals cases recipes sizes schedule_files weights records runs ledger trials studies rate_studies'
    ' races challenger clinic wards image_files graphs share page designer report loops waits benchmarks speed scaling'
    ' speedrun gpu_runs practice.limits practice.answers practice.exercise practice.record practice.guesses '
    + ' '.join(f'practice.lesson_{n:02}' for n in range(16)) + ' practice.workshop exercises'
    ' practice.submissions practice.fence practice.grading',
    'site_pictures site_pages site cli __main__ all']
ROOMS = [room for floor in FLOORS for room in floor.split()]


def source(cell): return ''.join(cell['source'])


def is_export(cell): return bool(re.match(r'#\|\s*export', source(cell)))


def directive(cell, name): return bool(re.search(rf'^#\|\s*{name}\b', source(cell), re.M))


def notebooks(root):
    "Every notebook of the tree with its cells."
    return {p.relative_to(root).as_posix(): json.loads(p.read_text(encoding='utf-8'))['cells']
            for p in notebook_files(root)}


def notebook_files(root):
    return sorted(p for p in (root/'nbs').rglob('*.ipynb') if '.ipynb_checkpoints' not in p.parts)


def unreadable(root):
    "What stands in the way of everything else: a file that is no notebook, and cells that Python cannot read."
    for path in notebook_files(root):
        name, text = path.relative_to(root).as_posix(), path.read_text(encoding='utf-8')
        try: cells = json.loads(text)['cells']
        except (json.JSONDecodeError, KeyError, TypeError) as e:
            conflict = re.search(r'^<{7} ', text, re.M)
            yield f"{name}: {'holds a conflict of git' if conflict else f'is no notebook ({e})'}"
            continue
        for i,cell in enumerate(cells):
            if cell['cell_type'] == 'code' and (error := syntax_error(source(cell))): yield f'{name} [{i}]: {error}'


def syntax_error(code):
    "Why Python cannot read a cell, and where; None where it can."
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try: compile(as_python(code), 'cell', 'exec', flags)
    except SyntaxError as e: return f"line {e.lineno}, {(e.text or '').strip()!r}: {e.msg}"


def as_python(code):
    "A cell with what IPython makes of its magics."
    from IPython.core.inputtransformer2 import TransformerManager
    return TransformerManager().transform_cell(code) if re.search(r'^\s*[%!]|=\s*[%!]|\?\s*$', code, re.M) else code


def is_lesson(name): return bool(re.match(r'nbs/\d\d_\w+\.ipynb', name))


def outputs(cells): return [o for c in cells for o in c.get('outputs', [])]


def has_picture(cells):
    kinds = ('image/png', 'image/svg+xml', 'image/jpeg')
    return any(k in o.get('data', {}) for o in outputs(cells) for k in kinds)


def notebook_problems(root, name, cells):
    "What no notebook may have."
    text = (root/name).read_text(encoding='utf-8')
    size = len(text.encode())
    if size > NOTEBOOK_BYTES:
        sizes = [len(json.dumps(c)) for c in cells]
        yield (f'{name} [{sizes.index(max(sizes))}]: its largest cell has {max(sizes)/1e6:.2f} MB; the notebook has '
               f'{size/1e6:.2f}, at most {NOTEBOOK_BYTES/1e6:.0f}')
    if re.search(r'@@|/work/|/root/|/home/', text):
        yield f'{name}: holds a placeholder or a path of the machine that ran it'
    for i,cell in enumerate(cells):
        if cell['cell_type'] != 'code': continue
        yield from width_problems(f'{name} [{i}]', source(cell))
        yield from output_problems(f'{name} [{i}]', cell, is_lesson(name))
    if any(map(is_export, cells)) and not any(directive(c, 'default_exp') for c in cells) and not is_translation(name):
        yield f'{name}: exports cells, and has no cell #| default_exp that names their module'


def output_problems(where, cell, lesson):
    "Outputs that no notebook keeps."
    kept = outputs([cell])
    if any(o['output_type'] == 'error' for o in kept): yield f'{where}: keeps an error among its outputs'
    warning = next((''.join(o['text']).strip() for o in kept if o.get('name') == 'stderr'), None)
    if lesson and warning is not None: yield f'{where}: keeps a warning among its outputs: {warning[:90]}'


def width_problems(where, text):
    "Lines that are too long; nbdev writes the list of names."
    wide = [len(l) for l in text.splitlines() if len(l) > WIDTH and '__all__' not in l]
    if wide: yield f"{where}: {len(wide)} line{'s'[:len(wide) > 1]} over {WIDTH} characters, the longest {max(wide)}"


def link_problems(root, name, texts):
    "Links to files of the tree that are not there."
    for where,text in texts:
        text = re.sub(r'```.*?```|`[^`\n]*`', '', text, flags=re.S)
        for target in re.findall(r'\]\(([^)\s]+)\)', text):
            if re.match(r'[a-z]+:', target): continue
            path, _, anchor = target.partition('#')
            there = (root/name).parent.joinpath(path) if path else root/name
            if not there.exists(): yield f'{where}: links to {path}, which is not there'
            elif anchor and there.suffix == '.ipynb' and anchor not in anchors(there):
                yield f'{where}: links to #{anchor} of {path}, which has no such heading'


@lru_cache(maxsize=None)
def anchors(path):
    "The headings of a notebook as Jupyter names them in links: blanks are hyphens, nothing else changes."
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    text = '\n'.join(source(c) for c in cells if c['cell_type'] == 'markdown')
    return {h.strip().replace(' ', '-') for h in re.findall(r'^#+ (.*)$', text, flags=re.M)}


def page_problems(root):
    "The same for the pages in Markdown."
    for page in sorted(root.glob('*.md')):
        yield from link_problems(root, page.name, [(page.name, page.read_text(encoding='utf-8'))])


def is_page(name): return name.startswith('nbs/pages/')


def plain_page_problems(name, cells):
    "What a page may not have: it is read, so it exports nothing and keeps what its cells compute."
    for i,cell in enumerate(cells):
        if is_export(cell): yield f'{name} [{i}]: a page exports nothing'
        if cell['cell_type'] == 'code' and not cell.get('outputs'):
            yield f'{name} [{i}]: a page keeps the table that it computes'


def import_problems(name, cells):
    "What would make a library's warning the first output of a lesson: `onecycle_course` quiets it when it is imported."
    code = '\n'.join(source(c) for c in cells if c['cell_type'] == 'code')
    first = re.search(r'^ *(?:from|import) (fastai|onecycle_course)\b', code, re.M)
    if first and first.group(1) == 'fastai': yield f'{name}: import from onecycle_course before fastai'


def silence(cells):
    "(number of the cell that ends it, length) of the longest stretch of cells without an output, exported ones too."
    longest, at, here = 0, 0, 0
    for i,cell in enumerate(cells):
        here = 0 if cell.get('outputs') else here + 1
        if here > longest: longest, at = here, i
    return at, longest


def body(cells):
    "Where the steps begin and end: behind the first heading, before the closing parts."
    heads = [i for i,c in enumerate(cells) if c['cell_type'] == 'markdown' and re.match(r'##\s', source(c))]
    ends = [i for i in heads if re.match(r'## (In short|Exercises|Check yourself|Sources)', source(cells[i]))]
    return (heads[0] if heads else 0), (min(ends) if ends else len(cells))


def lesson_problems(name, cells):
    "What a lesson may not have."
    if len(cells) > CELLS: yield f'{name}: {len(cells)} cells, at most {CELLS}'
    lines = [l for c in cells if is_export(c) for l in source(c).splitlines()]
    exported = sum(bool(l.strip()) and not l.startswith('#|') for l in lines)
    if exported > EXPORTED: yield f'{name}: {exported} exported lines, at most {EXPORTED}'
    hidden = [i for i,c in enumerate(cells) if directive(c, 'hide')]
    if hidden: yield f'{name}: {len(hidden)} hidden cells, none in a lesson (the first is [{hidden[0]}])'
    if not has_picture(cells): yield f'{name}: keeps no picture'
    yield from card_problems(name, cells)
    yield from setup_problems(name, cells)
    first, last = body(cells)
    at, most = silence(cells[first:last])
    if most > SILENT: yield f'{name} [{first+at}]: {most} cells without an output, at most {SILENT}'
    for i,cell in enumerate(cells): yield from cell_problems(f'{name} [{i}]', cell, i)


def card_problems(name, cells):
    "What the card of a lesson lacks: one rule, under its one name."
    heads = [i for i,c in enumerate(cells) if source(c).strip() == '## In short']
    if not heads: yield f'{name}: has no part "In short"'
    elif source(cells[heads[0]+1]).count('**Rule.**') != 1:
        yield f'{name} [{heads[0]+1}]: the card says its rule once, after **Rule.**'


def setup_problems(name, cells):
    "What the setup cell of a lesson lacks: it asks what is there, installs the rest, and keeps every version."
    setups = [source(c) for c in cells if '%pip install' in source(c)]
    if len(setups) != 1: yield f'{name}: {len(setups)} cells install something, one does'
    for part in ('find_spec(', '%pip list --format=freeze > {there}', '%pip install -q -c {there} '):
        if not all(part in text for text in setups): yield f'{name}: the cell that installs lacks {part!r}'


def cell_problems(where, cell, i):
    "What a cell of a lesson may not have."
    text = source(cell)
    if cell['cell_type'] == 'markdown':
        if i > 1 and re.match(r'#+ ', text) and '\n' in text.strip():
            yield f'{where}: a heading stands alone in its cell'
        return
    lines = text.splitlines()
    if re.search(r'(?<!plt)\.style\.', text):
        yield f'{where}: the text of a pandas Styler is an address: round or format the values'
    if len(lines) > CELL_LINES: yield f'{where}: {len(lines)} lines, at most {CELL_LINES}'
    if is_export(cell) and mixes_imports(text): yield f'{where}: imports stand alone in their cell'


def mixes_imports(text):
    "Has a cell imports beside other statements? What says which names are passed on (`_all_`, `__getattr__`) is none."
    def passes_on(node): return isinstance(node, ast.Assign) and getattr(node.targets[0], 'id', '').startswith('_')
    kinds = {isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.parse(text).body if not passes_on(node)}
    return kinds == {True, False}


def is_translation(name): return bool(re.match(r'nbs/[a-z]{2}/\d\d_\w+\.ipynb', name))


def without_texts(code):
    "The names, numbers and signs of code: what stays when texts and comments are translated."
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return [t.string for t in tokens if t.type in (tokenize.NAME, tokenize.OP, tokenize.NUMBER)]


def translation_problems(name, cells, lesson, original):
    "Where the code of a translation is not that of its lesson. The cell that names a module stays away."
    codes = [{c['id']: c for c in many if c['cell_type'] == 'code' and not directive(c, 'default_exp')}
             for many in (cells, original)]
    theirs, ours = ({k: without_texts(source(c)) for k,c in many.items()} for many in codes)
    place = {c['id']: f'[{i}]' for i,c in enumerate(cells)}
    other = [place.get(k, f'{k} (missing)') for k in ours if theirs.get(k) != ours[k]]
    if other: yield f"{name}: its code is not that of {lesson} in the cells {', '.join(other)}"


def modules(root):
    "Every generated module with its name and its syntax tree."
    package = root/'onecycle_course'
    for p in sorted(package.rglob('*.py')):
        room = '.'.join(p.relative_to(package).with_suffix('').parts)
        if room.split('.')[-1] in ('_modidx', '__init__'): continue
        yield room, p.relative_to(root).as_posix(), ast.parse(p.read_text(encoding='utf-8'))


def imported(tree, room):
    "(line, room, names) of every import from the package."
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for a in node.names:
                if a.name.startswith('onecycle_course.'): yield node.lineno, a.name.split('.', 1)[1], []
        if not isinstance(node, ast.ImportFrom): continue
        names, module = [a.name for a in node.names], node.module or ''
        if node.level:
            above = room.split('.')[:-node.level]
            target = '.'.join([*above, *([module] if module else [])])
        elif module == 'onecycle_course' or module.startswith('onecycle_course.'): target = module.partition('.')[2]
        else: continue
        if target: yield node.lineno, target, names
        else: yield from ((node.lineno, n, []) for n in names if n in ROOMS)


def border_problems(room, file, tree):
    "Private names of other rooms, and imports from floors that are not below."
    if room not in ROOMS: yield f'{file}: the room {room} stands on no floor: give it a place in .ci/check.py'
    for line,target,names in imported(tree, room):
        private = [n for n in names if n.startswith('_')]
        if private: yield f'{file}:{line}: imports {private[0]} of {target}; a private name stays in its room'
        if target not in ROOMS or room not in ROOMS: continue
        if ROOMS.index(target) >= ROOMS.index(room):
            yield f'{file}:{line}: {room} imports {target}, which is not on a floor below'


def module_file(module):
    "The file of an installed module, found without importing it; None where it has none in Python."
    top, *rest = module.split('.')
    place = find_spec(top)
    if place is None or not place.origin: return None
    path = Path(place.origin).parent.joinpath(*rest)
    if (path/'__init__.py').exists(): return path/'__init__.py'
    return path.with_suffix('.py') if rest and path.with_suffix('.py').exists() else None


def bound(node, package):
    "The names that a statement binds."
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)): return {node.name}
    if isinstance(node, ast.Import): return {(a.asname or a.name).split('.')[0] for a in node.names}
    if isinstance(node, ast.AnnAssign): return {getattr(node.target, 'id', '')}
    if isinstance(node, ast.Assign): return {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    if not isinstance(node, ast.ImportFrom): return set()
    if node.names[0].name != '*': return {a.asname or a.name for a in node.names}
    above = package.split('.')[:len(package.split('.')) - node.level + 1] if node.level else []
    return given_by('.'.join([*above, *([node.module] if node.module else [])]))


def listed(tree):
    "The `__all__` of a module, None where it has none that can be read."
    for node in tree.body:
        if not isinstance(node, ast.Assign) or getattr(node.targets[0], 'id', '') != '__all__': continue
        if isinstance(node.value, ast.List): return {e.value for e in node.value.elts if isinstance(e, ast.Constant)}


@lru_cache(maxsize=None)
def given_by(module):
    "The names that `from module import *` gives."
    file = module_file(module)
    if file is None: return set()
    tree = ast.parse(file.read_text(encoding='utf-8'))
    names = listed(tree)
    if names is not None: return names
    package = module if file.name == '__init__.py' else module.rpartition('.')[0]
    return {name for name in names_of(tree, package) if not name.startswith('_')}


def names_of(tree, package):
    "The names that a module binds, also in the branches of its conditions."
    branches = [n for part in tree.body for n in (ast.walk(part) if isinstance(part, (ast.If, ast.Try)) else [part])]
    return {name for node in branches for name in bound(node, package)}


def collision_problems(root):
    "Names that `onecycle_course.all` would put in the place of fastai's."
    rooms = {room: (file, tree) for room,file,tree in modules(root)}
    theirs = given_by('fastai.vision.all')
    if 'Learner' not in theirs: yield 'fastai is not installed here: whether names collide with its names is not known'
    for _,room,names in imported(rooms['all'][1], 'all') if 'all' in rooms else ():
        file, tree = rooms.get(room, ('', ast.parse('')))
        foreign = [n for n in tree.body if isinstance(n, ast.ImportFrom) and not n.level
                   and not (n.module or '').startswith('onecycle_course')]
        ours = (listed(tree) or set() if names == ['*'] else set(names)) - {a.name for n in foreign for a in n.names}
        for name in sorted(ours & theirs): yield f'{file}: {name} is a name of fastai, which `all` would replace'


def source_problems(root, cells_of):
    "A module has one notebook, and that is there."
    homes = {}
    for name,cells in cells_of.items():
        module = next((m[1] for c in cells if (m := re.match(r'#\|\s*default_exp (\S+)', source(c)))), None)
        if module: homes.setdefault(module, []).append(name)
    for module,names in homes.items():
        if len(names) > 1: yield f"{' and '.join(names)} both export the module {module}"
    for _,file,_ in modules(root):
        notebook = made_from(root/file)
        if notebook and not (root/file).parent.joinpath(notebook).exists():
            yield f'{file}: is made from {Path(notebook).name}, which is not there: delete it'


def missing_names(root):
    "Imports of names that a room does not have, such as those of an exported cell that was deleted."
    known = {room: names_of(tree, f'onecycle_course.{room}'.rpartition('.')[0]) for room,_,tree in modules(root)}
    places = {}
    for where,room,tree in importers(root):
        for target,name in ((target, n) for _,target,names in imported(tree, room) for n in names if target in known):
            if name != '*' and not {name, '__getattr__'} & known[target] and f'{target}.{name}' not in known:
                places.setdefault((target, name), []).append(where)
    for (target,name),those in places.items():
        file = root/'onecycle_course'/f"{target.replace('.', '/')}.py"
        home = (file.parent/(made_from(file) or file.name)).resolve().relative_to(root).as_posix()
        cells = f"{', '.join(those[:4])}{', ...' if those[4:] else ''}"
        yield f"{home}: has no {name}, which is imported in {len(those)} place{'s'[:len(those) > 1]}: {cells}"


def importers(root):
    "(place, room, syntax tree) of the cells that import; of modules, those that are written by hand."
    for name,cells in notebooks(root).items():
        for i,cell in enumerate(cells):
            text = source(cell)
            if cell['cell_type'] == 'code' and re.search(r'^ *(from|import) ', text, re.M) and not syntax_error(text):
                yield f'{name} [{i}]', 'of a notebook', ast.parse(as_python(text))
    for room,file,tree in modules(root):
        if not made_from(root/file): yield file, room, tree


def made_from(file):
    "The notebook that a module names at its top, None where it is written by hand."
    found = re.search(r'^# AUTOGENERATED! .*: (\S+\.ipynb)', file.read_text(encoding='utf-8'), re.M)
    return found and found[1]


def function_problems(file, tree):
    "Functions that are too long, and several statements in a line."
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = node.end_lineno - node.body[0].lineno + 1
            where = f'{file}:{node.lineno}: {node.name}'
            if lines > FUNCTION_LINES: yield f'{where} has {lines} lines, at most {FUNCTION_LINES}'
        block = getattr(node, 'body', None)
        if isinstance(block, list) and any(a.lineno == b.lineno for a,b in zip(block, block[1:])):
            yield f'{file}:{block[0].lineno}: two statements in a line'


def time_problems(root, cells_of):
    "Lessons whose stated minutes are not those that were measured and counted."
    file = root/'nbs/results/lessons.json'
    if not file.exists(): return
    known = json.loads(file.read_text())['lessons']
    for name,cells in cells_of.items():
        if not is_lesson(name): continue
        told = known.get(Path(name).stem)
        if not isinstance(told, dict):
            yield f'{name}: nbs/results/lessons.json has no time for it: python .ci/lessons.py --keep {Path(name).stem}'
            continue
        head = next((source(c) for c in cells if '| Running |' in source(c)), '')
        for row in ('reading', 'running'):
            if f"| {row.capitalize()} | {told[row]} " not in head:
                yield f'{name}: {row} is {told[row]!r} in nbs/results/lessons.json, the lesson says something else'


def readme_problems(root):
    "README's two commands are those of .ci/run."
    commands = re.findall(r'^    (pip install uv && .*)$', (root/'README.md').read_text(encoding='utf-8'), flags=re.M)
    run = (root/'.ci/run').read_text()
    if len(commands) != 2: yield f'README has {len(commands)} commands that install and run, expected 2'
    for command in commands:
        if command not in run: yield f'README says {command!r}, which .ci/run does not run'


def settings_problems(root):
    "The table of nbdev 3 in pyproject.toml says what settings.ini says to nbdev 2."
    table = (root/'pyproject.toml').read_text(encoding='utf-8').partition('[tool.nbdev]\n')[2].partition('\n[')[0]
    told = dict(re.findall(r'^(\w+) *= *(.+)$', table, flags=re.M))
    if not told: yield 'pyproject.toml has no table [tool.nbdev]'
    parser = ConfigParser(delimiters=['='], interpolation=None)
    parser.read(root/'settings.ini', encoding='utf-8')
    for key,value in told.items():
        wanted, value = parser['DEFAULT'].get(key), str(json.loads(value))
        if wanted != value: yield f'pyproject.toml: {key} of [tool.nbdev] is {value}, settings.ini says {wanted}'
    needed = f"requires-python=\">={parser['DEFAULT']['min_python']}\""
    if needed not in (root/'pyproject.toml').read_text(encoding='utf-8'):
        yield f'pyproject.toml: settings.ini asks for {needed}'
    yield from refusal_problems(root, parser['DEFAULT'])


def fork_problems(root):
    "Links to Colab and GitHub that lead to another repository than settings.ini says."
    for path in stale_files(root):
        yield f'{path.relative_to(root)}: links to another repository than settings.ini says: run python .ci/links.py'


def refusal_problems(root, settings):
    "What makes nbdev_docs, nbdev_prepare, nbdev_proc_nbs and nbdev_readme stop before they write."
    if 'description' in settings: yield 'settings.ini: the description stands in pyproject.toml: nbdev_docs asks for it'
    if not (root/'_proc').is_file(): yield '_proc: is a file, so that nbdev_readme makes no folder of that name'


def file_problems(root):
    "Files that must not be committed."
    told = subprocess.run(['git', 'ls-files'], cwd=root, capture_output=True, text=True, check=True)
    for f in told.stdout.split():
        if Path(f).name in ('uv.lock', 'poetry.lock', 'pylock.toml'): yield f'{f} must not be committed'


def problems(root):
    "Everything that is out of shape; only what cannot be read, where something cannot."
    unread = list(unreadable(root))
    if unread:
        yield from unread
        return
    cells_of = notebooks(root)
    for name,cells in cells_of.items():
        yield from notebook_problems(root, name, cells)
        texts = [(f'{name} [{i}]', source(c)) for i,c in enumerate(cells) if c['cell_type'] == 'markdown']
        yield from link_problems(root, name, texts)
        if is_lesson(name): yield from lesson_problems(name, cells)
        lesson = f'nbs/{Path(name).name}'
        if is_translation(name): yield from translation_problems(name, cells, lesson, cells_of.get(lesson, []))
        if re.match(r'nbs/(exercises/|solutions/)?\d\d_', name): yield from import_problems(name, cells)
        if is_page(name): yield from plain_page_problems(name, cells)
    yield from source_problems(root, cells_of)
    yield from missing_names(root)
    yield from collision_problems(root)
    for room,file,tree in modules(root):
        yield from border_problems(room, file, tree)
        yield from function_problems(file, tree)
        yield from width_problems(file, (root/file).read_text(encoding='utf-8'))
    for script in sorted((root/'.ci').glob('*.py')):
        yield from width_problems(f'.ci/{script.name}', script.read_text(encoding='utf-8'))
    yield from time_problems(root, cells_of)
    yield from readme_problems(root)
    yield from settings_problems(root)
    yield from page_problems(root)
    yield from fork_problems(root)
    yield from file_problems(root)


if __name__ == '__main__':
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    found = list(dict.fromkeys(problems(root)))
    print('\n'.join(found))
    if found: sys.exit('1 place is out of shape' if len(found) == 1 else f'{len(found)} places are out of shape')
    print('in shape')
