// The editors' page: it follows each save, keeps its place, points into the letter, and moves pairs by keyboard.
// Without it everything still works; the page is then loaded anew by hand.
"use strict";

const letter = () => document.getElementById("letter");

// What was typed and not saved stays, whatever happens to the files.
const isDirty = (form) => [...form.elements].some((field) =>
  field.name && form.elements.namedItem("was." + field.name) && field.value !== form.elements.namedItem("was." + field.name).value);
const hasWords = (part) => [...part.querySelectorAll("form[data-keeps]")].some((form) => isDirty(form) || form.contains(document.activeElement));

// A new frame is loaded behind the old one and takes its place, scrolled as that was.
function redrawLetter() {
  const old = letter();
  if (!old) return Promise.resolve();
  return new Promise((done) => {
    const fresh = old.cloneNode();
    fresh.removeAttribute("id");
    fresh.classList.add("coming");
    fresh.addEventListener("load", () => {
      const from = old.contentDocument, to = fresh.contentDocument;
      if (from && to) to.documentElement.scrollTop = from.documentElement.scrollTop || from.body.scrollTop;
      old.remove();
      fresh.id = "letter";
      fresh.classList.remove("coming");
      document.body.dataset.drawn = String(Number(document.body.dataset.drawn || 0) + 1);
      done();
    }, { once: true });
    old.after(fresh);
  });
}

async function redrawPage() {
  const address = new URL(location.href);
  address.searchParams.delete("done");
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["top", "overlay", "shown", "panel"]) {
    const mine = document.getElementById(id), theirs = page.getElementById(id);
    if (!mine || !theirs || mine.innerHTML === theirs.innerHTML || hasWords(mine)) continue;
    const { scrollTop } = mine, focused = document.activeElement && mine.contains(document.activeElement) ? document.activeElement.id : "";
    const opened = [...mine.querySelectorAll("details")].map((one) => one.open);
    mine.replaceChildren(...theirs.childNodes);
    mine.querySelectorAll("details").forEach((one, at) => { one.open = Boolean(opened[at]); });
    mine.scrollTop = scrollTop;
    if (focused) document.getElementById(focused)?.focus();
  }
  document.title = page.title;
  document.body.dataset.told = String(Number(document.body.dataset.told || 0) + 1);
}

let busy = false, again = false;
async function redraw() {
  if (busy) { again = true; return; }
  busy = true;
  do {
    again = false;
    try { await redrawLetter(); await redrawPage(); } catch { /* the preview stopped; the next event tells */ }
  } while (again);
  busy = false;
}

function follow() {
  if (!document.body.dataset.events) return;
  const events = new EventSource(document.body.dataset.events);
  events.addEventListener("open", () => { document.body.dataset.following = "yes"; });
  events.addEventListener("saved", redraw);
  events.addEventListener("error", () => { document.body.dataset.following = "no"; });
  addEventListener("pagehide", () => events.close());
}

// The innermost element of the letter that holds some words.
function elementWith(words, root) {
  const plain = (text) => text.replace(/\s+/g, " ");
  let found = null;
  for (const one of root.querySelectorAll("body *")) if (plain(one.textContent).includes(words)) found = one;
  return found;
}

function pointAt(words) {
  const root = letter() && letter().contentDocument;
  const found = root && elementWith(words, root);
  if (!found) return;
  root.querySelectorAll("[data-pointed]").forEach((one) => { one.style.outline = ""; delete one.dataset.pointed; });
  found.dataset.pointed = "yes";
  found.style.outline = "3px solid #d0342c";
  found.scrollIntoView({ block: "center" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-near]");
  if (button) pointAt(button.dataset.near);
});

document.addEventListener("keydown", (event) => {
  const pair = event.altKey && event.target.closest("[data-pair]");
  const button = pair && pair.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  sessionStorage.setItem("focus", pair.id);
  button.form.requestSubmit(button);
});

// After a change the page comes back; it stays where it was, and so does the focus.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  const side = document.getElementById("panel"), frame = letter();
  const focused = sessionStorage.getItem("focus") || (event.submitter && event.submitter.id) || "";
  const down = frame && frame.contentDocument ? frame.contentDocument.documentElement.scrollTop : 0;
  sessionStorage.setItem("place", JSON.stringify({ side: side ? side.scrollTop : 0, down, focused }));
  sessionStorage.removeItem("focus");
});

function comeBack() {
  const place = JSON.parse(sessionStorage.getItem("place") || "null");
  sessionStorage.removeItem("place");
  if (!place) return;
  const side = document.getElementById("panel"), frame = letter();
  if (side) side.scrollTop = place.side;
  if (place.focused) document.getElementById(place.focused)?.focus({ preventScroll: true });
  const scroll = () => { if (frame.contentDocument) frame.contentDocument.documentElement.scrollTop = place.down; };
  if (frame) { frame.addEventListener("load", scroll, { once: true }); scroll(); }
}

comeBack();
follow();
