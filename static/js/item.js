// Keys for the page of an item, each with two modifiers so that nobody presses one while typing, and how long the room
// has been at the item against what the agenda plans. The time is the service’s: here it only goes on between two
// answers, so every window shows the same. The page works without this file.

const MINUTE = 60000;
const SWITCHED_OFF = "keyboard shortcuts off";

/** Presses the first of some buttons or links that can be seen. */
function keyed(...names) {
  const seen = names.map((name) => document.querySelector(`[data-key=${name}]`)).filter((one) => one && !one.closest("[hidden]"));
  seen[0]?.click();
}

/** What each key does, by its place on the keyboard. */
const KEYS = {
  KeyS: () => document.querySelector("[data-key=save]")?.click(),
  KeyN: () => keyed("next", "following"),
  KeyP: () => document.querySelector("[data-key=previous]")?.click(),
  KeyR: () => keyed("room"),
  KeyD: () => document.querySelector("textarea[name=discussion]")?.focus(),
  KeyA: () => document.querySelector("textarea[name=what]")?.focus(),
};

/** The store of this browser for what is nobody’s in particular; null where the browser keeps nothing. */
function browserStore() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

// Speech and other aids press keys too, so whoever they get in the way of switches ours off (WCAG 2.1.4). That is the
// browser’s, like the aids themselves; where it keeps nothing, it holds until the next page.
const keys = document.querySelector("[data-keys]");

if (keys) {
  const on = keys.querySelector("[data-keys-on]");
  const kept = browserStore();
  on.checked = !kept?.getItem(SWITCHED_OFF);
  on.addEventListener("change", () => {
    if (on.checked) {
      kept?.removeItem(SWITCHED_OFF);
    } else {
      kept?.setItem(SWITCHED_OFF, "yes");
    }
  });
  document.addEventListener("keydown", (event) => {
    const ours = event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey && event.code in KEYS;
    if (ours && on.checked) {
      event.preventDefault();
      KEYS[event.code]();
    }
  });
  keys.hidden = false;
}

// Of the parts that belong to one outcome, those of the one that is chosen stand open.
for (const choice of document.querySelectorAll("input[name=outcome]")) {
  choice.addEventListener("change", () => {
    for (const part of document.querySelectorAll("details[data-outcome]")) {
      part.open = part.dataset.outcome.split(" ").includes(choice.value);
    }
  });
}

const offer = document.querySelector("[data-low-offer]");

if (offer) {
  const { form } = document.querySelector("select[name=lead_agency]");
  const take = offer.querySelector("[data-low-take]");
  const { lead_agency: lead } = form.elements;

  /** Offers the agency that holds children rated low where another one is chosen; what is chosen stays. */
  const compare = () => {
    const works = form.elements.social_worker.value === "yes";
    offer.hidden = form.elements.rating.value !== "low" || works || ["", offer.dataset.lowOffer].includes(lead.value);
  };

  take.hidden = form.matches(":has(fieldset[disabled])");
  take.addEventListener("click", () => {
    lead.value = offer.dataset.lowOffer;
    lead.dispatchEvent(new Event("change", { bubbles: true }));
    lead.focus();
  });
  form.addEventListener("change", compare);
  compare();
}

const place = document.querySelector("[data-item-minutes]");

function minutes(count) {
  return count === 1 ? "1 minute" : `${count} minutes`;
}

if (place) {
  const { itemMinutes, itemSeconds, itemOpened, itemRunning } = place.dataset;
  const planned = Number(itemMinutes);
  const room = document.querySelector("[data-room-here]");
  let known = { seconds: Number(itemSeconds), opened: itemOpened !== undefined, running: itemRunning !== undefined };
  let since = Date.now();

  const show = () => {
    const seconds = known.seconds + (known.running ? (Date.now() - since) / 1000 : 0);
    const spent = Math.floor(seconds / 60);
    const over = Math.max(0, spent - planned);
    const said = over > 0 ? `: ${minutes(over)} over its time` : "";
    place.textContent = known.opened ? `${spent} of ${minutes(planned)}${said}` : `Planned: ${minutes(planned)}`;
    place.classList.toggle("app-over", over > 0);
  };

  document.addEventListener("app:room", ({ detail }) => {
    known = detail;
    since = Date.now();
    const elsewhere = detail.at ? `The room is at item ${detail.at}.` : "The room is at no item yet.";
    room.textContent = detail.running ? "The room is at this item." : elsewhere;
    document.querySelector("[data-room-bring]").hidden = detail.running;
    document.querySelector("[data-room-next]")?.toggleAttribute("hidden", !detail.running);
    show();
  });
  show();
  window.setInterval(show, MINUTE / 4);
}
