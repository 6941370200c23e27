/* The funnel: what one better rate, or more people, would bring in customers. */
OneFunnel.compute.funnel = ({ people, rates, more = 0, door = -1, points = 0 }) => {
  const { within, atLeast0 } = OneFunnel;
  const through = (start, each) => each.reduce((counts, rate) => [...counts, counts.at(-1) * rate], [start]);
  const old = rates.map(within);
  const changed = old.map((rate, index) => (index === door ? within(rate + points) : rate));
  const before = through(atLeast0(people), old);
  const after = through(atLeast0(people) * atLeast0(1 + more), changed);
  const whole = old.reduce((product, rate) => product * rate, 1);
  return {
    before,
    after,
    change: before.at(-1) > 0 ? after.at(-1) / before.at(-1) - 1 : null,
    people_needed: whole > 0 ? after.at(-1) / whole : null,
  };
};

OneFunnel.page("funnel", {
  input: (form, { doors }) => ({
    people: form.number("people"),
    rates: Array.from({ length: doors }, (_, index) => form.number(`rate-${index}`) / 100),
    more: form.number("more") / 100,
    door: Number(form.text("door")),
    points: form.number("points") / 100,
  }),
  show({ result: { before, after, change, people_needed }, given, put, say }) {
    const widest = Math.max(before[0], after[0]) || 1;
    before.forEach((was, index) => {
      put.text(`before-${index}`, say.amount(was));
      put.text(`after-${index}`, say.amount(after[index]));
      put.text(`gap-${index}`, say.signed(OneFunnel.round(after[index]) - OneFunnel.round(was)));
      put.bar(`before-${index}`, 0, was / widest);
      put.bar(`after-${index}`, 0, after[index] / widest);
      put.mark(`door-${index}`, index === given.door);
    });
    const today = `Before: ${say.amount(before.at(-1))} customers from ${say.amount(before[0])} people.`;
    if (change === null) return `${today} With a rate of zero nobody arrives.`;
    if (Math.abs(change) < 5e-7) return `${today} Change a rate or the people coming in to see what it brings.`;
    const then = ` With your change: ${say.amount(after.at(-1))} customers, ${say.signedPercent(change)}.`;
    if (Math.abs(people_needed - after[0]) < 0.5) return today + then;
    return `${today}${then} At the old rates the same would take ${say.amount(people_needed)} people ` +
      `(${say.signedPercent(people_needed / before[0] - 1)}).`;
  },
});
