/* Short and long: what money moved between brand and offers does to revenue, week by week (adstock). */
OneFunnel.compute.budget_shift = (given) => {
  const { atLeast0, sum } = OneFunnel;
  const keep = (value) => Math.min(0.99, Math.max(0, value));
  const [brand, offers] = [given.brand_eur, given.offers_eur].map(atLeast0);
  const moved = Math.min(brand, Math.max(-offers, given.moved * (brand + offers)));
  const parts = [
    { now: brand, then: brand - moved, keeps: keep(given.brand_keeps), brings: atLeast0(given.brand_return) },
    { now: offers, then: offers + moved, keeps: keep(given.offers_keeps), brings: atLeast0(given.offers_return) },
  ];
  const weeks = Math.max(0, Math.trunc(given.weeks));
  const weekly = Array(weeks).fill(0);
  for (const { now, then, keeps, brings } of parts) {
    const felt = now / (1 - keeps); // what has piled up after many weeks of today's spend
    let pressure = felt;
    for (let week = 0; week < weeks; week += 1) {
      pressure = then + keeps * pressure;
      weekly[week] += brings * (1 - keeps) * (pressure - felt);
    }
  }
  let total = 0;
  const halfLife = ({ keeps }) => (keeps > 0 ? Math.log(0.5) / Math.log(keeps) : 0);
  return {
    brand_eur: brand - moved,
    offers_eur: offers + moved,
    today_eur: sum(parts.map(({ now, brings }) => brings * now)),
    weekly,
    summed: weekly.map((gain) => (total += gain)),
    brand_half_life: halfLife(parts[0]),
    offers_half_life: halfLife(parts[1]),
  };
};

OneFunnel.page("budget_shift", {
  input: (form, { milestones }) => ({
    brand_eur: form.number("brand"),
    offers_eur: form.number("offers"),
    brand_keeps: form.number("brand-keeps") / 100,
    offers_keeps: form.number("offers-keeps") / 100,
    brand_return: form.number("brand-return"),
    offers_return: form.number("offers-return"),
    moved: form.number("moved") / 100,
    weeks: milestones.at(-1),
  }),
  show({ result, given, data, put, say }) {
    const { weekly, summed } = result;
    for (const weeks of data.milestones) {
      put.text(`weekly-${weeks}`, say.signedMoney(weekly[weeks - 1]));
      put.text(`summed-${weeks}`, say.signedMoney(summed[weeks - 1]));
    }
    for (const name of ["brand", "offers"]) {
      put.text(name, say.money(result[`${name}_eur`]));
      put.text(`${name}-half`, `${say.amount(result[`${name}_half_life`], 1)} weeks`);
    }
    const found = finding();
    const [low, high] = [Math.min(0, ...summed), Math.max(0, ...summed)];
    const down = (value) => (100 - OneFunnel.place(value, low, high) * 100).toFixed(2);
    put.line("zero", `0,${down(0)} 100,${down(0)}`);
    put.line("summed", [`0.00,${down(0)}`, ...summed.map((value, at) =>
      `${(((at + 1) / summed.length) * 100).toFixed(2)},${down(value)}`)].join(" "));
    put.text("curve-high", say.signedMoney(high));
    put.text("curve-low", say.signedMoney(low));
    put.label("curve", `A line over 104 weeks. ${found}`);
    return found;

    function finding() {
      const moved = given.brand_eur - result.brand_eur;
      if (Math.abs(moved) < 0.5) return "Nothing is moved. Move money from brand to offers, or back, to see what it brings.";
      const [quarter, end] = [summed[12], summed.at(-1)];
      const turned = summed.findIndex((sum, at) => at >= 13 && sum * quarter < 0) + 1;
      return `${say.money(Math.abs(moved))} a week from ${moved > 0 ? "brand to offers" : "offers to brand"}: ` +
        `${say.signedMoney(quarter)} of revenue in the first quarter, ${say.signedMoney(end)} in two years.` +
        (turned ? ` After ${turned} weeks the balance turns.` : "");
    }
  },
});
