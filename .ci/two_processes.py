"""The recipe `default` in one process and in two, by turns, recorded: `python .ci/two_processes.py [SEEDS] [OPTIONS]`.

Each process computes with one thread, so that two of them have twice the cores. A third run, in one process again,
normalizes over halves of a batch, as two processes do. The records are nbs/results/runs_shapes10_one_process.json,
runs_shapes10_two_processes.json and runs_shapes10_halves.json; the seconds are left out unless --timed says that
nothing else runs on the machine. `cpu_seconds` is what the processes of a run have computed. Other options are those
of `onecycle train`; with --precision fp32 the records are processes_fp32_one_process.json and so on."""
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from onecycle_course.files import as_json, write_whole
from onecycle_course.ledger import record
from onecycle_course.studies import SHAPES_RECIPE

root = Path(__file__).parents[1]
TORCHRUN = '-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', '2'
LAUNCHERS = {'one_process': (), 'two_processes': TORCHRUN, 'halves': ()}
NOTES = {'one_process': "one process of one thread", 'two_processes': "two processes of one thread",
         'halves': "one process of one thread, batch norm over halves of a batch"}


def halves_recipe(folder):
    "File of the recipe whose batch norm takes the groups of images that two processes would have."
    groups = dict(network='tuned_resnet', model=SHAPES_RECIPE.model | dict(ghost=SHAPES_RECIPE.batch_size//2))
    file = folder/'halves.json'
    file.write_text(as_json(replace(SHAPES_RECIPE, **groups).to_dict()))
    return file


def trained(name, seed, folder, options):
    "CPU seconds of a run, which leaves its folder below one with its name."
    recipe = ['--recipe', str(halves_recipe(folder))] if name == 'halves' else []
    command = [sys.executable, *LAUNCHERS[name], '-m', 'onecycle_course', 'train', *recipe, '--data', 'shapes10',
               '--budget', 'cpu', '--seed', str(seed), '--out', str(folder/name), '--no-report', *options]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=os.environ | dict(OMP_NUM_THREADS='1'), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def kept(name, folder, cpu_seconds, timed, kind):
    "The record of the runs in a folder."
    path = root/'nbs/results'/f'{kind}_{name}.json'
    runs = sorted(folder.iterdir(), key=lambda dir: json.loads((dir/'config.json').read_text())['seed'])
    made = record(runs, path, NOTES[name], timed)
    write_whole(path, as_json(made | dict(cpu_seconds=cpu_seconds)))
    print(f"{name}: {', '.join(f'{a:.2%}' for a in made['accuracies'])}; CPU seconds {cpu_seconds}")


def main(seeds=3, *options):
    timed, options = '--timed' in options, [o for o in options if o != '--timed']
    words = ' '.join(options).replace('--precision=', '--precision ').split()
    asked = words[words.index('--precision') + 1] if '--precision' in words else None
    kind = f'processes_{asked}' if asked else 'runs_shapes10'
    with tempfile.TemporaryDirectory() as tmp:
        seconds = {name: [] for name in LAUNCHERS}
        for seed in range(int(seeds)):
            for name in LAUNCHERS: seconds[name].append(round(trained(name, seed, Path(tmp), options), 1))
        for name in LAUNCHERS: kept(name, Path(tmp)/name, seconds[name], timed, kind)


if __name__ == '__main__': main(*sys.argv[1:])
