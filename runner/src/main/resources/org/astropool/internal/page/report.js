// Draws the report of a run from the JSON in this page. Sections without data are left out.
'use strict';

(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const main = document.getElementById('main');
  const redraws = [];

  // ---------------------------------------------------------------- elements, numbers and text

  function el(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === 'class') element.className = value;
      else if (name === 'style') element.style.cssText = value;
      else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter(child => child !== null && child !== undefined));
    return element;
  }

  function svg(tag, attributes, text) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  const css = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const isNumber = value => typeof value === 'number' && Number.isFinite(value);

  // As the program prints values: six significant digits.
  function value(x, digits = 6) {
    if (!isNumber(x)) return x === null || x === undefined ? '–' : String(x);
    const size = Math.abs(x);
    if (x === 0) return '0';
    if (size < 1e-4 || size >= 1e6) return x.toExponential(digits - 1).replace('e+', 'e');
    return x.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(Math.max(size, 1)))));
  }

  function count(n) {
    return isNumber(n) ? Math.round(n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f') : '–';
  }

  function rate(x) {
    return !isNumber(x) ? '–' : x < 10 ? x.toFixed(2) : x < 100 ? x.toFixed(1) : count(x);
  }

  function percent(x, digits = 0) {
    return isNumber(x) ? (100 * x).toFixed(digits) + ' %' : '–';
  }

  // What is not complete never shows as 100 %.
  function share(done, total) {
    const exact = 100 * done / total;
    return (done < total ? Math.min(exact, 99.9) : exact).toFixed(1) + ' %';
  }

  function time(seconds) {
    if (!isNumber(seconds)) return '–';
    if (seconds < 1e-3) return (seconds * 1e6).toPrecision(3) + ' µs';
    if (seconds < 1) return (seconds * 1e3).toPrecision(3) + ' ms';
    if (seconds < 60) return seconds.toPrecision(seconds < 10 ? 3 : 2) + ' s';
    const whole = Math.round(seconds);
    const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
    if (days > 0) return days + ' d ' + hours + ' h';
    return hours > 0 ? hours + ' h ' + minutes + ' min' : minutes + ' min ' + whole % 60 + ' s';
  }

  function clock(iso) {
    const when = new Date(iso);
    return Number.isNaN(when.getTime()) ? '–' : when.toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'medium'});
  }

  const GREEK = {
    alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', varepsilon: 'ε', zeta: 'ζ', eta: 'η', theta: 'θ', iota: 'ι',
    kappa: 'κ', lambda: 'λ', mu: 'μ', nu: 'ν', xi: 'ξ', pi: 'π', rho: 'ρ', sigma: 'σ', tau: 'τ', upsilon: 'υ', phi: 'φ',
    varphi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω', Gamma: 'Γ', Delta: 'Δ', Theta: 'Θ', Lambda: 'Λ', Xi: 'Ξ', Pi: 'Π',
    Sigma: 'Σ', Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω', odot: '☉', ln: 'ln ', log: 'log ', sum: 'Σ', times: '×', cdot: '·',
    pm: '±', infty: '∞', prime: '′', circ: '°', mathcal: '', mathrm: '', rm: '', text: '', left: '', right: '', ',': ' ',
  };

  // The parts of a label in LaTeX notation: {text, level}, where level is '', 'sub' or 'sup'.
  function labelParts(name) {
    const label = (data.labels || {})[name];
    if (label === undefined) return [{text: name, level: ''}];
    const parts = [];
    let level = '';
    let depth = 0;
    let single = false;
    const add = text => {
      parts.push({text, level});
      if (single) { level = ''; single = false; }
    };
    for (const token of label.replace(/\$/g, '').match(/\\[A-Za-z]+ ?|\\.|[^\\]/gu) || []) {
      if (token === '_' || token === '^') {
        level = token === '_' ? 'sub' : 'sup';
        single = true;
      } else if (token === '{') {
        depth++;
        single = false;
      } else if (token === '}') {
        depth = Math.max(0, depth - 1);
        if (depth === 0) level = '';
      } else if (token.startsWith('\\')) {
        const known = GREEK[token.slice(1).trim()];
        if (known !== '') add(known === undefined ? token.slice(1).trim() : known);
      } else {
        add(token);
      }
    }
    return parts;
  }

  function label(name) {
    return el('span', {title: name}, labelParts(name).map(part => part.level ? el(part.level, {}, part.text) : part.text));
  }

  // For canvases and attributes.
  function plain(name) {
    let before = '';
    return labelParts(name).map(part => {
      const mark = part.level !== before && part.level ? (part.level === 'sub' ? '_' : '^') : '';
      before = part.level;
      return mark + part.text;
    }).join('');
  }

  // ---------------------------------------------------------------- what the reader has chosen survives an update

  const KEY = 'astropool ' + data.directory;
  const chosen = (() => {
    try {
      return JSON.parse(sessionStorage.getItem(KEY)) || {};
    } catch (e) {
      return {};
    }
  })();
  function choose(name, what) {
    chosen[name] = what;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(chosen));
    } catch (e) {
      // without storage a choice lasts until the next update
    }
  }

  function select(id, title, options, initial, changed) {
    const known = options.some(([key]) => key === chosen[id]);
    const current = known ? chosen[id] : initial;
    const list = el('select', {id, onchange: () => { choose(id, list.value); changed(list.value); }},
      options.map(([key, text]) => el('option', {value: key, selected: key === current}, text)));
    return [el('label', {for: id}, title + ' ', list), current];
  }

  function details(id, title, build) {
    const box = el('details', {id});
    let built = false;
    const fill = () => {
      if (!built && box.open) {
        built = true;
        box.append(build());
      }
    };
    box.append(el('summary', {}, title));
    box.open = chosen['open ' + id] === true;
    fill();
    box.addEventListener('toggle', () => { choose('open ' + id, box.open); fill(); });
    return box;
  }

  function section(id, title, ...content) {
    const box = el('section', {id, 'aria-labelledby': id + '-title'}, el('h2', {id: id + '-title'}, title), ...content);
    main.append(box);
    return box;
  }

  // columns: [title, isNumber]; cells are nodes or text
  function table(columns, rows, options = {}) {
    return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': options.label || 'table'},
      el('table', {class: options.narrow ? 'narrow' : '', id: options.id},
        el('thead', {}, el('tr', {}, columns.map(([title, number]) => el('th', {class: number ? 'n' : '', scope: 'col'}, title)))),
        el('tbody', {}, rows.map(row => el('tr', {class: row.class || '', 'data-key': row.key}, (row.cells || row).map((cell, i) =>
          el('td', {class: columns[i][1] ? 'n' : columns[i][2] ? 'text' : ''}, cell)))))));
  }

  let figures = 0;
  // A chart with its caption, and the same numbers as a table.
  function figure(title, text, chart, tableOf, legend) {
    const id = 'figure-' + (++figures);
    return el('figure', {},
      chart,
      legend || null,
      el('figcaption', {}, el('span', {class: 'title'}, title), text ? el('br') : null, text || null),
      tableOf ? details(id + '-table', 'as a table', tableOf) : null);
  }

  // ---------------------------------------------------------------- charts with lines: uPlot

  function withAlpha(color, alpha) {
    return color + Math.round(255 * alpha).toString(16).padStart(2, '0');
  }

  /**
   * options: label (for readers of text), x, xTitle, yTitle, log (x is a logarithm to base 10), xValue, yValue,
   * series: [{name, values, color, width, dash, points, bars, fill}], bands: [[high, low, color]] by series number from 1
   */
  function lines(options) {
    const box = el('div', {class: 'plot lines', role: 'img', 'aria-label': options.label});
    const height = options.height || 220;
    box.style.minHeight = height + 'px';
    let chart = null;
    const xValue = options.xValue || (x => value(x, 5));
    const yValue = options.yValue || (y => value(y, 5));
    const named = options.series.map((one, i) => [one, i + 1]).filter(([one]) => one.name);
    const legend = named.length < 2 || named.length > 8 ? null : el('div', {class: 'legend'}, named.map(([one]) =>
      el('span', {}, el('i', {style: `border-color:var(--${one.color})`}), one.name)));
    const readout = el('div', {class: 'readout', 'aria-hidden': 'true'});
    const texts = (ticks, given) => ticks.map(tick => tick === null ? '' : given ? given(tick) : tickText(tick, ticks));
    function draw() {
      if (chart) chart.destroy();
      const axis = {
        stroke: css('soft'),
        grid: {stroke: css('line'), width: 1},
        ticks: {stroke: css('line'), width: 1},
        font: '12px system-ui, sans-serif',
        labelFont: '12px system-ui, sans-serif',
        labelSize: 20,
      };
      chart = new uPlot({
        width: Math.max(200, box.clientWidth),
        height,
        legend: {show: false},
        cursor: {y: false, points: {size: 6}, drag: {x: false}},
        hooks: {setCursor: [u => {
          const i = u.cursor.idx;
          readout.textContent = i === null || i === undefined || u.cursor.left < 0 ? ''
            : options.xTitle.replace(' (log scale)', '') + ' ' + xValue(u.data[0][i]) + ': '
              + named.slice(0, 6).map(([one, k]) => (named.length > 1 ? one.name + ' ' : '') + (u.data[k][i] === null ? '–' : yValue(u.data[k][i]))).join(', ');
        }]},
        scales: {x: {time: false, range: options.xRange}, y: {range: options.yRange}},
        axes: [
          {...axis, label: options.xTitle, size: 34, values: (u, ticks) => texts(ticks, options.xValue)},
          {...axis, label: options.yTitle, size: (u, shown) => 14 + 7 * Math.max(4, ...(shown || []).map(text => text.length)),
            values: (u, ticks) => texts(ticks, options.yValue)},
        ],
        series: [
          {},
          ...options.series.map(one => ({
            stroke: css(one.color),
            width: one.width === undefined ? 1.5 : one.width,
            dash: one.dash,
            fill: one.fill ? withAlpha(css(one.color), 0.35) : undefined,
            paths: one.bars ? uPlot.paths.bars({size: [0.95, 60], align: 0}) : one.stepped ? uPlot.paths.stepped({align: 1}) : undefined,
            points: {show: one.points === true, size: 5, fill: css(one.color)},
            spanGaps: true,
          })),
        ],
        bands: (options.bands || []).map(([high, low, color]) => ({series: [high, low], fill: withAlpha(css(color), 0.22)})),
      }, [options.x, ...options.series.map(one => one.values)], box);
    }
    watch(box, draw);
    return el('div', {}, box, legend, readout);
  }

  // Draws when the box has a width, and again whenever the width or the colours change.
  function watch(box, draw) {
    let width = 0;
    // In the next frame: a chart that changes the height of its box would otherwise be observed again at once.
    new ResizeObserver(() => requestAnimationFrame(() => {
      if (box.clientWidth > 0 && box.clientWidth !== width) {
        width = box.clientWidth;
        draw();
      }
    })).observe(box);
    const drawNow = () => {
      width = box.clientWidth;
      if (width > 0) draw();
    };
    redraws.push(drawNow);
    if (document.contains(box)) drawNow();
    else queueMicrotask(() => { if (document.contains(box) && width === 0) drawNow(); });
  }

  // ---------------------------------------------------------------- maps, points and contours: a canvas below an SVG

  function ticks(from, to, most) {
    const span = to - from;
    if (!(span > 0)) return [from];
    const raw = span / Math.max(1, most);
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= raw * 0.999);
    const result = [];
    for (let i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * span; i++) result.push(Number((i * step).toPrecision(12)));
    return result;
  }

  function tickText(tick, all) {
    if (tick === 0) return '0';
    const span = all.length > 1 ? Math.abs(all[1] - all[0]) : Math.abs(tick);
    if (Math.abs(tick) >= 1e6 || Math.abs(tick) < 1e-4) return tick.toExponential(2).replace('e+', 'e');
    return tick.toFixed(Math.max(0, -Math.floor(Math.log10(span) + 1e-9)));
  }

  /**
   * A plane with axes. options: label, height or square, x: [from, to], y: [from, to], xTitle, yTitle, xLog, yLog,
   * xText, yTicks: [[place, text]], draw(frame): frame has canvas (context), svg, toX, toY, width, height;
   * hover(x, y) gives the text below the chart
   */
  function plane(options) {
    const box = el('div', {class: 'plot', role: 'img', 'aria-label': options.label});
    const readout = options.hover ? el('div', {class: 'readout', 'aria-hidden': 'true'}) : null;
    const scale = log => log ? Math.log10 : x => x;
    const [fx, fy] = [scale(options.xLog), scale(options.yLog)];
    let frame = null;
    function draw() {
      const width = Math.min(box.clientWidth, options.width || Infinity);
      const left = options.left || 62;
      const [right, top, bottom] = [12, 8, 40];
      const inner = width - left - right;
      const height = options.square ? Math.min(inner, options.height || 400) : options.height;
      box.style.height = height + top + bottom + 'px';
      box.textContent = '';
      const ratio = window.devicePixelRatio || 1;
      const canvas = el('canvas', {class: options.pixels ? 'under' : ''});
      canvas.style.left = left + 'px';
      canvas.style.top = top + 'px';
      canvas.style.width = inner + 'px';
      canvas.style.height = height + 'px';
      [canvas.width, canvas.height] = [Math.max(1, Math.round(inner * ratio)), Math.max(1, Math.round(height * ratio))];
      const over = svg('svg', {width, height: height + top + bottom, 'aria-hidden': 'true'});
      box.append(canvas, over);
      const [x0, x1, y0, y1] = [fx(options.x[0]), fx(options.x[1]), fy(options.y[0]), fy(options.y[1])];
      const toX = x => left + inner * (fx(x) - x0) / (x1 - x0 || 1);
      const toY = options.down
        ? y => top + height * (fy(y) - y0) / (y1 - y0 || 1)
        : y => top + height * (1 - (fy(y) - y0) / (y1 - y0 || 1));
      const context = canvas.getContext('2d');
      context.scale(ratio, ratio);
      context.translate(-left, -top);
      frame = {canvas: context, element: canvas, svg: over, toX, toY, left, top, inner, height,
        fromX: place => options.xLog ? 10 ** (x0 + (place - left) / inner * (x1 - x0)) : x0 + (place - left) / inner * (x1 - x0),
        fromY: place => {
          const part = options.down ? (place - top) / height : 1 - (place - top) / height;
          return options.yLog ? 10 ** (y0 + part * (y1 - y0)) : y0 + part * (y1 - y0);
        }};
      const clip = svg('clipPath', {id: 'clip-' + (++figures)});
      clip.append(svg('rect', {x: left, y: top, width: inner, height}));
      frame.inside = svg('g', {'clip-path': `url(#clip-${figures})`});
      over.append(clip, frame.inside);
      options.draw(frame);
      over.append(svg('rect', {class: 'axis', x: left, y: top, width: inner, height, fill: 'none'}));
      const marks = (range, log, most) => log
        ? ticks(Math.log10(range[0]), Math.log10(range[1]), most).map(t => 10 ** t) : ticks(range[0], range[1], most);
      const ofX = marks(options.x, options.xLog, Math.max(2, Math.floor(inner / 80)));
      for (const tick of ofX) {
        over.append(svg('line', {class: 'axis', x1: toX(tick), x2: toX(tick), y1: top + height, y2: top + height + 4}));
        over.append(svg('text', {x: toX(tick), y: top + height + 17, 'text-anchor': 'middle'},
          options.xText ? options.xText(tick) : options.xLog ? value(tick, 3) : tickText(tick, ofX)));
      }
      const ofY = options.yTicks || marks(options.y, options.yLog, Math.max(2, Math.floor(height / 45)));
      for (const tick of ofY) {
        const [place, text] = Array.isArray(tick) ? tick : [tick, options.yLog ? value(tick, 3) : tickText(tick, ofY)];
        over.append(svg('line', {class: 'axis', x1: left - 4, x2: left, y1: toY(place), y2: toY(place)}));
        over.append(svg('text', {x: left - 7, y: toY(place) + 4, 'text-anchor': 'end'}, text));
      }
      over.append(svg('text', {class: 'label', x: left + inner / 2, y: top + height + 35, 'text-anchor': 'middle'}, options.xTitle));
      if (options.yTitle) {
        over.append(svg('text', {class: 'label', transform: `translate(13 ${top + height / 2}) rotate(-90)`, 'text-anchor': 'middle'},
          options.yTitle));
      }
    }
    if (readout) {
      box.addEventListener('pointermove', event => {
        const place = box.getBoundingClientRect();
        const [x, y] = [event.clientX - place.left, event.clientY - place.top];
        const inside = frame && x >= frame.left && x <= frame.left + frame.inner && y >= frame.top && y <= frame.top + frame.height;
        readout.textContent = inside ? options.hover(frame.fromX(x), frame.fromY(y)) || '' : '';
      });
      box.addEventListener('pointerleave', () => { readout.textContent = ''; });
    }
    watch(box, draw);
    const both = el('div', {}, box, readout);
    both.redraw = draw;
    return both;
  }

  function rgb(hex) {
    return [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
  }

  // From the background (0) to the strongest colour (1).
  function heat() {
    const stops = [0, 1, 2, 3].map(i => rgb(css('heat-' + i)));
    return part => {
      const place = Math.min(2.9999, Math.max(0, part * 3));
      const [i, rest] = [Math.floor(place), place % 1];
      return stops[i].map((from, c) => Math.round(from + rest * (stops[i + 1][c] - from)));
    };
  }

  // Cells of equal size in an image of one pixel each, which the browser enlarges without smoothing.
  function image(columns, rows, color) {
    const small = el('canvas', {width: columns, height: rows});
    const context = small.getContext('2d');
    const pixels = context.createImageData(columns, rows);
    for (let x = 0; x < columns; x++) {
      for (let y = 0; y < rows; y++) {
        const c = color(x, y);
        if (c) pixels.data.set([c[0], c[1], c[2], 255], 4 * (y * columns + x));
      }
    }
    context.putImageData(pixels, 0, 0);
    return small;
  }

  const DASHES = {0: '', 1: '6 4', 2: '1.5 3.5'};

  function contourPaths(frame, contours) {
    (contours || []).forEach((contour, i) => {
      const path = contour.lines.map(line => {
        const points = [];
        for (let k = 0; k < line.length; k += 2) points.push(frame.toX(line[k]).toFixed(1) + ' ' + frame.toY(line[k + 1]).toFixed(1));
        return 'M' + points.join('L');
      }).join('');
      frame.inside.append(svg('path', {d: path, fill: 'none', stroke: css('ink'), 'stroke-width': i === 0 ? 1.8 : 1.4,
        'stroke-dasharray': DASHES[i] || '', 'data-mass': contour.mass}));
    });
  }

  function contourLegend(contours) {
    return el('div', {class: 'legend'}, (contours || []).map((contour, i) => el('span', {},
      el('i', {style: `border-top-style:${['solid', 'dashed', 'dotted'][i] || 'solid'};border-color:var(--ink)`}),
      (100 * contour.mass).toPrecision(3).replace(/\.0$/, '') + ' %')));
  }

  function cross(frame, x, y, color = 'c1') {
    const [cx, cy] = [frame.toX(x), frame.toY(y)];
    frame.inside.append(svg('path', {d: `M${cx - 7} ${cy}H${cx + 7}M${cx} ${cy - 7}V${cy + 7}`, stroke: css(color), 'stroke-width': 2}));
  }

  function padded(from, to, part = 0.04) {
    const span = to - from || Math.abs(from) || 1;
    return [from - part * span, to + part * span];
  }

  function range(arrays) {
    let [from, to] = [Infinity, -Infinity];
    for (const array of arrays) for (const x of array) if (isNumber(x)) { from = Math.min(from, x); to = Math.max(to, x); }
    return from <= to ? [from, to] : [0, 1];
  }

  // ---------------------------------------------------------------- headline

  const progress = data.progress;
  const isScript = data.kind === '' && data.details.job.length === 0 && data.workers.rows.length > 0; // a pool without a job
  const state = data.state;
  const STATES = {
    starting: 'Starting', running: 'Running', complete: 'Complete', failures: 'Complete, with more failures than allowed',
    ended: 'Ended early', killed: 'Not running: ended without a summary',
  };

  function lostWorkers() {
    return data.workers.rows.filter(row => row.lost);
  }

  function problems() {
    const found = [];
    if (state.name === 'killed') {
      found.push(['The process of the run was killed, or its machine failed' + (state.reason ? ' (' + state.reason + ')' : '')
        + '. The points below are from its journal; the same command with --resume evaluates the others.']);
    }
    if (state.name === 'ended') {
      found.push(['The run ended early: ' + (state.reason || 'no reason was recorded') + '. With --resume the same command evaluates the other points.']);
    }
    if (data.why_no_points) found.push(['The points are not shown: ' + data.why_no_points]);
    const failures = data.failures;
    if (progress.failed > 0) {
      const worst = failures && failures.groups.find(group => group.kind !== 'skipped');
      found.push([count(progress.failed) + (progress.failed === 1 ? ' point' : ' points') + ' failed',
        worst ? ', ' + (failures.group_count > 1 ? 'most' : 'all') + ' with “' + shorten(worst.reason.split('\n')[0], 140) + '”' : '', '. ',
        failures ? el('a', {href: '#failures'}, 'Which, and where') : null]);
      const cluster = clusters()[0];
      if (cluster) {
        found.push([percent(cluster.failures) + ' of the failures have ', label(cluster.parameter), ' from ' + value(cluster.from) + ' to '
          + value(cluster.to) + ', where ' + percent(cluster.points) + ' of the points are.']);
      }
    }
    const lost = lostWorkers();
    if (lost.length > 0) {
      found.push([count(lost.length) + (lost.length === 1 ? ' worker was lost: ' : ' workers were lost: ') + lost.slice(0, 3).map(row =>
        'rank ' + row.number + ' on ' + row.host + ' (' + row.lost + ')').join(', ') + (lost.length > 3 ? ', …' : '') + '. ',
        el('a', {href: '#workers'}, 'The workers')]);
    }
    const damages = data.details.facts.filter(([name]) => name === 'damage').length;
    if (damages > 0) found.push([damages + ' damaged parts of the journal could not be read. Their points are evaluated again by --resume.']);
    return found;
  }

  function shorten(text, most) {
    return text.length > most ? text.slice(0, most - 1) + '…' : text;
  }

  // Parameters whose failures are in a range with clearly fewer of the points.
  function clusters() {
    return ((data.failures || {}).ranges || []).filter(one => one.points < 0.6 * one.failures)
      .sort((a, b) => a.points / a.failures - b.points / b.failures);
  }

  function headline() {
    const box = document.getElementById('headline');
    const total = progress.points;
    const done = progress.done;
    box.append(el('div', {class: 'top'},
      el('h1', {id: 'job'}, data.job || data.directory.split('/').pop()),
      el('span', {class: 'state ' + state.name, id: 'state', 'data-state': state.name, role: 'status'}, STATES[state.name]),
      updates()));
    box.append(el('div', {class: 'count'},
      el('span', {id: 'done', 'data-value': done}, count(done)),
      total !== null ? [' ', el('small', {}, 'of ', el('span', {id: 'total', 'data-value': total}, count(total)), ' points, ' + share(done, total || 1))]
        : [' ', el('small', {}, (isScript ? 'tasks evaluated' : 'points evaluated') + chainText())]));
    const whole = total || (progress.fraction ? done / progress.fraction : done) || 1;
    const part = n => el('span', {style: `width:${100 * n / whole}%`});
    const bar = el('div', {class: 'bar', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': whole, 'aria-valuenow': done,
      'aria-label': 'points with a result'}, part(progress.ok), part(progress.failed), part(progress.skipped));
    bar.children[1].className = 'failed';
    bar.children[2].className = 'skipped';
    box.append(bar);
    const facts = [];
    const add = (name, id, content, note) => facts.push(el('div', {}, el('dt', {}, name), el('dd', {id}, content, note ? el('small', {}, ' ' + note) : null)));
    if (progress.left) {
      const [left, least, most] = progress.left;
      add(progress.at_most ? 'Time left, at most' : 'Time left', 'left', time(left),
        '(' + time(least) + (isNumber(most) ? ' to ' + time(most) : ' or more') + ')');
      add('Ends about', 'end', clock(new Date(Date.parse(data.written) + 1000 * left).toISOString()));
    } else if (state.name === 'running' && !isScript) {
      add('Time left', 'left', 'not known yet');
    }
    if (isNumber(progress.wall_seconds)) add(state.name === 'running' ? 'Running for' : state.name === 'complete' || state.name === 'failures' ? 'Took' : 'Ran for', 'wall', time(progress.wall_seconds));
    add('Rate', 'rate', rate(progress.rate) + (isScript ? ' tasks/s' : ' points/s'));
    if (isNumber(progress.median_seconds) && progress.median_seconds > 0) add('A point takes', 'median', time(progress.median_seconds), '(median)');
    if (!isScript) add('Failed', 'failed', count(progress.failed), progress.skipped ? count(progress.skipped) + ' skipped' : '');
    const slots = data.workers.rows.filter(row => !row.lost).reduce((sum, row) => sum + (row.slots || 0), 0);
    if (slots > 0) {
      const busy = data.workers.rows.filter(row => isNumber(row.busy));
      const mean = isNumber(progress.busy) ? progress.busy
        : busy.reduce((sum, row) => sum + row.busy * row.slots, 0) / busy.reduce((sum, row) => sum + row.slots, 0);
      add('Workers', 'slots', count(data.workers.rows.length - lostWorkers().length), '(' + count(slots) + (slots === 1 ? ' slot' : ' slots') + (isNumber(mean) ? ', busy ' + percent(mean) : '') + ')');
    }
    box.append(el('dl', {class: 'facts'}, facts));
    const list = problems();
    box.append(list.length > 0
      ? el('ul', {class: 'problems', id: 'problems', 'aria-label': 'What is wrong'}, list.map(parts => el('li', {}, parts)))
      : state.name === 'running' || state.name === 'complete' ? el('p', {class: 'all-well small', id: 'problems'}, isScript ? 'No lost workers.' : 'No failures, no lost workers.') : '');
  }

  function chainText() {
    return data.chain ? ': ' + count(data.chain.steps) + ' steps of ' + count(data.chain.walkers) + ' walkers' : '';
  }

  // ---------------------------------------------------------------- updates while the run goes on

  let lastInput = 0;
  for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchmove', 'pointermove']) {
    addEventListener(kind, () => { lastInput = Date.now(); }, {passive: true});
  }
  let pressed = false;
  addEventListener('pointerdown', () => { pressed = true; });
  for (const kind of ['pointerup', 'pointercancel', 'blur']) addEventListener(kind, () => { pressed = false; });

  function isBusyReader() {
    const active = document.activeElement;
    const selection = getSelection();
    return pressed || document.hidden || Date.now() - lastInput < 3000 || (active && active.tagName === 'SELECT' && Date.now() - lastInput < 15000)
      || (selection && !selection.isCollapsed);
  }

  function updates() {
    const age = el('span', {class: 'small soft', id: 'written', 'data-written': data.written});
    const box = el('span', {class: 'updates'}, age);
    const isLive = data.next_seconds !== null;
    if (isLive) {
      const button = el('button', {type: 'button', 'aria-pressed': String(chosen.paused === true), onclick: () => {
        choose('paused', !chosen.paused);
        button.setAttribute('aria-pressed', String(chosen.paused));
        button.textContent = chosen.paused ? 'Resume updates' : 'Pause updates';
      }}, chosen.paused ? 'Resume updates' : 'Pause updates');
      box.append(' ', button);
    }
    const written = Date.parse(data.written);
    const tell = () => {
      const old = (Date.now() - written) / 1000;
      const overdue = isLive && old > Math.max(60, 4 * data.next_seconds);
      age.textContent = !isLive ? 'as of ' + clock(data.written)
        : overdue ? 'not updated for ' + time(old) + ': the run may have ended; “astropool report DIR” writes this page again'
          : old < 2 ? 'updated just now' : 'updated ' + time(Math.floor(old)) + ' ago';
    };
    tell();
    if (isLive) {
      setInterval(tell, 1000);
      // A page that was not rewritten since the last look is looked at less and less often.
      const unchanged = chosen.written === data.written ? (chosen.unchanged || 0) + 1 : 0;
      choose('written', data.written);
      choose('unchanged', unchanged);
      const due = Math.max(written + 1000 * (data.next_seconds + 0.7), Date.now() + Math.min(60000, 1000 * 1.5 ** unchanged));
      const look = () => {
        if (Date.now() >= due && !chosen.paused && !isBusyReader()) {
          choose('scroll', scrollY);
          location.reload();
        } else {
          setTimeout(look, 500);
        }
      };
      setTimeout(look, 500);
    }
    return box;
  }

  // ---------------------------------------------------------------- best fit and posterior

  function bestTable() {
    const rows = [];
    const columns = [['parameter'], ['best so far', true]];
    const found = data.findings || {};
    const byName = new Map((found.rows || []).map(row => [row.parameter, row.cells]));
    const extra = found.columns || [];
    const done = state.name === 'complete' || state.name === 'failures';
    if (done) columns[1][0] = 'best';
    const names = Object.keys(data.best || {}).filter(name => name !== 'log_likelihood');
    for (const name of byName.keys()) if (!names.includes(name)) names.push(name);
    if (names.length === 0) return null;
    const without = extra.map((title, i) => title === 'best fit' ? i : -1).filter(i => i >= 0);
    extra.forEach((title, i) => { if (!without.includes(i)) columns.push([title, true]); });
    for (const name of names) {
      const cells = byName.get(name) || [];
      rows.push({key: name, cells: [label(name), value((data.best || {})[name]),
        ...extra.map((title, i) => without.includes(i) ? null : value(cells[i])).filter(cell => cell !== null)]});
    }
    const notes = [];
    if (data.best && isNumber(data.best.log_likelihood)) notes.push('log_likelihood of the best point: ' + value(data.best.log_likelihood, 8));
    if (isNumber(found.log_evidence)) notes.push('log_evidence: ' + value(found.log_evidence, 8));
    return el('div', {}, table(columns, rows, {narrow: true, id: 'best', label: 'best fit'}),
      notes.length ? el('p', {class: 'small soft', id: 'best-note'}, notes.join('; ')) : null,
      found.lines ? el('p', {class: 'small soft'}, found.lines.trim().split('\n').join('; ')) : null);
  }

  function soFar() {
    return state.name === 'complete' || state.name === 'failures' ? '' : ' so far';
  }

  function gridSection() {
    const grid = data.grid;
    const box = section('likelihood', 'Likelihood' + soFar());
    const map = el('div', {});
    const side = el('div', {}, bestTable());
    const nameOf = pair => grid.axes[pair.x].name + ' – ' + grid.axes[pair.y].name;
    const show = key => {
      map.textContent = '';
      map.append(gridMap(grid.pairs[Number(key)] || grid.pairs[0]));
    };
    if (grid.pairs.length > 1) {
      const [control, current] = select('grid-pair', 'Parameters', grid.pairs.map((pair, i) => [String(i), nameOf(pair)]), '0', show);
      box.append(el('div', {class: 'controls'}, control,
        grid.pairs_left_out ? el('span', {class: 'soft'}, grid.pairs_left_out + ' more pairs are not in this page') : null));
      show(current);
    } else if (grid.pairs.length === 1) {
      show('0');
    }
    const marginals = el('div', {class: 'row'}, grid.axes.filter(axis => axis.values.length > 1).map(axis => marginal(axis)));
    box.append(el('div', {class: grid.pairs.length ? 'row wide' : ''}, grid.pairs.length ? map : null, side), marginals);
  }

  function edges(values, log) {
    const f = log ? Math.log : x => x;
    const back = log ? Math.exp : x => x;
    const at = values.map(f);
    const first = (at[1] - at[0]) / 2;
    const last = (at[at.length - 1] - at[at.length - 2]) / 2;
    return at.map((x, i) => back(i === 0 ? x - first : (x + at[i - 1]) / 2)).concat(back(at[at.length - 1] + last));
  }

  const DEEPEST = 12; // ln L below the maximum at the end of the colour scale

  function gridMap(pair) {
    const [ax, ay] = [grid().axes[pair.x], grid().axes[pair.y]];
    const [ex, ey] = [edges(ax.values, ax.log), edges(ay.values, ay.log)];
    const columns = pair.cells.length / pair.rows;
    const cellX = x => Math.min(columns - 1, Math.floor(position(ex, x) / pair.step_x));
    const cellY = y => Math.min(pair.rows - 1, Math.floor(position(ey, y) / pair.step_y));
    const at = (x, y) => pair.cells[x * pair.rows + y];
    const thinned = pair.step_x > 1 || pair.step_y > 1;
    const chart = plane({
      label: `Map of the log-likelihood over ${ax.name} and ${ay.name}, with contours that enclose 68.3, 95.4 and 99.7 % of the posterior`,
      square: true, height: 460, x: [ex[0], ex[ex.length - 1]], y: [ey[0], ey[ey.length - 1]], xLog: ax.log, yLog: ay.log,
      xTitle: plain(ax.name), yTitle: plain(ay.name),
      draw: frame => {
        const ramp = heat();
        const missing = rgb(css('missing'));
        for (let x = 0; x < columns; x++) {
          for (let y = 0; y < pair.rows; y++) {
            const deficit = at(x, y);
            const c = deficit === null ? missing : ramp(1 - Math.min(1, -deficit / DEEPEST));
            frame.canvas.fillStyle = `rgb(${c[0]} ${c[1]} ${c[2]})`;
            const [x0, x1] = [ex[x * pair.step_x], ex[Math.min((x + 1) * pair.step_x, ex.length - 1)]].map(frame.toX);
            const [y0, y1] = [ey[y * pair.step_y], ey[Math.min((y + 1) * pair.step_y, ey.length - 1)]].map(frame.toY);
            frame.canvas.fillRect(x0, y1, x1 - x0 + 0.6, y0 - y1 + 0.6);
          }
        }
        contourPaths(frame, pair.contours);
        if (data.best && isNumber(data.best[ax.name]) && isNumber(data.best[ay.name])) cross(frame, data.best[ax.name], data.best[ay.name]);
      },
      hover: (x, y) => {
        const deficit = at(cellX(x), cellY(y));
        return ax.name + ' ' + value(x) + ', ' + ay.name + ' ' + value(y) + ': '
          + (deficit === null ? 'no result yet' : 'ln L − max ' + (deficit < -1e29 ? '−∞' : value(deficit, 4)));
      },
    });
    const others = grid().axes.length > 2 ? ' The colour is the maximum over the other parameters, the contours are of the marginal posterior.' : '';
    const missingCells = pair.cells.filter(cell => cell === null).length;
    return figure(`Log-likelihood below its maximum, ${value(grid().highest, 7)}`,
      'Darkest at the maximum, blank at ' + DEEPEST + ' below it; grey: no result' + (missingCells ? ' yet' : '') + '. The cross is the best point.' + others
        + (thinned ? ` Each cell shown is the highest of ${pair.step_x} × ${pair.step_y} cells of the grid; the contours use all of them.` : '')
        + (missingCells && soFar() ? ' Contours are of the finished points alone, and change.' : ''),
      chart, () => gridTable(pair, ax, ay), contourLegend(pair.contours));
  }

  const grid = () => data.grid;

  function position(edge, x) {
    let i = 0;
    while (i < edge.length - 2 && x >= edge[i + 1]) i++;
    return i;
  }

  function gridTable(pair, ax, ay) {
    const cells = [];
    pair.cells.forEach((deficit, i) => {
      if (deficit !== null) cells.push([ax.values[Math.floor(i / pair.rows) * pair.step_x], ay.values[i % pair.rows * pair.step_y], deficit]);
    });
    cells.sort((a, b) => b[2] - a[2]);
    return el('div', {}, el('p', {class: 'small soft'}, 'The 40 highest cells. All points are in the result tables.'),
      table([[label(ax.name), true], [label(ay.name), true], ['ln L − max', true]], cells.slice(0, 40).map(row => row.map(x => value(x)))));
  }

  function marginal(axis) {
    const x = axis.log ? axis.values.map(Math.log10) : axis.values;
    return figure('Marginal posterior of ' + plain(axis.name), '', lines({
      label: 'Marginal posterior of ' + axis.name + ': the integral over the other parameters at each of its ' + axis.values.length + ' values',
      height: 170, x, xTitle: plain(axis.name) + (axis.log ? ' (log scale)' : ''), xValue: axis.log ? t => value(10 ** t, 4) : undefined,
      series: [{name: 'density', values: axis.marginal, color: 'c0', fill: true, points: axis.values.length < 60}],
      yValue: y => value(y, 3),
    }), () => table([[label(axis.name), true], ['density', true], ['ln L − max, profile', true]],
      axis.values.map((v, i) => [value(v), value(axis.marginal[i], 4), axis.profile[i] === null ? '–' : value(axis.profile[i])])));
  }

  // ---------------------------------------------------------------- chains and maxima

  function chainSection() {
    const chain = data.chain;
    const box = section('chain', 'Posterior and chain' + soFar());
    const map = el('div', {});
    const name = i => chain.parameters[i].name;
    const show = key => {
      map.textContent = '';
      map.append(chainMap(chain, chain.pairs[Number(key)] || chain.pairs[0]));
    };
    if (chain.pairs.length > 1) {
      const [control, current] = select('chain-pair', 'Parameters',
        chain.pairs.map((pair, i) => [String(i), name(pair.x) + ' – ' + name(pair.y)]), '0', show);
      box.append(el('div', {class: 'controls'}, control));
      show(current);
    } else if (chain.pairs.length === 1) {
      show('0');
    }
    box.append(el('div', {}, chain.pairs.length ? map : null, bestTable()));
    const traces = section('traces', 'Traces and autocorrelation');
    traces.classList.add('long');
    const text = count(chain.steps) + ' steps of ' + count(chain.walkers) + ' walkers, acceptance ' + value(chain.acceptance, 4) + '; the first '
      + count(chain.burn) + ' steps are left out of the results.' + (chain.interval > 1 ? ' Every ' + chain.interval + 'th step is drawn.' : '')
      + ' The band holds 68 % of the walkers, the lines are some of them; the vertical range is that after burn-in.' + (chain.parameters_left_out ? ' ' + chain.parameters_left_out
      + ' more parameters are not in this page.' : '');
    traces.append(el('p', {class: 'small soft'}, text));
    const shown = [...chain.parameters, {name: 'log_posterior', ...chain.log_posterior}];
    for (const parameter of shown) {
      const walkers = parameter.walkers;
      const trace = figure(plain(parameter.name), '', lines({
        label: `Trace of ${parameter.name}: median and central 68 % of the walkers by step`,
        height: 180, x: chain.shown_steps, xTitle: 'step', xValue: count, yRange: traceRange(parameter, chain),
        series: [
          {name: '', values: parameter.high, color: 'c0', width: 0},
          {name: '', values: parameter.low, color: 'c0', width: 0},
          ...walkers.slice(0, 2).map((values, i) => ({name: 'walker ' + i, values, color: 'c' + (i + 1), width: 0.8})),
          {name: 'median', values: parameter.middle, color: 'c0', width: 1.8},
        ],
        bands: [[1, 2, 'c0']],
      }), () => table([['step', true], ['16 %', true], ['median', true], ['84 %', true]], chain.shown_steps.map((step, i) =>
        [count(step), value(parameter.low[i]), value(parameter.middle[i]), value(parameter.high[i])])));
      const correlation = parameter.lags && parameter.lags.length > 1 ? figure('Autocorrelation',
        'Autocorrelation time ' + (isNumber(parameter.autocorrelation_time) ? value(parameter.autocorrelation_time, 4) + ' steps' : 'not known'), lines({
          label: `Autocorrelation of ${parameter.name} by lag`,
          height: 150, x: parameter.lags, xTitle: 'lag in steps', xValue: count, yRange: (u, from, to) => [Math.min(-0.1, from), 1],
          series: [{name: 'autocorrelation', values: parameter.autocorrelation, color: 'c2', fill: true}],
        }), () => table([['lag', true], ['autocorrelation', true]], parameter.lags.map((lag, i) => [count(lag), value(parameter.autocorrelation[i], 4)]))) : null;
      traces.append(el('div', {class: 'row wide'}, trace, correlation));
    }
  }

  // The range after burn-in: before that, a walker may be so far off that nothing else can be seen.
  function traceRange(parameter, chain) {
    const first = chain.shown_steps.findIndex(step => step >= chain.burn);
    return padded(...range([parameter.low, parameter.high, ...parameter.walkers.slice(0, 2)].map(values => values.slice(Math.max(0, first)))), 0.3);
  }

  function chainMap(chain, pair) {
    const [nx, ny] = [chain.parameters[pair.x].name, chain.parameters[pair.y].name];
    const lines2 = (pair.contours || []).flatMap(contour => contour.lines);
    const xs = lines2.map(line => line.filter((_, i) => i % 2 === 0));
    const ys = lines2.map(line => line.filter((_, i) => i % 2 === 1));
    const chart = plane({
      label: `Samples of ${nx} and ${ny} with contours that enclose 68.3, 95.4 and 99.7 % of them`,
      square: true, height: 420, width: 620, x: padded(...range([pair.samples_x, ...xs])), y: padded(...range([pair.samples_y, ...ys])),
      xTitle: plain(nx), yTitle: plain(ny),
      draw: frame => {
        frame.canvas.fillStyle = withAlpha(css('c0'), 0.35);
        pair.samples_x.forEach((x, i) => {
          frame.canvas.beginPath();
          frame.canvas.arc(frame.toX(x), frame.toY(pair.samples_y[i]), 1.6, 0, 7);
          frame.canvas.fill();
        });
        contourPaths(frame, pair.contours);
        if (data.best && isNumber(data.best[nx]) && isNumber(data.best[ny])) cross(frame, data.best[nx], data.best[ny]);
      },
      hover: (x, y) => nx + ' ' + value(x) + ', ' + ny + ' ' + value(y),
    });
    return figure('Samples after burn-in', count(pair.samples_x.length) + ' of them are drawn, the contours use all. The cross is the best point.', chart,
      () => table([[label(nx), true], [label(ny), true]], pair.samples_x.slice(0, 60).map((x, i) => [value(x), value(pair.samples_y[i])])),
      contourLegend(pair.contours));
  }

  function pathSection() {
    const path = data.path;
    const searches = path.searches.filter(search => search.at.length > 0);
    const box = section('path', 'The way to the maximum' + soFar());
    if (searches.length === 0) {
      box.append(el('p', {class: 'soft'}, 'No search has a point yet.'));
      return;
    }
    const best = Math.max(...searches.map(search => search.log_likelihood[search.log_likelihood.length - 1]));
    const all = [...new Set(searches.flatMap(search => search.at))].sort((a, b) => a - b);
    const series = searches.map((search, k) => {
      const values = [];
      let at = 0;
      for (const x of all) {
        while (at < search.at.length && search.at[at] <= x) at++;
        values.push(at === 0 || x > search.evaluated ? null : Math.log10(Math.max(1e-9, best - search.log_likelihood[at - 1])));
      }
      return {name: 'start ' + k, values, color: 'c' + k % 5, stepped: true};
    });
    const chart = figure('How far each search is below the best point', 'One line for each start' + (path.searches_left_out ? '; '
      + path.searches_left_out + ' more are not in this page' : '') + '. A line that stays high has found another maximum.', lines({
      label: 'Log-likelihood below the best point, for each search by the number of its evaluations',
      height: 260, x: all, xTitle: 'evaluations of the search', xValue: count, yTitle: 'ln L below the best', series,
      yValue: y => value(10 ** y, 2),
    }), () => table([['start', true], ['evaluations', true], ['log_likelihood', true], ...path.parameters.map(name => [label(name), true])],
      searches.map((search, k) => [String(k), count(search.evaluated), value(search.log_likelihood[search.log_likelihood.length - 1], 8),
        ...search.positions.map(position => value(position[position.length - 1]))])));
    const right = el('div', {}, bestTable());
    if (path.parameters.length > 1) {
      const [nx, ny] = path.parameters;
      right.append(figure('The best points of each search in turn', 'A dot is the last one.', plane({
        label: `The path of each search in ${nx} and ${ny}`,
        square: true, height: 320, x: padded(...range(searches.map(s => s.positions[0]))), y: padded(...range(searches.map(s => s.positions[1]))),
        xTitle: plain(nx), yTitle: plain(ny),
        draw: frame => searches.forEach((search, k) => {
          const points = search.positions[0].map((x, i) => frame.toX(x).toFixed(1) + ' ' + frame.toY(search.positions[1][i]).toFixed(1));
          frame.inside.append(svg('path', {d: 'M' + points.join('L'), fill: 'none', stroke: css('c' + k % 5), 'stroke-width': 1.2}));
          const last = search.positions[0].length - 1;
          frame.inside.append(svg('circle', {cx: frame.toX(search.positions[0][last]), cy: frame.toY(search.positions[1][last]), r: 4, fill: css('c' + k % 5)}));
        }),
        hover: (x, y) => nx + ' ' + value(x) + ', ' + ny + ' ' + value(y),
      })));
    }
    box.append(el('div', {class: 'row wide'}, chart, right));
  }

  // ---------------------------------------------------------------- points and outputs

  function spark(counts) {
    const most = Math.max(...counts);
    const [width, height] = [120, 24];
    const box = svg('svg', {class: 'spark', width, height, role: 'img', 'aria-label': 'histogram'});
    counts.forEach((n, i) => box.append(svg('rect', {x: i * width / counts.length, width: width / counts.length - 0.4,
      y: height - height * n / most, height: height * n / most, fill: 'var(--c0)'})));
    return box;
  }

  function pointsSection() {
    const points = data.points;
    const columns = points.columns.filter(column => column.values.some(isNumber));
    const box = section('points', 'Points and outputs' + soFar());
    if (!data.grid && !data.chain && !data.path) {
      const best = bestTable();
      if (best) box.append(best);
    }
    if (data.outputs && data.outputs.length > 0) {
      box.append(el('h3', {}, 'Outputs of the points that are ok'), table(
        [['output'], ['unit'], ['distribution'], ['least', true], ['16 %', true], ['median', true], ['84 %', true], ['most', true], ['not finite', true]],
        data.outputs.map(output => ({key: output.name, cells: [el('span', {title: output.description}, output.name), output.unit, spark(output.histogram),
          ...output.quantiles.map(x => value(x)), count(output.not_finite)]})), {id: 'outputs', label: 'outputs'}));
    }
    if (columns.length < 2) return;
    const names = columns.map(column => [column.name, column.name]);
    const index = ['index', 'number of the point'];
    const byName = name => name === 'index' ? {name: 'number of the point', values: points.index, unit: ''} : columns.find(column => column.name === name);
    const parameters = columns.filter(column => column.kind === 'parameter');
    const outputs = columns.filter(column => column.kind === 'output');
    const firstX = parameters.length > 0 ? parameters[0].name : 'index';
    const firstY = outputs.length > 0 ? outputs[0].name : columns[columns.length - 1].name;
    const place = el('div', {});
    let [x, y] = [null, null];
    const show = () => {
      place.textContent = '';
      place.append(scatter(byName(x), byName(y)));
    };
    const [controlX, currentX] = select('scatter-x', 'Across', [...names, index], firstX, key => { x = key; show(); });
    const [controlY, currentY] = select('scatter-y', 'Up', [...names, index], firstY, key => { y = key; show(); });
    [x, y] = [currentX, currentY];
    box.append(el('div', {class: 'controls'}, controlX, controlY), place);
    show();
  }

  function scatter(cx, cy) {
    const points = data.points;
    const shown = points.index.length;
    const unit = column => plain(column.name) + (column.unit ? ' (' + column.unit + ')' : '');
    const chart = plane({
      label: `${cy.name} by ${cx.name} for ${shown} points`,
      height: 320, left: 84, x: padded(...range([cx.values])), y: padded(...range([cy.values])), xTitle: unit(cx), yTitle: unit(cy),
      draw: frame => {
        frame.canvas.fillStyle = withAlpha(css('c0'), 0.5);
        for (let i = 0; i < shown; i++) {
          if (!isNumber(cx.values[i]) || !isNumber(cy.values[i])) continue;
          frame.canvas.beginPath();
          frame.canvas.arc(frame.toX(cx.values[i]), frame.toY(cy.values[i]), 2, 0, 7);
          frame.canvas.fill();
        }
      },
      hover: (x, y) => nearest(cx, cy, x, y),
    });
    return figure(cy.name + ' by ' + cx.name, shown < points.of ? `${count(shown)} of ${count(points.of)} points, evenly chosen.` : `All ${count(shown)} points.`,
      chart, () => table([['point', true], ...points.columns.map(column => [label(column.name), true])],
        Array.from(points.index).slice(0, 100).map((index, i) => [count(index), ...points.columns.map(column => value(column.values[i]))])));
  }

  function nearest(cx, cy, x, y) {
    const [x0, x1] = range([cx.values]);
    const [y0, y1] = range([cy.values]);
    let [best, distance] = [-1, Infinity];
    cx.values.forEach((vx, i) => {
      const d = ((vx - x) / (x1 - x0 || 1)) ** 2 + ((cy.values[i] - y) / (y1 - y0 || 1)) ** 2;
      if (isNumber(vx) && isNumber(cy.values[i]) && d < distance) [best, distance] = [i, d];
    });
    return best < 0 ? '' : 'point ' + data.points.index[best] + ': ' + data.points.columns.slice(0, 8).map(column => column.name + ' '
      + value(column.values[best])).join(', ');
  }

  // ---------------------------------------------------------------- failures

  function failuresSection() {
    const failures = data.failures;
    const box = section('failures', 'Failed and skipped points');
    const color = i => i < 5 ? ['c3', 'c1', 'c0', 'c2', 'c4'][i] : 'soft';
    const order = new Map(failures.groups.map((group, i) => [group.number, i]));
    box.append(table([['reason', false, true], ['kind'], ['points', true], ['first', true], ['hosts']], failures.groups.map((group, i) => ({key: group.kind, cells: [
      el('div', {}, el('span', {class: 'swatch', style: `background:var(--${color(i)})`}), group.reason, group.output ? details('failure-output-' + group.number,
        'what the program of point ' + group.index + ' wrote', () => el('pre', {}, group.output)) : null),
      group.kind, count(group.count), count(group.index), group.hosts]})), {id: 'failure-groups', label: 'failures by reason'}));
    box.append(el('p', {class: 'small soft'}, 'Reasons that differ only in numbers are one row' + (failures.group_count > failures.groups.length
      ? '; the ' + failures.groups.length + ' most frequent of ' + failures.group_count + ' reasons are shown' : '') + '. All are in failures.ecsv when the run has ended.'));
    const names = Object.keys(failures.points.parameters);
    const parts = [];
    if (names.length > 0) {
      const ranked = clusters().map(one => one.parameter);
      const axes = [...ranked, ...names.filter(name => !ranked.includes(name))];
      const [nx, ny] = [axes[0], axes[1]];
      const xs = failures.points.parameters[nx];
      const ys = ny ? failures.points.parameters[ny] : failures.points.index;
      const all = name => (data.points.columns.find(column => column.name === name) || {values: []}).values;
      const [ax, ay] = [all(nx), ny ? all(ny) : data.points.index];
      parts.push(figure('Where they are', 'Small dots: other points. ' + (failures.points.index.length < failures.count
        ? count(failures.points.index.length) + ' of ' + count(failures.count) + ' are drawn.' : ''), plane({
        label: `Failed points in ${nx} and ${ny || 'their number'}`, height: 300, left: 70,
        x: padded(...range([xs, ax])), y: padded(...range([ys, ay])), xTitle: plain(nx), yTitle: ny ? plain(ny) : 'number of the point',
        draw: frame => {
          frame.canvas.fillStyle = withAlpha(css('soft'), 0.35);
          ax.forEach((x, i) => { if (isNumber(x) && isNumber(ay[i])) frame.canvas.fillRect(frame.toX(x) - 0.75, frame.toY(ay[i]) - 0.75, 1.5, 1.5); });
          xs.forEach((x, i) => {
            const rank = order.has(failures.points.group[i]) ? order.get(failures.points.group[i]) : 99;
            frame.canvas.fillStyle = css(color(rank));
            frame.canvas.beginPath();
            frame.canvas.arc(frame.toX(x), frame.toY(ys[i]), 3, 0, 7);
            frame.canvas.fill();
          });
        },
        hover: (x, y) => nx + ' ' + value(x) + ', ' + (ny || 'point') + ' ' + value(y),
      })));
    }
    if (failures.ranges.length > 0) {
      parts.push(el('div', {}, el('h3', {}, 'Do they cluster?'), el('p', {class: 'small soft'},
        'The shortest range of each parameter that has 90 % of the failures, and the part of all points in it. They cluster where that part is small.'),
      table([['parameter'], ['from', true], ['to', true], ['failures', true], ['points', true]], failures.ranges.slice()
        .sort((a, b) => a.points - b.points).map(one => [label(one.parameter), value(one.from), value(one.to), percent(one.failures), percent(one.points)]), {narrow: true})));
    }
    box.append(el('div', {class: 'row'}, parts));
  }

  // ---------------------------------------------------------------- workers

  function bytes(base64) {
    return Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  }

  const LEDGER = [['evaluation', 'c0', 'evaluation'], ['start', 'c4', 'start of workers and models'], ['waiting', 'c1', 'waiting for work'],
    ['transport', 'c3', 'transport and serialization'], ['retries', 'bad', 'retries'], ['lost', 'bad', 'evaluations that were lost'],
    ['tail', 'c2', 'the tail: others still busy'],
    ['results', 'line', 'writing of results'], ['outside', 'soft', 'outside of astropool']];

  function workersSection() {
    const workers = data.workers;
    const box = section('workers', 'Workers');
    if (workers.rows.length === 0) {
      box.append(el('p', {class: 'soft'}, 'What the workers did was not recorded' + (state.name === 'running' ? ' yet' : '') + '.'));
      return;
    }
    if (workers.starts > 1) box.append(el('p', {class: 'small soft'}, `This run was started ${workers.starts} times; these are the workers of the last start.`));
    if (workers.timelines && workers.bins > 0) {
      box.append(timeline(workers));
    } else {
      box.append(el('p', {class: 'small soft'}, 'When each worker was busy was not recorded for this run.'));
    }
    const rows = workers.rows.slice();
    const order = {number: row => row.number, busy: row => row.busy, evaluated: row => row.evaluated, host: row => row.host, lost: row => row.lost ? 0 : 1};
    const place = el('div', {});
    const show = key => {
      const by = order[key] || order.number;
      rows.sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : a.number - b.number));
      place.textContent = '';
      const most = 600;
      place.append(table([['rank', true], ['host'], ['process', true], ['slots', true], ['evaluated', true], ['a point takes', true], ['busy'], ['last heard', true], ['state', false, true]],
        rows.slice(0, most).map(row => ({class: row.lost ? 'lost' : '', key: String(row.number), cells: [String(row.number), row.host, String(row.pid), count(row.slots), count(row.evaluated), time(row.median),
          meter(row.busy), isNumber(row.silent) ? time(Math.max(0, row.silent)) + ' ago' : '–',
          row.lost ? 'lost: ' + row.lost : isNumber(row.left) ? 'left after ' + time(row.left) : state.name === 'running' ? 'working' : 'worked to the end']})),
        {id: 'worker-table', label: 'workers'}));
      if (rows.length > most) place.append(el('p', {class: 'small soft'}, `The first ${most} of ${count(rows.length)} workers in this order.`));
    };
    const [control, current] = select('worker-order', 'Order of the table', [['number', 'rank'], ['busy', 'least busy first'],
      ['evaluated', 'fewest points first'], ['host', 'host'], ['lost', 'lost first']], 'number', show);
    box.append(el('div', {class: 'controls'}, control), place);
    show(current);
    if (workers.ledger && workers.ledger.allocation > 0) box.append(ledgerChart(workers.ledger, workers.starts));
    if (data.explanation) {
      box.append(el('h3', {style: 'margin-top:16px'}, 'What limits it'), el('p', {id: 'explanation'}, data.explanation.headline),
        el('ol', {class: 'small'}, data.explanation.findings.slice(0, 4).map(([title, evidence, advice]) =>
          el('li', {}, el('strong', {}, title), ' ' + evidence + ' What to change: ' + advice))));
    }
  }

  function meter(busy) {
    if (!isNumber(busy)) return '–';
    return el('span', {}, el('span', {class: 'meter', 'aria-hidden': 'true'}, el('span', {style: `width:${100 * busy}%`})), percent(busy));
  }

  function timeline(workers) {
    const lanes = workers.timelines.map(bytes);
    const n = lanes.length;
    const height = Math.max(60, Math.min(420, n * 18));
    const end = workers.bins * workers.bin_seconds;
    const yTicks = n <= 20 ? lanes.map((_, i) => [i + 0.5, laneName(workers.rows[i])])
      : ticks(0, n, 8).filter(i => i < n).map(i => [i + 0.5, String(workers.rows[i].number)]);
    const chart = plane({
      label: `When each of ${n} workers was busy, from the start of the run to ${time(end)} later`,
      height, left: n <= 20 ? 110 : 62, x: [0, end], y: [0, n], down: true, xTitle: 'time since the start', xText: t => t === 0 ? '0' : time(t),
      yTitle: n <= 20 ? '' : 'rank', yTicks,
      draw: frame => {
        const ramp = heat();
        const none = null;
        const picture = image(workers.bins, n, (x, y) => lanes[y][x] === 255 ? none : ramp(0.08 + 0.62 * lanes[y][x] / 200));
        frame.canvas.imageSmoothingEnabled = false;
        frame.canvas.drawImage(picture, frame.left, frame.top, frame.inner, frame.height);
        workers.rows.slice(0, n).forEach((row, i) => {
          if (row.lost && isNumber(row.left)) {
            const [x, y] = [frame.toX(Math.min(row.left, end)), frame.toY(i + 0.5)];
            frame.inside.append(svg('path', {d: `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}`, stroke: css('bad'), 'stroke-width': 2}));
          }
        });
      },
      hover: (x, y) => {
        const i = Math.min(n - 1, Math.floor(y));
        const busy = lanes[i][Math.min(workers.bins - 1, Math.floor(x / workers.bin_seconds))];
        return laneName(workers.rows[i]) + ' at ' + time(x) + ': ' + (busy === 255 ? 'not there' : 'busy ' + percent(busy / 200));
      },
    });
    return figure('When they were busy', `The mean of bins of ${time(workers.bin_seconds)}, the stronger the busier; blank: not there. A cross: lost.`
      + (workers.rows.length > n ? ` The first ${count(n)} of ${count(workers.rows.length)} workers.` : ''), chart, null);
  }

  function laneName(row) {
    return row.number + ' ' + shorten(row.host, 12);
  }

  function ledgerChart(ledger, starts) {
    const parts = LEDGER.filter(([key]) => isNumber(ledger[key]) && ledger[key] > 0);
    const total = ledger.allocation || parts.reduce((sum, [key]) => sum + ledger[key], 0);
    return el('div', {}, el('h3', {style: 'margin-top:16px'}, 'Where the core-seconds went'),
      el('div', {class: 'stack', role: 'img', 'aria-label': 'Parts of the core-seconds: ' + parts.map(([key, , text]) => text + ' ' + percent(ledger[key] / total, 1)).join(', ')},
        parts.map(([key, color]) => el('span', {style: `width:${100 * ledger[key] / total}%;background:var(--${color})`}))),
      el('div', {class: 'legend'}, parts.map(([key, color, text]) => el('span', {}, el('i', {class: 'block', style: `background:var(--${color})`}),
        text + ' ' + percent(ledger[key] / total, 1) + ' (' + time(ledger[key]) + ')'))),
      el('p', {class: 'small soft'}, count(total) + ' core-seconds in all' + (starts > 1 ? ', of all starts of the run' : '') + '. docs/results.md says what the parts are.'));
  }

  // ---------------------------------------------------------------- durations, resources, details

  function durationsSection() {
    const durations = data.durations;
    const box = section('durations', 'How long points take, and why');
    const mids = durations.histogram.edges.slice(1).map((edge, i) => (Math.log10(edge) + Math.log10(durations.histogram.edges[i])) / 2);
    const q = durations.quantiles;
    const histogram = figure('Distribution', `Median ${time(q[2])}, 68 % from ${time(q[1])} to ${time(q[3])}, 1 % above ${time(q[4])}, longest ${time(q[5])}.`
      + (durations.count < durations.of ? ` From ${count(durations.count)} of ${count(durations.of)} points.` : ''), lines({
      label: `Histogram of the durations: median ${time(q[2])}, longest ${time(q[5])}`,
      height: 200, x: mids, xTitle: 'duration of a point (log scale)', xValue: t => time(10 ** t), yTitle: 'points', yValue: count,
      series: [{name: 'points', values: durations.histogram.counts, color: 'c0', bars: true, fill: true, width: 0}],
    }), () => table([['from', true], ['to', true], ['points', true]], durations.histogram.counts.map((n, i) =>
      [time(durations.histogram.edges[i]), time(durations.histogram.edges[i + 1]), count(n)])));
    const drivers = durations.drivers.filter(driver => driver.bins.length > 1);
    const parts = [histogram];
    if (drivers.length > 0) {
      const first = drivers[0];
      const text = first.explained > 0.15
        ? [label(first.name), ` explains ${percent(first.explained)} of the variance of the logarithm of the duration.`]
        : ['No parameter explains much of the variation.'];
      const place = el('div', {});
      const show = key => {
        const driver = drivers.find(one => one.name === key) || first;
        place.textContent = '';
        place.append(figure('Duration by ' + plain(driver.name), 'Median and central 68 % in bins with equal numbers of points.', lines({
          label: `Duration by ${driver.name}`, height: 170, x: driver.bins.map(bin => bin[0]), xTitle: plain(driver.name), yValue: time,
          series: [{name: '', values: driver.bins.map(bin => bin[3]), color: 'c1', width: 0}, {name: '', values: driver.bins.map(bin => bin[1]), color: 'c1', width: 0},
            {name: 'median', values: driver.bins.map(bin => bin[2]), color: 'c1', points: true}],
          bands: [[1, 2, 'c1']],
        }), () => table([[label(driver.name), true], ['16 %', true], ['median', true], ['84 %', true]],
          driver.bins.map(bin => [value(bin[0]), time(bin[1]), time(bin[2]), time(bin[3])]))));
      };
      const [control, current] = select('driver', 'By', drivers.map(driver => [driver.name, driver.name]), first.name, show);
      show(current);
      parts.push(el('div', {}, el('p', {id: 'driver-text'}, text), el('div', {class: 'controls'}, control), place));
      parts.push(el('div', {}, el('h3', {}, 'What drives it'), table([['parameter'], ['explains', true], ['rank correlation', true]],
        drivers.map(driver => ({key: driver.name, cells: [label(driver.name), percent(driver.explained), isNumber(driver.rank_correlation) ? driver.rank_correlation.toFixed(2) : '–']})), {id: 'drivers', narrow: true})));
    }
    const names = data.points.columns.filter(column => column.kind === 'parameter').map(column => column.name);
    parts.push(el('div', {}, el('h3', {}, 'The longest'), table([['point', true], ['duration', true], ['host'], ...names.map(name => [label(name), true])],
      durations.slowest.map(point => [count(point.index), time(point.seconds), point.host, ...names.map((name, i) => value(point.parameters[i]))]))));
    if (durations.hosts.length > 1) {
      parts.push(el('div', {}, el('h3', {}, 'By host'), table([['host'], ['points', true], ['median', true]],
        durations.hosts.slice().sort((a, b) => b.median - a.median).slice(0, 50).map(host => [host.host, count(host.points), time(host.median)]), {narrow: true})));
    }
    box.append(el('div', {class: 'row'}, parts));
  }

  function resourcesSection() {
    const start = (data.history || []).filter(one => one.seconds.length > 1).pop();
    if (!start) return;
    const box = section('resources', 'Progress and resources of the master');
    const chart = (title, label, keys, yTitle, yValue) => {
      const shown = keys.filter(([key]) => start[key].some(x => isNumber(x) && x !== 0));
      return shown.length === 0 ? null : figure(title, '', lines({
        label, height: 170, x: start.seconds, xTitle: 'time since the start', xValue: t => t === 0 ? '0' : time(t), yTitle, yValue,
        series: shown.map(([key, name, color]) => ({name, values: start[key], color})),
      }), () => table([['time', true], ...shown.map(([, name]) => [name, true])],
        start.seconds.map((t, i) => [time(t), ...shown.map(([key]) => yValue(start[key][i]))])));
    };
    box.append(el('div', {class: 'row'},
      chart('Points with a result', 'Points with a result by time', [['done', 'done', 'c0'], ['failed', 'failed', 'c3']], '', count),
      chart('Memory', 'Memory of the master by time', [['resident', 'process', 'c0'], ['heap', 'heap in use', 'c1']], 'MiB', count),
      chart('Load', 'Load of the host of the master by time', [['load', 'load of its host', 'c2']], '', x => value(x, 3))));
  }

  function detailsSection() {
    const facts = data.details;
    const box = section('details', 'Job, versions and data');
    box.classList.add('long');
    box.append(table([['', false], ['', false, true]], [['directory', data.directory], ['model', data.model], ['report by', data.astropool],
      ...facts.facts.filter(([name]) => name !== 'damage')].map(([name, text]) => [name, el('code', {}, text)]), {id: 'facts', label: 'facts'}));
    box.append(details('job-file', 'the job file, with the values of the command line', () =>
      el('pre', {}, facts.job.map(([key, text]) => key + ' = ' + text).join('\n'))));
    if (facts.files.length > 0) {
      box.append(details('files', `${facts.files.length} data files and parts of the model, with their SHA-256`, () =>
        table([['file', false, true], ['digest', false, true]], facts.files.map(([name, digest]) => [name, el('code', {}, digest)]))));
    }
  }

  // ---------------------------------------------------------------- the page

  headline();
  if (data.grid) gridSection();
  if (data.chain) chainSection();
  if (data.path) pathSection();
  const isRows = !data.grid && !data.chain && !data.path;
  if (data.points && isRows) pointsSection();
  workersSection();
  if (data.failures) failuresSection();
  if (data.points && !isRows) pointsSection();
  if (data.durations) durationsSection();
  resourcesSection();
  detailsSection();
  document.getElementById('footer').append('Written ' + clock(data.written) + ' by ' + data.astropool + '. This file needs no network: it can be copied and sent.');

  const redrawAll = () => redraws.forEach(redraw => redraw());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);
  addEventListener('beforeprint', () => { document.documentElement.dataset.print = ''; redrawAll(); });
  addEventListener('afterprint', () => { delete document.documentElement.dataset.print; redrawAll(); });
  if (isNumber(chosen.scroll)) {
    scrollTo(0, chosen.scroll);
    choose('scroll', null);
  }
  document.documentElement.dataset.readyMillis = performance.now().toFixed(0); // since the browser began to load the page
})();
