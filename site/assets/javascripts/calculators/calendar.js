/* Files of a ride-along schedule: a calendar (iCalendar, RFC 5545) and a table (CSV). Rides have week, day, marketer
   and territory; days are written 2026-05-18. */
OneFunnel.files = {
  /* Whole-day entries. The id of an entry follows from its ride, so a second import changes entries and adds none. */
  calendar(rides, company, now = new Date()) {
    const compact = (day) => day.replaceAll("-", "");
    const stamp = `${now.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
    const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//OneFunnel//Ride-along schedule//EN", "CALSCALE:GREGORIAN",
      "METHOD:PUBLISH", `X-WR-CALNAME:${this.escaped(`Ride-alongs, ${company}`)}`];
    for (const ride of rides) {
      lines.push(
        "BEGIN:VEVENT",
        `UID:ride-${compact(ride.day)}-${this.hash([company, ride.week, ride.marketer, ride.territory].join("\n"))}@onefunnel.example.com`,
        `DTSTAMP:${stamp}`,
        `DTSTART;VALUE=DATE:${compact(ride.day)}`,
        `DTEND;VALUE=DATE:${compact(OneFunnel.dayAfter(ride.day, 1))}`,
        `SUMMARY:${this.escaped(`Ride-along: ${ride.marketer}, ${ride.territory}`)}`,
        `DESCRIPTION:${this.escaped(`Week ${ride.week}. The seller leads; the marketer listens and writes down what the buyer said.`)}`,
        `LOCATION:${this.escaped(ride.territory)}`,
        "END:VEVENT",
      );
    }
    return [...lines, "END:VCALENDAR"].map((line) => `${this.folded(line)}\r\n`).join("");
  },

  /* The mark at the start lets Excel read accents; a name that begins like a formula is kept from being one. */
  table(rides) {
    const cell = (value) => `"${String(value).replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
    const rows = rides.map(({ week, day, marketer, territory }) => [week, day, marketer, territory]);
    return `\ufeff${[["Week", "Day", "Marketer", "Territory"], ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
  },

  escaped: (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\r\n|\r|\n/g, "\\n"),

  /* No line is longer than 75 bytes; what is left goes on after a space. A character is never cut in two. */
  folded(line) {
    const bytes = (text) => new TextEncoder().encode(text).length;
    const parts = [""];
    for (const sign of line) {
      if (bytes(parts.at(-1)) + bytes(sign) > 75) parts.push(" ");
      parts[parts.length - 1] += sign;
    }
    return parts.join("\r\n");
  },

  /* Sixteen hexadecimal digits that follow from a text (two FNV-1a sums). */
  hash(text) {
    const bytes = new TextEncoder().encode(text);
    const sum = (from) => bytes.reduce((mixed, byte) => Math.imul(mixed ^ byte, 0x01000193) >>> 0, from);
    return [sum(0x811c9dc5), sum(0x050c5d1f)].map((one) => one.toString(16).padStart(8, "0")).join("");
  },
};
