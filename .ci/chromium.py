"""Headless Chromium, which the pictures and the tests of pages use."""
import shutil
import sys
from selenium import webdriver

ARGUMENTS = ('headless=new no-sandbox disable-gpu disable-quic no-first-run disable-background-networking'
             ' disable-component-update disable-sync hide-scrollbars')


def browser(logs=()):
    "Chromium without connections of its own; it keeps these logs, such as 'browser'."
    options = webdriver.ChromeOptions()
    found = [p for p in map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome')) if p]
    if not found: sys.exit('no Chromium is installed: Debian has it as the packages chromium and chromium-driver')
    options.binary_location = found[0]
    for argument in ARGUMENTS.split(): options.add_argument(f'--{argument}')
    options.set_capability('goog:loggingPrefs', dict.fromkeys(logs, 'ALL'))
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which('chromedriver')))
