"""The pictures of images/: `python .ci/images.py` trains on shapes10, takes a picture of the report in a browser, and
writes the figures that README.md shows. It needs Chromium and its driver (Debian's packages chromium and
chromium-driver)."""
import io, os, shutil, subprocess, sys, tempfile
from pathlib import Path
os.environ.setdefault('NO_ALBUMENTATIONS_UPDATE', '1')
from PIL import Image
from dataclasses import replace
from chromium import browser
from onecycle_course.recipes import RECIPES
from onecycle_course.report import report
from onecycle_course.runs import run_recipe

root = Path(__file__).resolve().parent.parent

def picture(d, page, width, height, colours, to='main'):
    "The page from its element `to` on, as it looks in a window of this size."
    window = dict(width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
    d.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', window)
    d.execute_cdp_cmd('Emulation.setEmulatedMedia', dict(features=[dict(name='prefers-color-scheme', value=colours)]))
    d.get(page.as_uri())
    d.execute_script(f"document.querySelector('{to}').scrollIntoView()")
    return Image.open(io.BytesIO(d.get_screenshot_as_png())).convert('RGB')

def main():
    with tempfile.TemporaryDirectory() as out, browser() as d:
        page = report(run_recipe(replace(RECIPES['default'], data='shapes10'), budget='cpu', out=out)).resolve()
        wide = picture(d, page, 1000, 1400, 'light', 'header')
        phone = picture(d, page, 380, 1400, 'dark', '#confusion')
    both = Image.new('RGB', (wide.width+phone.width+20, wide.height), 'white')
    both.paste(wide, (0, 0))
    both.paste(phone, (wide.width+20, 0))
    both.quantize(256, dither=Image.Dither.NONE).save(root/'images'/'report.png', optimize=True)
    subprocess.run([sys.executable, root/'.ci'/'readme.py'], check=True)

main()
