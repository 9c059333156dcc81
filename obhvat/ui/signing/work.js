// Tells the server that somebody works in this page, or that it is SHOWN in the room. ACTIVE stands before it.
window.obhvatWork ??= (() => {
    const seldom = 60_000;
    let told = Date.now(), shown = false;
    const tell = () => {
        if (Date.now() - told < seldom) return;
        told = Date.now();
        fetch(ACTIVE, {method: 'POST'}).catch(() => {});
    };
    for (const event of ['keydown', 'pointerdown', 'wheel'])
        addEventListener(event, tell, {passive: true, capture: true});
    setInterval(() => { if (shown) tell(); }, seldom);
    return (isShown) => { shown = isShown; };
})();
window.obhvatWork(SHOWN);
