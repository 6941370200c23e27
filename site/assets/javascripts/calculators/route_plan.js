/* Share points to routes: how many new customers, and what they leave in a month. */
OneFunnel.compute.route_plan = ({ points, category_cases, own_cases, cases, contribution_eur, stop_eur }) => {
  const { atLeast0, share } = OneFunnel;
  const [won, category, own, stop] = [points, category_cases, own_cases, stop_eur].map(atLeast0);
  const keys = ["exact", "customers", "cases", "earned_eur", "stops_eur", "left_eur", "share_now", "share_then"];
  if (!(cases > 0)) return Object.fromEntries(keys.map((key) => [key, null]));
  const exact = (won * category) / cases;
  const customers = Math.ceil(Number(exact.toFixed(9))); // 8.000000001 is 8 and a rounding error of the computer
  return {
    exact,
    customers,
    cases: customers * cases,
    earned_eur: customers * cases * contribution_eur,
    stops_eur: customers * stop,
    left_eur: customers * (cases * contribution_eur - stop),
    share_now: share(own, category),
    share_then: share(own + customers * cases, category),
  };
};

OneFunnel.page("route_plan", {
  input: (form) => ({
    points: form.number("points") / 100,
    category_cases: form.number("category"),
    own_cases: form.number("own"),
    cases: form.number("each"),
    contribution_eur: form.number("leaves"),
    stop_eur: form.number("stop"),
  }),
  show({ result, given, put, say, form }) {
    const routes = Math.max(1, form.number("routes"));
    const outlets = form.number("outlets");
    const buying = Math.min(outlets, form.number("buying"));
    const free = outlets - buying;
    const taken = Math.min(result.customers, free);
    const each = say.amount(result.customers / routes, 1);
    const texts = {
      customers: say.amount(result.customers), each, cases: say.amount(result.cases), earned: say.money(result.earned_eur),
      stops: say.money(-result.stops_eur), left: say.money(result.left_eur),
      "share-now": say.percent(result.share_now), "share-then": say.percent(result.share_then),
    };
    for (const [name, words] of Object.entries(texts)) put.text(name, words);
    for (const [name, many] of [["buying", buying], ["new", taken], ["rest", free - taken]]) {
      put.text(`outlets-${name}`, say.amount(many));
      put.bar(`outlets-${name}`, 0, OneFunnel.place(many, 0, outlets));
    }
    const value = Number((given.points * 100).toFixed(6));
    const few = result.customers > free ? ` Only ${say.amount(free)} outlets on the routes do not buy yet.` : "";
    return `${value === 1 ? "1 point" : `${value} points`} of share: ${say.amount(result.customers)} new customers, ` +
      `${each} on each of ${say.amount(routes)} routes. They leave ${say.money(result.left_eur)} a month after the ` +
      `cost of their stops.${few}`;
  },
});
