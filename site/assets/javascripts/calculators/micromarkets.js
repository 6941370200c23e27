/* Micromarket budgets: what a split brings, what the next euro brings, and the best split of today's money. */
OneFunnel.compute.micromarkets = ({ plan, today, ceiling, scale, cap }) => {
  const { atLeast0, finite, sum, within } = OneFunnel;
  const now = today.map(atLeast0);
  const planned = plan.map(atLeast0);
  const reach = within(cap);
  const best = bestSplit(sum(now), now.map((one) => one * (1 - reach)), now.map((one) => one * (1 + reach)));
  const brings = (split) => sum(split.map((spend, at) => ceiling[at] * -Math.expm1(-spend / scale[at])));
  const gain = (split) => (brings(now) ? finite(brings(split) / brings(now) - 1) : null);
  return {
    over_eur: sum(planned) - sum(now),
    today_eur: brings(now),
    plan_eur: brings(planned),
    best_eur: brings(best),
    gain: gain(planned),
    best_gain: gain(best),
    next_euro: planned.map((spend, at) => (ceiling[at] / scale[at]) * Math.exp(-spend / scale[at])),
    best,
  };

  /* At the best split the next euro brings the same wherever no bound is met; that return is found by halving. */
  function bestSplit(total, lowest, highest) {
    const first = ceiling.map((top, at) => (top > 0 ? Math.log(top / scale[at]) : null));
    const known = first.filter((one) => one !== null);
    const spendAt = (level) => first.map((one, at) =>
      Math.min(highest[at], Math.max(lowest[at], one === null ? 0 : scale[at] * (one - level))));
    let low = Math.min(0, ...first.flatMap((one, at) => (one === null ? [] : [one - highest[at] / scale[at]]))) - 1;
    let high = Math.max(0, ...known) + 1;
    for (let step = 0; step < 200; step += 1) {
      const middle = (low + high) / 2;
      if (sum(spendAt(middle)) > total) low = middle;
      else high = middle;
    }
    const split = spendAt(high);
    let missing = total - sum(split); // what places without any response, filled last, take
    return split.map((spend, at) => {
      const room = missing > 0 ? highest[at] - spend : spend - lowest[at];
      const step = Math.sign(missing) * Math.min(Math.abs(missing), Math.max(0, room));
      missing -= step;
      return spend + step;
    });
  }
};

OneFunnel.page("micromarkets", {
  input: (form, { today, ceiling, scale }) => ({
    plan: today.map((_, at) => form.number(`plan-${at}`)),
    today,
    ceiling,
    scale,
    cap: form.number("cap") / 100,
  }),
  show({ result, given, data, put, say }) {
    const widest = Math.max(...result.next_euro) || 1;
    result.next_euro.forEach((value, at) => {
      put.text(`next-${at}`, say.amount(value, 2));
      put.bar(`next-${at}`, 0, value / widest);
      put.text(`best-${at}`, say.amount(result.best[at]));
    });
    put.text("plan", say.money(OneFunnel.sum(given.plan)));
    put.text("best", say.amount(OneFunnel.sum(result.best)));
    put.text("plan-brings", say.money(result.plan_eur));
    put.text("best-brings", say.amount(result.best_eur));
    const best = `The best split of today's money brings ${say.signedPercent(result.best_gain)}.`;
    const over = Math.round(result.over_eur);
    if (over) {
      return over > 0 ? `Your plan spends ${say.money(over)} more than today. Take it from somewhere. ${best}`
        : `Your plan leaves ${say.money(-over)} of today's money unspent. ${best}`;
    }
    return `Your split brings ${say.signedPercent(result.gain)} against today. ${best}`;
  },
  wire({ form, draw }) {
    form.querySelector("[data-best]").addEventListener("click", () => {
      const { given, result } = draw();
      const whole = result.best.map(Math.floor); // whole euros that add to today's total
      let missing = Math.round(OneFunnel.sum(given.today) - OneFunnel.sum(whole));
      whole.forEach((spend, at) => {
        form.elements[`plan-${at}`].value = spend + (missing > 0 ? 1 : 0);
        missing -= 1;
      });
      draw();
    });
  },
});
