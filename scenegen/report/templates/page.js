"use strict";
// What the pictures show: one layer over them or a view in their place, and marks on top.
(() => {
  const root = document.documentElement;
  const buttons = [...document.querySelectorAll("[data-show]")];
  const names = buttons.map((button) => button.dataset.show);
  const show = (name) => {
    root.dataset.layer = name;
    for (const card of document.querySelectorAll(".card")) delete card.dataset.layer;
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.show === name));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => show(button.dataset.show));
  }
  document.addEventListener("keydown", (event) => {
    const name = names[Number(event.key) - 1];
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (name && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) show(name);
  });
  // A click on one picture steps through the layers of that card alone.
  for (const stage of document.querySelectorAll(".stage")) {
    stage.addEventListener("click", () => {
      const card = stage.closest(".card");
      const there = names.filter((name) => stage.querySelector(":scope > ." + name));
      const now = card.dataset.layer ?? root.dataset.layer;
      card.dataset.layer = there[(there.indexOf(now) + 1) % there.length];
    });
  }
  const blend = document.getElementById("blend");
  const set = () => root.style.setProperty("--blend", String(blend.value / 100));
  blend.addEventListener("input", set);
  set();
  const marks = [...document.querySelectorAll("[data-mark]")];
  const draw = () => {
    root.dataset.marks = marks.filter((box) => box.checked).map((box) => box.dataset.mark).join(" ");
  };
  for (const box of marks) box.addEventListener("change", draw);
  draw();
})();
