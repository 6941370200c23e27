/* What all calculators share: the form is read, the result computed, the page rewritten, and the link kept that holds
   the inputs. Each calculator adds a function to `compute` (the same as in src/onefunnel/publish/calculators.py; a test
   compares the two) and calls `page`. Nothing is fetched, so all of it works from a folder as from a server. */
const OneFunnel = {
  compute: {},

  /* Numbers as people write them; the same as src/onefunnel/publish/pages/tools/words.py. */
  say: {
    symbol: "€",
    none: "not defined",
    amount(value, digits = 0) {
      if (value === null) return this.none;
      const words = this.digits(Math.abs(value), digits);
      return (value < 0 && /[1-9]/.test(words) ? "−" : "") + words;
    },
    signed(value, digits = 0) {
      if (value === null) return this.none;
      const words = this.amount(value, digits);
      return words.startsWith("−") || !/[1-9]/.test(words) ? words : `+${words}`;
    },
    percent(value, digits = 1) { return value === null ? this.none : `${this.amount(value * 100, digits)}\u00a0%`; },
    signedPercent(value, digits = 1) { return value === null ? this.none : `${this.signed(value * 100, digits)}\u00a0%`; },
    money(value, digits = 0) {
      const words = this.amount(value, digits);
      return words.startsWith("−") ? `−\u2060${this.symbol}${words.slice(1)}` : this.symbol + words;
    },
    signedMoney(value) {
      const words = this.money(value);
      return words.startsWith("−") || !/[1-9]/.test(words) ? words : `+\u2060${words}`;
    },
    moreOrLess(value) { return `${this.money(Math.abs(value))} ${value < 0 ? "less" : "more"}`; },
    /* As Python rounds: by the exact value, halves to the even digit. A number is such a half if and only if it is an
       odd multiple of 1/2, 1/4 or 1/8 for no, one or two digits; toFixed would round these up. */
    digits(value, digits) {
      const half = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
      const words = half ? (OneFunnel.round(value * 10 ** digits) / 10 ** digits).toFixed(digits) : value.toFixed(digits);
      return words.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
    },
  },

  within: (part) => Math.min(1, Math.max(0, part)),
  atLeast0: (value) => Math.max(0, value),
  sum: (values) => values.reduce((total, value) => total + value, 0),
  share: (part, whole) => (whole ? part / whole : null),
  finite: (value) => (Number.isFinite(value) ? value : null),
  place: (value, low, high) => (high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0),

  aroundZero: (value, widest) => [OneFunnel.place(0, -widest, widest), OneFunnel.place(value, -widest, widest)],

  /* Round half to even, as Python and pandas do. */
  round(value) {
    const floor = Math.floor(value);
    const rest = value - floor;
    return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  },

  /* Start the calculator of that name, if this is its page. `input(at, data)` gives what compute takes; `show` writes
     the result and returns the sentence that states the finding; `wire` (optional) adds buttons of its own. */
  page(name, { input, show, wire }) {
    const form = document.getElementById(`of-${name}`);
    if (!form) return;
    const data = JSON.parse(document.getElementById("of-data").textContent);
    const say = Object.assign(OneFunnel.say, { symbol: form.dataset.symbol });
    const compute = (given) => OneFunnel.compute[name](given, data.rules);
    const put = OneFunnel.putting(form);
    const summary = form.querySelector("[data-summary]");
    const today = summary.textContent; // what the company's own numbers say, as written into the page
    const start = compute(input(OneFunnel.reading(form, true), data));
    const link = OneFunnel.linking(form);

    function draw() {
      const given = input(OneFunnel.reading(form), data);
      const result = compute(given);
      const found = show({ result, start, given, data, put, say, form: OneFunnel.reading(form) });
      const words = link.changed() ? found : today;
      if (summary.textContent !== words) summary.textContent = words;
      link.keep();
      return { given, result };
    }

    form.addEventListener("input", draw);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(draw));
    window.addEventListener("hashchange", () => link.follow() && draw());
    OneFunnel.copying(form);
    const linked = link.follow(); // before `wire`, which may draw, and drawing keeps the link of what it drew
    wire?.({ form, data, draw });
    if (linked) draw();
  },

  /* What the form says; with `original`, what it said when the page was opened. Numbers stay within their bounds. */
  reading(form, original = false) {
    const field = (name) => form.elements[name];
    const chosen = (list) => [...list.options].find((option) => option.defaultSelected) ?? list.options[0];
    return {
      number(name) {
        const one = field(name);
        const value = Number.parseFloat(original ? one.defaultValue : one.value);
        return Number.isFinite(value) ? Math.min(Number(one.max), Math.max(Number(one.min), value)) : 0;
      },
      text(name) {
        const one = field(name);
        if (one.tagName === "SELECT") return original ? chosen(one).value : one.value;
        return original ? one.defaultValue : one.value;
      },
      ticked: (name) => (original ? field(name).defaultChecked : field(name).checked),
    };
  },

  /* Text, bars and marks of the page by their names. */
  putting(form) {
    const all = (kind, name) => form.querySelectorAll(`[data-${kind}="${name}"]`);
    return {
      text(name, words) { for (const one of all("show", name)) if (one.textContent !== words) one.textContent = words; },
      bar(name, low, high, tone) {
        for (const one of all("bar", name)) {
          one.style.setProperty("--from", Math.min(low, high).toFixed(4));
          one.style.setProperty("--to", Math.max(low, high).toFixed(4));
          if (tone) one.dataset.tone = tone;
        }
      },
      mark(name, on) { for (const one of all("mark", name)) one.classList.toggle("of-changed", on); },
      line(name, points) { for (const one of all("line", name)) one.setAttribute("points", points); },
      label(name, words) { for (const one of all("label-of", name)) one.setAttribute("aria-label", words); },
      within: (selector) => form.querySelector(selector),
    };
  },

  /* The part of the address after # holds every field, so a link gives the same numbers to whoever opens it. */
  linking(form) {
    const fields = [...form.elements].filter((one) => one.name);
    const read = (one) => (one.type === "checkbox" ? String(Number(one.checked)) : one.value);
    const first = new Map(fields.map((one) => [one.name, read(one)]));
    const changed = () => fields.some((one) => read(one) !== first.get(one.name));
    return {
      changed,
      keep() {
        const parts = new URLSearchParams(fields.map((one) => [one.name, read(one)]));
        history.replaceState(null, "", changed() ? `#${parts}` : location.pathname + location.search);
      },
      follow() {
        const parts = new URLSearchParams(location.hash.slice(1));
        const known = fields.filter((one) => parts.has(one.name));
        for (const one of known) {
          if (one.type === "checkbox") one.checked = parts.get(one.name) === "1";
          else one.value = parts.get(one.name);
          const stray = one.tagName === "SELECT" ? one.selectedIndex < 0 : one.type === "number" && one.value === "";
          if (stray) one.value = first.get(one.name);
        }
        return known.length > 0;
      },
    };
  },

  copying(form) {
    const copied = form.querySelector("[data-copied]");
    form.querySelector("[data-copy]").addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        copied.textContent = "Copied.";
      } catch {
        copied.textContent = "Copy the link from the address bar: it holds these numbers.";
      }
    });
  },

  /* Hand a file to the reader; it is made here, nothing is sent anywhere. */
  download(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const anchor = Object.assign(document.createElement("a"), { href: address, download: name });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  },
};
