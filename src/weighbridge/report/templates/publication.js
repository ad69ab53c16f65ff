"use strict";
(async () => {
  const body = document.body;
  const data = JSON.parse(document.getElementById("data").textContent);
  const text = new TextEncoder();
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // DSSE's pre-authentication encoding.
  const encoded = (type, payload) => {
    const kind = text.encode(type);
    const head = text.encode(`DSSEv1 ${kind.length} ${type} ${payload.length} `);
    const whole = new Uint8Array(head.length + payload.length);
    whole.set(head);
    whole.set(payload, head.length);
    return whole;
  };

  const at = (value, place) => place.split("/").slice(1).reduce((part, key) => (part == null ? part : part[key]), value);

  // What the page says must be what was signed, and all of it: no value changed, none left out.
  const pageFits = (decision) => {
    for (const element of document.querySelectorAll("[data-fact]")) {
      if (String(at(decision, element.dataset.fact)) !== element.textContent) return false;
    }
    for (const element of document.querySelectorAll("[data-list]")) {
      const list = at(decision, element.dataset.list) ?? ("optional" in element.dataset ? [] : null);
      const items = Array.from(element.children).filter((child) => "item" in child.dataset);
      if (!list || items.length !== Object.keys(list).length) return false;
    }
    return true;
  };

  // Who signed as what, and when, as the part of the page about this signature says it.
  const partFits = (part, approval) =>
    Array.from(part.querySelectorAll("[data-approval]")).every(
      (element) => String(approval[element.dataset.approval]) === element.textContent,
    ) &&
    (part.querySelector("[data-self]") !== null) === approval.self_reviewed &&
    document.querySelector("[data-digest]").textContent === approval.decision;

  const fits = async (envelope, part) => {
    const [named] = envelope.signatures;
    const raw = bytes(data.keys[named.keyid]);
    if (envelope.signatures.length !== 1 || hex(await crypto.subtle.digest("SHA-256", raw)) !== named.keyid) return false;
    const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    const payload = bytes(envelope.payload);
    const message = encoded(envelope.payloadType, payload);
    if (!(await crypto.subtle.verify({ name: "Ed25519" }, key, bytes(named.sig), message))) return false;
    const { predicate } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
    if (predicate.approval.fingerprint !== named.keyid) return false;
    return partFits(part, predicate.approval) && pageFits(predicate.decision);
  };

  const told = async (n, part) => {
    try {
      return (await fits(data.envelopes[n], part)) ? "verified" : "unfit";
    } catch (error) {
      return error instanceof DOMException && error.name === "NotSupportedError" ? "unable" : "unfit";
    }
  };

  for (const place of document.querySelectorAll("[data-envelope]")) {
    const verdict = globalThis.crypto?.subtle ? await told(Number(place.dataset.envelope), place.closest("section")) : "unable";
    place.textContent = body.dataset[verdict];
    place.className = `verdict ${verdict}`;
  }
  body.dataset.done = "yes";
})();
