/* Search for a site opened from a folder (file://).
 *
 * The theme searches in a web worker. Browsers refuse to start a worker from a file, so here the worker's script
 * runs in a hidden frame instead, with the same two messages: postMessage and onmessage. Over http nothing changes.
 * The index comes from search/search_index.js, which site/hooks.py writes beside the usual search_index.json.
 */
if (location.protocol === "file:") {
  window.Worker = class FolderWorker extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "Search";
      frame.answer = (data) => {
        const event = new MessageEvent("message", { data });
        this.dispatchEvent(event);
        if (this.onmessage) this.onmessage(event);
      };
      this.started = new Promise((resolve) => frame.addEventListener("load", () => resolve(frame)));
      frame.srcdoc =
        "<script>self.postMessage = (data) => frameElement.answer(data)</" + "script>" +
        `<script src="${new URL(url, location.href)}"></` + "script>";
      document.body.appendChild(frame);
    }

    async postMessage(data) {
      const frame = await this.started;
      const view = frame.contentWindow;
      view.dispatchEvent(new view.MessageEvent("message", { data }));
    }

    async terminate() {
      (await this.started).remove();
    }
  };
}
