"Sphinx's configuration of the course's site, which `onecycle site` builds."
from pathlib import Path
from onecycle_course.site_pages import read_home

root = Path(__file__).resolve().parent.parent
home = read_home(root)
project = 'onecycle_course'
copyright = 'The onecycle_course authors'
language = 'en'
extensions = ['myst_nb', 'sphinx.ext.autodoc', 'sphinx.ext.napoleon', 'sphinx.ext.viewcode', 'sphinx.ext.mathjax',
              'sphinx_copybutton', 'sphinx_design', 'onecycle_course.site']
mathjax_path = 'mathjax/tex-chtml.js'
exclude_patterns = ['results']
viewcode_follow_imported_members = False
suppress_warnings = ['ref.python']  # several rooms have a type `Seed`

nb_execution_mode = 'off'
nb_merge_streams = True
myst_enable_extensions = ['dollarmath', 'colon_fence']
myst_heading_anchors = 4
myst_heading_slug_func = 'onecycle_course.site.heading_slug'

autodoc_member_order = 'bysource'
add_module_names = False
toc_object_entries_show_parents = 'hide'
python_maximum_signature_line_length = 80
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = 'pydata_sphinx_theme'
html_title = 'onecycle_course'
html_context = dict(default_mode='auto')
html_static_path = ['_static']
html_search_scorer = str(root/'site/scorer.js')
html_css_files = ['course.css']
html_js_files = ['course.js']
html_show_sourcelink = False
html_copy_source = False
html_sidebars = {page: [] for page in ('index', 'results', 'guide')}
html_theme_options = dict(
    github_url=f'https://github.com/{home.repository}', show_prev_next=True, navbar_align='left', show_toc_level=2,
    navigation_depth=2, secondary_sidebar_items=['page-toc'], search_bar_text='Search lessons and reference',
    footer_start=['copyright'], footer_end=[], header_links_before_dropdown=6)
copybutton_selector = 'div.highlight pre'
