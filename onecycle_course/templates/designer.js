/* The schedule designer. The first part computes what onecycle_course.schedule computes, to the last digits; the second
   is the instrument. One module without dependencies: a page calls mountAll(), a notebook's widget calls render(). */

// ---------------------------------------------------------------- rates and momenta, as Python has them

const f32 = Math.fround

/** Where a step stands in fastai's combine_scheds, whose edges are float32: [phase, position in it]. */
function phaseFastai(step, steps, pct, three) {
  const lengths = three ? [0, pct, pct, 1 - 2*pct] : [0, pct, 1 - pct]
  const edges = []
  let sum = 0
  for (const length of lengths) {
    sum = f32(sum + f32(length))
    edges.push(sum)
  }
  const pos = f32(step/steps)
  const k = Math.min(edges.filter(e => pos >= e).length, edges.length - 1) - 1
  return [k, f32(f32(pos - edges[k])/f32(edges[k+1] - edges[k]))]
}

/** Where a step stands in torch's OneCycleLR: the last step is at the end of the last phase. */
function phaseTorch(step, steps, pct, three) {
  const ends = three ? [pct*steps - 1, 2*pct*steps - 2, steps - 1] : [pct*steps - 1, steps - 1]
  const found = ends.findIndex(end => step <= end)
  const k = found < 0 ? ends.length - 1 : found
  const start = k ? ends[k-1] : 0
  return [k, (step - start)/(ends[k] - start)]
}

function between(kind, start, end, pos) {
  const part = kind === 'linear' ? pos : (1 + Math.cos(Math.PI*(1 - pos)))/2
  return start + (end - start)*part
}

function oneCycle(s) {
  const phase = s.form === 'torch' ? phaseTorch : phaseFastai
  const at = (step, first, top, last) => {
    const [k, pos] = phase(step, s.steps, s.pct_start, s.three_phase)
    const way = s.three_phase ? [first, top, first, last] : [first, top, last]
    return between(s.anneal, way[k], way[k+1], pos)
  }
  return {
    lr: step => at(step, s.lr_max/s.div, s.lr_max, s.lr_max/s.div_final),
    mom: s.moms ? step => at(step, ...s.moms) : null,
  }
}

function upLevelDown(step, steps, warmup, decay) {
  const down = decay ? (steps - step)/decay : 1
  return Math.min((step + 1)/(warmup + 1), 1, down)
}

/** numpy.interp. */
function interpolated(x, knots) {
  const last = knots.length - 1
  if (x >= knots[last][0]) return knots[last][1]
  if (x <= knots[0][0]) return knots[0][1]
  let j = 0
  while (x >= knots[j+1][0]) j += 1
  const [[x0, y0], [x1, y1]] = [knots[j], knots[j+1]]
  return (y1 - y0)/(x1 - x0)*(x - x0) + y0
}

const RATES = {
  OneCycle: oneCycle,
  Constant: s => ({lr: () => s.lr}),
  StepDecay: s => ({lr: step => s.lr*s.gamma**Math.floor(step/s.every)}),
  Cosine: s => ({lr: step => s.lr*(1 + Math.cos(Math.PI*step/s.steps))/2}),
  WSD: s => ({lr: step => s.lr*upLevelDown(step, s.steps, s.warmup, s.decay)}),
  LinearToZero: s => ({lr: step => s.lr*upLevelDown(step, s.steps, s.warmup, s.steps - s.warmup)}),
  PiecewiseLinear: s => ({lr: step => interpolated(step, s.knots)}),
}

/** The same schedule in steps, where it counts epochs. */
export function withBatches(s, perEpoch) {
  if (s.epochs == null) return s
  const {epochs, ...found} = s
  found.steps = epochs*perEpoch
  const shortest = {every: 1}
  for (const name of ['warmup', 'decay', 'every']) {
    if (name in s) found[name] = Math.max(Math.trunc(s[name]*perEpoch + 1e-6), shortest[name] ?? 0)
  }
  if (s.knots) found.knots = s.knots.map(([epoch, lr]) => [epoch*perEpoch, lr])
  return found
}

/** Rate and momentum of every step; `s` is what Schedule.to_dict() returns. */
export function curves(s, perEpoch = 1) {
  const whole = withBatches(s, perEpoch)
  const rates = RATES[whole.kind](whole)
  const every = at => Array.from({length: whole.steps}, (_, i) => at(i))
  return {lrs: every(rates.lr), moms: rates.mom ? every(rates.mom) : null}
}

// ---------------------------------------------------------------- how far two schedules are apart

const POINTS = 101

/** A curve at 101 places of the run, as parts of its highest rate. */
export function shapeOf(lrs) {
  const peak = lrs.reduce((a, b) => Math.max(a, b))
  const last = lrs.length - 1
  const shape = Array.from({length: POINTS}, (_, i) => {
    const at = i/(POINTS - 1)*last
    const low = Math.min(Math.floor(at), Math.max(last - 1, 0))
    const high = Math.min(low + 1, last)
    return (lrs[low] + (lrs[high] - lrs[low])*(at - low))/peak
  })
  return {peak, shape}
}

/** Decades between the highest rates, and the mean difference of the shapes. */
export function distance(a, b) {
  const apart = a.shape.reduce((sum, v, i) => sum + Math.abs(v - b.shape[i]), 0)/POINTS
  return Math.abs(Math.log10(a.peak/b.peak)) + apart
}

/** The recorded runs with their distances, the nearest first. */
export function nearest(lrs, runs, n = 3) {
  const mine = shapeOf(lrs)
  const found = runs.map((run, i) => {
    run.form ??= shapeOf(curves(run.schedule).lrs.slice(0, run.trained))
    return {run, i, distance: distance(mine, run.form)}
  })
  return found.sort((a, b) => a.distance - b.distance || a.i - b.i).slice(0, n)
}

// ---------------------------------------------------------------- what stands in the fields

export const START = {
  form: 'fastai', lr: .4, epochs: 10, perEpoch: 98, pct: .25, div: 25, divFinal: 1e5, factor: 1e4, anneal: 'cos',
  three: false, moving: true, moms: [.95, .85, .95], warmup: 1, decay: 2, knots: [[0, .04], [3, .4], [10, 0]],
}

const FORMS = {
  fastai: "One cycle, in fastai's words",
  torch: "One cycle, in torch's words",
  Cosine: 'Cosine',
  WSD: 'Warm-up, stable, decay (WSD)',
  LinearToZero: 'Linear to zero',
  PiecewiseLinear: 'Free knots',
}

const isCycle = s => s.form === 'fastai' || s.form === 'torch'

/** The schedule as Schedule.to_dict() has it; a file for `onecycle train --schedule`. */
export function toDict(s) {
  const {epochs} = s
  if (s.form === 'PiecewiseLinear') return {kind: s.form, knots: s.knots.map(k => [...k]), epochs}
  if (s.form === 'Cosine') return {kind: s.form, lr: s.lr, epochs}
  if (s.form === 'LinearToZero') return {kind: s.form, lr: s.lr, warmup: s.warmup, epochs}
  if (s.form === 'WSD') return {kind: s.form, lr: s.lr, warmup: s.warmup, decay: s.decay, epochs}
  const moms = s.form === 'torch' ? [s.moms[0], s.moms[1], s.moms[0]] : [...s.moms]
  return {
    kind: 'OneCycle', lr_max: s.lr, pct_start: s.pct, div: s.div,
    div_final: s.form === 'torch' ? s.div*s.factor : s.divFinal,
    anneal: s.anneal, three_phase: s.three, moms: s.moving ? moms : null, form: s.form, epochs,
  }
}

/** The fields of a schedule as Schedule.to_dict() has it. */
export function fromDict(d) {
  if (d.kind === 'Constant') return {form: 'PiecewiseLinear', epochs: d.epochs, knots: [[0, d.lr], [d.epochs, d.lr]]}
  if (d.kind === 'PiecewiseLinear') return {form: d.kind, epochs: d.epochs, knots: d.knots.map(k => [...k])}
  if (d.kind !== 'OneCycle') {
    const {kind, ...rest} = d
    return {form: kind, ...rest}
  }
  return {
    form: d.form, lr: d.lr_max, epochs: d.epochs, pct: d.pct_start, div: d.div, divFinal: d.div_final,
    factor: d.div_final/d.div, anneal: d.anneal, three: d.three_phase, moving: d.moms != null,
    moms: d.moms ? [...d.moms] : [...START.moms],
  }
}

const USUAL = {
  fastai: {pct_start: .25, div: 25, div_final: 1e5, anneal: "'cos'", three_phase: 'False',
           moms: '(0.95, 0.85, 0.95)'},
  torch: {pct_start: .3, anneal_strategy: "'cos'", div_factor: 25, final_div_factor: 1e4, three_phase: 'False',
          base_momentum: .85, max_momentum: .95, cycle_momentum: 'True'},
  LinearToZero: {warmup: 0},
}

const python = flag => flag ? 'True' : 'False'

function argumentsOf(s) {
  if (s.form === 'WSD') return {warmup: s.warmup, decay: s.decay}
  if (s.form === 'LinearToZero') return {warmup: s.warmup}
  if (s.form === 'fastai') {
    return {pct_start: s.pct, div: s.div, div_final: s.divFinal, anneal: `'${s.anneal}'`, three_phase: python(s.three),
            moms: s.moving ? `(${s.moms.join(', ')})` : 'None'}
  }
  if (s.form === 'torch') {
    const momenta = s.moving ? {base_momentum: s.moms[1], max_momentum: s.moms[0]} : {}
    return {pct_start: s.pct, anneal_strategy: `'${s.anneal}'`, div_factor: s.div, final_div_factor: s.factor,
            three_phase: python(s.three), ...momenta, cycle_momentum: python(s.moving)}
  }
  return {}
}

/** Python that makes the schedule; an argument that has its default is left out. */
export function pythonLine(s) {
  const usual = USUAL[s.form] ?? {}
  const told = Object.entries(argumentsOf(s)).filter(([k, v]) => v !== usual[k]).map(([k, v]) => `${k}=${v}`)
  const name = {fastai: 'OneCycle', torch: 'OneCycle.from_torch'}[s.form] ?? s.form
  const knots = `[${s.knots.map(([at, lr]) => `(${at}, ${lr})`).join(', ')}]`
  return `${name}(${[s.form === 'PiecewiseLinear' ? knots : s.lr, `epochs=${s.epochs}`, ...told].join(', ')})`
}

/** torch's own line, where the fields are torch's. */
export function torchLine(s) {
  const told = Object.entries(argumentsOf(s)).filter(([k, v]) => v !== USUAL.torch[k]).map(([k, v]) => `${k}=${v}`)
  const length = [`epochs=${s.epochs}`, `steps_per_epoch=${s.perEpoch}`]
  return `OneCycleLR(optimizer, ${[s.lr, ...length, ...told].join(', ')})`
}

/** What is wrong with the fields, in one sentence; '' where nothing is. */
export function fault(s) {
  const positive = (name, v) => v > 0 && Number.isFinite(v) ? '' : `${name} is a number above 0.`
  const count = (name, v) => Number.isInteger(v) && v >= 1 ? '' : `${name} is a whole number of at least 1.`
  const share = v => v >= 0 && v < 1
  const found = [count('Epochs', s.epochs), count('Batches an epoch', s.perEpoch)]
  if (s.epochs*s.perEpoch > 200000) found.push('The designer draws at most 200,000 steps.')
  if (s.form !== 'PiecewiseLinear') found.push(positive('The highest rate', s.lr))
  if (isCycle(s)) {
    const most = s.three ? .5 : 1
    if (!(s.pct > 0 && s.pct < most)) found.push(`pct_start is above 0 and below ${most}.`)
    if (s.form === 'torch' && s.pct*s.epochs*s.perEpoch === 1) found.push('pct_start is a single step: choose another.')
    found.push(positive('div', s.div), positive('div_final', s.form === 'torch' ? s.factor : s.divFinal))
    if (s.moving && !s.moms.every(share)) found.push('Momentum is a number from 0 to below 1.')
  }
  if (s.form === 'WSD' || s.form === 'LinearToZero') {
    if (!(s.warmup >= 0)) found.push('The warm-up has at least 0 epochs.')
    if (s.form === 'WSD' && !(s.decay >= 0)) found.push('The decay has at least 0 epochs.')
    const room = s.form === 'WSD' ? s.epochs - s.decay : s.epochs - 1e-9
    if (s.warmup > room) found.push('Warm-up and decay are parts of the run: make them shorter, or the run longer.')
  }
  return found.find(text => text) ?? ''
}

// ---------------------------------------------------------------- small tools

const SVG = 'http://www.w3.org/2000/svg'

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  return filled(node, attributes, children)
}

function drawn(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children)
}

function filled(node, attributes, children) {
  for (const [k, v] of Object.entries(attributes)) {
    if (k.startsWith('on')) node.addEventListener(k.slice(2), v)
    else if (v != null && v !== false) node.setAttribute(k, v === true ? '' : v)
  }
  node.append(...children.filter(c => c != null))
  return node
}

const clamp = (v, low, high) => Math.min(Math.max(v, low), high)
const digits = (v, n = 3) => v === 0 ? 0 : Number(v.toPrecision(n))
const shown = v => v == null ? '' : Math.abs(v) >= 1e-3 || v === 0 ? String(digits(v, 4)) : v.toExponential(2)
const tick = v => v === 0 || Math.abs(v) >= 1e-3 ? String(digits(v, 4)) : v.toExponential(0)

function ticksOf(low, high, log) {
  const ticks = []
  if (log) {
    const first = Math.ceil(Math.log10(low) - 1e-9)
    const last = Math.floor(Math.log10(high) + 1e-9)
    const every = Math.ceil((last - first + 1)/7)
    for (let k = first; k <= last; k += every) ticks.push(Number(`1e${k}`))
    return ticks
  }
  const rough = (high - low)/5
  const size = 10**Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(k => k*size).find(k => k >= rough*.99)
  for (let k = Math.ceil(low/step - 1e-9); k*step <= high*(1 + 1e-9); k += 1) ticks.push(digits(k*step, 6))
  return ticks
}

function scale(low, high, from, to, log) {
  const f = log ? Math.log10 : v => v
  const [a, b] = [f(low), f(high)]
  const at = v => from + (f(log ? Math.max(v, low) : v) - a)/(b - a)*(to - from)
  const back = pixel => {
    const v = a + (pixel - from)/(to - from)*(b - a)
    return log ? 10**v : v
  }
  return {at, back, low, high, log}
}

function pathOf(points) {
  const every = Math.max(1, Math.floor(points.length/1500))
  const kept = points.filter((_, i) => i % every === 0 || i === points.length - 1)
  return kept.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(2)} ${y.toFixed(2)}`).join('')
}

/** Axes with ticks and names in an empty SVG. */
function axes(svg, x, y, box, names) {
  const g = drawn('g', {class: 'axes', 'aria-hidden': true})
  for (const v of ticksOf(y.low, y.high, y.log)) {
    const at = y.at(v)
    g.append(drawn('line', {x1: box.left, x2: box.right, y1: at, y2: at}),
             drawn('text', {x: box.left - 6, y: at + 4, 'text-anchor': 'end'}, tick(v)))
  }
  for (const v of ticksOf(x.low, x.high, x.log)) {
    g.append(drawn('line', {x1: x.at(v), x2: x.at(v), y1: box.top, y2: box.bottom}),
             drawn('text', {x: x.at(v), y: box.bottom + 16, 'text-anchor': 'middle'}, tick(v)))
  }
  g.append(drawn('text', {x: (box.left + box.right)/2, y: box.bottom + 33, 'text-anchor': 'middle'}, names.x),
           drawn('text', {x: 12, y: (box.top + box.bottom)/2, 'text-anchor': 'middle',
                          transform: `rotate(-90 12 ${(box.top + box.bottom)/2})`}, names.y))
  svg.append(g)
}

// ---------------------------------------------------------------- handles

/** What can be dragged in the picture of the rate: place, name, and what a new place means. */
function handlesOf(s) {
  const found = []
  const rate = lr => digits(clamp(lr, 1e-9, 1e6))
  const epoch = at => digits(Math.round(at*20)/20, 6)
  if (isCycle(s)) {
    const most = s.three ? .49 : .99
    found.push(
      {id: 'start', name: 'first rate', at: () => [0, s.lr/s.div], still: 'x',
       move: (_, lr) => { s.div = digits(s.lr/clamp(lr, s.lr*1e-6, s.lr)) }},
      {id: 'top', name: 'highest rate', at: () => [s.pct*s.epochs, s.lr],
       move: (at, lr) => {
         s.pct = digits(clamp(Math.round(at/s.epochs*1000)/1000, .01, most))
         s.lr = rate(lr)
       }},
      {id: 'end', name: 'last rate', at: () => [s.epochs, s.form === 'torch' ? s.lr/(s.div*s.factor) : s.lr/s.divFinal],
       still: 'x', move: (_, lr) => {
         const whole = digits(s.lr/clamp(lr, s.lr*1e-9, s.lr))
         s.divFinal = whole
         s.factor = digits(whole/s.div)
       }})
  }
  if (s.form === 'Cosine') {
    found.push({id: 'top', name: 'highest rate', at: () => [0, s.lr], still: 'x', move: (_, lr) => { s.lr = rate(lr) }})
  }
  if (s.form === 'WSD' || s.form === 'LinearToZero') {
    const room = () => s.form === 'WSD' ? s.epochs - s.decay : s.epochs - .05
    found.push({id: 'top', name: 'end of the warm-up, highest rate', at: () => [s.warmup, s.lr],
                move: (at, lr) => {
                  s.warmup = clamp(epoch(at), 0, digits(room(), 6))
                  s.lr = rate(lr)
                }})
  }
  if (s.form === 'WSD') {
    found.push({id: 'decay', name: 'start of the decay', at: () => [s.epochs - s.decay, s.lr], still: 'y',
                move: at => { s.decay = clamp(epoch(s.epochs - at), 0, digits(s.epochs - s.warmup, 6)) }})
  }
  if (s.form === 'PiecewiseLinear') s.knots.forEach((_, i) => found.push(knotHandle(s, i, rate, epoch)))
  return found
}

function knotHandle(s, i, rate, epoch) {
  return {
    id: `knot${i}`, name: `knot ${i + 1} of ${s.knots.length}`, knot: i, at: () => s.knots[i],
    move: (at, lr) => {
      const low = i ? s.knots[i-1][0] + .05 : 0
      const high = i < s.knots.length - 1 ? s.knots[i+1][0] - .05 : s.epochs
      const others = s.knots.some(([, v], j) => j !== i && v > 0)
      const floor = Math.max(...s.knots.map(k => k[1]))/1000
      s.knots[i] = [clamp(epoch(at), digits(low, 6), digits(high, 6)), lr < floor && others ? 0 : rate(lr)]
    },
  }
}

const KEYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], PageUp: [0, 10],
              PageDown: [0, -10], Home: [-1e9, 0], End: [1e9, 0]}

/** Where the arrow keys lead from a place; shift goes ten times as far. */
function keyed(event, [at, lr], unit, smallest) {
  const move = KEYS[event.key]
  if (!move) return null
  const far = event.shiftKey ? 10 : 1
  const up = move[1]*far
  const from = lr === 0 && up > 0 ? smallest : lr
  const rounded = digits(from*1.02**up)
  return [at + move[0]*far*unit, rounded === lr && up ? lr*(1 + .01*Math.sign(up)) : rounded]
}

// ---------------------------------------------------------------- the instrument

const LINES = [['#d55e00', '7 3'], ['#009e73', '2 3'], ['#cc79a7', '9 3 2 3'], ['#e69f00', '4 2'], ['#999933', '12 4']]

class Designer {
  constructor(root, data, {schedule, perEpoch, onChange} = {}) {
    this.root = root
    this.data = data
    this.onChange = onChange ?? (() => {})
    this.s = structuredClone(START)
    if (perEpoch) this.s.perEpoch = perEpoch
    if (schedule) Object.assign(this.s, structuredClone(fromDict(schedule)))
    this.log = false
    this.cursor = 0
    this.compared = new Set()
    this.tests = data.tests ?? []
    this.test = 0
    this.set = ''
    this.build()
    this.told = JSON.stringify(toDict(this.s))
    this.refresh({fields: true, handles: true})
    this.watch = new ResizeObserver(() => this.refresh({}))
    this.watch.observe(this.root)
  }

  // -------- the parts of the page

  build() {
    this.root.replaceChildren()
    this.root.classList.add('ocd')
    const id = `ocd${Math.random().toString(36).slice(2, 8)}`
    this.id = id
    this.rates = drawn('svg', {class: 'plot rates', role: 'group', 'aria-label': 'Learning rate against the epoch'})
    this.moms = drawn('svg', {class: 'plot moms', role: 'img', 'aria-label': 'Momentum against the epoch'})
    this.readout = make('output', {class: 'readout', 'aria-live': 'off'})
    this.slide = make('input', {type: 'range', min: 0, value: 0, class: 'slide', 'aria-label': 'Step to read',
                                oninput: () => this.read(Number(this.slide.value))})
    this.why = make('p', {class: 'why', role: 'alert'})
    this.judged = make('p', {class: 'judged'})
    this.fields = make('div', {class: 'fields'})
    this.output = make('div', {class: 'output'})
    const how = 'Drag the round handles, or focus one with Tab and use the arrow keys; Shift goes ten times as far.'
    const hint = make('p', {class: 'hint', id: `${id}hint`}, how)
    const left = make('div', {class: 'left'}, this.rates, this.moms, this.slide, this.readout, this.judged, hint)
    const right = make('div', {class: 'right'}, this.fields, this.why)
    this.root.append(make('div', {class: 'desk'}, left, right), this.output, this.buildRuns(), this.buildTests(),
                     this.buildCompare())
    for (const plot of [this.rates, this.moms]) plot.addEventListener('pointermove', e => this.point(e))
  }

  buildTests() {
    const name = 'Recorded range test: loss against rate'
    this.testPlot = drawn('svg', {class: 'plot test', role: 'group', 'aria-label': name})
    this.rules = make('div', {class: 'row'})
    const choose = make('select', {'aria-label': 'Recorded range test', onchange: e => {
      this.test = Number(e.target.value)
      this.refresh({})
    }}, ...this.tests.map((t, i) => make('option', {value: i}, t.name)))
    const text = 'Drag the line to the rate that you take from the curve: it becomes the highest rate of the schedule.'
    return make('section', {class: 'tests'}, make('h3', {}, 'The rate from a range test'), make('p', {}, text), choose,
                this.testPlot, this.rules)
  }

  buildCompare() {
    const rows = this.data.published.map((p, i) => {
      const box = make('input', {type: 'checkbox', onchange: e => {
        this.compared[e.target.checked ? 'add' : 'delete'](i)
        this.refresh({})
      }})
      const line = drawn('line', {x1: 0, x2: 30, y1: 6, y2: 6, stroke: LINES[i][0], 'stroke-dasharray': LINES[i][1],
                                  'stroke-width': 2.5})
      const swatch = drawn('svg', {width: 30, height: 12, 'aria-hidden': true}, line)
      const take = make('button', {type: 'button', 'aria-label': `Start from ${p.name}`,
                                   onclick: () => this.take(p.schedule)}, 'start from it')
      return make('div', {class: 'row'}, make('label', {}, box, swatch, ` ${p.name}: ${p.text}`), take)
    })
    return make('section', {class: 'compare'}, make('h3', {}, 'Beside the five published schedules'),
                make('p', {}, 'Stretched to the length of yours, with their own rates.'), ...rows)
  }

  buildRuns() {
    this.runs = make('div', {class: 'runs'})
    const sets = [...new Set(this.data.runs.map(r => r.set))]
    const choose = make('select', {'aria-label': 'Recorded runs on', onchange: e => {
      this.set = e.target.value
      this.refresh({})
    }}, make('option', {value: ''}, 'all recorded runs'), ...sets.map(v => make('option', {value: v}, v)))
    return make('section', {}, make('h3', {}, 'What the nearest recorded runs came to'), choose, this.runs)
  }

  // -------- fields

  field(label, get, set, attributes = {}) {
    const input = make('input', {type: 'number', step: 'any', value: get(), ...attributes, oninput: () => {
      const before = structuredClone(this.s)
      set(input.value === '' ? NaN : Number(input.value))
      const why = fault(this.s)
      input.setAttribute('aria-invalid', Boolean(why))
      this.why.textContent = why
      if (why) this.s = Object.assign(this.s, before)
      else this.refresh({})
    }})
    input.update = () => {
      if (document.activeElement !== input && this.root.getRootNode().activeElement !== input) {
        input.value = get()
        input.setAttribute('aria-invalid', false)
      }
    }
    this.inputs.push(input)
    return make('label', {class: 'field'}, make('span', {}, label), input)
  }

  choice(label, options, get, set) {
    const chosen = ([value, text]) => make('option', {value, selected: value === get()}, text)
    const input = make('select', {onchange: () => {
      set(input.value)
      this.settle()
    }}, ...options.map(chosen))
    input.update = () => { input.value = get() }
    this.inputs.push(input)
    return make('label', {class: 'field'}, make('span', {}, label), input)
  }

  flag(label, get, set) {
    const input = make('input', {type: 'checkbox', onchange: () => {
      set(input.checked)
      this.settle()
    }})
    input.checked = get()
    input.update = () => { input.checked = get() }
    this.inputs.push(input)
    return make('label', {class: 'field flag'}, input, make('span', {}, label))
  }

  number(label, key) { return this.field(label, () => this.s[key], v => { this.s[key] = v }) }

  buildFields() {
    this.inputs = []
    const s = this.s
    const rows = [
      this.choice('Schedule', Object.entries(FORMS), () => s.form, v => this.change(v)),
      this.number('Epochs', 'epochs'), this.number('Batches an epoch', 'perEpoch'),
    ]
    if (s.form === 'PiecewiseLinear') rows.push(this.field('Highest rate', () => this.top(), v => this.raise(v)))
    else rows.push(this.number(s.form === 'torch' ? 'max_lr' : isCycle(s) ? 'lr_max' : 'lr', 'lr'))
    if (isCycle(s)) rows.push(...this.cycleFields())
    if (s.form === 'WSD' || s.form === 'LinearToZero') rows.push(this.number('warmup, epochs', 'warmup'))
    if (s.form === 'WSD') rows.push(this.number('decay, epochs', 'decay'))
    if (s.form === 'PiecewiseLinear') rows.push(this.knotButtons())
    const axis = this.flag('logarithmic rate axis', () => this.log, v => { this.log = v })
    this.fields.replaceChildren(...rows, axis)
  }

  cycleFields() {
    const s = this.s
    const torch = s.form === 'torch'
    const ways = [['cos', 'cos'], ['linear', 'linear']]
    const mom = (label, i) => this.field(label, () => s.moms[i], v => { s.moms[i] = v })
    const momenta = torch ? [mom('max_momentum', 0), mom('base_momentum', 1)]
      : [mom('moms, start', 0), mom('moms, top', 1), mom('moms, end', 2)]
    return [
      this.number('pct_start', 'pct'), this.number(torch ? 'div_factor' : 'div', 'div'),
      torch ? this.number('final_div_factor', 'factor') : this.number('div_final', 'divFinal'),
      this.choice(torch ? 'anneal_strategy' : 'anneal', ways, () => s.anneal, v => { s.anneal = v }),
      this.flag('three_phase', () => s.three, v => {
        s.three = v
        if (v && s.pct >= .5) s.pct = .3
      }),
      this.flag(torch ? 'cycle_momentum' : 'momentum moves', () => s.moving, v => { s.moving = v }),
      ...s.moving ? momenta : [],
    ]
  }

  knotButtons() {
    const add = make('button', {type: 'button', onclick: () => this.addKnot()}, 'add a knot')
    const remove = make('button', {type: 'button', onclick: () => this.removeKnot(this.lastKnot)}, 'remove the knot')
    return make('div', {class: 'row'}, add, remove)
  }

  // -------- changes

  top() { return this.s.form === 'PiecewiseLinear' ? Math.max(...this.s.knots.map(k => k[1])) : this.s.lr }

  /** A new highest rate; knots keep their proportions. */
  raise(lr) {
    const s = this.s
    if (s.form !== 'PiecewiseLinear') {
      s.lr = lr
      return
    }
    const before = this.top()
    if (!(lr > 0 && Number.isFinite(lr))) return
    s.knots = s.knots.map(([at, v]) => [at, v === before ? lr : digits(v/before*lr, 6)])
  }

  /** Another kind of schedule, with what the two have in common. */
  change(form) {
    const s = this.s
    const top = this.top()
    if (form === 'PiecewiseLinear' && s.form !== form) {
      const {lrs} = curves(toDict(s), s.perEpoch)
      const at = isCycle(s) ? s.pct*s.epochs : s.form === 'Cosine' ? s.epochs/2 : s.warmup
      const inner = [at, s.form === 'WSD' ? s.epochs - s.decay : null].filter(v => v > .05 && v < s.epochs - .05)
      const knot = v => [digits(v, 6), digits(lrs[clamp(Math.round(v*s.perEpoch), 0, lrs.length - 1)])]
      s.knots = [0, ...new Set(inner), s.epochs].map(knot)
    }
    if (form === 'torch' && s.form === 'fastai') s.factor = digits(s.divFinal/s.div, 6)
    if (form === 'fastai' && s.form === 'torch') s.divFinal = digits(s.div*s.factor, 6)
    s.form = form
    if (form !== 'PiecewiseLinear') s.lr = top
    s.warmup = Math.min(s.warmup, s.epochs/2)
    s.decay = Math.min(s.decay, s.epochs - s.warmup)
  }

  take(schedule) {
    Object.assign(this.s, structuredClone(fromDict(schedule)))
    this.settle()
  }

  addKnot() {
    const {knots} = this.s
    const gaps = knots.slice(1).map(([at], i) => at - knots[i][0])
    const i = gaps.indexOf(Math.max(...gaps))
    const at = digits(Math.round((knots[i][0] + knots[i+1][0])*10)/20, 6)
    if (gaps[i] < .2) return
    knots.splice(i + 1, 0, [at, digits(interpolated(at, knots))])
    this.settle()
    this.focus(`knot${i + 1}`)
  }

  removeKnot(i) {
    const {knots} = this.s
    const left = knots.filter((_, j) => j !== i)
    if (knots.length < 3 || !left.some(([, lr]) => lr > 0)) return
    this.s.knots = left
    this.settle()
    this.focus(`knot${Math.min(i, left.length - 1)}`)
  }

  focus(id) { this.rates.querySelector(`[data-handle="${id}"]`)?.focus() }

  settle() {
    if (this.s.form === 'PiecewiseLinear') this.fitKnots()
    this.why.textContent = fault(this.s)
    this.refresh({fields: true, handles: true})
  }

  /** Knots of a run that has become shorter move along. */
  fitKnots() {
    const {knots, epochs} = this.s
    const last = knots[knots.length - 1][0]
    if (last > epochs) this.s.knots = knots.map(([at, lr]) => [digits(at/last*epochs, 6), lr])
  }

  // -------- pictures

  refresh({fields, handles}) {
    const s = this.s
    if (s.form === 'PiecewiseLinear') this.fitKnots()
    this.lastKnot = clamp(this.lastKnot ?? 1, 0, s.knots.length - 1)
    this.curves = curves(toDict(s), s.perEpoch)
    if (fields) this.buildFields()
    else this.inputs.forEach(input => input.update())
    this.drawRates(handles)
    this.drawMoms()
    this.slide.max = this.curves.lrs.length - 1
    this.read(Math.min(this.cursor, this.curves.lrs.length - 1))
    this.drawTest()
    if (!this.steady) this.showRuns()
    if (!this.steady) this.showOutput()
    const now = JSON.stringify(toDict(s))
    if (now !== this.told) this.onChange(toDict(s))
    this.told = now
  }

  box(svg, height) {
    const width = Math.max(svg.clientWidth || svg.parentNode.clientWidth || 600, 240)
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
    svg.setAttribute('height', height)
    return {left: 58, right: width - 14, top: 14, bottom: height - 42, width}
  }

  /** Lines that were published, at the length of this run: [color and dash, [epoch, rate] ...]. */
  beside() {
    const {epochs} = this.s
    return [...this.compared].map(i => {
      const p = this.data.published[i]
      p.lrs ??= curves(p.schedule, 98).lrs.slice(0, p.trained*98)
      return [LINES[i], p.lrs.map((lr, j) => [j/p.lrs.length*epochs, lr])]
    })
  }

  drawRates(handles) {
    const {s, rates: svg} = this
    const box = this.box(svg, 320)
    const lines = this.beside()
    if (!this.dragging) {
      const all = [...this.curves.lrs, ...lines.flatMap(([, points]) => points.map(p => p[1]))]
      const top = all.reduce((a, b) => Math.max(a, b))
      const least = all.reduce((a, b) => b > 0 ? Math.min(a, b) : a, top)
      this.span = this.log ? [Math.max(least, top*1e-6)/1.5, top*2] : [0, top*1.2]
    }
    this.x = scale(0, s.epochs, box.left, box.right)
    this.y = scale(...this.span, box.bottom, box.top, this.log)
    const kept = handles || !this.knobs ? null : this.knobs
    for (const child of [...svg.children]) if (!kept || child !== this.knobGroup) child.remove()
    const front = document.createDocumentFragment()
    axes(front, this.x, this.y, box, {x: 'epoch', y: 'learning rate'})
    for (const [[color, dash], points] of lines) {
      const d = pathOf(points.map(([at, lr]) => [this.x.at(at), this.y.at(lr)]))
      front.append(drawn('path', {class: 'other', d, stroke: color, 'stroke-dasharray': dash}))
    }
    const points = this.curves.lrs.map((lr, i) => [this.x.at(i/s.perEpoch), this.y.at(lr)])
    front.append(drawn('path', {class: 'rate', d: pathOf(points)}))
    this.mark = drawn('line', {class: 'mark', y1: box.top, y2: box.bottom})
    front.append(this.mark)
    svg.prepend(front)
    if (!kept) this.buildKnobs()
    this.placeKnobs()
  }

  buildKnobs() {
    this.knobGroup = drawn('g', {class: 'knobs'})
    this.knobs = handlesOf(this.s)
    for (const h of this.knobs) {
      h.node = drawn('g', {class: 'knob', tabindex: 0, role: 'slider', 'data-handle': h.id, 'aria-label': h.name,
                           'aria-describedby': `${this.id}hint`},
                     drawn('circle', {r: 22, class: 'reach'}), drawn('circle', {r: 7}))
      this.grabbed(h.node, (x, y) => this.drag(h, x, y))
      h.node.addEventListener('keydown', e => this.key(e, h))
      h.node.addEventListener('focus', () => { this.lastKnot = h.knot ?? this.lastKnot })
      this.knobGroup.append(h.node)
    }
    this.rates.append(this.knobGroup)
  }

  placeKnobs() {
    for (const h of this.knobs) {
      const [at, lr] = h.at()
      h.node.setAttribute('transform', `translate(${this.x.at(at)} ${clamp(this.y.at(lr), 4, 316)})`)
      h.node.setAttribute('aria-valuemin', h.still === 'y' ? 0 : 0)
      h.node.setAttribute('aria-valuemax', h.still === 'y' ? this.s.epochs : this.top())
      h.node.setAttribute('aria-valuenow', h.still === 'y' ? at : lr)
      h.node.setAttribute('aria-valuetext', `rate ${shown(lr)} at epoch ${shown(at)}`)
    }
  }

  /** A handle that can be dragged. A finger on it does not scroll: parts of an SVG do not heed touch-action. */
  grabbed(node, move) {
    node.addEventListener('touchstart', e => e.preventDefault(), {passive: false})
    node.addEventListener('pointerdown', e => this.grab(e, node, move))
  }

  /** Follow a pointer from a handle until it is let go; `move` gets its place in the picture. */
  grab(event, node, move) {
    if (event.button > 0) return
    event.preventDefault()
    node.focus({preventScroll: true})
    node.setPointerCapture(event.pointerId)
    const svg = node.ownerSVGElement
    this.dragging = true
    const follow = e => {
      const box = svg.getBoundingClientRect()
      const zoom = svg.viewBox.baseVal.width/box.width
      move((e.clientX - box.left)*zoom, (e.clientY - box.top)*zoom)
    }
    const drop = () => {
      node.removeEventListener('pointermove', follow)
      for (const end of ['pointerup', 'pointercancel']) node.removeEventListener(end, drop)
      this.dragging = false
      this.steady = false
      this.refresh({})
    }
    node.addEventListener('pointermove', follow)
    for (const end of ['pointerup', 'pointercancel']) node.addEventListener(end, drop)
  }

  drag(h, x, y) {
    const [at, lr] = h.at()
    const low = this.log ? this.y.low : 0
    h.move(h.still === 'x' ? at : this.x.back(x), h.still === 'y' ? lr : Math.max(this.y.back(y), low))
    this.refresh({})
  }

  key(event, h) {
    if ((event.key === 'Delete' || event.key === 'Backspace') && h.knot != null) {
      event.preventDefault()
      this.removeKnot(h.knot)
      return
    }
    const [at, lr] = h.at()
    const unit = Math.max(this.s.epochs/100, isCycle(this.s) ? 0 : .05)
    const place = keyed(event, [at, lr], unit, this.top()/900)
    if (!place) return
    event.preventDefault()
    h.move(h.still === 'x' ? at : place[0], h.still === 'y' ? lr : place[1])
    this.refresh({})
  }

  drawMoms() {
    const {moms} = this.curves
    const svg = this.moms
    svg.style.display = moms ? '' : 'none'
    svg.replaceChildren()
    if (!moms) return
    const box = this.box(svg, 140)
    const [low, high] = [moms.reduce((a, b) => Math.min(a, b)), moms.reduce((a, b) => Math.max(a, b))]
    const y = scale(low - .02, Math.max(high, low + .05) + .02, box.bottom, box.top)
    axes(svg, this.x, y, box, {x: 'epoch', y: 'momentum'})
    const points = moms.map((m, i) => [this.x.at(i/this.s.perEpoch), y.at(m)])
    svg.append(drawn('path', {class: 'momentum', d: pathOf(points)}))
    this.markMom = drawn('line', {class: 'mark', y1: box.top, y2: box.bottom})
    svg.append(this.markMom)
  }

  point(event) {
    if (this.dragging) return
    const box = event.currentTarget.getBoundingClientRect()
    const x = (event.clientX - box.left)*event.currentTarget.viewBox.baseVal.width/box.width
    this.read(clamp(Math.round(this.x.back(x)*this.s.perEpoch), 0, this.curves.lrs.length - 1))
  }

  /** The numbers of a step. */
  read(step) {
    this.cursor = step
    const {lrs, moms} = this.curves
    const epoch = step/this.s.perEpoch
    for (const mark of [this.mark, moms && this.markMom].filter(Boolean)) {
      mark.setAttribute('x1', this.x.at(epoch))
      mark.setAttribute('x2', this.x.at(epoch))
    }
    const mom = moms ? `momentum ${shown(moms[step])}` : 'momentum stays as it is'
    const text = `epoch ${epoch.toFixed(2)}, step ${step} of ${lrs.length}: rate ${shown(lrs[step])}, ${mom}`
    this.slide.value = step
    this.slide.setAttribute('aria-valuetext', text)
    this.readout.textContent = text
  }

  // -------- range test, runs, and what is handed out

  drawTest() {
    const t = this.tests[this.test]
    if (!t) return
    const svg = this.testPlot
    const box = this.box(svg, 240)
    const [low, first] = [Math.min(...t.losses, ...t.smoothed), Math.max(t.losses[0], t.smoothed[0])]
    const x = scale(t.lrs[0], t.lrs[t.lrs.length - 1], box.left, box.right, true)
    const roof = low + 1.5*Math.max(first - low, .1)
    const y = scale(Math.max(0, low - .05*(roof - low)), roof, box.bottom, box.top)
    this.testX = x
    for (const child of [...svg.children]) if (child !== this.taker) child.remove()
    const front = document.createDocumentFragment()
    axes(front, x, y, box, {x: 'learning rate', y: 'loss'})
    const line = (name, values) => {
      const points = values.map((v, i) => [x.at(t.lrs[i]), clamp(y.at(v), box.top, box.bottom)])
      return drawn('path', {class: name, d: pathOf(points)})
    }
    front.append(line('raw', t.losses), line('smooth', t.smoothed))
    svg.prepend(front)
    if (!this.taker) this.buildTaker()
    const lr = this.top()
    this.taker.setAttribute('transform', `translate(${clamp(x.at(lr), box.left, box.right)} 0)`)
    const attributes = {'aria-valuemin': x.low, 'aria-valuemax': x.high, 'aria-valuenow': lr,
                        'aria-valuetext': `rate ${shown(lr)}`}
    for (const [k, v] of Object.entries(attributes)) this.taker.setAttribute(k, v)
    this.taker.querySelector('text').textContent = shown(lr)
    this.taker.querySelector('text').setAttribute('text-anchor', x.at(lr) > box.right - 60 ? 'end' : 'start')
    this.taker.querySelector('text').setAttribute('dx', x.at(lr) > box.right - 60 ? -10 : 10)
    if (this.ruled !== t) this.showRules(t)
  }

  buildTaker() {
    const middle = drawn('circle', {r: 7, cy: 105})
    this.taker = drawn('g', {class: 'knob taker', tabindex: 0, role: 'slider', 'aria-orientation': 'horizontal',
                             'aria-label': 'highest rate, on the range test', 'data-handle': 'taker'},
                       drawn('rect', {x: -22, width: 44, y: 14, height: 184, class: 'reach'}),
                       drawn('line', {y1: 14, y2: 198}), middle, drawn('text', {y: 26, dx: 10}, ''))
    const put = lr => {
      this.raise(digits(clamp(lr, this.testX.low, this.testX.high)))
      this.refresh({})
    }
    this.grabbed(this.taker, x => {
      this.steady = true  // what stands above does not grow or shrink under the finger
      put(this.testX.back(x))
    })
    this.taker.addEventListener('keydown', e => {
      const sign = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10}[e.key]
      if (!sign) return
      e.preventDefault()
      const stroke = {key: sign > 0 ? 'ArrowUp' : 'ArrowDown', shiftKey: e.shiftKey || Math.abs(sign) > 1}
      put(keyed(stroke, [0, this.top()], 0, 0)[1])
    })
    this.testPlot.append(this.taker)
  }

  showRules(t) {
    this.ruled = t
    this.rules.replaceChildren('The rules suggest: ', ...Object.entries(t.suggestions).map(([rule, lr]) =>
      make('button', {type: 'button', onclick: () => {
        this.raise(digits(lr))
        this.refresh({})
      }}, `${rule} ${shown(digits(lr))}`)))
  }

  showRuns() {
    const {near} = this.data
    const runs = this.data.runs.filter(r => !this.set || r.set === this.set)
    if (!runs.length) {
      this.judged.textContent = 'No run is recorded that could be set beside it.'
      this.runs.replaceChildren()
      return
    }
    const found = nearest(this.curves.lrs, runs)
    const [{run: first, distance: apart}] = found
    const seedsOf = run => `${run.seeds} seed${run.seeds > 1 ? 's' : ''}`
    this.judged.textContent = apart > near
      ? `No recorded run is near this schedule; the nearest is ${apart.toFixed(2)} away.`
      : `The nearest recorded run: ${first.name}, ${first.accuracy} (${seedsOf(first)}; ${first.setting}), `
        + `${apart.toFixed(2)} away.`
    const how = 'Distance: decades between the highest rates, plus the mean difference of the two curves over the run, '
      + `each as a part of its highest rate. Up to ${near} counts as near. Momentum does not count, and the accuracy `
      + 'belongs to the images and sizes that stand beside it.'
    const head = ['run', 'highest rate', 'accuracy', 'distance'].map(v => make('th', {scope: 'col'}, v))
    const rows = found.map(({run, distance: gap}) => make('tr', {class: gap <= near ? '' : 'far'},
      make('th', {scope: 'row'}, run.name, make('small', {}, run.setting)), make('td', {}, shown(run.form.peak)),
      make('td', {}, run.accuracy, make('small', {}, seedsOf(run))), make('td', {}, gap.toFixed(2))))
    const table = make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows))
    this.runs.replaceChildren(make('div', {class: 'scroll'}, table), make('p', {class: 'hint'}, how))
  }

  showOutput() {
    const json = JSON.stringify(toDict(this.s))
    const lines = [['In Python', pythonLine(this.s)], ['As a file, mine.json', json],
                   ['Train along the file', 'onecycle train --schedule mine.json'],
                   ['Set it against one cycle', 'onecycle study schedules --add mine.json']]
    if (this.s.form === 'torch') lines.splice(1, 0, ["torch's own", torchLine(this.s)])
    if (!this.lines || this.lines.length !== lines.length) this.buildOutput(lines)
    lines.forEach(([, text], i) => { this.lines[i].textContent = text })
    this.link.setAttribute('href', `data:application/json;charset=utf-8,${encodeURIComponent(`${json}\n`)}`)
  }

  buildOutput(lines) {
    this.link = make('a', {class: 'button', download: 'mine.json'}, 'download')
    this.lines = lines.map(() => make('code', {tabindex: 0}))
    this.output.replaceChildren(...lines.map(([name], i) => {
      const attributes = {type: 'button', 'aria-label': `copy: ${name}`, onclick: () => this.copy(i, button)}
      const button = make('button', attributes, 'copy')
      this.lines[i].setAttribute('aria-label', name)
      return make('div', {class: 'line'}, make('span', {}, name), this.lines[i], button,
                  name.startsWith('As a file') ? this.link : null)
    }))
  }

  async copy(i, button) {
    const selection = getSelection()
    selection.selectAllChildren(this.lines[i])
    let done = true
    try {
      await navigator.clipboard.writeText(this.lines[i].textContent)
    } catch {
      done = document.execCommand('copy')
    }
    button.textContent = done ? 'copied' : 'press Ctrl+C'
    setTimeout(() => { button.textContent = 'copy' }, 1500)
  }
}

/** Put a designer into an element; `schedule` is what Schedule.to_dict() returns, counted in epochs. */
export function mount(root, data, options) { return new Designer(root, data, options) }

/** Every place of a page that waits for a designer gets one. */
export function mountAll() {
  for (const place of document.querySelectorAll('[data-onecycle-designer]:not(.ocd)')) {
    const data = JSON.parse(place.parentNode.querySelector('script[type="application/json"]').textContent)
    mount(place, data, data.start)
  }
}

/** A widget of a notebook: the schedule is shared with Python. */
function render({model, el}) {
  const place = make('div')
  el.append(place)
  const ui = mount(place, model.get('data'), {
    schedule: model.get('plan'), perEpoch: model.get('batches'), onChange: plan => {
      model.set('plan', plan)
      model.save_changes()
    },
  })
  const follow = () => {
    if (JSON.stringify(model.get('plan')) !== ui.told) ui.take(model.get('plan'))
  }
  model.on('change:plan', follow)
  return () => {  // when this view is closed; another one may be open
    model.off('change:plan', follow)
    ui.watch.disconnect()
  }
}

export default {render}
