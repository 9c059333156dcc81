// Locks this browser when nobody works in any of its tabs any more. ACTIVE, LOCK and QUIET stand before it.
window.obhvatQuiet ??= (() => {
    const channel = new BroadcastChannel('obhvat-quiet');
    const often = 5_000, seldom = 60_000;
    let worked = Date.now(), told = worked;
    const lock = () => location.replace(`${LOCK}?then=${encodeURIComponent(location.pathname + location.search)}`);
    const lockAll = () => { channel.postMessage('lock'); lock(); };
    const rest = () => { worked = Date.now(); };
    // By the clock on the wall: a timer stands still while the machine sleeps.
    const look = () => { if (Date.now() - worked >= QUIET) lockAll(); };
    const work = () => {
        look();
        rest();
        if (worked - told < seldom) return;
        told = worked;
        channel.postMessage('work');
        fetch(ACTIVE, {method: 'POST'});
    };
    channel.onmessage = ({data}) => data === 'lock' ? lock() : rest();
    setInterval(look, often);
    document.addEventListener('visibilitychange', look);
    for (const event of ['keydown', 'pointerdown', 'wheel'])
        addEventListener(event, work, {passive: true, capture: true});
    document.addEventListener('click', (event) => {
        if (!event.target.closest('a.lock')) return;
        event.preventDefault();
        lockAll();
    });
    return rest;
})();
window.obhvatQuiet();
