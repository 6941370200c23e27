/* Role clarity: five reasons to agree closely on who does what. The limits stand in the page. */
OneFunnel.compute.role_clarity = (sale, rules) => {
  const reasons = [
    rules.first_time.includes(sale.purchase_type),
    sale.customised,
    sale.product_life_months < rules.short_life_months,
    sale.cycle_days > rules.long_cycle_days,
    sale.key_account,
  ];
  const points = reasons.filter(Boolean).length;
  return { points, label: rules.labels[rules.from.filter((least) => points >= least).length], reasons };
};

OneFunnel.page("role_clarity", {
  input: (form) => ({
    purchase_type: form.text("purchase"),
    customised: form.ticked("customised"),
    product_life_months: form.number("life"),
    cycle_days: form.number("cycle"),
    key_account: form.ticked("key"),
  }),
  show({ result, data, put, form }) {
    const { points, label, reasons } = result;
    reasons.forEach((holds, at) => {
      put.text(`reason-${at}`, holds ? "yes" : "no");
      put.mark(`reason-${at}`, holds);
    });
    for (const one of data.rules.labels) put.mark(`is-${one}`, one === label);
    const small = !form.ticked("small") ? ""
      : form.ticked("neglected") ? " Write down what was left undone now, small or not."
        : " A small firm on good terms may leave it at talking, until something is left undone.";
    return `${label[0].toUpperCase()}${label.slice(1)}: ${data.meaning[label]}. ${points} of 5 reasons hold.${small}`;
  },
});
