// Shows words that were typed before and stand in no box: as their writer may read them now, until they take them away.

export const NO_BOX = "You typed this before, and it was not saved. It cannot be saved here any more: copy what you need.";
export const BESIDE = "You typed this before, and it was not saved. It is not in the box: copy what you need of it.";
const APART =
  "You typed this before, and it was not saved. It names somebody whose item you cannot see: copy what you need of the rest.";
const WAITS =
  "You typed something here before, and it was not saved. It is kept in this browser, and cannot be shown at the moment. " +
  "Load this page again later to read it.";

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

/** Shows words that stand in no box, each with the name of its box if it has one, and says that others wait. */
export function showWords(place, kept, why) {
  for (const { text, whole, label, clear } of kept.filter((one) => one.whole !== undefined)) {
    const [shown, words] = [document.createElement("div"), document.createElement("div")];
    Object.assign(words, { className: "govuk-inset-text app-text", textContent: text });
    const gone = button("I do not need it any more", () => {
      clear();
      shown.remove();
    });
    const named = label ? [line("govuk-heading-s govuk-!-margin-top-4 govuk-!-margin-bottom-1", label)] : [];
    shown.append(...named, line(BODY, whole ? why : APART), words, gone);
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
