'use strict';
{
  const EVERY = 5000, PATIENCE = 10000, OLD = 20;
  const main = document.querySelector('main');
  const gone = document.getElementById('gone');
  let title = document.title, read = Date.now(), answers = true, asking = false, timer;

  // Changes only what differs: focus, selection, scroll position and opened details stay as they are.
  const become = (old, now) => {
    if (old.nodeName !== now.nodeName || old.id !== now.id) return old.replaceWith(now);
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== now.data) old.data = now.data;
      return;
    }
    for (const { name } of [...old.attributes])
      if (name !== 'open' && !now.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of now.attributes)
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    const before = [...old.childNodes], after = [...now.childNodes];
    after.forEach((node, i) => before[i] ? become(before[i], node) : old.append(node));
    before.slice(after.length).forEach(node => node.remove());
  };

  const say = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  const inWords = seconds => seconds < 60 ? `${seconds}\u00a0s`
    : seconds < 3600 ? `${Math.floor(seconds / 60)}\u00a0min` : `${Math.floor(seconds / 3600)}\u00a0h`;

  const tell = () => {
    const age = Math.max(0, Math.round((Date.now() - read) / 1000)), stale = !answers || age > OLD;
    say(document.getElementById('age'), `, ${inWords(age)} old`);
    document.documentElement.classList.toggle('stale', stale);
    document.title = stale ? `? ${title}` : title;
    gone.hidden = answers;
    say(gone.firstChild, answers ? '' : 'The server does not answer.');
    say(gone.lastChild, `What you see is ${inWords(age)} old.`);
  };

  const refresh = async () => {
    if (asking || document.hidden) return;
    clearTimeout(timer);
    asking = true;
    try {
      const answer = await fetch(location.href, {
        headers: { Accept: 'text/html' }, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE)
      });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      become(main, page.getElementById('health')); // throws if it is somebody else's page: a proxy's, a login
      title = page.title;
      read = Date.now();
      answers = true;
    } catch {
      answers = false;
    }
    asking = false;
    tell();
    timer = setTimeout(refresh, EVERY);
  };

  document.addEventListener('visibilitychange', refresh);
  timer = setTimeout(refresh, EVERY);
  setInterval(tell, 1000);
  tell();
}
