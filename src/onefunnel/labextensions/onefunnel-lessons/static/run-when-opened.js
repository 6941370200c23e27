// Most learners have never run a cell. So a notebook of ours is run when it is opened: its questions, pictures and
// earlier answers are there to be used. Any other notebook is left alone, and so is one whose kernel somebody chose off.
//
// JupyterLab loads extensions as module-federation containers: an object with `init` (here are the shared modules) and
// `get` (give me yours). This one is small enough to be written by hand, so there is nothing to build.
(() => {
  const NAME = "onefunnel-lessons";
  let shared = {};

  const load = async (name) => {
    const versions = Object.values(shared[name] ?? {});
    if (!versions.length) throw new Error(`${NAME}: JupyterLab does not share ${name}`);
    return (await versions[0].get())();
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
        await NotebookActions.runCells(notebook, notebook.widgets, panel.sessionContext);
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
