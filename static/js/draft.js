// Saves a draft while somebody types. Without this file the button “Save as a draft” does it.

const PAUSE = 2000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const state = form.querySelector("[data-autosave-state]");
  let timer = 0;
  let sending = false;
  let changed = false;
  let leaving = false;

  /** Saves what is typed, and goes on from the versions that were saved. */
  const save = async () => {
    if (sending || leaving) {
      return;
    }
    sending = true;
    changed = false;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), redirect: "error" });
      const said = await answer.json();
      if (answer.ok) {
        for (const [name, value] of Object.entries(said.versions)) {
          form.elements.namedItem(name).value = value;
        }
      }
      state.textContent = answer.ok ? "Your draft is saved." : said.problem;
    } catch {
      state.textContent = "Your draft is not saved yet: the service cannot be reached. Go on typing; it is tried again.";
      changed = true;
    } finally {
      sending = false;
      if (changed && !leaving) {
        timer = window.setTimeout(save, PAUSE * 2);
      }
    }
  };

  form.addEventListener("input", () => {
    changed = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  });
  // A draft that is on its way when the form is sent would change the versions under it.
  form.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      const { submitter } = event;
      window.setTimeout(() => form.requestSubmit(submitter), 200);
      return;
    }
    leaving = true;
    window.clearTimeout(timer);
  });
}
