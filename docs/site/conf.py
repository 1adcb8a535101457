"""How Sphinx makes the site from docs, see scripts/site.sh."""
import os
import re
import sys

root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(root, "scripts", "python"))

project = "astropool"
author = "the astropool contributors"
html_title = "astropool"
html_theme = "furo"
html_static_path = []
html_show_sphinx = False
html_copy_source = False

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["site"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
# Files of the repository, to which pages link, are offered for download.
suppress_warnings = ["misc.highlighting_failure"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"


def repository_links(app, name, source):
    """Links out of docs: to the README's page, to other files as downloads; diagrams as text."""
    text = source[0]
    if name == "readme":
        with open(os.path.join(root, "README.md"), encoding="utf-8") as readme:
            text = re.sub(r"\]\((?!https?:|#)(.*?)\)", r"](../\1)", readme.read()).replace("](../docs/", "](")
    text = text.replace("](../README.md", "](readme.md")
    text = re.sub(r"\[([^\]\[]*)\]\((\.\./[^)#]*)[^)]*\)", r"{download}`\1 <\2>`", text)
    source[0] = text.replace("```mermaid", "```text")


def setup(app):
    app.connect("source-read", repository_links)
