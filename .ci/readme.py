"""README.md is index.ipynb as Markdown: `python .ci/readme.py` writes it and the pictures that it shows; `--check` only
compares."""
import base64
import json
import re
import sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent


def source(cell): return ''.join(cell['source']).strip()


def output(out, number):
    "One output of a cell as (Markdown, picture or None)."
    data = {k: ''.join(v) for k,v in out.get('data', {}).items()}
    if 'image/png' in data:
        return f'![From data to a trained network](images/index_{number}.png)', base64.b64decode(data['image/png'])
    return data.get('text/markdown', ''), None


def code(text):
    "A cell's code without nbdev's directives."
    return '```python\n' + '\n'.join(l for l in text.splitlines() if not l.startswith('#|')) + '\n```'


def convert():
    "The text of README.md and its pictures by name."
    parts, pictures = [], {}
    for cell in json.loads((root/'nbs'/'index.ipynb').read_text(encoding='utf-8'))['cells']:
        text = source(cell)
        if cell['cell_type'] == 'markdown': parts.append(text)
        if cell['cell_type'] != 'code': continue
        if not text.startswith('#| echo: false'): parts.append(code(text))
        for out in cell['outputs']:
            shown, picture = output(out, len(pictures))
            if shown: parts.append(shown)
            if picture: pictures[f'index_{len(pictures)}.png'] = picture
    return '\n\n'.join(parts) + '\n', pictures


def at_the_root(text):
    "Links relative to nbs/ as links relative to the root."
    text = re.sub(r'\]\((?!https?:|#|\.\./|images/)([^)]+)\)', r'](nbs/\1)', text)
    return text.replace('](../', '](')


def main(check):
    text, pictures = convert()
    wanted = {root/'README.md': at_the_root(text).encode(), **{root/'images'/n: p for n,p in pictures.items()}}
    stale = [p.relative_to(root) for p,c in wanted.items() if not p.exists() or p.read_bytes() != c]
    if check and stale:
        sys.exit(f"not in step with nbs/index.ipynb: {', '.join(map(str, stale))}; run python .ci/readme.py")
    for p,c in wanted.items(): p.write_bytes(c)


main('--check' in sys.argv)
