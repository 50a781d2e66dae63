// A form is sent once: a second tap while the first is on its way does nothing.
// Also the small manners every page shares: menus that close, notices that fade, the first error in sight.
const SENT = "sending";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog") return;
  if (form.dataset[SENT]) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (event.defaultPrevented) return;
  form.dataset[SENT] = "1";
  // Busy, not disabled: a disabled button would not be sent with its name and value.
  event.submitter?.setAttribute("aria-busy", "true");
  // A download or a lost line leaves us on this page; the form must come back to life.
  setTimeout(() => free(form), 8000);
}, true);

function free(form) {
  delete form.dataset[SENT];
  for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
}

// htmx has its answer, or the browser brought the page back from its memory.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) free(form);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) free(form);
});

// <details> menus and questions: Escape or a tap elsewhere closes, "Not now" closes.
const closing = "details[data-menu][open], details[data-confirm][open]";
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest?.(closing) ?? document.querySelector(closing);
  if (!open) return;
  open.open = false;
  open.querySelector("summary")?.focus();
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const close = event.target.closest?.("[data-close]");
  if (close) {
    const box = close.closest("details, dialog");
    if (box instanceof HTMLDialogElement) box.close();
    else if (box) {
      box.open = false;
      box.querySelector("summary")?.focus();
    }
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest?.("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
});
document.addEventListener("toggle", (event) => {
  const box = event.target;
  if (!box.open || !box.matches?.("details[data-confirm]")) return;
  for (const other of document.querySelectorAll("details[data-confirm][open]")) if (other !== box) other.open = false;
  box.querySelector("form input:not([type=hidden]), form select, form textarea, form button")?.focus();
}, true);

// What htmx brings in may itself be the thing we look for.
const within = (root, wanted) => [...(root.matches?.(wanted) ? [root] : []), ...(root.querySelectorAll?.(wanted) ?? [])];

function dress(root) {
  for (const button of within(root, "[data-close][hidden]")) button.hidden = false;
  for (const note of within(root, "[data-fade]")) {
    setTimeout(() => note.remove(), Number(note.dataset.fade) * 1000);
  }
  if (root !== document.body) within(root, "[data-focus]")[0]?.focus(); // the body: htmx's word for the first page
}
dress(document);
document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
