/* Shared pay: variable pay of marketing and sales when part of it hangs on one shared number. */
OneFunnel.compute.shared_pay = ({ variable, own, shared, shared_share, gate_open }, { floor, cap }) => {
  const pairs = [...own, shared].map((pair) => pair.map(OneFunnel.atLeast0));
  const reached = pairs.map(([target, actual]) => OneFunnel.share(actual, target));
  const earned = reached.map((part) => (part === null ? null : part < floor ? 0 : Math.min(part, cap)));
  const part = OneFunnel.within(shared_share);
  const full = variable.map(OneFunnel.atLeast0);
  const own_eur = full.map((eur, at) => (earned[at] === null ? null : eur * (1 - part) * earned[at]));
  const shared_eur = full.map((eur) => (!gate_open ? 0 : earned[2] === null ? null : eur * part * earned[2]));
  const pay_eur = own_eur.map((eur, at) => (eur === null || shared_eur[at] === null ? null : eur + shared_eur[at]));
  return { own_eur, shared_eur, pay_eur, reached };
};

OneFunnel.page("shared_pay", {
  input: (form) => {
    const pair = (at) => [form.number(`target-${at}`), form.number(`actual-${at}`)];
    return {
      variable: [0, 1].map((at) => form.number(`variable-${at}`)),
      own: [pair(0), pair(1)],
      shared: pair(2),
      shared_share: form.number("shared") / 100,
      gate_open: form.text("gate") === "open",
    };
  },
  show({ result, given, put, say }) {
    const euros = (value) => (value === null ? say.none : say.money(value));
    const gaps = result.pay_eur.map((eur, at) => (eur === null ? null : eur - given.variable[at]));
    const widest = Math.max(...gaps.map((gap) => Math.abs(gap ?? 0))) || 1;
    result.reached.forEach((part, at) => put.text(`reached-${at}`, say.percent(part)));
    gaps.forEach((gap, at) => {
      put.text(`own-${at}`, euros(result.own_eur[at]));
      put.text(`shared-${at}`, euros(result.shared_eur[at]));
      put.text(`pay-${at}`, euros(result.pay_eur[at]));
      put.text(`gap-${at}`, gap === null ? say.none : say.signedMoney(gap));
      put.bar(`gap-${at}`, ...OneFunnel.aroundZero(gap ?? 0, widest), gap < 0 ? "wrong" : "main");
    });
    if (gaps.includes(null)) return "A target of zero cannot be reached. Put a target above zero.";
    const words = `Against full pay at target, marketing gets ${say.signedMoney(gaps[0])} a person and sales ` +
      `${say.signedMoney(gaps[1])}.`;
    return gaps[0] * gaps[1] < 0 ? `${words} One side gains while the other loses.` : words;
  },
});
