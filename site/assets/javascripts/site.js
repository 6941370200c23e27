/* Small help for reading; every page is complete without it. */

/* On a phone a wide table becomes one card a row: each cell learns its column's name, and keeps its role. */
for (const table of document.querySelectorAll(".md-typeset article table, article.md-typeset table")) {
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  if (heads.length < 3 || table.closest("form")) continue;
  table.dataset.cards = "";
  table.setAttribute("role", "table");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    [...row.cells].forEach((cell, index) => {
      const head = cell.tagName === "TH";
      cell.setAttribute("role", head ? "columnheader" : "cell");
      if (head) cell.dataset.sortMethod = "none"; // else the theme takes it for a sortable column
      if (!head) cell.dataset.label = heads[index] ?? "";
    });
  }
}

/* What scrolls sideways must be reachable by keyboard. */
for (const box of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

/* A date by which something is to be done: whether it is past, only the reader's calendar knows. */
for (const day of document.querySelectorAll("time[data-due]")) {
  if (new Date(`${day.dateTime}T23:59:59`) < new Date()) day.append(" (overdue)");
}

/* The theme's search box is a dialog without a name, and its tags are a landmark without one. */
document.querySelector("nav.md-tags")?.setAttribute("aria-label", "Tags");
document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
