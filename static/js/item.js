// Keys for the page of an item, each with two modifiers so that nobody presses one while typing, and how long the item
// has been open against what the agenda plans for it. The page works without this file.

const MINUTE = 60000;

/** What each key does, by its place on the keyboard. */
const KEYS = {
  KeyS: () => document.querySelector("[data-key=save]")?.click(),
  KeyN: () => document.querySelector("[data-key=next]")?.click(),
  KeyP: () => document.querySelector("[data-key=previous]")?.click(),
  KeyD: () => document.querySelector("textarea[name=discussion]")?.focus(),
  KeyA: () => document.querySelector("textarea[name=what]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey && event.code in KEYS) {
    event.preventDefault();
    KEYS[event.code]();
  }
});
for (const list of document.querySelectorAll("[data-keys]")) {
  list.hidden = false;
}

const place = document.querySelector("[data-item-minutes]");
if (place) {
  const planned = Number(place.dataset.itemMinutes);
  const opened = Date.now();
  const show = () => {
    const open = Math.floor((Date.now() - opened) / MINUTE);
    const over = open - planned;
    const said = over > 0 ? `, ${over} over the plan` : "";
    place.textContent = `Open here for ${open} of ${planned} minutes${said}`;
    place.classList.toggle("app-over", over > 0);
  };
  show();
  window.setInterval(show, MINUTE / 4);
}
