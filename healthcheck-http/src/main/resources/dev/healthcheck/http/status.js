'use strict';
{
  const EVERY = 5000, PATIENCE = 10000, OLD = 20, RARELY = 60000;
  const main = document.querySelector('main'), version = main.dataset.version;
  const gone = document.getElementById('gone');
  let title = document.title, read = Date.now(), answers = true, asking = false, timer;

  const attributes = (old, now) => {
    for (const { name } of [...old.attributes])
      if (name !== 'open' && !now.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of now.attributes)
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  };

  // An element with an id moves with it. Others are compared by place.
  const children = (old, now) => {
    const named = new Map([...old.children].filter(child => child.id).map(child => [child.id, child]));
    const stay = new Set([...now.children].map(child => child.id));
    for (const [id, child] of named) if (!stay.has(id)) child.remove();
    let place = old.firstChild;
    for (const node of [...now.childNodes]) {
      const same = node.id ? named.get(node.id) : place && !place.id ? place : null;
      if (!same) old.insertBefore(node, place);
      else {
        if (same === place) place = place.nextSibling;
        else old.insertBefore(same, place);
        become(same, node);
      }
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  };

  // Changes only what differs: focus, selection, scroll position and opened details stay as they are.
  const become = (old, now) => {
    if (old.nodeName !== now.nodeName) return old.replaceWith(now);
    if (old.nodeType === Node.ELEMENT_NODE) {
      attributes(old, now);
      children(old, now);
    } else if (old.data !== now.data) old.data = now.data;
  };

  const top = element => element.getBoundingClientRect().top;
  const inView = element => top(element) >= 0 && top(element) < innerHeight;

  // Moving an element takes the focus from it, and the browser may lose the place in the page.
  const show = now => {
    const focused = document.activeElement;
    const anchor = scrollY > 0 && [focused, ...main.querySelectorAll('h2, li, tr')].find(inView);
    const before = anchor && top(anchor);
    become(main, now);
    if (document.activeElement !== focused && focused.isConnected) focused.focus({ preventScroll: true });
    if (anchor && anchor.isConnected) scrollBy(0, top(anchor) - before);
  };

  // Another answer may lack the element.
  const say = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };

  const inWords = seconds => seconds < 60 ? `${seconds}\u00a0s`
    : seconds < 3600 ? `${Math.floor(seconds / 60)}\u00a0min` : `${Math.floor(seconds / 3600)}\u00a0h`;

  // Swedish dates and times are those of ISO 8601.
  const day = at => at.toLocaleDateString('sv');
  const clock = (at, today) => (today === day(at) ? '' : `${day(at)} `) + at.toLocaleTimeString('sv');

  // Adds the time of the browser's zone to each in UTC.
  const localise = page => {
    const [asOf, ...times] = page.querySelectorAll('time');
    const now = new Date(asOf?.dateTime);
    if (!now.getTimezoneOffset() || isNaN(now)) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    say(page.querySelector('#local'), ` (${clock(now, asOf.dateTime.slice(0, 10))} in ${zone})`);
    for (const time of times) time.append(` (${clock(new Date(time.dateTime), day(now))})`);
  };

  const tell = () => {
    const age = Math.max(0, Math.round((Date.now() - read) / 1000)), stale = !answers || age > OLD;
    say(document.getElementById('age'), `, ${inWords(age)} old`);
    document.documentElement.classList.toggle('stale', stale);
    document.title = stale ? `? ${title}` : title;
    gone.hidden = answers;
    say(gone.firstChild, answers ? '' : 'The server does not answer.');
    say(gone.lastChild, `What you see is ${inWords(age)} old.`);
  };

  // Rarely: during an upgrade, old and new servers may answer by turns.
  const reload = () => {
    if (Date.now() - (sessionStorage.getItem('reloaded') ?? 0) < RARELY) return;
    sessionStorage.setItem('reloaded', Date.now());
    location.reload();
  };

  const refresh = async () => {
    if (asking || document.hidden) return;
    clearTimeout(timer);
    asking = true;
    let answered = false;
    try {
      const answer = await fetch(location.href, {
        headers: { Accept: 'text/html' }, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE)
      });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const health = page.querySelector('main#health[data-version]');
      if (!health) return; // somebody else's page: a proxy's, a login
      localise(health);
      show(health);
      title = page.title;
      read = Date.now();
      answered = true;
      if (health.dataset.version !== version) reload();
    } catch {
      // no answer
    } finally {
      asking = false;
      answers = answered;
      timer = setTimeout(refresh, EVERY);
      tell();
    }
  };

  document.addEventListener('visibilitychange', refresh);
  timer = setTimeout(refresh, EVERY);
  setInterval(tell, 1000);
  localise(main);
  tell();
}
