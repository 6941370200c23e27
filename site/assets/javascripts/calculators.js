/* The same functions as src/onefunnel/publish/calculators.py; a test compares the two. */
const OneFunnel = {
  funnel(people, rates, more = 0, door = -1, points = 0) {
    const share = (value) => Math.min(1, Math.max(0, value));
    const through = (start, each) => each.reduce((counts, rate) => [...counts, counts.at(-1) * rate], [start]);
    people = Math.max(0, people);
    const old = rates.map(share);
    const changed = old.map((rate, index) => (index === door ? share(rate + points) : rate));
    const before = through(people, old);
    const after = through(people * Math.max(0, 1 + more), changed);
    const whole = old.reduce((product, rate) => product * rate, 1);
    return {
      before,
      after,
      change: before.at(-1) > 0 ? after.at(-1) / before.at(-1) - 1 : null,
      people_needed: whole > 0 ? after.at(-1) / whole : null,
    };
  },
};

/* The page of the funnel calculator. Its numbers stand in the page already; this only keeps them up to date. */
{
  const form = document.getElementById("of-funnel");
  if (form) startFunnel(form, JSON.parse(document.getElementById("funnel-data").textContent));

  function startFunnel(form, data) {
    const fields = {
      people: form.elements.people,
      more: form.elements.more,
      door: form.elements.door,
      points: form.elements.points,
    };
    const rates = data.rates.map((_, index) => form.elements[`rate-${index}`]);
    const rows = [...form.querySelectorAll("tbody tr")];
    const summary = form.querySelector("[data-summary]");
    const copied = form.querySelector("[data-copied]");
    const number = (field) => (Number.isFinite(field.valueAsNumber) ? field.valueAsNumber : 0);
    const count = (value) => Math.round(value).toLocaleString("en");
    const signed = (value, digits = 0) => {
      const words = Math.abs(value).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
      return Number(words.replaceAll(",", "")) === 0 ? "0" : (value < 0 ? "−" : "+") + words;
    };

    function draw() {
      const door = Number(fields.door.value);
      const result = OneFunnel.funnel(
        number(fields.people), rates.map((field) => number(field) / 100), number(fields.more) / 100, door, number(fields.points) / 100,
      );
      const widest = Math.max(result.before[0], result.after[0]) || 1;
      rows.forEach((row, index) => {
        row.querySelector("[data-before]").textContent = count(result.before[index]);
        row.querySelector("[data-after]").textContent = count(result.after[index]);
        row.querySelector("[data-gap]").textContent = signed(Math.round(result.after[index]) - Math.round(result.before[index]));
        row.style.setProperty("--before", result.before[index] / widest);
        row.style.setProperty("--after", result.after[index] / widest);
        row.classList.toggle("of-changed", index - 1 === door);
      });
      summary.textContent = say(result);
      const parts = new URLSearchParams({ people: fields.people.value, rates: rates.map((field) => field.value).join(","),
        more: fields.more.value, door: fields.door.value, points: fields.points.value });
      history.replaceState(null, "", "#" + parts);
    }

    function say({ before, after, change, people_needed }) {
      const today = `Today: ${count(before.at(-1))} customers from ${count(before[0])} people.`;
      if (change === null) return `${today} With a rate of zero nobody arrives.`;
      if (Math.abs(change) < 5e-7) return `${today} Change something to see what it brings.`;
      const then = ` With your change: ${count(after.at(-1))} customers, ${signed(change * 100, 1)} %.`;
      const same = Math.abs(people_needed - after[0]) < 0.5 ? "" :
        ` At today's rates the same would take ${count(people_needed)} people (${signed((people_needed / before[0] - 1) * 100, 1)} %).`;
      return today + then + same;
    }

    function fromLink() {
      const link = new URLSearchParams(location.hash.slice(1));
      if (!link.has("rates")) return;
      link.get("rates").split(",").forEach((value, index) => { if (rates[index] && value !== "" && Number.isFinite(Number(value))) rates[index].value = value; });
      for (const [name, field] of Object.entries(fields)) if (link.has(name)) field.value = link.get(name);
      if (fields.door.selectedIndex < 0) fields.door.selectedIndex = 0;
    }

    form.addEventListener("input", draw);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(draw));
    form.querySelector("[data-copy]").addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        copied.textContent = "Copied.";
      } catch {
        copied.textContent = "Copy the link from the address bar: it holds these numbers.";
      }
    });
    const opened = location.hash.includes("rates=");
    fromLink();
    if (opened) draw();
  }
}
