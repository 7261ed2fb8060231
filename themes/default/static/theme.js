// Sets the colours that the reader chose, before anything is painted, and runs the switch.
// Without script the colours follow the system.
(() => {
  const root = document.documentElement;
  const choices = ["auto", "light", "dark"];
  const name = "galen-theme";

  const chosen = () => {
    try {
      const kept = localStorage.getItem(name);
      return choices.includes(kept) ? kept : "auto";
    } catch {
      return root.dataset.theme ?? "auto";
    }
  };

  const apply = (choice) => {
    if (choice === "auto") delete root.dataset.theme;
    else root.dataset.theme = choice;
  };

  const label = (button, choice) => {
    button.lastElementChild.textContent = button.dataset[choice];
    button.title = button.dataset[choice];
  };

  root.dataset.script = "";
  apply(chosen());

  const begin = () => {
    const button = document.querySelector(".theme-switch");
    if (button) label(button, chosen());
  };
  addEventListener("DOMContentLoaded", begin);
  // While a site is written, its pages change where they stand.
  document.addEventListener("galen:renewed", begin);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".theme-switch");
    if (!button) return;
    const choice = choices[(choices.indexOf(chosen()) + 1) % choices.length];
    apply(choice);
    label(button, choice);
    try {
      localStorage.setItem(name, choice);
    } catch {
      // Nothing is kept where storage is refused; the choice holds for this page.
    }
  });

  // A choice made in another tab holds here as well.
  addEventListener("storage", (event) => {
    if (event.key === name) apply(chosen());
  });
})();
