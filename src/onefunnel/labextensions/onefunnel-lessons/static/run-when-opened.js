// Most learners have never run a cell. So a notebook of ours is run when it is opened: its questions, pictures and
// earlier answers are there to be used. The home page is run again whenever it comes back into sight. A written answer
// is a Markdown cell, because a person grades it there; here it is a box that takes what is typed, and is saved.
// Any other notebook is left alone, and so is one whose kernel somebody chose off.
//
// JupyterLab loads extensions as module-federation containers: an object with `init` (here are the shared modules) and
// `get` (give me yours). This one is small enough to be written by hand, so there is nothing to build.
(() => {
  const NAME = "onefunnel-lessons";
  const SAVE_MS = 1_000;
  let shared = {};

  const load = async (name) => {
    const versions = Object.values(shared[name] ?? {});
    if (!versions.length) throw new Error(`${NAME}: JupyterLab does not share ${name}`);
    return (await versions[0].get())();
  };

  const isWritten = (cell) => (cell.model.getMetadata("tags") ?? []).some((tag) => tag.startsWith("written:"));

  // One click and typing is enough, and nothing waits for somebody to save it.
  const keepOpen = (cell, panel) => {
    const stub = cell.model.sharedModel.source;
    let saving = 0;
    cell.rendered = false;
    cell.node.setAttribute("aria-label", "Your written answer. Press Enter to type, Escape to leave.");
    cell.node.addEventListener("click", () => {
      cell.rendered = false;
      panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
      panel.content.mode = "edit";
      const text = cell.model.sharedModel.source;
      if (text === stub && text.startsWith("*")) {
        cell.editor?.setSelection({ start: { line: 0, column: 0 }, end: { line: 0, column: text.length } });
      }
    });
    cell.model.contentChanged.connect(() => {
      clearTimeout(saving);
      saving = setTimeout(() => panel.isDisposed || panel.context.save(), SAVE_MS);
    });
  };

  const runAgainWhenShown = (app, panel, runAll) => {
    let away = false;
    app.shell.currentChanged.connect((_, { newValue }) => {
      if (panel.isDisposed) return;
      if (newValue === panel && away) void runAll();
      away = newValue !== panel;
    });
  };

  const plugin = (INotebookTracker, NotebookActions) => ({
    id: `${NAME}:run-when-opened`,
    description: "Runs a OneFunnel lesson when it is opened.",
    autoStart: true,
    requires: [INotebookTracker],
    activate: (app, tracker) => {
      const begin = async (panel) => {
        await panel.context.ready;
        const ours = panel.content.model?.getMetadata("onefunnel");
        if (!ours) return;
        await panel.sessionContext.ready;
        const kernel = panel.sessionContext.session?.kernel;
        if (!kernel) return;
        if (ours.first) await kernel.requestExecute({ code: ours.first, silent: true }).done;
        if (panel.isDisposed) return;
        const notebook = panel.content;
        notebook.activeCellIndex = 0; // the lesson opens at its top, not at its last cell
        const runAll = () => NotebookActions.runCells(notebook, notebook.widgets, panel.sessionContext);
        await runAll();
        for (const cell of notebook.widgets) if (isWritten(cell)) keepOpen(cell, panel);
        if (ours.again) runAgainWhenShown(app, panel, runAll);
      };
      tracker.widgetAdded.connect((_, panel) => void begin(panel));
    },
  });

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB[NAME] = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const { INotebookTracker, NotebookActions } = await load("@jupyterlab/notebook");
      const exported = { __esModule: true, default: plugin(INotebookTracker, NotebookActions) };
      return () => exported;
    },
  };
})();
