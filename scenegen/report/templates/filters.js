"use strict";
// Filters over all frames that were looked at; rows are those of explorer.py.
(() => {
  const [SCENE, SENSOR, FRAME, TIME, CLASSES, COUNT, HIDDEN, SMALL, TTC, LUMA, CLOSING] =
    Array(11).keys();
  const STEP = 50;
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const form = at("filters");
  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const choice = (name, words, every) => {
    const select = make("select", "", { "aria-label": name, "data-of": name });
    select.append(make("option", `${name}: ${every}`, { value: "" }));
    words.forEach((word) => select.append(make("option", word, { value: word })));
    return select;
  };
  for (const [i, name] of data.classes.entries()) {
    const label = make("label", " " + name);
    label.prepend(make("input", "", { type: "checkbox", "data-class-bit": String(i) }));
    at("classes").append(label);
  }
  const conditions = at("conditions");
  const of = { scenario: data.scenarios, sensor: data.sensors };
  for (const [name, words] of Object.entries({ ...of, ...data.conditions })) {
    if (words.length > 1) conditions.append(choice(name, words, "any"));
  }
  conditions.hidden = conditions.children.length < 2;
  data.parameters.forEach((name, i) => {
    at("parameter").append(make("option", name, { value: String(i) }));
  });
  const weights = data.scenes.map((scene) => scene.weight);
  const lightest = Math.min(...weights);
  const heaviest = Math.max(...weights);
  at("weight").disabled = heaviest - lightest < 1e-9;

  const pictures = new Map(Object.entries(data.pictures));
  for (const image of document.querySelectorAll("img[data-frame]")) {
    // The plain picture of a card is better than the small one of its strip.
    if (!pictures.has(image.dataset.frame) || image.classList.contains("rgb")) {
      pictures.set(image.dataset.frame, image.src);
    }
  }
  const cards = [...document.querySelectorAll(".card[data-scene]")];

  const values = (index) => data.scenes.map((s) => s.values[index]).filter((v) => v !== null);
  const isNumber = (index) => values(index).every((v) => typeof v === "number");
  const parameterChanged = () => {
    const chosen = at("parameter").value;
    const words = chosen !== "" && !isNumber(Number(chosen));
    at("word").hidden = !words;
    form.querySelector(".range").hidden = chosen === "" || words;
    if (words) {
      const all = [...new Set(values(Number(chosen)).map(String))].sort();
      at("word").replaceChildren(make("option", "any", { value: "" }));
      at("word").append(...all.map((word) => make("option", word, { value: word })));
    }
    at("low").value = at("high").value = "";
  };
  const bound = (id, otherwise) => {
    const text = at(id).value.trim();
    const wrong = text !== "" && Number.isNaN(Number(text));
    at(id).setAttribute("aria-invalid", String(wrong));
    return text === "" || wrong ? otherwise : Number(text);
  };

  const sceneFits = () => {
    const asked = [...conditions.querySelectorAll("select")].filter((s) => s.value !== "");
    const parameter = at("parameter").value;
    const [low, high] = [bound("low", -Infinity), bound("high", Infinity)];
    const word = at("word").value;
    const most = lightest + (heaviest - lightest) * (at("weight").value / 100);
    const all = Number(at("weight").value) === 100;
    at("weight-shown").textContent = all ? "all" : most.toFixed(2);
    return (scene) => {
      for (const select of asked) {
        const name = select.dataset.of;
        if (name === "sensor") continue;
        const has = name === "scenario" ? data.scenarios[scene.scenario] : scene.conditions[name];
        if (has !== select.value) return false;
      }
      if (!all && scene.weight > most + 1e-9) return false;
      if (parameter === "") return true;
      const value = scene.values[Number(parameter)];
      if (value === null) return false;
      if (typeof value !== "number") return word === "" || String(value) === word;
      return isNumber(Number(parameter))
        ? value >= low && value <= high
        : word === "" || String(value) === word;
    };
  };
  const ORDERS = {
    hidden: (f) => (f[HIDDEN] === null ? null : -f[HIDDEN]),
    small: (f) => f[SMALL],
    critical: (f) => f[TTC],
    rare: (f) => data.scenes[f[SCENE]].weight,
    dark: (f) => f[LUMA],
    busy: (f) => -f[COUNT],
    approach: (f) => (f[CLOSING] === null ? null : -f[CLOSING]),
  };

  let found = [];
  let shown = 0;
  const cell = (value, write) => make("td", value === null ? "–" : write(value));
  const row = (frame) => {
    const scene = data.scenes[frame[SCENE]];
    const sensor = data.sensors[frame[SENSOR]];
    const line = make("tr", "");
    const first = make("td", "");
    const picture = pictures.get(`${scene.id}/${sensor}/${frame[FRAME]}`);
    if (picture) first.append(make("img", "", { src: picture, alt: "" }));
    first.append(make("small", `${scene.id} · ${sensor} · frame ${frame[FRAME]}`));
    line.append(
      first,
      cell(frame[TIME], (v) => `${v.toFixed(1)} s`),
      cell(frame[COUNT], String),
      cell(frame[HIDDEN], (v) => `${Math.round(100 * v)} %`),
      cell(frame[SMALL], (v) => `${v} px`),
      cell(frame[TTC], (v) => `${v.toFixed(2)} s`),
      cell(frame[CLOSING], (v) => `${(3.6 * v).toFixed(0)} km/h`),
      cell(frame[LUMA], (v) => v.toFixed(0)),
      cell(scene.weight, (v) => v.toFixed(2)),
    );
    return line;
  };
  const more = () => {
    at("found").append(...found.slice(shown, shown + STEP).map(row));
    shown = Math.min(shown + STEP, found.length);
    at("more").hidden = shown >= found.length;
  };
  const update = () => {
    const chosen = [...form.querySelectorAll("[data-class-bit]:checked")];
    const bits = chosen.map((box) => 2 ** Number(box.dataset.classBit));
    const sensor = form.querySelector('[data-of="sensor"]')?.value ?? "";
    const fits = data.scenes.map(sceneFits());
    const seen = (mask) => bits.some((bit) => Math.floor(mask / bit) % 2 === 1);
    found = data.frames.filter(
      (f) =>
        fits[f[SCENE]] &&
        (sensor === "" || data.sensors[f[SENSOR]] === sensor) &&
        (bits.length === 0 || seen(f[CLASSES])),
    );
    const left = new Set(found.map((f) => data.scenes[f[SCENE]].id));
    const key = ORDERS[at("order").value];
    if (key) {
      const known = found.filter((f) => key(f) !== null);
      found = known.sort((a, b) => key(a) - key(b));
    }
    shown = 0;
    at("found").replaceChildren();
    more();
    const count = (n) => n.toLocaleString("en");
    at("matches").textContent =
      `${count(found.length)} of ${count(data.frames.length)} frames, in ${count(left.size)} of ` +
      `${count(data.scenes.length)} scenes`;
    for (const card of cards) card.hidden = !left.has(card.dataset.scene);
    const visible = cards.filter((card) => !card.hidden).length;
    at("cards-shown").textContent =
      visible < cards.length ? `The filters leave ${visible} of ${cards.length} of them.` : "";
    const names = new Set(chosen.map((box) => data.classes[Number(box.dataset.classBit)]));
    for (const mark of document.querySelectorAll(".marks [data-class]")) {
      mark.classList.toggle("off", names.size > 0 && !names.has(mark.dataset.class));
    }
  };
  at("parameter").addEventListener("change", parameterChanged);
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { parameterChanged(); update(); }));
  at("more").addEventListener("click", more);
  parameterChanged();
  update();
})();
