"""Links to the course's own repository in step with settings.ini: after a fork has changed `user` there,
`python .ci/links.py` rewrites them in notebooks, README and scripts."""
import re
from configparser import ConfigParser
from pathlib import Path

PLACES = 'nbs/**/*.ipynb', 'README.md', 'CONTRIBUTING.md', '.ci/*'


def repository(root):
    "Such as ('user/repo', 'main')."
    parser = ConfigParser(delimiters=['='])
    parser.read(root/'settings.ini', encoding='utf-8')
    return parser['DEFAULT']['git_url'].removeprefix('https://github.com/'), parser['DEFAULT']['branch']


def in_step(text, repo, branch):
    "The text with links to this repository, where it had some to one of the same name."
    name = re.escape(repo.partition('/')[2])
    before = r"(github\.com/|com/github/|githubusercontent\.com/|REPO = ')"
    text = re.sub(rf'{before}[A-Za-z0-9-]+/{name}(?![\w.-])', rf'\g<1>{repo}', text)
    return re.sub(rf'({re.escape(repo)}/(?:blob|tree)/)[\w.-]+', rf'\g<1>{branch}', text)


def stale_files(root):
    "Path -> text, of the files whose links are not those of settings.ini."
    repo, branch = repository(root)
    texts = {p: p.read_text(encoding='utf-8') for pattern in PLACES for p in sorted(root.glob(pattern)) if p.is_file()}
    return {p: new for p,old in texts.items() if (new := in_step(old, repo, branch)) != old}


if __name__ == '__main__':
    root = Path(__file__).resolve().parent.parent
    for path,text in stale_files(root).items():
        path.write_text(text, encoding='utf-8', newline='\n')
        print(path.relative_to(root))
