"""What the range tests of other packages read off the curves that the studies have recorded, for comparison.

    uv run --extra dev python .ci/peers.py     runs them, and writes nbs/results/peers.json

Each package is fetched into a folder of its own and runs beside this environment's torch. torch-lr-finder runs its own
test, whose criterion gives the recorded losses back; it smooths and stops by itself. Lightning's finder gets the
recorded losses, smoothed with 0.98 and debiased as its callback does it.
"""
import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from itertools import combinations
from pathlib import Path

root = Path(__file__).resolve().parent.parent
RESULTS = root/'nbs/results'
PEERS = {  # name in tables -> (package, version, what it needs besides torch)
    'torch-lr-finder': ('torch-lr-finder', '0.2.2', ()),
    'Lightning 2.5.2': ('pytorch-lightning', '2.5.2', ('lightning-utilities', 'torchmetrics', 'packaging', 'fsspec')),
    'Lightning 2.6.6': ('pytorch-lightning', '2.6.6', ('lightning-utilities', 'torchmetrics', 'packaging', 'fsspec'))}


def torch_lr_finder(lrs, losses, smoothed):
    "Run its range test on losses that are known; it takes the steepest point."
    import matplotlib.pyplot as plt
    import torch
    from torch.utils.data import DataLoader, TensorDataset
    from torch_lr_finder import LRFinder
    left = iter(losses)
    net = torch.nn.Linear(1, 1)
    def replay(pred, target): return pred.sum()*0 + next(left)
    batches = DataLoader(TensorDataset(torch.zeros(2, 1), torch.zeros(2, 1)))
    finder = LRFinder(net, torch.optim.SGD(net.parameters(), lr=lrs[0]), replay, device='cpu')
    n = len(losses)
    end = lrs[0]*(lrs[1]/lrs[0])**n  # the same factor from step to step
    finder.range_test(batches, end_lr=end, num_iter=n)
    try: rate = float(finder.plot(suggest_lr=True)[1])
    except ValueError: rate = None  # numpy's, for a curve of which nothing is left without its ends
    except RuntimeError as e:  # it refuses a curve that is too short
        if not str(e).startswith('Need at least'): raise
        rate = None
    plt.close('all')
    return rate


def lightning(lrs, losses, smoothed):
    "Ask its finder about a curve; it takes the steepest point by the step, since 2.5.3 by the learning rate."
    from pytorch_lightning.tuner.lr_finder import _LRFinder
    finder = _LRFinder('exponential', lrs[0], lrs[-1], len(lrs))
    finder.results = dict(lr=list(lrs), loss=list(smoothed))
    rate = finder.suggestion()
    return None if rate is None else float(rate)


def answer(name):
    "Read curves from the standard input and write what this package suggests to the last line of the output."
    ask = torch_lr_finder if name == 'torch-lr-finder' else lightning
    found = [ask(**curve) for curve in json.load(sys.stdin)]
    print()
    print(json.dumps(found))


def fetched(folder, package, version, needs):
    "A folder that holds a package."
    command = ['uv', 'pip', 'install', '-q', '--no-deps', '--target', folder, f'{package}=={version}', *needs]
    subprocess.run(command, check=True)
    return folder


def asked(name, curves, folder):
    "What a package suggests for each curve; None where it finds nothing."
    places = os.pathsep.join(filter(None, [folder, os.environ.get('PYTHONPATH')]))
    env = dict(os.environ, PYTHONPATH=places, MPLBACKEND='agg', PYTHONWARNINGS='ignore')
    told = subprocess.run([sys.executable, __file__, name], input=json.dumps(curves), text=True, check=True, env=env,
                          stdout=subprocess.PIPE)
    return json.loads(told.stdout.splitlines()[-1])


def recorded_curves():
    "(study, key, seeds, `LRFinding`) of every range test, and of the mean of every three seeds."
    from onecycle_course.rate_studies import mean_finding, small_rate_study
    from onecycle_course.trials import range_test_of, read_study
    small = small_rate_study()
    for seeds,found in [*small.findings(), *small.findings(3)]: yield small.name, 'range test', seeds, found
    for path in sorted(RESULTS.glob('study_*.json')):
        record = read_study(path)
        for cell in record['cells']:
            if cell['how'] != 'range test': continue
            options = range_test_of(cell, record)
            rows = [r for r in record['rows'] if r['key'] == cell['key'] and r.get('range_losses')]
            for chosen in (c for n in (1, 3) for c in combinations(sorted(rows, key=lambda r: r['seed']), n)):
                yield record['study'], cell['key'], tuple(r['seed'] for r in chosen), mean_finding(chosen, options)


def main():
    known = [*recorded_curves()]
    curves = [dict(lrs=f.lrs.tolist(), losses=f.losses.tolist(), smoothed=f.smoothed.tolist()) for *_,f in known]
    rows = [dict(study=study, key=key, seeds=seeds, rates={}) for study,key,seeds,_ in known]
    with tempfile.TemporaryDirectory() as folder:
        for name,(package,version,needs) in PEERS.items():
            found = asked(name, curves, fetched(f'{folder}/{version}', package, version, needs))
            for row,rate in zip(rows, found, strict=True): row['rates'][name] = rate and float(f'{rate:.4g}')
            print(f'{name}: a rate for {sum(r is not None for r in found)} of {len(found)} curves')
    lines = ',\n  '.join(json.dumps(row) for row in rows)
    (RESULTS/'peers.json').write_text(f'{{\n "date": "{date.today()}",\n "rows": [\n  {lines}]\n}}\n')


if __name__ == '__main__': answer(sys.argv[1]) if len(sys.argv) > 1 else main()
