// Runs in the page before its own scripts: notes when what people see changes, by the page's clock.

export interface Probe {
  /** ms since the epoch at which the Run button could be pressed; null before. */
  runEnabledAt: number | null;
  /** ms of the page's clock at the last press of Run. */
  runPressedAt: number | null;
  /** Steps whose picture was drawn since then, each with the ms at which it was on the screen. */
  frames: { readonly step: number; readonly at: number }[];
  /** Event Timing of key presses: ms from the press to the next paint, in units of 8, those over 16 only. */
  keys: number[];
  /** ms of tasks over 50. */
  longTasks: number[];
  /** Layout shifts: as they count, and those within 500 ms of an input, which do not. */
  shifts: { counted: number; afterInput: number };
  /** ms between two frames of the browser, while `beat` is on. */
  beats: number[];
  beat: boolean;
}

declare global {
  var probe: Probe;
}

/** Self-contained: only its source reaches the page. */
export function installProbe(): void {
  const probe: Probe = {
    runEnabledAt: null,
    runPressedAt: null,
    frames: [],
    keys: [],
    longTasks: [],
    shifts: { counted: 0, afterInput: 0 },
    beats: [],
    beat: false,
  };
  globalThis.probe = probe;
  const runButton = () =>
    Array.from(document.querySelectorAll('button')).find((button) => button.textContent?.trim() === 'Run');
  let last = 0;
  const onFrame = (now: number) => {
    if (probe.runEnabledAt === null) {
      const button = runButton();
      if (button && !button.disabled && button.getAttribute('aria-disabled') !== 'true') {
        probe.runEnabledAt = performance.timeOrigin + performance.now();
      }
    }
    if (probe.beat && last > 0) probe.beats.push(now - last);
    last = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);

  let shown = '';
  new MutationObserver(() => {
    const stage = document.querySelector('[data-stage]');
    const [run, step] = [stage?.getAttribute('data-run'), stage?.getAttribute('data-step')];
    if (!run || step === null || step === undefined || `${run} ${step}` === shown) return;
    shown = `${run} ${step}`;
    // The next frame shows it.
    requestAnimationFrame((at) => probe.frames.push({ step: Number(step), at }));
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-step', 'data-run'],
  });

  document.addEventListener(
    'click',
    (event) => {
      if (!(event.target instanceof Element) || event.target.closest('button') !== runButton()) return;
      probe.runPressedAt = event.timeStamp;
      probe.frames = [];
    },
    { capture: true },
  );

  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === 'keydown') probe.keys.push(duration);
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.longTasks.push(duration);
  }).observe({ type: 'longtask' });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      probe.shifts[entry.hadRecentInput ? 'afterInput' : 'counted'] += entry.value;
    }
  }).observe({ type: 'layout-shift' });
}
