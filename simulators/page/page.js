import { at, call, element, redraw } from './dom.js';
import { equipmentOf, meant, said, state, word } from './state.js';
import { words } from './words.js';

const rates = [0, 1, 10, 60, 600];
const everyMs = 1000;
/** Points shown beside the name of an equipment. */
const mostValues = 3;

function complain(text) {
  at('trouble').textContent = text;
  at('trouble').hidden = text === '';
}

/** What a person asks for: done, shown at once, or told why not. */
async function act(doing) {
  try {
    await doing();
    complain('');
    await refresh();
  } catch (error) {
    complain(error.message);
  }
}

function drawFrame() {
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
  document.documentElement.dataset.theme = state.theme;
  document.title = word('title');
  at('title').textContent = word('title');
  for (const one of document.querySelectorAll('[data-word]')) one.textContent = word(one.dataset.word);
  for (const [id, key] of [
    ['search', 'search'],
    ['fault-search', 'faultSearch'],
  ]) {
    at(id).placeholder = word(key);
    at(id).setAttribute('aria-label', word(key));
  }
  at('language').textContent = word('other');
  at('language').lang = state.language === 'zh' ? 'en' : 'zh-CN';
  at('theme').textContent = word(state.theme === 'dark' ? 'light' : 'dark');
  const { buildings, id, name } = state.building;
  const all = buildings.length > 0 ? buildings : [{ id, name, url: location.origin }];
  at('buildings').replaceChildren(
    ...all.map((one) => element('option', { value: one.url, selected: one.id === id }, said(one.name))),
  );
  const columns = ['connection', 'clients', 'requests', 'answers', 'exceptions', 'errors'];
  at('wires-head').replaceChildren(
    element('tr', {}, ...columns.map((key) => element('th', { scope: 'col' }, word(key)))),
  );
  drawSystems();
  drawOne();
}

function drawSystems() {
  const wanted = at('search').value.trim().toLowerCase();
  const fits = ({ id, name }) => [id, name.zh, name.en].some((text) => text.toLowerCase().includes(wanted));
  const systems = state.building.systems.flatMap(({ name, equipment }) => {
    const found = equipment.filter(fits);
    if (found.length === 0) return [];
    return element(
      'details',
      { open: true },
      element('summary', {}, `${said(name)} (${found.length})`),
      ...found.map(row),
    );
  });
  at('systems').replaceChildren(...(systems.length > 0 ? systems : [element('p', { class: 'empty' }, word('none'))]));
  fillValues();
}

function row({ id, name }) {
  return element(
    'button',
    {
      type: 'button',
      class: 'equipment',
      'data-id': id,
      'aria-expanded': String(id === state.selected),
      onclick: () => select(id),
    },
    element('b', {}, said(name)),
    element('span', { class: 'values' }),
  );
}

function select(id) {
  state.selected = id;
  at('fault-search').value = '';
  for (const one of document.querySelectorAll('.equipment'))
    one.setAttribute('aria-expanded', String(one.dataset.id === id));
  drawOne();
  if (id !== undefined && matchMedia('(max-width: 800px)').matches) at('one-part').scrollIntoView();
}

function befalls(spec, equipment) {
  if (spec.classes !== 'any' && !spec.classes.includes(equipment.class)) return false;
  if (spec.kind === 'wire' && equipment.protocols.length === 0) return false;
  return spec.over === undefined || equipment.protocols.includes(spec.over);
}

function drawOne() {
  const equipment = equipmentOf(state.selected);
  at('one-part').hidden = equipment === undefined;
  if (equipment === undefined) return;
  at('one-title').textContent = `${said(equipment.name)} · ${equipment.id}`;
  const wanted = at('fault-search').value.trim().toLowerCase();
  const fits = ({ id, name }) => [id, name.zh, name.en].some((text) => text.toLowerCase().includes(wanted));
  const groups = ['equipment', 'activity', 'wire'].flatMap((kind) => {
    const found = state.faults.catalogue.filter((one) => one.kind === kind && befalls(one, equipment) && fits(one));
    if (found.length === 0) return [];
    return [
      element('li', { class: 'about' }, words[state.language].kinds[kind]),
      ...found.map((one) => fault(one, equipment)),
    ];
  });
  at('catalogue').replaceChildren(...(groups.length > 0 ? groups : [element('li', { class: 'empty' }, word('none'))]));
  at('points').replaceChildren(
    ...Object.keys(state.values[equipment.id] ?? {}).map((point) => {
      const about = equipment.points[point];
      return element(
        'tr',
        {},
        element('th', { scope: 'row' }, about === undefined ? point : said(about.name)),
        element('td', { 'data-point': point }),
      );
    }),
  );
  fillValues();
}

const labelled = (key, text) => `${word(key)}${word('colon')}${said(text)}`;

function fault(spec, equipment) {
  const field = (key, input) => {
    const id = `${spec.id}-${key}`;
    input.id = id;
    return [element('label', { for: id }, word(key)), input];
  };
  const severity = element('input', { type: 'number', min: '0.01', max: '1', step: '0.01', value: '1' });
  const ramp = element('input', { type: 'number', min: '0', step: '1', value: String(spec.usualRampS) });
  const served = Object.entries(equipment.points).filter(([, { served }]) => served);
  const point =
    spec.point === undefined
      ? undefined
      : element(
          'select',
          {},
          ...(spec.point === 'needed' ? [] : [element('option', { value: '' }, word('whole'))]),
          ...served.map(([id, { name }]) => element('option', { value: id }, said(name))),
        );
  const begin = (event) => {
    event.preventDefault();
    const request = {
      equipment: equipment.id,
      fault: spec.id,
      severity: Number(severity.value),
      rampS: Number(ramp.value),
    };
    if (point !== undefined && point.value !== '') request.point = point.value;
    void act(() => call('POST', '/faults', request));
  };
  return element(
    'li',
    {},
    element(
      'details',
      {},
      element('summary', {}, said(spec.name)),
      element('p', { class: 'about' }, said(spec.effect)),
      element('p', { class: 'about' }, labelled('stands', spec.standsFor)),
      element('p', { class: 'about' }, labelled('severity', spec.severity)),
      element(
        'form',
        { onsubmit: begin },
        ...field('severity', severity),
        ...field('ramp', ramp),
        ...(point === undefined ? [] : field('point', point)),
        element('button', { type: 'submit' }, word('start')),
      ),
    ),
  );
}

function fillValues() {
  const faulty = new Set(state.faults.active.map(({ equipment }) => equipment));
  for (const one of document.querySelectorAll('.equipment')) {
    const { id } = one.dataset;
    one.classList.toggle('faulty', faulty.has(id));
    const points = equipmentOf(id)?.points ?? {};
    const shown = Object.entries(state.values[id] ?? {})
      .filter(([point]) => points[point]?.main)
      .slice(0, mostValues);
    const text = shown.map(([point, value]) => `${said(points[point].name)} ${meant(value, points[point])}`);
    one.lastElementChild.textContent = text.join(' · ');
  }
  const now = state.values[state.selected] ?? {};
  const about = equipmentOf(state.selected)?.points ?? {};
  for (const cell of document.querySelectorAll('[data-point]'))
    cell.textContent = meant(now[cell.dataset.point], about[cell.dataset.point]);
}

function drawTime() {
  const { nowMs, rate, achieved, behind } = state.time;
  const shown = new Date(nowMs).toLocaleString(state.language === 'zh' ? 'zh-CN' : 'sv-SE', {
    timeZone: state.building.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
  at('clock').textContent = behind ? `${shown} · ${word('behind')} ×${achieved.toFixed(0)}` : shown;
  const name = (one) => (one === 0 ? word('pause') : one === 1 ? word('real') : `×${one}`);
  redraw(at('rates'), [state.language], () =>
    rates.map((one) =>
      element(
        'button',
        { type: 'button', 'data-rate': one, onclick: () => act(() => call('PUT', '/time', { rate: one })) },
        name(one),
      ),
    ),
  );
  for (const one of at('rates').children) one.setAttribute('aria-pressed', String(Number(one.dataset.rate) === rate));
}

function drawActive() {
  const { active } = state.faults;
  const fixed = active.map(({ level, ...rest }) => rest);
  redraw(at('active'), [state.language, fixed], () =>
    active.length > 0 ? active.map(activeRow) : [element('li', { class: 'empty' }, word('nothingActive'))],
  );
  active.forEach(({ level, severity }, i) => {
    const row = at('active').children[i];
    row.querySelector('meter').value = level;
    row.querySelector('.level').textContent = `${level.toFixed(2)} / ${severity}`;
  });
}

function activeRow({ id, equipment, fault: of, point, sinceMs }) {
  const spec = state.faults.catalogue.find((one) => one.id === of);
  const called = equipmentOf(equipment);
  const pointName = point === undefined ? '' : ` · ${said(called?.points[point]?.name ?? { zh: point, en: point })}`;
  const since = new Date(sinceMs).toLocaleTimeString('sv-SE', { timeZone: state.building.timeZone });
  return element(
    'li',
    {},
    element('b', {}, `${called === undefined ? equipment : said(called.name)}${pointName}`),
    element('span', {}, spec === undefined ? of : said(spec.name)),
    element('meter', { min: '0', max: '1', 'aria-label': word('severity') }),
    element('span', { class: 'level' }),
    element('span', { class: 'about' }, `${word('from')} ${since}`),
    element('button', { type: 'button', onclick: () => act(() => call('DELETE', `/faults/${id}`)) }, word('stop')),
  );
}

function drawWires(wires) {
  at('wires').replaceChildren(
    ...Object.entries(wires ?? {}).map(([id, one]) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, id),
        ...[
          one.clients ?? (one.connected ? 1 : 0),
          one.requests ?? '—',
          one.answers ?? one.published,
          one.exceptions ?? '—',
          one.errors ?? one.dropped + one.skippedBytes,
        ].map((value) => element('td', {}, String(value))),
      ),
    ),
  );
}

async function refresh() {
  const [faults, { equipment }, time, health] = await Promise.all(
    ['/faults', '/state', '/time', '/health'].map((path) => call('GET', path)),
  );
  state.faults = faults;
  state.values = equipment;
  state.time = time;
  drawTime();
  drawActive();
  drawWires(health.wires);
  fillValues();
}

async function go() {
  try {
    if (state.building === undefined) {
      state.building = await call('GET', '/building');
      await refresh();
      drawFrame();
    } else await refresh();
    if (at('trouble').dataset.lost === 'yes') complain('');
    at('trouble').dataset.lost = 'no';
  } catch {
    at('trouble').dataset.lost = 'yes';
    complain(word('unreachable'));
  }
  setTimeout(go, everyMs);
}

function keep(key, value) {
  state[key] = value;
  localStorage.setItem(key, value);
  // Not everything has come yet that is to be drawn.
  if (state.time === undefined) return;
  drawFrame();
  drawTime();
  drawActive();
}
at('language').addEventListener('click', () => keep('language', state.language === 'zh' ? 'en' : 'zh'));
at('theme').addEventListener('click', () => keep('theme', state.theme === 'dark' ? 'light' : 'dark'));
at('search').addEventListener('input', drawSystems);
at('fault-search').addEventListener('input', drawOne);
at('close').addEventListener('click', () => select(undefined));
at('buildings').addEventListener('change', (event) => location.assign(event.target.value));
document.documentElement.dataset.theme = state.theme;
void go();
