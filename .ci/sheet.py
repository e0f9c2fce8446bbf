"""The small pictures of the cheat sheet: `python .ci/sheet.py` draws them into images/sheet/, from the clinic's record
and from trainings of a few seconds that are broken as the lessons break them; `python .ci/sheet.py NAME` draws one."""
import math
import os
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

os.environ.setdefault('NO_ALBUMENTATIONS_UPDATE', '1')
import matplotlib
matplotlib.use('agg')
import matplotlib.pyplot as plt
import numpy as np
import torch
from onecycle_course.cases import never_zero
from onecycle_course.interpret import predict
from onecycle_course.loaders import dataloaders
from onecycle_course.lr_finder import lr_range_test, smooth
from onecycle_course.model import custom_resnet
from onecycle_course.rules import read_rules
from onecycle_course.schedule import Constant, OneCycle, PiecewiseLinear
from onecycle_course.shapes10 import shapes10
from onecycle_course.training import NotFinite, fit, learner
from onecycle_course.wards import GUESSING, as_floats, patients

OUT = Path(__file__).resolve().parent.parent/'images'/'sheet'
TRAIN, VALID, LINE = 'C0', 'C1', dict(color='0.5', ls=':', lw=1)


@cache
def easy(n=2000):
    "Images whose background gives the class away, so that a few seconds of training are enough."
    return shapes10(n, 200, cue=1.)


def small(data=None, policy='light', batch_size=50, net=(), **kw):
    "A learner with new weights, on easy images unless others are given."
    torch.manual_seed(0)
    dls = dataloaders(data or easy(), policy, batch_size)
    return learner(dls, custom_resnet(**dict(width=8, head_scale=.125) | dict(net)), 'nesterov', **kw)


def trained(learn, lr_max=.1, epochs=4):
    "History of a learner after one cycle."
    return fit(learn, OneCycle(lr_max, steps=epochs*len(learn.dls.train)), log=False)


def losses(ax, values, beta=.9, floor=GUESSING, top=4.):
    "Training loss of every step, smoothed, and the loss of guessing."
    ax.plot(np.asarray(values, float), color='0.85', lw=.6)
    ax.plot(smooth(values, beta), color=TRAIN)
    if floor: ax.axhline(floor, **LINE)
    if top: ax.set(ylim=(0, top))
    ax.set_ylabel('loss', size=6)


@cache
def clinic():
    "Cause -> the recorded run."
    return {p.cause: p.row for p in patients().values()}


def level(ax): losses(ax, as_floats(clinic()['norm left out']['step_losses']))


def leaps(ax): losses(ax, as_floats(clinic()['no warm-up']['step_losses']), beta=.5, top=None)


def slow(ax):
    "A recorded training that falls late, and the healthy one."
    ax.plot(smooth(as_floats(clinic()['healthy: plain']['step_losses']), .9), color='0.6', ls='--', lw=1)
    losses(ax, as_floats(clinic()['scheduler stepped once an epoch']['step_losses']), top=3)


def of_second_epoch(accs):
    "What part of its last accuracy a run has after two epochs."
    return accs[1]/accs[-1]


def ahead(ax):
    "Wrong training labels; a shortcut looks alike, and is told from it by its second epoch."
    for cause in ('wrong labels', 'test images in training'):
        if of_second_epoch(clinic()[cause]['accuracies']) > .5: raise SystemExit(f'{cause}: good at once')
    both(ax, clinic()['wrong labels']['train_accuracies'], clinic()['wrong labels']['accuracies'])


def both(ax, train, valid, top=1.05, what='acc'):
    "A figure of training and validation, an epoch a point."
    epochs = np.arange(1, len(train)+1)
    up = 1 if valid[-1] > train[-1] else -1
    for values,color,name,dy in ((train, TRAIN, 'train', -2*up), (valid, VALID, 'valid', 2*up)):
        ax.plot(epochs, values, '.-', color=color)
        where = dict(xytext=(3, dy), textcoords='offset points', va='top' if dy < 0 else 'bottom')
        ax.annotate(name, (epochs[-1], values[-1]), color=color, size=6, **where)
    ax.set(ylim=(0, top))
    ax.set_ylabel(what, size=6)


def of_frame(ax, frame, what='acc', top=1.05):
    "Training and validation of a history."
    both(ax, list(frame[f'train_{what}']), list(frame[f'valid_{what}']), top, what)


def high_start(ax): losses(ax, trained(small(net=dict(head_scale=3.)), .02, epochs=2).losses, beta=.7, top=10)


def floor(ax):
    "A softmax before cross-entropy, and its floor."
    floor = math.log(1 + 9/math.e)
    losses(ax, trained(small(net=dict(softmax=True)), 1., epochs=9).losses, floor=None, top=3)
    ax.axhline(floor, color='0.3', ls='-.', lw=1)


def climbs(ax):
    "Gradients that are never zeroed, at a constant rate."
    learn = small()
    never_zero(learn, 0)
    history = fit(learn, Constant(.002, steps=2*len(learn.dls.train)), log=False)
    losses(ax, history.losses, floor=None, top=None)
    ax.set(yscale='log')


def no_number(ax):
    "A loss that climbs until it is none."
    learn = small()
    try: trained(learn, lr_max=2000.)
    except NotFinite: pass
    seen = np.array([float(v) for v in learn.recorder.losses])
    seen = seen[np.isfinite(seen)]
    ax.plot(seen, color=TRAIN)
    ax.annotate('nan', (len(seen) - 1, seen[-1]), xytext=(4, 0), textcoords='offset points', size=6, va='center')
    ax.axhline(GUESSING, **LINE)
    ax.set(yscale='log')
    ax.set_ylabel('loss', size=6)


def saw(ax):
    "The training loss where one class comes after the other."
    data = easy()
    order = data.y_train.argsort(stable=True)
    learn = small(replace(data, x_train=data.x_train[order], y_train=data.y_train[order]), batch_size=20)
    learn.dls.train.shuffle = False
    losses(ax, fit(learn, Constant(.02, steps=len(learn.dls.train)), log=False).losses, beta=0., top=None)


def curve(ax, found, beta=.9, marks=(), top=4.):
    "A range test."
    ax.plot(found.lrs, found.losses, color='0.85', lw=.6)
    ax.plot(found.lrs, smooth(found.losses, beta), color=TRAIN)
    for rate in marks: ax.axvline(rate, color=VALID, lw=1)
    ax.set(xscale='log', ylim=(0, top))
    ax.set_ylabel('loss', size=6)


@cache
def tested(start=1e-4, end=100., steps=200, seeds=1):
    return lr_range_test(small(), start, end, steps, beta=.9, seeds=seeds)


def late_minimum(ax):
    "The same test with two memories."
    curve(ax, tested(), beta=.999)
    ax.plot(tested().lrs, smooth(tested().losses, .9), color='0.6', ls='--', lw=1)


def flat(ax): curve(ax, tested(end=1e-3, steps=60))


def seeds(ax):
    "Suggestions of three short tests."
    found = tested(start=1e-5, steps=50, seeds=3)
    for i,run in enumerate(found.runs):
        ax.plot(found.planned[:len(run)], run, color=f'C{i}', lw=1)
        ax.axvline(read_rules(found.planned, run)['valley'], color=f'C{i}', ls='--', lw=1)
    ax.set(xscale='log', ylim=(0, 4))


def bumpy(ax):
    "A hasty test, as lesson 12 makes it: the longest fall, and with it `valley`, lies behind the minimum (dotted)."
    learn = small(shapes10(1500, 500, size=64, cue=.7), net=dict(head_scale=1.))
    found = lr_range_test(learn, 1e-2, 10., 60, beta=.8)
    lowest, valley = float(found.lrs[found.smoothed.argmin()]), found.suggestions['valley']
    if valley < lowest: raise SystemExit(f"valley {valley:.3g} lies below the rate of the minimum, {lowest:.3g}")
    ax.axvline(lowest, color='0.3', ls=':', lw=1)
    curve(ax, found, beta=.8, marks=[valley], top=6.)


def far_behind(ax): of_frame(ax, trained(small(easy(1000), ema=.999), .3, 6).frame)


def falls_behind(ax): of_frame(ax, trained(small(shapes10(1500, 500), 'none', net=dict(width=16)), epochs=10).frame)


def shortcut(ax):
    "A hint beside the object, which nine images in ten have."
    frame = trained(small(shapes10(2000, 500, cue=.9)), .2, epochs=5).frame
    if of_second_epoch(list(frame.valid_acc)) < .85: raise SystemExit('the shortcut is not good at once')
    of_frame(ax, frame)


@cache
def renumbered():
    "A training whose validation images bear other numbers than its training images, and its history."
    data = shapes10(4000, 500)
    learn = small(replace(data, y_valid=(data.y_valid + 1) % 10))
    return learn, trained(learn, epochs=6)


def worse(ax): of_frame(ax, renumbered()[1].frame, 'loss', top=None)


def matrix(ax, preds, labels):
    "A confusion matrix."
    counts = np.zeros((10, 10))
    np.add.at(counts, (labels, preds), 1)
    ax.imshow(counts, cmap='Blues', aspect='auto')


def shuffled_diagonal(ax):
    "Right classes under names in another order."
    learn = renumbered()[0]
    found = predict(learn)
    order = np.random.default_rng(3).permutation(10)
    matrix(ax, order[found.probs.argmax(1).numpy()], (found.targets.numpy() - 1) % 10)


def ahead_of_plan(ax):
    "Rates that were planned, and rates of a scheduler that steps once too often an epoch."
    plan = PiecewiseLinear([(0, .045), (35, .45), (120, .001)], steps=120)
    epochs = 15
    ax.plot(plan.lrs, color='0.6', ls='--')
    steps = np.arange(120 - epochs)
    ax.plot(steps, plan.lrs[np.minimum(steps + steps//7, 119)], color=TRAIN)


PICTURES = dict(
    level=level, high_start=high_start, leaps=leaps, no_number=no_number,
    climbs=climbs, floor=floor, slow=slow, saw=saw, late_minimum=late_minimum, flat=flat, bumpy=bumpy, seeds=seeds,
    far_behind=far_behind, falls_behind=falls_behind, shortcut=shortcut, ahead=ahead, worse=worse,
    shuffled_diagonal=shuffled_diagonal, ahead_of_plan=ahead_of_plan)


def draw(name):
    "One picture of 105 by 45 points."
    with plt.style.context(['onecycle_course.lesson', {'svg.hashsalt': name, 'lines.linewidth': 1.2,
                                                              'lines.markersize': 3}]):
        fig, ax = plt.subplots(figsize=(105/72, 45/72))
        PICTURES[name](ax)
        ax.grid(False)
        ax.set(xticks=[], yticks=[])
        ax.minorticks_off()
        fig.savefig(OUT/f'{name}.svg', metadata={'Date': None}, facecolor='white')
        plt.close(fig)


def main():
    OUT.mkdir(exist_ok=True)
    for name in sys.argv[1:] or PICTURES:
        draw(name)
        print(name, (OUT/f'{name}.svg').stat().st_size, flush=True)


if __name__ == '__main__': main()
