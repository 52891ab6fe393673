// Shows a glossary term's definition while its link is pointed at or focused. It can be pointed at itself, and Escape
// closes it (WCAG 1.4.13). Without this script the link leads to the glossary all the same.
(() => {
  const box = Object.assign(document.createElement("div"), { className: "lr-definition", id: "lr-definition", hidden: true });
  box.setAttribute("role", "tooltip");
  let term = null, closing = 0;
  const close = () => {
    box.hidden = true;
    if (term) term.removeAttribute("aria-describedby");
    term = null;
  };
  const later = () => (closing = setTimeout(close, 200));
  const open = (link) => {
    clearTimeout(closing);
    if (term === link) return;
    close();
    term = link;
    box.textContent = link.dataset.definition;
    box.hidden = false;
    link.setAttribute("aria-describedby", box.id);
    const at = link.getClientRects()[0], wide = document.documentElement.clientWidth;
    box.style.left = `${scrollX + Math.max(8, Math.min(at.left, wide - box.offsetWidth - 8))}px`;
    const below = at.bottom + box.offsetHeight + 8 < innerHeight || at.top < box.offsetHeight + 8;
    box.style.top = `${scrollY + (below ? at.bottom + 4 : at.top - box.offsetHeight - 4)}px`;
  };
  for (const link of document.querySelectorAll(".lr-term")) {
    link.addEventListener("mouseenter", () => open(link));
    link.addEventListener("focus", () => open(link));
    link.addEventListener("mouseleave", later);
    link.addEventListener("blur", later);
  }
  box.addEventListener("mouseenter", () => clearTimeout(closing));
  box.addEventListener("mouseleave", later);
  addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.body.append(box);
})();
