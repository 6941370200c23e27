/* The price waterfall: what comes off the list price, and what is left. Amounts are rounded to whole cents. */
OneFunnel.compute.waterfall = ({ list_eur, shares }) => {
  const cents = (amount) => OneFunnel.round(amount * 100);
  const listed = OneFunnel.atLeast0(list_eur);
  const parts = shares.map((part) => -cents(listed * OneFunnel.within(part)));
  const after = parts.slice(1, -1);
  const invoice = cents(listed) + parts[0];
  const pocket = invoice + OneFunnel.sum(after);
  const margin = pocket + parts.at(-1);
  const walk = [cents(listed), parts[0], invoice, ...after, pocket, parts.at(-1), margin].map((amount) => amount / 100);
  return {
    walk,
    pocket_price: OneFunnel.share(pocket / 100, walk[0]),
    pocket_margin: OneFunnel.share(margin / 100, pocket / 100),
  };
};

OneFunnel.page("waterfall", {
  input: (form, { taken }) => ({
    list_eur: form.number("list"),
    shares: taken.map((_, place) => form.number(`share-${place}`) / 100),
  }),
  show({ result, start, data, put, say }) {
    const { names, taken } = data;
    const whole = result.walk[0] || 1;
    let left = 0;
    const ranges = result.walk.map((amount, place) => {
      const range = taken.includes(names[place]) ? [left + amount, left] : [0, amount];
      left = taken.includes(names[place]) ? left + amount : amount;
      return range.map((end) => end / whole);
    });
    const low = Math.min(0, ...ranges.flat());
    names.forEach((name, place) => {
      put.text(`share-of-${name}`, say.percent(result.walk[place] / whole));
      put.text(`eur-${name}`, say.money(result.walk[place]));
      put.bar(name, ...ranges[place].map((end) => OneFunnel.place(end, low, 1)));
    });
    if (!result.walk[0]) return "Without a list price there is nothing to walk down.";
    const of100 = (name) => say.money((result.walk[names.indexOf(name)] / whole) * 100, 2);
    const more = result.walk.at(-1) - start.walk.at(-1);
    return `Of ${say.symbol}100 on the list, ${of100("pocket_eur")} reach the pocket and ${of100("margin_eur")} are ` +
      `margin: ${Math.abs(more) < 0.5 ? "as much margin as today" : `${say.moreOrLess(more)} margin than today`}.`;
  },
});
