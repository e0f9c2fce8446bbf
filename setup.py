"The package's metadata, read from settings.ini: the one place where it stands."
from configparser import ConfigParser
from pathlib import Path
from setuptools import setup
from setuptools.command.build_py import build_py
from shutil import copytree

here = Path(__file__).parent
parser = ConfigParser(delimiters=['='])
parser.read(here/'settings.ini', encoding='utf-8')
cfg = parser['DEFAULT']
extras = {k.removesuffix('_requirements'): v.split() for k,v in cfg.items() if k.endswith('_requirements')}
extras['dev'] = [package for packages in extras.values() for package in packages]  # who develops tests every extra

class BuildWithResults(build_py):
    "The recorded results travel with the package, so that lessons find them outside of a clone."
    def run(self):
        super().run()
        to = Path(self.build_lib)/'onecycle_course/results'
        if not self.editable_mode: copytree(here/'nbs/results', to, dirs_exist_ok=True)


setup(
    cmdclass={'build_py': BuildWithResults},
    version=cfg['version'],
    keywords=cfg['keywords'],
    install_requires=cfg['requirements'].split(),
    extras_require=extras,
    entry_points=dict(console_scripts=cfg['console_scripts'].split(),
                      nbdev=[f"{cfg['lib_name']}={cfg['lib_path']}._modidx:d"]),
    url=cfg['git_url'],
)
