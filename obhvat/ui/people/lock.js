// Locks this browser when nobody works in any of its tabs any more. ACTIVE, LOCK and QUIET stand before it.
window.obhvatQuiet ??= (() => {
    const channel = new BroadcastChannel('obhvat-quiet');
    const told = 60_000;
    let timer, last = Date.now();
    const lock = () => location.replace(`${LOCK}?then=${encodeURIComponent(location.pathname + location.search)}`);
    const lockAll = () => { channel.postMessage('lock'); lock(); };
    const rest = () => { clearTimeout(timer); timer = setTimeout(lockAll, QUIET); };
    const work = () => {
        rest();
        if (Date.now() - last < told) return;
        last = Date.now();
        channel.postMessage('work');
        fetch(ACTIVE, {method: 'POST'});
    };
    channel.onmessage = ({data}) => data === 'lock' ? lock() : rest();
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
