/* Total price: what two offers cost the buyer a year, in money and in four things that stand on no invoice. */
OneFunnel.compute.total_price = ({ ours, theirs }) => {
  const [us, them] = [ours, theirs].map((parts) => parts.map(OneFunnel.atLeast0));
  const [our, their] = [us, them].map(OneFunnel.sum);
  return { ours: our, theirs: their, invoice_gap: them[0] - us[0], gap: their - our };
};

OneFunnel.page("total_price", {
  input: (form, { parts }) => ({
    ours: parts.map((part) => form.number(`ours-${part}`)),
    theirs: parts.map((part) => form.number(`theirs-${part}`)),
  }),
  show({ result, given, data, put, say }) {
    const widest = Math.max(result.ours, result.theirs) || 1;
    for (const side of ["ours", "theirs"]) {
      let left = 0;
      data.parts.forEach((part, at) => {
        put.bar(`${side}-${part}`, left / widest, (left + given[side][at]) / widest);
        left += given[side][at];
      });
      put.text(`total-${side}`, say.money(result[side]));
      put.text(`bar-${side}`, say.money(result[side]));
    }
    data.parts.forEach((part, at) => put.text(`gap-${part}`, say.signed(given.theirs[at] - given.ours[at])));
    put.text("gap", say.signed(result.gap));
    const invoice = `By the invoice, ${cheaper(result.invoice_gap)}.`;
    if (![...given.ours.slice(1), ...given.theirs.slice(1)].some(Boolean)) return `${invoice} Now put a price on the other four.`;
    return `${invoice} With all five counted, ${cheaper(result.gap)}.`;

    function cheaper(gap) {
      if (Math.abs(gap) < 0.5) return "both cost the same";
      return `${gap > 0 ? "our offer" : "their offer"} is ${say.money(Math.abs(gap))} a year cheaper`;
    }
  },
});
