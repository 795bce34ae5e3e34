"use strict";
// Counts of any two factors together, as a heat map.
(() => {
  const data = JSON.parse(document.getElementById("balance-data").textContent);
  const names = Object.keys(data.factors);
  const [a, b, unit] = ["pair-a", "pair-b", "pair-unit"].map((id) => document.getElementById(id));
  for (const select of [a, b]) {
    for (const name of names) select.add(new Option(data.factors[name].title, name));
  }
  a.value = "class";
  b.value = "distance";
  const row = (cells, kind) => {
    const line = document.createElement("tr");
    for (const [text, shade] of cells) {
      const cell = document.createElement(shade === undefined ? "th" : "td");
      cell.textContent = text;
      if (shade !== undefined) {
        cell.className = "many";
        cell.style.setProperty("--shade", shade.toFixed(2));
      }
      line.append(cell);
    }
    return line;
  };
  const draw = () => {
    const table = document.getElementById("pair-table");
    table.replaceChildren();
    const found = data.joints.find((j) => (j.a === a.value && j.b === b.value)
      || (j.a === b.value && j.b === a.value));
    if (!found) {
      table.append(row([["Choose two different factors."]]));
      return;
    }
    const turned = found.a !== a.value;
    const counts = found[unit.value];
    const at = (i, k) => (turned ? counts[k][i] : counts[i][k]);
    const rows = data.factors[a.value].cells;
    const columns = data.factors[b.value].cells;
    const peak = Math.max(1, ...counts.flat());
    table.append(row([[""], ...columns.map((name) => [name])]));
    rows.forEach((name, i) => {
      if (columns.every((_, k) => at(i, k) === 0) && rows.length > 6) return;
      table.append(row([[name], ...columns.map((_, k) => [
        at(i, k).toLocaleString("en"), Math.sqrt(at(i, k) / peak),
      ])]));
    });
  };
  for (const select of [a, b, unit]) select.addEventListener("change", draw);
  draw();
})();
