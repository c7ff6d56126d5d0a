// Keys for people who search all day. Every page is whole without this file.
const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
const step = (selector, by) => {
  const all = [...document.querySelectorAll(selector)];
  if (all.length === 0) return;
  const at = all.findIndex((one) => one === document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "center" });
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const act = {
    "/": () => document.querySelector("input[type=search]")?.focus(),
    j: () => step(".result a.open", 1),
    k: () => step(".result a.open", -1),
    "]": () => step(".text mark", 1),
    "[": () => step(".text mark", -1),
    "?": () => { location.href = "/help"; },
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
