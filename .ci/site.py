"""The site of the course, built and then opened page by page in headless Chromium, as from a folder without a network.

    uv run --extra dev python .ci/site.py            into a temporary folder
    uv run --extra dev python .ci/site.py FOLDER     which is kept
    ... --built FOLDER                               looks at what was built before
    ... --only PATTERN                               of the pages, only those with such a name
    ... --passed FILE                                notes pages without a fault, and leaves them out while they are
                                                     the same: a run that was cut off goes on
    ... --links                                      only links, anchors and pictures, without a browser

It needs Chromium with its driver (Debian: chromium, chromium-driver) and npm, from whose registry the rules of axe-core
come. Every page: no error in the console, no request to another host, no dead link, anchor or missing picture, a text
for every picture, formulas drawn, no Markdown in the open, nothing that scrolls sideways at 360 pixels;
axe-core finds no fault in contrast and headings, in the light on every page (of the pages that only list source code,
on three), in the dark on ten.
"""
import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, unquote

os.environ.setdefault('NO_ALBUMENTATIONS_UPDATE', '1')
from chromium import browser
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

AXE = 'axe-core@4'
RULES = ['color-contrast', 'heading-order', 'empty-heading', 'page-has-heading-one', 'image-alt', 'link-name',
         'button-name', 'document-title', 'html-has-lang']
PHONE, BROWSERS, SOURCES, DARK, SECONDS, EVERY = 360, 2, 3, 10, 300, 10
LOCAL = 'file:', 'data:', 'blob:', 'about:', 'chrome:', 'devtools:'
# Markdown that was not understood
RAW = re.compile(r'\]\(https?:|\$\$|(?<![\w$])\$(?![A-Z]{2})|(?<![\w)])\*\*[A-Za-z]')
PLAIN = {'code', 'pre', 'script', 'style', 'textarea', 'title', 'svg'}
SOUGHT = {  # what a reader types -> a page that the search must name
    'label smoothing': '06_training.html', 'Nesterov': '06_training.html', 'Grad-CAM': '08_interpret.html',
    'OneCycle': 'reference/schedule.html'}
FIRST = {  # what a reader types -> what the search must name first
    'learning rate finder': '04_lr_finder.html#in-short',
    'loss stuck 1.46': '03_model.html#softmax-before-cross-entropy',
    'label smoothing floor': '06_training.html#label-smoothing', 'two GPUs': 'guide.html#more-than-one-process',
    'momentum schedule': '05_one_cycle.html#cyclical-momentum', 'resume a killed run': '06_training.html#resuming',
    'what is EMA': 'pages/glossary.html#averaged-weights', 'davidnet accuracy': 'results.html',
    'lesson 05 exercises': 'exercises/05_one_cycle.html', 'ImageFolder': 'guide.html#your-own-images',
    'momentum': 'pages/glossary.html#momentum', 'lesson 03': '03_model.html', 'flat curve': 'pages/cheat_sheet.html',
    'my network does not learn': '15_clinic.html', '94%': 'results.html',
    'superconvergence': '05_one_cycle.html#a-schedule-is-a-function',
    'super-convergence': '05_one_cycle.html#a-schedule-is-a-function',
    'transfer learning': 'guide.html#use-it-in-your-own-project',
    'fine-tuning': 'guide.html#use-it-in-your-own-project'}


class Page(HTMLParser):
    "The ids, links, pictures and formulas of a page."
    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.files, self.untold, self.math = set(), [], [], [], 0
        self.raw, self.inside = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        self.ids |= {a[k] for k in ('id', 'name') if a.get(k)}
        if tag == 'a' and a.get('href'): self.links.append(a['href'])
        if tag in ('img', 'script', 'source') and a.get('src'): self.files.append(a['src'])
        if tag == 'link' and a.get('href') and a.get('rel') != 'canonical': self.files.append(a['href'])
        if tag == 'img' and not (a.get('alt') or '').strip(): self.untold.append(a.get('src'))
        math = 'math notranslate' in (a.get('class') or '')
        self.math += math
        if self.inside and tag == self.inside[-1] or not self.inside and (math or tag in PLAIN): self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and tag == self.inside[-1]: self.inside.pop()

    def handle_data(self, data):
        if not self.inside and RAW.search(data): self.raw.append(' '.join(data.split())[-60:])


def is_elsewhere(url): return url.startswith(('http:', 'https:', 'mailto:', 'data:', 'javascript:'))


def dead_ends(site, pages):
    "Links, anchors and files that are not there; pictures without a text; files of other hosts; Markdown in the open."
    for name,page in pages.items():
        yield from (f'{name}: shows Markdown: {text}' for text in page.raw)
        yield from (f'{name}: the picture {src[:60]} has no text' for src in page.untold)
        yield from (f'{name}: asks for {src}' for src in page.files if src.startswith(('http:', 'https:', '//')))
        for url in dict.fromkeys([*page.links, *page.files]):
            if is_elsewhere(url): continue
            path, _, anchor = url.partition('#')
            path = unquote(path.partition('?')[0])
            target = Path(os.path.normpath(site/Path(name).parent/path)) if path else site/name
            if target.is_dir(): target /= 'index.html'
            if not target.exists(): yield f'{name}: {url} is not there'
            elif anchor and target.suffix == '.html':
                there = pages[target.relative_to(site).as_posix()].ids
                if unquote(anchor) not in there: yield f'{name}: {url} has no such place'


def patient_browser():
    "Chromium that keeps what it asks for and complains about, and has time for long pages."
    driver = browser(('browser', 'performance'))
    driver.set_script_timeout(SECONDS)
    driver.command_executor.client_config.timeout = 2*SECONDS
    return driver


def show(driver, url, width, colours='light'):
    "Open a page in a window of this width, and wait until its formulas are drawn."
    window = dict(width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
    driver.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', window)
    driver.execute_cdp_cmd('Emulation.setEmulatedMedia',
                           dict(features=[dict(name='prefers-color-scheme', value=colours),
                                          dict(name='prefers-reduced-motion', value='reduce')]))
    driver.get(url)
    driver.execute_async_script("""
        const done = arguments[0];
        if (!window.MathJax || !MathJax.startup) done();
        else MathJax.startup.promise.then(() => done());""")


def heard(driver):
    "What the browser complained about and asked for since the last time."
    for entry in driver.get_log('browser'):
        if entry['level'] == 'SEVERE': yield entry['message']
    for entry in driver.get_log('performance'):
        message = json.loads(entry['message'])['message']
        if message['method'] != 'Network.requestWillBeSent': continue
        url = message['params']['request']['url']
        if not url.startswith(LOCAL): yield f'asks for {url}'


def judged(driver, axe):
    "The faults that axe-core finds."
    driver.execute_script(axe)
    found = driver.execute_async_script("""
        const [rules, done] = arguments;
        axe.run(document, {runOnly: {type: 'rule', values: rules}, resultTypes: ['violations']})
           .then(r => done(r.violations.map(v => `${v.id}: ${v.nodes.length} places, such as `
                                                  + v.nodes[0].target.join(' ') + ' ' + v.nodes[0].html.slice(0, 160))))
           .catch(e => done([String(e)]));""", RULES)
    return found


def drawn_formulas(driver):
    "Formulas that are drawn, and those that MathJax could not read."
    return driver.execute_script("""
        return [document.querySelectorAll('mjx-container').length, document.querySelectorAll('mjx-merror').length]""")


def wide_parts(driver):
    "What makes a page scroll sideways."
    if driver.execute_script('return document.documentElement.scrollWidth') <= PHONE: return []
    return driver.execute_script("""
        const ends = e => e.getBoundingClientRect().right;
        const wide = [...document.querySelectorAll('body *')].filter(e => ends(e) > innerWidth + 1);
        return wide.slice(-2).map(e => e.outerHTML.slice(0, 120))""") or ['the page']


def look_at(driver, url, page, axe, light, dark):
    "What is wrong with a page in a browser; axe-core judges it in the light, in the dark, or not."
    show(driver, url, PHONE)
    yield from heard(driver)
    yield from (f'scrolls sideways at {PHONE} pixels: {part}' for part in wide_parts(driver))
    formulas, errors = drawn_formulas(driver)
    if formulas < page.math or errors: yield f'{page.math} formulas, {formulas} drawn, {errors} not understood'
    if light: yield from judged(driver, axe)
    if not dark: return
    show(driver, url, 1300, 'dark')
    yield from (f'in the dark: {text}' for text in judged(driver, axe))


class Pages:
    "The pages of a site that are to be looked at, in turn; what was found is told and, where asked, noted."
    def __init__(self, site, names, notes):
        style = b''.join((site/'_static'/name).read_bytes() for name in ('course.css', 'course.js'))
        self.digests = {n: hashlib.sha256(style + (site/n).read_bytes()).hexdigest() for n in names}
        self.notes, self.start, self.numbers = notes, time.time(), count(1)
        passed = set(notes.read_text().split()) if notes and notes.exists() else ()
        self.names = [n for n in names if self.digests[n] not in passed]
        self.turn, self.found = iter(self.names), []
        if passed: print(f'{len(names) - len(self.names)} pages passed before', flush=True)

    def told(self, name, texts):
        "Print what is wrong with a page, and how far the browsers are."
        self.found += [f'{name}: {text}' for text in texts]
        for text in texts: print(f'{name}: {text}', flush=True)
        if self.notes and not texts:
            with self.notes.open('a') as file: print(self.digests[name], file=file)
        n = next(self.numbers)
        if n % EVERY and n < len(self.names): return
        print(f'{n} of {len(self.names)} pages, {len(self.found)} faults, {time.time()-self.start:.0f} s', flush=True)


def look(site, todo, pages, axe, light, dark):
    "Look at pages as long as there are some."
    with patient_browser() as driver:
        for name in todo.turn:
            todo.told(name, list(look_at(driver, (site/name).as_uri(), pages[name], axe, name in light, name in dark)))


def search(site):
    "What the search does not find; whether it, folds, copying and the keyboard work."
    with patient_browser() as driver:
        for words,page in (SOUGHT | FIRST).items():
            show(driver, f"{(site/'search.html').as_uri()}?q={quote(words)}", PHONE)
            try: WebDriverWait(driver, SECONDS).until(lambda d: d.find_elements(By.CSS_SELECTOR, 'ul.search li a'))
            except Exception: yield f'search: nothing comes for {words!r}'
            time.sleep(1)
            links = [a.get_attribute('href') for a in driver.find_elements(By.CSS_SELECTOR, 'ul.search li a')]
            if not any(page in link for link in links[:1 if words in FIRST else None]):
                yield f'search: {words!r} does not lead to {page}, but to {links[:5]}'
            yield from (f'search for {words!r}: {text}' for text in heard(driver))
        show(driver, (site/'04_lr_finder.html').as_uri(), 1300)
        driver.find_element(By.TAG_NAME, 'body').send_keys(Keys.TAB)
        if 'skip' not in driver.switch_to.active_element.get_attribute('textContent').lower():
            yield 'keyboard: the first Tab does not offer to skip to the content'
        for selector,what in (('details.hide:not([open])', 'folded part'), ('button.copybtn', 'button that copies'),
                              ('a.to-reference', 'name that leads to the reference'), ('a.right-next', 'next page'),
                              ('a.open-in', 'button for Colab')):
            if not driver.find_elements(By.CSS_SELECTOR, selector): yield f'04_lr_finder.html has no {what}'
        yield from without_designer(driver, site)


def without_designer(driver, site):
    "What lesson 05 lacks of the schedule designer, whose colors are those that the reader chooses for the page."
    show(driver, (site/'05_one_cycle.html').as_uri(), 1300)
    if not driver.find_elements(By.CSS_SELECTOR, '.ocd .rates path.rate'): return ['05_one_cycle.html has no designer']
    shades = set()
    for theme in ('light', 'dark'):
        shades.add(driver.execute_script("""
            document.documentElement.dataset.theme = arguments[0];
            return getComputedStyle(document.querySelector('.ocd')).backgroundColor""", theme))
    return [] if len(shades) == 2 else ['05_one_cycle.html: the designer keeps its colors in the dark']


def rules_of_axe(file):
    "The text of axe-core, from a file or from the npm registry."
    if file: return Path(file).read_text(encoding='utf-8')
    if not shutil.which('npm'): sys.exit('npm is needed, which brings axe-core: Debian has it as the package npm')
    with TemporaryDirectory() as folder:
        told = subprocess.run(['npm', 'pack', '--silent', AXE], cwd=folder, capture_output=True, text=True, check=True)
        with tarfile.open(Path(folder)/told.stdout.split()[-1]) as packed:
            return packed.extractfile('package/axe.min.js').read().decode()


def seen(site, names, pages, axe, notes):
    "What is wrong with the pages in a browser."
    code = [name for name in names if name.startswith('_modules/')]
    light = set(names) - set(code[SOURCES:])
    dark = set(sorted(light)[::max(1, len(light)//DARK)])
    todo = Pages(site, names, notes)
    with ThreadPoolExecutor(BROWSERS) as pool:
        for _ in pool.map(lambda _: look(site, todo, pages, axe, light, dark), range(BROWSERS)): pass
    return todo.found


def faults(site, axe, only='', notes=None):
    "(What is wrong with a site, number of pages looked at); without axe-core, what no browser is needed for."
    names = sorted(p.relative_to(site).as_posix() for p in site.rglob('*.html') if '_static' not in p.parts)
    pages = {name: Page((site/name).read_text(encoding='utf-8')) for name in names}
    found = list(dead_ends(site, pages))
    for text in found: print(text)
    if not axe: return found, len(names)
    names = [name for name in names if re.search(only, name)]
    sought = list(search(site))
    for text in sought: print(text, flush=True)
    return [*found, *sought, *seen(site, names, pages, axe, notes)], len(names)


def main():
    "Build, look, tell."
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', nargs='?', help='gets the site')
    parser.add_argument('--built', help='a site that was built before')
    parser.add_argument('--axe', help='axe.min.js, where the npm registry is not to be asked')
    parser.add_argument('--only', default='', help='a regular expression')
    parser.add_argument('--passed', type=Path, help='a file that is made, or goes on')
    parser.add_argument('--links', action='store_true', help='only what needs no browser')
    options, start = parser.parse_args(), time.time()
    axe = None if options.links else rules_of_axe(options.axe)
    with TemporaryDirectory() as folder:
        site = Path(options.built or options.folder or f'{folder}/site').resolve()
        if not options.built:
            from onecycle_course.site import build_site
            build_site(site)
            print(f'built in {time.time()-start:.0f} seconds', flush=True)
        found, n = faults(site, axe, options.only, options.passed)
    print(f'{n} pages looked at, {len(found)} faults, {time.time()-start:.0f} seconds')
    sys.exit(bool(found))


if __name__ == '__main__': main()
