"""What a screen reader and a keyboard need and the bare controls lack: names, groups, and keys of their own.

Four gaps of ipywidgets 8 inside JupyterLab cannot be closed from Python, so a short script closes them in the page:

- slider handles have no accessible name (they get the slider's label) and say "3.5" where "3.5 %" is meant;
- radio buttons are no group (arrow keys do not move, the question is not read out);
- a status text that is replaced is not announced (its stable outer element becomes the live region);
- JupyterLab takes plain letters and arrows while a control has the focus: typing "x" on a drop-down list would cut
  the cell. Shortcuts rest while the focus is inside our box; those with Ctrl or Cmd (save) still work.

The script is shown through an Output widget, the way Jupyter offers for JavaScript. Where a front end does not run
it, everything still works by Tab and Space, and each slider's number box is the named way in.
"""

from __future__ import annotations

import ipywidgets as w

_SCRIPT = """
const TRIES = 50;  // every 100 ms: the box may be drawn a moment before it stands in the page
const text = (node) => node ? node.textContent.trim() : '';
const set = (node, name, value) => { if (node.getAttribute(name) !== value) node.setAttribute(name, value); };
const each = (root, what, act) => root.querySelectorAll(what).forEach(act);

function mend(root) {
  const name = text(root.querySelector('.of-name'));
  set(root, 'role', 'group');
  set(root, 'aria-label', name);
  each(root, '.widget-hslider', (slider) => {
    const label = text(slider.querySelector('label'));
    const unit = (label.match(/\\(([^()]*)\\)\\s*$/) || [])[1];
    each(slider, '.noUi-handle', (handle) => {
      set(handle, 'aria-label', label);
      const now = handle.getAttribute('aria-valuenow');
      if (unit && now !== null) set(handle, 'aria-valuetext', Number(now) + ' ' + unit);
    });
  });
  each(root, '.widget-radio', (radio) => {
    const box = radio.querySelector('.widget-radio-box');
    if (!box) return;
    radio.dataset.group = radio.dataset.group || 'of-' + Math.random().toString(36).slice(2);
    set(box, 'role', 'radiogroup');
    set(box, 'aria-label', text(radio.querySelector('label.widget-label')) || name);
    each(box, 'input', (input) => set(input, 'name', radio.dataset.group));
  });
  each(root, '.of-status .widget-html-content', (status) => {
    each(status, '[role=status]', (inner) => inner.removeAttribute('role'));
    set(status, 'role', 'status');
  });
  each(root, '.of-typed', (box) => set(box.querySelector('input'), 'aria-label', box.querySelector('label').title));
  each(root, '.of-named', (button) => set(button, 'aria-label', button.title));
}

function assist(root) {
  if (root.dataset.assisted) return;
  root.dataset.assisted = 'yes';
  mend(root);
  new MutationObserver(() => mend(root)).observe(root, {
    childList: true, subtree: true, attributes: true, attributeFilter: ['aria-valuenow', 'title']});
  // On the control itself: Lab's shortcuts are bound to ":focus", so a mark further out would come too late.
  const rest = (event) => event.target.toggleAttribute('data-lm-suppress-shortcuts', !(event.ctrlKey || event.metaKey));
  for (const moment of ['focusin', 'keydown', 'keyup']) root.addEventListener(moment, rest);
}

function start(tries) {
  const root = element.closest('.onefunnel');
  if (root) assist(root);
  else if (tries < TRIES) setTimeout(() => start(tries + 1), 100);
}
start(0);
"""


def script() -> w.Output:
    """Return the helper script as a widget; put one, last, into each outermost box."""
    shown = {
        "output_type": "display_data",
        # The empty text keeps front ends that do not run scripts from printing anything.
        "data": {"application/javascript": _SCRIPT, "text/plain": ""},
        "metadata": {},
    }
    return w.Output(outputs=(shown,))
