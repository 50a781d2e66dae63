// A proposed text is taken into the field of the same form: <button data-take="id of the text">. Nothing is sent.
function dress(root) {
  for (const button of root.querySelectorAll?.("[data-take][hidden]") ?? []) button.hidden = false;
}
document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentElement ?? event.detail.elt));
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-take]");
  const text = button && document.getElementById(button.dataset.take)?.textContent.trim();
  const field = button?.closest("form")?.querySelector("textarea[name=answer]");
  if (!text || !field) return;
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n${text}` : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
