"""The recipe `default` in one process and in two, by turns, recorded: `python .ci/two_processes.py [SEEDS] [OPTIONS]`.

Each process computes with one thread, so that two of them have twice the cores. The records are
nbs/results/runs_shapes10_one_process.json and runs_shapes10_two_processes.json beside it; the seconds are left out
unless --timed says that nothing else runs on the machine. `cpu_seconds` is what the processes of a run have computed.
Other options are those of `onecycle train`."""
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from onecycle_course.files import as_json, write_whole
from onecycle_course.ledger import record

root = Path(__file__).parents[1]
LAUNCHERS = {'one_process': [sys.executable],
             'two_processes': [sys.executable, '-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', '2']}


def trained(launcher, seed, out, options):
    "CPU seconds of a run, which leaves its folder below `out`."
    command = [*launcher, '-m', 'onecycle_course', 'train', '--data', 'shapes10', '--budget', 'cpu',
               '--seed', str(seed), '--out', str(out), '--no-report', *options]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=os.environ | dict(OMP_NUM_THREADS='1'), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def kept(name, folder, cpu_seconds, timed):
    "The record of the runs in a folder."
    path = root/'nbs/results'/f'runs_shapes10_{name}.json'
    runs = sorted(folder.iterdir(), key=lambda dir: json.loads((dir/'config.json').read_text())['seed'])
    made = record(runs, path, f"{name.replace('_', ' ')} of one thread", timed)
    write_whole(path, as_json(made | dict(cpu_seconds=cpu_seconds)))
    print(f"{name}: {', '.join(f'{a:.2%}' for a in made['accuracies'])}; CPU seconds {cpu_seconds}")


def main(seeds=3, *options):
    timed, options = '--timed' in options, [o for o in options if o != '--timed']
    with tempfile.TemporaryDirectory() as tmp:
        seconds = {name: [] for name in LAUNCHERS}
        for seed in range(int(seeds)):
            for name,launcher in LAUNCHERS.items():
                seconds[name].append(round(trained(launcher, seed, Path(tmp)/name, options), 1))
        for name in LAUNCHERS: kept(name, Path(tmp)/name, seconds[name], timed)


if __name__ == '__main__': main(*sys.argv[1:])
