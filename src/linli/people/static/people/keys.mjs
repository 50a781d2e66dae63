// Security keys (WebAuthn). Without JavaScript the forms stay hidden and the code field is enough.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const opened = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function asked(form, name) {
  const options = JSON.parse(document.getElementById(form.dataset[name]).textContent);
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  if (options.excludeCredentials) options.excludeCredentials = opened(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = opened(options.allowCredentials);
  return options;
}

function answer(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
}

function wire(form, name, ask) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const trouble = document.getElementById(form.dataset.keyTrouble);
    trouble.hidden = true;
    try {
      form.elements.answer.value = answer(await ask(asked(form, name)));
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  }, { capture: true });
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-key-make]")) {
    wire(form, "keyMake", (publicKey) => navigator.credentials.create({ publicKey }));
  }
  for (const form of document.querySelectorAll("form[data-key-use]")) {
    wire(form, "keyUse", (publicKey) => navigator.credentials.get({ publicKey }));
  }
}
