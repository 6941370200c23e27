/* The revenue tree: what each of four factors did to their product, by the mean over all 24 orders (Shapley value). */
OneFunnel.compute.revenue_tree = ({ before, after, cost_eur }) => {
  const [start, end] = [before, after].map((side) => side.map(OneFunnel.atLeast0));
  const product = (values) => values.reduce((whole, value) => whole * value, 1);
  const orders = (rest) => (rest.length ? rest.flatMap((one) => orders(rest.filter((other) => other !== one)).map((tail) => [one, ...tail])) : [[]]);
  const all = orders([0, 1, 2, 3]);
  const effects = [0, 0, 0, 0];
  for (const order of all) {
    const level = [...start];
    for (const place of order) {
      const was = product(level);
      level[place] = end[place];
      effects[place] += product(level) - was;
    }
  }
  const cents = wholeCents(effects.map((effect) => effect / all.length), product(end) - product(start));
  const cost = OneFunnel.atLeast0(cost_eur);
  const change = start.every((value) => value > 0)
    ? start.reduce((whole, value, place) => whole * (1 + (end[place] / value - 1)), 1) - 1 : null;
  const years = [start, end].map((side) => ({ cases: side[0] * side[1] * side[2], price: side[3] }));
  return {
    effects: cents.map((cent) => cent / 100),
    total: OneFunnel.sum(cents) / 100,
    change: change === null ? null : OneFunnel.finite(change),
    revenue: years.map(({ cases, price }) => cases * price),
    margin: years.map(({ cases, price }) => cases * price - cases * cost),
  };

  /* Whole cents that add to the rounded total: the missing cents go to the largest remainders. */
  function wholeCents(exactEuros, total) {
    const exact = exactEuros.map((effect) => effect * 100);
    const found = exact.map(Math.floor);
    const missing = OneFunnel.round(OneFunnel.round(total * 100) - OneFunnel.sum(found));
    const largestFirst = [0, 1, 2, 3].sort((a, b) => (exact[b] - found[b]) - (exact[a] - found[a]) || a - b);
    for (const place of largestFirst.slice(0, missing)) found[place] += 1;
    return found;
  }
};

OneFunnel.page("revenue_tree", {
  input: (form) => ({
    before: [0, 1, 2, 3].map((place) => form.number(`before-${place}`)),
    after: [0, 1, 2, 3].map((place) => form.number(`after-${place}`)),
    cost_eur: form.number("cost"),
  }),
  show({ result, given, put, say }) {
    const names = ["Customers", "Orders a customer", "Cases an order", "Net price a case"];
    const change = (was, now) => say.signedPercent(was ? now / was - 1 : null);
    const widest = Math.max(...result.effects.map(Math.abs)) || 1;
    result.effects.forEach((effect, place) => {
      put.text(`change-${place}`, change(given.before[place], given.after[place]));
      put.text(`effect-${place}`, say.signed(effect));
      put.bar(`effect-${place}`, ...OneFunnel.aroundZero(effect, widest), effect < 0 ? "wrong" : "main");
    });
    for (const name of ["revenue", "margin"]) {
      const [was, now] = result[name];
      put.text(`${name}-before`, say.money(was));
      put.text(`${name}-after`, say.money(now));
      put.text(`${name}-change`, change(was, now));
      put.text(`${name}-effect`, say.signed(now - was));
    }
    const sizes = result.effects.map(Math.abs);
    const most = sizes.indexOf(Math.max(...sizes));
    if (!result.total && !result.effects[most]) return "Nothing changed between the two years.";
    const margin = result.margin[1] - result.margin[0];
    return `Revenue changed by ${say.signedMoney(result.total)}` +
      (result.change === null ? "" : ` (${say.signedPercent(result.change)})`) +
      ` and the margin by ${say.signedMoney(margin)}. ${names[most]} did most: ${say.signedMoney(result.effects[most])}.`;
  },
});
