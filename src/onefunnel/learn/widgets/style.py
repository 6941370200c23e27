"""How every widget of a lesson looks: one style sheet, built on JupyterLab's own theme variables.

The variables change with the theme, so light and dark need no second sheet. Each has a fallback for places that
have no theme (a plain web page). The rules mend four faults of the bare controls: labels that are cut off instead
of wrapped, option rows of a fixed height, a focus ring that is hardly visible, and grey text with little contrast.
"""

from __future__ import annotations

import html

import ipywidgets as w

ROOT = "onefunnel"  # the class on the outermost box; every rule below is limited to it

_CSS = """
.onefunnel { position: relative; --of-text: var(--jp-ui-font-color0, #111); --of-quiet: var(--jp-ui-font-color1, #333);
  --of-line: var(--jp-border-color1, #bdbdbd); --of-paper: var(--jp-layout-color1, #fff);
  --of-focus: var(--jp-ui-font-color0, #111); --of-control: var(--jp-ui-font-color2, #616161);
  max-width: 780px; color: var(--of-text); font-size: var(--jp-content-font-size1, 14px);
  line-height: 1.45; overflow: visible; }
.onefunnel.of-item { border: 1px solid var(--of-line); border-left: 4px solid #0072b2; border-radius: 4px;
  padding: 12px 16px; background: var(--of-paper); }
.onefunnel .jupyter-widgets, .onefunnel .widget-html-content, .onefunnel label { color: var(--of-text); }
.onefunnel .widget-html, .onefunnel .widget-html > .widget-html-content { height: auto; min-height: 0;
  line-height: 1.45; overflow: visible; align-self: stretch; width: auto; min-width: 0; }
.onefunnel > .of-head:not(.of-seen), .onefunnel > .widget-output { position: absolute; width: 1px; height: 1px;
  min-height: 0; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.onefunnel .widget-html-content p { margin: 0 0 2px 0; line-height: 1.45; }
.onefunnel .widget-html-content ul { margin: 0 0 6px 0; padding-left: 20px; }
.onefunnel .of-title { font-weight: 600; font-size: 1.1em; }
.onefunnel .of-quiet { color: var(--of-quiet); }
.onefunnel .of-note { border-left: 3px solid #b35c00; padding-left: 8px; }
.onefunnel .of-formula { border: 1px solid var(--of-line); border-radius: 3px; padding: 6px 10px; min-height: 1.5em;
  overflow-wrap: anywhere; }
.onefunnel .of-box { border: 1px solid var(--of-line); border-radius: 3px; padding: 8px 12px; margin: 4px 0; }
.onefunnel .of-finding { font-weight: 600; font-size: 1.1em; margin: 8px 0; }
.onefunnel .of-pair { display: flex; flex-wrap: wrap; gap: 4px 32px; align-items: flex-start; }
.onefunnel .of-scroll { overflow-x: auto; }
.onefunnel table { border-collapse: collapse; margin: 4px 0; font-size: 13px; color: var(--of-text); }
.onefunnel caption { text-align: left; color: var(--of-quiet); padding-bottom: 4px; }
.onefunnel tbody th { font-weight: normal; }
.onefunnel th, .onefunnel td { border-bottom: 1px solid var(--of-line); padding: 3px 10px 3px 0; text-align: left; }
.onefunnel td.of-number, .onefunnel th.of-number { text-align: right; font-variant-numeric: tabular-nums; }
.onefunnel img { max-width: 100%; height: auto; border-radius: 3px; display: block; }

.onefunnel .widget-label { height: auto; white-space: normal; overflow: visible; text-align: left; line-height: 1.4;
  overflow-wrap: break-word; color: var(--of-text); }
.onefunnel .widget-inline-hbox { height: auto; min-height: 32px; align-items: center; }
.onefunnel .widget-inline-hbox.widget-html { min-height: 0; }
.onefunnel .widget-inline-hbox > .widget-label { flex: 0 0 auto; max-width: 60%; margin-right: 12px; }
.onefunnel .widget-text input, .onefunnel .widget-datepicker input,
.onefunnel .widget-dropdown > select { height: 32px; }
.onefunnel .widget-text input, .onefunnel .widget-datepicker input, .onefunnel .widget-textarea textarea,
.onefunnel .widget-dropdown > select {
  color: var(--of-text); border-color: var(--of-control); }
.onefunnel .widget-dropdown > select { max-width: 100%; text-overflow: ellipsis; }
.onefunnel .widget-textarea { height: auto; flex-direction: column; align-items: stretch; }
.onefunnel .widget-textarea > .widget-label { max-width: 100%; width: auto !important; margin: 0 0 4px 0; }

.onefunnel .widget-radio { height: auto; flex-direction: column; align-items: stretch; width: 100%; }
.onefunnel .widget-radio > .widget-label { max-width: 100%; width: auto !important; font-weight: 600; padding: 0; }
.onefunnel .widget-radio-box { margin-bottom: 0 !important; width: auto; max-width: 100%; }
.onefunnel .widget-radio-box.widget-radio-box-horizontal { display: flex; flex-flow: row wrap; column-gap: 16px; }
.onefunnel .of-sure { border-top: 1px solid var(--of-line); padding-top: 6px; margin-top: 4px; }
.onefunnel .of-sure > .widget-label { font-weight: normal; color: var(--of-quiet); }
.onefunnel .widget-radio-box label, .onefunnel .widget-checkbox label.widget-label-basic { height: auto;
  min-height: 24px; line-height: 1.4; white-space: normal; display: flex; align-items: flex-start; gap: 8px;
  padding: 3px 4px; width: auto; max-width: 100%; overflow: visible; font-size: inherit; }
.onefunnel .widget-radio-box input, .onefunnel .widget-checkbox input { flex: 0 0 auto; margin: 2px 0 0 0;
  width: 16px; height: 16px; float: none; order: -1; }
.onefunnel .widget-checkbox { width: 100%; height: auto; min-height: 28px; line-height: 1.4; margin: 0 2px; }
.onefunnel .widget-checkbox input { margin-top: 1px; }
.onefunnel .widget-textarea textarea { font-family: inherit; line-height: 1.45; }
.onefunnel .widget-checkbox label.widget-label-basic span { line-height: 1.4; white-space: normal; }

.onefunnel .widget-hslider { height: auto; min-height: 36px; }
.onefunnel .widget-hslider .noUi-target { border: 1px solid var(--of-control); }
.onefunnel .widget-hslider .noUi-handle { width: 20px; height: 20px; top: -8px; right: -10px;
  background: #0072b2; border: 2px solid var(--of-paper); box-shadow: 0 0 0 1px var(--of-control); }

.onefunnel .jupyter-button { height: auto; min-height: 32px; line-height: 1.3; padding: 4px 12px; white-space: normal;
  color: var(--of-text); background: var(--jp-layout-color2, #eee); border: 1px solid var(--of-control);
  border-radius: 3px; width: auto; max-width: 100%; overflow: visible; }
.onefunnel .jupyter-button:hover { box-shadow: inset 0 0 0 1px var(--of-text); }
.onefunnel .jupyter-button.of-keep { background: #005a8f; border-color: #005a8f; color: #fff; font-weight: 600; }
.onefunnel .jupyter-button:focus-visible, .onefunnel input:focus-visible, .onefunnel select:focus-visible,
.onefunnel textarea:focus-visible, .onefunnel .noUi-handle:focus, .onefunnel .of-scroll:focus-visible,
.onefunnel summary:focus-visible {
  outline: 3px solid var(--of-focus) !important; outline-offset: 2px; }
.onefunnel .of-keys { flex-flow: row wrap; gap: 6px; overflow: visible; }
.onefunnel .of-keys .jupyter-button { margin: 0; }
.onefunnel .widget-box { overflow: visible; }
.onefunnel.of-item > .of-status { min-height: 1.5em; margin-bottom: 0; }
.onefunnel > .jupyter-button { align-self: flex-start; }
"""


def head(name: str, *, seen: bool = False) -> w.HTML:
    """Return the first child of each outermost box: the style sheet, and the box's name.

    The name is read out by a screen reader as the name of the whole group; `seen` shows it as a title as well.
    """
    widget = w.HTML(f'<style>{_CSS}</style><div class="of-name of-title">{html.escape(name)}</div>')
    widget.add_class("of-head")
    if seen:
        widget.add_class("of-seen")
    return widget
