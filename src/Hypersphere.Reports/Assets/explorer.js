(() => {
'use strict';
const data = JSON.parse(document.getElementById('tables').textContent);
const unpack = (text, steps) => {
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0)), view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 2 }, (_, i) => {
    const units = view.getInt16(2 * i, true);
    return units === -32768 ? NaN : units / steps;
  });
};
const families = data.families.map((f, i) => {
  const row = document.querySelector(`li[data-f="${i}"]`);
  const [box, slider] = row.querySelectorAll('input');
  return { ...f, psi: unpack(f.psi, f.psiSteps), slope: unpack(f.slope, data.slopeSteps), row, box, slider, on: box.checked,
    style: +/s(\d)/.exec(row.querySelector('path').getAttribute('class'))[1] };
});
const angles = families[0].angles, grid = Array.from({ length: angles }, (_, i) => 180 * i / (angles - 1));
const softmax = { psi: grid.map(d => Math.cos(d * Math.PI / 180)), slope: grid.map(() => 1) };
const table = f => {
  const from = angles * f.slider.value, to = from + angles;
  return { psi: f.psi.subarray(from, to), slope: f.slope.subarray(from, to) };
};
const shared = Object.fromEntries([...document.querySelectorAll('[data-shared]')].map(row =>
  [row.dataset.shared, { slider: row.querySelector('input'), output: row.querySelector('output') }]));
const state = {};
const count = v => v.toLocaleString('en-US');
const number = v => (Math.round(v * 100) / 100).toString();
const probability = psi => 1 / (1 + (state.classes - 1) * Math.exp(-state.scale * psi));
const quantities = {
  logit: (psi, slope) => psi,
  factor: (psi, slope) => slope,
  probability: (psi, slope) => probability(psi),
  pull: (psi, slope) => (1 - probability(psi)) * slope,
};
const panels = Object.entries(quantities).map(([id, value]) => {
  const svg = document.getElementById('x-' + id), panel = svg.querySelector('.panel');
  const [left, top, width, height] = panel.dataset.box.split(' ').map(Number), [, , low, high] = panel.dataset.y.split(' ').map(Number);
  const path = t => {
    let d = '', pen = false;
    for (let i = 0; i < angles; i++) {
      const y = top + height - (value(t.psi[i], t.slope[i]) - low) / (high - low) * height;
      if (!Number.isFinite(y)) { pen = false; continue; }
      d += (pen ? ' ' : 'M') + number(left + width * i / (angles - 1)) + ' ' + number(Math.max(top - 5000, Math.min(top + height + 5000, y)));
      pen = true;
    }
    return d;
  };
  return { svg, panel, path };
});
const restyle = (e, style) => e.setAttribute('class', e.getAttribute('class').replace(/\bs\d/, 's' + style).replace(/\bd\d/, 'd' + style));
const drawFamily = (f, i) => {
  f.row.querySelector('output').textContent = f.labels[f.slider.value];
  f.row.className = f.on ? 'on' : '';
  restyle(f.row.querySelector('path'), f.style);
  const t = table(f);
  for (const { svg, panel, path } of panels) {
    const line = svg.querySelector(`path[data-f="${i}"]`);
    restyle(line, f.style);
    line.setAttribute('d', f.on ? path(t) : '');
    if (f.on) line.dataset.n = f.name; else delete line.dataset.n;
    panel.dispatchEvent(new Event('redraw'));
  }
};
const drawShared = () => {
  state.scale = data.scales[shared.scale.slider.value];
  state.classes = data.classes[shared.classes.slider.value];
  state.between = data.leastAngle + +shared.between.slider.value;
  shared.scale.output.textContent = count(state.scale);
  shared.classes.output.textContent = count(state.classes);
  shared.between.output.textContent = state.between + '°';
  for (const { svg, path } of panels) {
    svg.querySelector('path[data-f="softmax"]').setAttribute('d', path(softmax));
    for (const t of svg.querySelectorAll('[data-psi]')) t.textContent = number(t.dataset.psi * state.scale).replace('-', '−');
  }
};
const at = (psi, degrees) => {
  const place = degrees / 180 * (angles - 1), i = Math.min(angles - 2, Math.floor(place));
  return psi[i] + (psi[i + 1] - psi[i]) * (place - i);
};
const first = (psi, other, end) => {
  let before;
  for (let t = 0; t <= end + 1e-9; t += 0.25) {
    const lead = at(psi, t) - Math.cos(other(t) * Math.PI / 180);
    if (lead <= 1e-9) return t === 0 ? 0 : t - 0.25 * -lead / (before - lead);
    before = lead;
  }
  return end;
};
const polar = (degrees, radius) => number(88 + radius * Math.sin(degrees * Math.PI / 180)) + ' ' + number(92 - radius * Math.cos(degrees * Math.PI / 180));
const drawCircle = figure => {
  const f = families[figure.dataset.circle], psi = f ? table(f).psi : softmax.psi, a = state.between;
  const towards = first(psi, t => a - t, a), away = first(psi, t => Math.min(a + t, 360 - a - t), 180 - a / 2);
  if (f) figure.querySelector('p').textContent = f.parameter + ' ' + f.labels[f.slider.value];
  figure.querySelector('.gap').textContent = 'gap ' + Math.max(0, a - 2 * towards).toFixed(1) + '°';
  for (const side of [-1, 1]) {
    const arc = 'M' + polar(side * (a / 2 - towards), 58) + 'A58 58 0 ' + (towards + away > 180 ? 1 : 0) + ' ' + (side > 0 ? 1 : 0) + ' '
      + polar(side * (a / 2 + away), 58);
    const [wedge, line] = figure.querySelectorAll(`path[data-side="${side}"]`), ray = figure.querySelector(`g[data-side="${side}"]`);
    wedge.setAttribute('d', arc + 'L88 92Z');
    line.setAttribute('d', arc);
    const [x, y] = polar(side * a / 2, 57).split(' ');
    ray.firstChild.setAttribute('x2', x);
    ray.firstChild.setAttribute('y2', y);
    ray.lastChild.setAttribute('cx', x);
    ray.lastChild.setAttribute('cy', y);
  }
};
const drawCircles = () => document.querySelectorAll('[data-circle]').forEach(drawCircle);
const freeStyle = () => {
  const used = s => families.filter(f => f.on && f.style === s).length;
  return [1, 2, 3, 4, 5, 6, 7].reduce((best, s) => used(s) < used(best) ? s : best);
};
families.forEach((f, i) => {
  f.slider.addEventListener('input', () => { drawFamily(f, i); drawCircles(); });
  f.box.addEventListener('change', () => {
    if (f.box.checked) f.style = freeStyle();
    f.on = f.box.checked;
    drawFamily(f, i);
  });
});
for (const s of Object.values(shared)) {
  s.slider.addEventListener('input', () => { drawShared(); families.forEach(drawFamily); drawCircles(); });
}
document.documentElement.classList.add('js');
drawShared();
families.forEach(drawFamily);
drawCircles();
})();
