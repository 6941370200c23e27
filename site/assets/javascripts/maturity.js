/* The same functions as src/onefunnel/publish/maturity.py; a test compares the two. Days are text: 2026-05-15. */
const Maturity = {
  NEXT: 3,

  score(answers) {
    const given = answers.filter((answer) => answer !== null);
    if (!given.length || given.length < answers.length) return { answered: given.length, level: null, lowest: [] };
    const order = given.map((_, topic) => topic).sort((a, b) => given[a] - given[b] || a - b);
    const sorted = [...given].sort((a, b) => a - b);
    return { answered: given.length, level: sorted[Math.floor((given.length - 1) / 2)], lowest: order.slice(0, Maturity.NEXT) };
  },

  starts(today, weeks, workingDays, holidays) {
    const text = (day) => day.toISOString().slice(0, 10);
    return weeks.map((count) => {
      const day = new Date(`${today}T00:00:00Z`); // in UTC, so that no change of the clock moves a day
      day.setUTCDate(day.getUTCDate() + 7 * count);
      while (workingDays.length && (!workingDays.includes((day.getUTCDay() + 6) % 7) || holidays.includes(text(day)))) {
        day.setUTCDate(day.getUTCDate() + 1);
      }
      return text(day);
    });
  },
};

/* The page of the maturity check. It can be read and worked out by hand without this. */
{
  const form = document.getElementById("of-maturity");
  if (form) startMaturity(form, JSON.parse(document.getElementById("maturity-data").textContent));

  function startMaturity(form, data) {
    const summary = form.querySelector("[data-summary]");
    const plays = form.querySelector("[data-plays]");
    const rows = document.querySelectorAll("#of-maturity-plays tbody tr");
    const copied = form.querySelector("[data-copied]");
    const answers = () => data.topics.map((topic) => {
      const chosen = form.querySelector(`input[name="${topic.id}"]:checked`);
      return chosen ? Number(chosen.value) : null;
    });
    /* The reader's own day: the clock on their wall, not the one in Greenwich. */
    const today = () => {
      const now = new Date();
      return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    };
    const say = (day) => new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", {
      weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
    });

    function draw() {
      const given = answers();
      const result = Maturity.score(given);
      plays.replaceChildren();
      plays.hidden = result.level === null;
      if (result.level === null) {
        const left = given.length - result.answered;
        summary.textContent = result.answered
          ? `${result.answered} of ${given.length} answered. ${left} to go.`
          : "Choose one sentence a topic. What do people really do, on a bad day too?";
        return;
      }
      const level = data.levels[result.level];
      summary.textContent = `Your level: ${level.name.toLowerCase()}. More than half of the topics have got that far. ${level.meaning} Next come these:`;
      const days = Maturity.starts(today(), data.weeks, data.working_days, data.holidays);
      result.lowest.forEach((place, index) => {
        const topic = data.topics[place];
        const play = rows[place].cells[given[place] + 1].querySelector("a");
        const line = document.createElement("li");
        const link = Object.assign(document.createElement("a"), { href: play.href, textContent: play.textContent });
        const day = Object.assign(document.createElement("time"), { dateTime: days[index], textContent: say(days[index]) });
        const why = Object.assign(document.createElement("span"), {
          className: "of-maturity__why",
          textContent: `${topic.name}: ${data.levels[given[place]].name.toLowerCase()}. ${topic.owners[given[place]]} sees to it.`,
        });
        line.append(link, " begins on ", day, why);
        plays.append(line);
      });
    }

    function keep() {
      const letters = answers().map((answer) => answer ?? "-").join("");
      history.replaceState(null, "", letters.replaceAll("-", "") ? `#answers=${letters}` : location.pathname + location.search);
    }

    function fromLink() {
      const letters = new URLSearchParams(location.hash.slice(1)).get("answers") ?? "";
      data.topics.forEach((topic, index) => {
        for (const field of form.querySelectorAll(`input[name="${topic.id}"]`)) field.checked = field.value === letters[index];
      });
    }

    form.addEventListener("input", () => { keep(); draw(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => { keep(); draw(); copied.textContent = ""; }));
    form.querySelector("[data-copy]").addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        copied.textContent = "Copied.";
      } catch {
        copied.textContent = "Copy the link from the address bar: it holds these answers.";
      }
    });
    window.addEventListener("hashchange", () => { fromLink(); draw(); });
    if (location.hash.includes("answers=")) fromLink();
    draw(); // a browser may have kept what was chosen before
  }
}
