/* Return on spend by origin. Where nothing was spent it is not defined, and the unknown stays in sight. */
OneFunnel.compute.origin_returns = ({ margin, revenue, spend, counts, unknown }) => {
  const { atLeast0, finite, sum, within } = OneFunnel;
  const earned = revenue.map((amount, at) => atLeast0(amount) * within(counts[at]));
  const paid = spend.map(atLeast0);
  const result = (came, cost) => (cost ? finite((came * margin - cost) / cost) : null);
  const all = earned.map((_, at) => at);
  const together = (places) => result(sum(places.map((at) => earned[at])), sum(places.map((at) => paid[at])));
  return {
    returns: all.map((at) => result(earned[at], paid[at])),
    least: together(all.filter((at) => at !== unknown)),
    most: together(all),
  };
};

OneFunnel.page("origin_returns", {
  input: (form, { names, unknown }) => ({
    margin: form.number("margin") / 100,
    revenue: names.map((_, at) => form.number(`revenue-${at}`)),
    spend: names.map((_, at) => form.number(`spend-${at}`)),
    counts: names.map((_, at) => form.number(`counts-${at}`) / 100),
    unknown,
  }),
  show({ result, data, put, say }) {
    const { names, lowest, highest } = data;
    const write = (name, text, value) => {
      put.text(text, say.signedPercent(value, 0));
      if (value === null) put.bar(name, 0, 1, "unknown");
      else put.bar(name, ...[0, value].map((end) => OneFunnel.place(end, lowest, highest)), value < 0 ? "wrong" : "main");
    };
    result.returns.forEach((value, at) => write(`return-${at}`, `return-${at}`, value));
    for (const name of ["least", "most"]) write(name, name, result[name]);
    const known = names.map((name, at) => ({ name, value: result.returns[at] })).filter(({ value }) => value !== null);
    if (!known.length) return "Nothing was spent, so no return is defined.";
    const most = known.reduce((best, one) => (one.value > best.value ? one : best));
    const least = known.reduce((worst, one) => (one.value < worst.value ? one : worst));
    return `${least.name} returned ${say.signedPercent(least.value, 0)}, the least; ${most.name} ` +
      `${say.signedPercent(most.value, 0)}, the most. All together: ${say.signedPercent(result.least, 0)} without the ` +
      `unknown, ${say.signedPercent(result.most, 0)} with it.`;
  },
  wire({ form, draw }) {
    const button = form.querySelector("[data-fill]");
    button?.addEventListener("click", () => {
      for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) form.elements[name].value = value;
      draw();
    });
  },
});
