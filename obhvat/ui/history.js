/* One step of the browser's history for each thing a person does.

   Streamlit replaces the address when a filter changes, so that Back undid nothing, and pushes it once more for what
   the server fills in after a page is opened, so that Back had to be pressed twice. Here the first change of the
   address after a click or a key is a step; what follows it belongs to it. */
if (!window.obhvatHistory) {
    window.obhvatHistory = true;
    const push = history.pushState.bind(history);
    const replace = history.replaceState.bind(history);
    // Whether a person did something that has no step yet, and the last step: which parameters it changed and when.
    let acted = false;
    // Whether Back or Forward brought what stands here: the address is what was asked for, not what is still on its way
    // from the server about the page before.
    let came = false;
    let last = { what: '', at: 0 };
    const parameters = (url) => new Map(new URLSearchParams(url.search));

    const changed = (to) => {
        const [now, then] = [parameters(to), parameters(location)];
        const names = [...new Set([...now.keys(), ...then.keys()])];
        return to.pathname === location.pathname ? names.filter((name) => now.get(name) !== then.get(name)).join() : '/';
    };
    const step = (state, title, url) => {
        const to = new URL(url ?? location.href, location.href);
        const what = changed(to);
        if (!what) { replace(state, title, url); return; }
        if (came && !acted && what !== '/') return;
        // A number that is clicked up, a key held down: one step.
        const isNumber = /^[\d.]+$/.test(parameters(to).get(what));
        const again = isNumber && what === last.what && performance.now() - last.at < 1000;
        if (acted) last = { what, at: performance.now() };
        (acted && !again ? push : replace)(state, title, url);
        acted = false;
    };
    history.pushState = step;
    history.replaceState = step;
    const act = () => { acted = true; came = false; };
    addEventListener('pointerdown', act, true);
    addEventListener('keydown', act, true);
    // What reads the screen clicks without a pointer.
    addEventListener('click', (event) => { if (event.detail === 0) act(); }, true);
    addEventListener('popstate', () => { acted = false; came = true; last = { what: '', at: 0 }; }, true);
}
