(() => {
'use strict';
const tip = document.createElement('div');
tip.className = 'tip';
tip.hidden = true;
document.body.append(tip);
const phi = z => {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const p = Math.exp(-z * z / 2) * t * (0.127414796 + t * (-0.142248368 + t * (0.7107068705 + t * (-0.7265760135 + t * 0.5307027145))));
  return z > 0 ? 1 - p : p;
};
const probit = p => { let a = -6, b = 6; for (let i = 0; i < 50; i++) { const m = (a + b) / 2; if (phi(m) < p) a = m; else b = m; } return a; };
const axis = text => {
  const [kind, format, low, high, ...title] = text.split(' ');
  const to = [v => v, Math.log, probit][kind], from = [v => v, Math.exp, phi][kind];
  const a = to(+low), b = to(+high);
  const show = v => format === '1' ? (100 * v).toPrecision(3) + ' %' : format === '2' ? v.toFixed(1) + '°' : Math.abs(v) >= 1000 ? v.toFixed(0) : String(+v.toPrecision(3));
  return { at: u => show(from(a + u * (b - a))), title: title.join(' ') };
};
const make = (parent, name, attributes) => {
  const e = document.createElementNS(parent.namespaceURI, name);
  for (const k in attributes) e.setAttribute(k, attributes[k]);
  return parent.appendChild(e);
};
for (const panel of document.querySelectorAll('.panel')) {
  const svg = panel.ownerSVGElement, hit = panel.querySelector('.hit');
  const [left, top, width, height] = panel.dataset.box.split(' ').map(Number);
  const x = axis(panel.dataset.x), y = axis(panel.dataset.y);
  let curves, marks;
  const hide = () => { tip.hidden = true; if (marks) marks.remove(); marks = null; };
  hit.addEventListener('pointerleave', hide);
  panel.addEventListener('redraw', () => { curves = null; });
  hit.addEventListener('pointermove', event => {
    curves = curves || [...panel.querySelectorAll('[data-n]')].map(path => ({
      name: path.dataset.n, style: /s\d/.exec(path.getAttribute('class'))[0].slice(1),
      points: [...path.getAttribute('d').matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(m => [+m[1], +m[2]]) }));
    const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    hide();
    marks = make(panel, 'g', {});
    make(marks, 'line', { x1: p.x, x2: p.x, y1: top, y2: top + height, class: 'rule' });
    tip.replaceChildren();
    const line = (text, bold) => { const d = tip.appendChild(document.createElement('div')); if (bold) { d.appendChild(document.createElement('b')).textContent = bold + ' '; } d.append(text); };
    line(x.title.split(',')[0].split(' (')[0] + ' ' + x.at((p.x - left) / width));
    for (const c of curves) {
      let i = c.points.findIndex(q => q[0] >= p.x);
      if (i < 0) { if (p.x - c.points[c.points.length - 1][0] > 4) continue; i = c.points.length - 1; }
      const b = c.points[i], a = c.points[Math.max(0, i - 1)];
      if (i === 0 && b[0] - p.x > 4) continue;
      const v = b[0] > a[0] ? a[1] + (b[1] - a[1]) * Math.min(1, (p.x - a[0]) / (b[0] - a[0])) : b[1];
      const u = (top + height - v) / height;
      line(u > 1.02 || u < -0.02 ? 'beyond the axis' : y.at(u), c.name);
      if (u <= 1.02 && u >= -0.02) make(marks, 'circle', { cx: p.x, cy: v, r: 4, class: 'spot f' + c.style });
    }
    tip.hidden = false;
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = Math.max(8, Math.min(room, event.clientX + 16)) + scrollX + 'px';
    tip.style.top = event.clientY + scrollY - tip.offsetHeight - 12 + 'px';
  });
}
})();
