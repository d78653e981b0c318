// Shows words that were typed before and stand in no box: as their writer may read them now, until they take them away.

export const NO_BOX = "You typed this before, and it was not saved. It cannot be saved here any more: copy what you need.";
export const BESIDE = "You typed this before, and it was not saved. It is not in the box: copy what you need of it.";
export const FOLDED =
  "You typed this before, and it was not saved. What is chosen on this page now shows no box for it: copy what you need.";
const APART =
  "You typed this before, and it was not saved. It names somebody whose item you cannot see: copy what you need of the rest.";
const WAITS =
  "You typed something here before, and it was not saved. It is kept in this browser, and cannot be shown at the moment. " +
  "Load this page again later to read it.";

const NOT_NEEDED = "I do not need it any more";
/** As many letters of some words name the button that takes them away. */
const NAMED_BY = 60;
const BODY = "govuk-body govuk-!-margin-top-4";
/** How long the service may take to say what may be read; after that it is said that something waits. */
const ASKED_FOR = 20_000;

/**
 * Gives of each of some texts what its writer may read now, as `text`, and whether it is `whole`; neither is given where
 * the service has not answered. Only whoever is kept from somebody by a conflict of interest needs the service for it.
 */
export async function readNow(texts, page, apart) {
  if (!apart || texts.length === 0) {
    return texts.map((text) => ({ text, whole: true }));
  }
  const nothing = texts.map(() => ({}));
  const body = new URLSearchParams({ page });
  texts.forEach((text) => body.append("text", text));
  try {
    const token = document.querySelector("input[name=csrf_token]");
    const answer = await fetch("/typed-words", {
      method: "POST", headers: { "X-CSRFToken": token.value }, redirect: "manual", body, signal: AbortSignal.timeout(ASKED_FOR),
    });
    return answer.ok ? (await answer.json()).read : nothing;
  } catch {
    return nothing;
  }
}

/** Goes to where a form begins, its first heading or box, or to the heading of a page without a form. */
function goToStart(place) {
  const found = (place.closest("form, main") ?? document).querySelectorAll("h1, h2, h3, textarea, select, input");
  const start = Array.from(found).find((element) => element.getClientRects().length > 0);
  if (start?.matches("h1, h2, h3")) {
    start.tabIndex = -1;
  }
  start?.focus();
}

/** The button that takes some words away, named after them; whoever has pressed it goes on at the next such button. */
function notNeeded(place, shown, { text, label, clear }) {
  const gone = button(NOT_NEEDED, () => {
    const all = Array.from(place.querySelectorAll("[data-not-needed]"));
    const next = all[all.indexOf(gone) + 1] ?? all[all.indexOf(gone) - 1];
    clear();
    shown.remove();
    if (next) {
      next.focus();
    } else {
      goToStart(place);
    }
  });
  gone.dataset.notNeeded = "";
  const words = text.length > NAMED_BY ? `${text.slice(0, NAMED_BY)}…` : text;
  gone.setAttribute("aria-label", `${NOT_NEEDED}: ${label ? `${label}: ` : ""}${words}`);
  return gone;
}

/** Shows words that stand in no box, each with the name of its box if it has one, and says that others wait. */
export function showWords(place, kept, why) {
  for (const one of kept.filter(({ whole }) => whole !== undefined)) {
    const { text, whole, label } = one;
    const [shown, words] = [document.createElement("div"), document.createElement("div")];
    Object.assign(words, { className: "govuk-inset-text app-text", textContent: text });
    const named = label ? [line("govuk-heading-s govuk-!-margin-top-4 govuk-!-margin-bottom-1", label)] : [];
    shown.append(...named, line(BODY, whole ? why : APART), words, notNeeded(place, shown, one));
    place.append(shown);
  }
  if (kept.some(({ whole }) => whole === undefined) && place.dataset.waits === undefined) {
    place.dataset.waits = "";
    place.append(line(BODY, WAITS));
  }
}

export function line(className, textContent) {
  return Object.assign(document.createElement("p"), { className, textContent });
}

/** A button that stands beside words of a script. */
export function button(words, pressed) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "govuk-button govuk-button--secondary", textContent: words });
  made.addEventListener("click", pressed);
  return made;
}
