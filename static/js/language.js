// Says while somebody types which words could be written otherwise. It is in nobody's way: nothing is refused, and
// without this file the same is said once after saving.

const PAUSE = 900;
const token = document.querySelector("input[name=csrf_token]");
const boxes = Array.from(document.querySelectorAll("textarea.govuk-textarea"));

/** The place under a box where the prompts stand; it is there from the beginning, so that it is read out. */
function placeFor(box) {
  const place = document.createElement("div");
  place.className = "app-language";
  place.id = `${box.id}-language`;
  place.setAttribute("aria-live", "polite");
  box.insertAdjacentElement("afterend", place);
  const described = box.getAttribute("aria-describedby");
  box.setAttribute("aria-describedby", described ? `${described} ${place.id}` : place.id);
  return place;
}

/** Shows what there is to say under a box, and changes nothing where it stands there already. */
function show(place, prompts) {
  const texts = Array.from(new Set(prompts.map((prompt) => prompt.text)));
  if (texts.join("\n") === place.dataset.said) {
    return;
  }
  place.dataset.said = texts.join("\n");
  place.replaceChildren(
    ...texts.map((text) => {
      const line = document.createElement("p");
      line.className = "app-language__prompt";
      line.textContent = text;
      return line;
    }),
  );
}

/** Asks about some boxes; where the service cannot be reached, what stands there stays. */
async function ask(asked) {
  const sent = asked.map((entry) => entry.box.value);
  try {
    const answer = await fetch("/language", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify({ texts: sent }),
      redirect: "error",
    });
    if (answer.ok) {
      const found = await answer.json();
      asked.forEach((entry, index) => {
        if (entry.box.value === sent[index]) {
          show(entry.place, found.prompts[index] ?? []);
        }
      });
    }
  } catch {
    // The prompts are advice: typing goes on without them.
  }
}

if (token && boxes.length > 0) {
  const entries = boxes.map((box) => ({ box, place: placeFor(box), timer: 0 }));
  for (const entry of entries) {
    entry.box.addEventListener("input", () => {
      window.clearTimeout(entry.timer);
      entry.timer = window.setTimeout(() => ask([entry]), PAUSE);
    });
  }
  const filled = entries.filter((entry) => entry.box.value.trim() !== "").slice(0, 60);
  if (filled.length > 0) {
    ask(filled);
  }
  for (const form of new Set(boxes.map((box) => box.form).filter(Boolean))) {
    form.addEventListener("formdata", (event) => event.formData.set("language_shown", "1"));
  }
}
