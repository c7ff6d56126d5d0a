// Keys for people who search and decide all day. Every page is whole without this file.
const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
const step = (selector, by) => {
  const all = [...document.querySelectorAll(selector)];
  if (all.length === 0) return;
  const held = document.activeElement;
  const at = all.findIndex((one) => one === held || one.closest(".claim")?.contains(held));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "center" });
};

// The statement that keys act on: the one in focus, the chosen one, the first of a queue.
const claim = () =>
  document.activeElement?.closest(".claim") ??
  document.querySelector(".claim.pinned") ??
  document.querySelector(".queue .claim");
const decide = (key) => {
  const control = claim()?.querySelector(`[data-key="${key}"]`) ??
    (key === "u" ? document.querySelector('.done [data-key="u"]') : null);
  if (!control) return;
  control.click();
  if (control.matches("summary")) control.parentElement.querySelector('input[name="reason"]')?.focus();
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) {
    const why = event.target.closest("details.why");
    if (why) { why.open = false; why.closest(".claim")?.querySelector("a.open")?.focus(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const act = {
    "/": () => document.querySelector("input[type=search]")?.focus(),
    j: () => step(".result a.open, .claim a.open", 1),
    k: () => step(".result a.open, .claim a.open", -1),
    "]": () => step(".text mark[tabindex]", 1),
    "[": () => step(".text mark[tabindex]", -1),
    a: () => decide("a"),
    e: () => decide("e"),
    r: () => decide("r"),
    u: () => decide("u"),
    y: () => decide("y"),
    n: () => decide("n"),
    h: () => decide("h"),
    s: () => decide("s"),
    "?": () => { location.href = "/help"; },
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});

// Beside a text, a statement lights up its words, and the words their statement.
const light = (event) => {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  const id = event.target.closest?.("[data-s]")?.dataset.s;
  if (!id) return;
  for (const one of document.querySelectorAll(`[data-s="${CSS.escape(id)}"]`)) one.classList.add("lit");
  const words = event.target.closest(".evidence") && document.getElementById(`t-${id}`);
  if (words && event.type === "focusin") words.scrollIntoView({ block: "center" });
};
document.addEventListener("focusin", light);
document.addEventListener("mouseover", light);

// After a decision in the queue the next proposal is at hand.
if (document.querySelector(".done")) document.querySelector(".queue .claim a.open")?.focus();
// The words stay in view while their statement is edited.
if (document.querySelector("form.edit")) document.querySelector(".text a.chosen")?.scrollIntoView({ block: "center" });
