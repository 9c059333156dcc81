// Arrow keys, a clicker (Page Up, Page Down), space, Home, End, a number and a swipe move through the slides.
(() => {
  if (window.obhvatRoom) return;
  window.obhvatRoom = true;
  const root = document.documentElement.classList;
  const press = (name) => {
    const button = document.querySelector(`.st-key-room-${name} button`);
    if (button && !button.disabled) button.click();
  };
  const keys = {
    ArrowRight: "next", ArrowDown: "next", PageDown: "next", " ": "next", Enter: "next",
    ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Backspace: "back",
    Home: "first", End: "last", Escape: "leave",
  };
  const isRoom = () => document.querySelector(".st-key-room-bar") !== null;
  const isPresenter = () => document.querySelector(".presenter") !== null;

  // A number is a slide: Enter, or half a second without another digit, goes there by the address.
  let digits = "";
  let typing = 0;
  const jump = () => {
    clearTimeout(typing);
    if (!digits) return;
    const to = new URL(location.href);
    to.searchParams.set("slide", digits);
    // What tells a number that was typed from an address on its way.
    to.searchParams.set("go", Date.now());
    digits = "";
    history.pushState({}, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  };

  // How to open the presenter's view is said over the slide, until the next key.
  const how = (shown) => {
    root.toggle("obhvat-how", shown);
    if (shown) document.querySelector(".room-how a")?.focus();
  };

  // In the sheet of a decision keys write; a clicker still moves, and a list that is open takes Escape for itself.
  const sheet = () => document.querySelector(".st-key-room-sheet");
  const what = () => sheet()?.querySelector("[data-testid=stTextInput] input");
  // What is being written is kept in this window only, for when the server is started anew and the sheet is gone;
  // before the page is loaded anew the browser asks.
  let draft = "";
  document.addEventListener("input", (event) => { if (event.target === what()) draft = event.target.value; });
  addEventListener("beforeunload", (event) => { if (what()?.value) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".st-key-room-close, .st-key-room-leave")) draft = "";
  }, true);
  const write = (event) => {
    if (event.key === "Escape" && !document.querySelector("[role=listbox], [data-baseweb=calendar]")) press("close");
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      // What is being written is taken when its field is left.
      document.activeElement.blur();
      setTimeout(() => sheet()?.querySelector("[data-testid=stFormSubmitButton] button")?.click(), 50);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  // Before the widgets: a focused choice of audience would take the arrows for itself.
  document.addEventListener("keydown", (event) => {
    if (!isRoom()) return;
    // A key held down is one answer: „without a term?“ is not confirmed by the Enter that asked.
    if (sheet() && event.key === "Enter" && event.repeat) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (sheet() && !event.key.startsWith("Page")) {
      write(event);
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // Space and Enter on a focused button or link already press it.
    if ((event.key === " " || event.key === "Enter") && event.target.closest("button, a")) return;
    let act = null;
    if (/^[0-9]$/.test(event.key)) {
      act = () => {
        digits += event.key;
        clearTimeout(typing);
        typing = setTimeout(jump, 600);
      };
    } else if (event.key === "Enter" && digits) {
      act = jump;
    } else if (root.contains("obhvat-how") && event.key !== "Tab") {
      act = () => how(false);
    } else if (["п", "p"].includes(event.key.toLowerCase()) && !isPresenter()) {
      act = () => how(true);
    } else if (["р", "d", "д"].includes(event.key.toLowerCase())) {
      act = () => press("decide");
    } else if (["о", "o"].includes(event.key.toLowerCase()) && document.querySelector(".st-key-room-undo")) {
      act = () => press("undo");
    } else if (keys[event.key]) {
      act = () => press(keys[event.key]);
    }
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);
  // A button that was pressed with the mouse gives the focus back: space would press it again instead of going on.
  document.addEventListener("click", (event) => {
    if (!isRoom() || !event.detail || !event.target.closest(".st-key-room-bar, .st-key-room-list")) return;
    setTimeout(() => document.activeElement.blur(), 0);
  }, true);
  // The bar stands over the slide while somebody points.
  let rest = 0;
  const point = () => {
    root.remove("obhvat-still");
    clearTimeout(rest);
    rest = setTimeout(() => root.add("obhvat-still"), 3000);
  };
  for (const event of ["pointermove", "pointerdown"]) document.addEventListener(event, point, { passive: true });
  point();

  // The picture of a slide: our own SVG, in which every word is escaped.
  const draw = () => {
    for (const place of document.querySelectorAll("[data-picture]")) {
      place.innerHTML = place.dataset.picture;
      place.removeAttribute("data-picture");
    }
  };

  // What is shown has a number that grows with every change. The windows of this browser tell each other theirs; one
  // that hears of a newer asks what is shown now.
  const windows = new BroadcastChannel("obhvat-slides");
  const version = () => Number(document.querySelector(".room-at")?.dataset.version ?? 0);
  let told = 0;
  let met = 0;
  const tell = () => {
    const now = version();
    if (now > told) windows.postMessage({ version: told = now });
  };
  const touch = () => root.toggle("obhvat-touch", Date.now() - met < 5000);
  // A call that came before this window listened, and a click on a page that was not drawn yet, are lost: windows say
  // every second what they show, and who is behind asks again – not sooner than the slowest machine draws.
  let asked = 0;
  const look = (newest) => {
    if (newest <= version() || (newest <= told && Date.now() - asked < 8000)) return;
    told = Math.max(told, newest);
    asked = Date.now();
    press("look");
  };
  windows.onmessage = ({ data }) => {
    if (!isRoom()) return;
    look(data.version);
    if (data.ask && !isPresenter()) windows.postMessage({ version: version(), answer: true });
    // A projector that shows something else is not in touch; while it draws it may be behind for a moment.
    if (data.answer && data.version === version()) met = Date.now();
    touch();
  };

  // The clocks go on between two slides.
  const clock = (seconds) => {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const two = (n) => String(Math.floor(n)).padStart(2, "0");
    return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
  };
  const tick = () => {
    for (const time of document.querySelectorAll("[data-since]")) {
      const words = clock(Math.max(0, Date.now() - Number(time.dataset.since)) / 1000);
      if (time.textContent !== words) time.textContent = words;
    }
  };
  setInterval(() => {
    tick();
    if (!isPresenter()) return;
    windows.postMessage({ version: version(), ask: true });
    touch();
  }, 1000);

  let wrote = false;
  let listed = "";
  const drawn = () => {
    const first = what();
    // Once all of the sheet stands there: who writes on at once, with Tab, would leave it for what is under it.
    if (first && !wrote && sheet().querySelector(".st-key-room-close button")) {
      wrote = true;
      first.focus();
      if (draft && !first.value) document.execCommand("insertText", false, draft);
    }
    if (!first) wrote = false;
    // Saved: the way to take it back stands there.
    if (!first && document.querySelector(".st-key-room-undo")) draft = "";
    const at = document.querySelector(".st-key-room-list button[kind=primary]");
    if (at?.textContent !== listed) at?.scrollIntoView({ block: "nearest" });
    listed = at?.textContent;
    tell();
    draw();
    tick();
  };
  const watching = new MutationObserver(drawn);
  watching.observe(document.body, { childList: true, subtree: true, characterData: true });
  drawn();
  let from = null;
  document.addEventListener("touchstart", (event) => { from = event.changedTouches[0]; }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!from || !isRoom()) return;
    const to = event.changedTouches[0];
    const across = to.clientX - from.clientX;
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(to.clientY - from.clientY)) press(across < 0 ? "next" : "back");
    from = null;
  }, { passive: true });
})();
