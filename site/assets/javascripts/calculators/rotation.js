/* Ride-alongs: who from marketing rides in which territory in which week, and on which day. */
OneFunnel.dayAfter = (day, days) => new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

OneFunnel.compute.rotation = (given, { weeks_a_quarter }) => {
  const named = (names) => names.map((name) => name.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "")).filter(Boolean);
  const [marketers, territories] = [named(given.marketers), named(given.territories)];
  const weeks = Math.min(104, Math.max(1, Math.trunc(given.weeks)));
  const weekdayOf = (day) => (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7; // 0 = Monday
  const problem = wrong();
  if (problem) return { problem };
  const ahead = (given.weekday - weekdayOf(given.start) + 7) % 7;
  const first = OneFunnel.dayAfter(given.start, ahead);
  const step = Math.floor(territories.length / marketers.length);
  const rides = [];
  for (let week = 0; week < weeks; week += 1) {
    const day = openDay(OneFunnel.dayAfter(first, 7 * week));
    marketers.forEach((marketer, who) => {
      rides.push({ week: week + 1, day, marketer, territory: territories[(week + who * step) % territories.length] });
    });
  }
  return { rides };

  function wrong() {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(given.start) || Number.isNaN(Date.parse(`${given.start}T00:00Z`))) {
      return "Give the day from which on rides are planned.";
    }
    for (const [what, names] of [["marketers", marketers], ["territories", territories]]) {
      if (!names.length || new Set(names).size < names.length) return `${what}: give at least one, and each only once.`;
    }
    if (marketers.length > territories.length) {
      return `${marketers.length} marketers share ${territories.length} territories: two would sit in one car.`;
    }
    if (Math.min(weeks, weeks_a_quarter) > territories.length) {
      return `${territories.length} territories cannot fill ${weeks_a_quarter} weeks without a repeat.`;
    }
    return "";
  }

  /* The day itself, else the next working day of its week, else one before; the day itself when all are closed. */
  function openDay(planned) {
    const place = weekdayOf(planned);
    const steps = [...Array(7 - place).keys(), ...[...Array(place).keys()].map((back) => -1 - back)];
    const days = steps.map((by) => OneFunnel.dayAfter(planned, by));
    return days.find((day) => given.working_days.includes(weekdayOf(day)) && !given.holidays.includes(day)) ?? planned;
  }
};

OneFunnel.page("rotation", {
  input: (form, { working_days, holidays }) => ({
    marketers: form.text("marketers").split("\n"),
    territories: form.text("territories").split("\n"),
    weeks: form.number("weeks"),
    start: form.text("start"),
    weekday: Number(form.text("weekday")),
    working_days,
    holidays,
  }),

  show({ result, put, say }) {
    const box = put.within(".of-schedule");
    box.hidden = "problem" in result;
    for (const button of [...put.within(".of-buttons").querySelectorAll("[data-file]")]) button.disabled = box.hidden;
    if (box.hidden) return result.problem[0].toUpperCase() + result.problem.slice(1);
    const { rides } = result;
    const marketers = [...new Set(rides.map((ride) => ride.marketer))];
    drawTable(box, rides, marketers);
    const who = put.within("[data-who]");
    const chosen = who.value;
    who.replaceChildren(new Option("everybody", ""), ...marketers.map((name) => new Option(name, name)));
    who.value = marketers.includes(chosen) ? chosen : "";
    const weeks = rides.at(-1).week;
    return `${say.amount(rides.length)} rides of ${marketers.length} ${marketers.length === 1 ? "marketer" : "marketers"} in ` +
      `${weeks} ${weeks === 1 ? "week" : "weeks"}, from ${inWords(rides[0].day)} to ${inWords(rides.at(-1).day)}. ` +
      "No week is empty, and nobody rides twice in a territory within a quarter.";

    function inWords(day) {
      const how = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
      return new Date(`${day}T00:00Z`).toLocaleDateString("en-GB", how);
    }

    function drawTable(box, rides, marketers) {
      const make = (tag, text, set = {}) => Object.assign(document.createElement(tag), { textContent: text }, set);
      box.querySelector("thead tr").replaceChildren(...["Week", "Day", ...marketers].map((name) => make("th", name, { scope: "col" })));
      const weeks = grouped(rides);
      box.querySelector("tbody").replaceChildren(...[...weeks].map(([week, ofWeek]) => {
        const row = document.createElement("tr");
        const cells = [["Day", inWords(ofWeek[0].day)], ...ofWeek.map((ride) => [ride.marketer, ride.territory])];
        row.append(make("th", String(week), { scope: "row" }), ...cells.map(([label, text]) => {
          const cell = make("td", text);
          cell.dataset.label = label;
          return cell;
        }));
        return row;
      }));
    }

    function grouped(rides) {
      const weeks = new Map();
      for (const ride of rides) weeks.set(ride.week, [...(weeks.get(ride.week) ?? []), ride]);
      return weeks;
    }
  },

  wire({ form, data, draw }) {
    const files = {
      ics: ["ride-alongs.ics", "text/calendar;charset=utf-8", (rides) => OneFunnel.files.calendar(rides, data.company)],
      csv: ["ride-alongs.csv", "text/csv;charset=utf-8", (rides) => OneFunnel.files.table(rides)],
    };
    draw(); // fills the list of names
    for (const button of form.querySelectorAll("[data-file]")) {
      button.addEventListener("click", () => {
        const who = form.querySelector("[data-who]").value;
        const rides = draw().result.rides.filter((ride) => !who || ride.marketer === who);
        const [name, type, write] = files[button.dataset.file];
        OneFunnel.download(name, type, write(rides));
      });
    }
  },
});
